"""What every request passes through: the order is that of ``app.create_app``."""
