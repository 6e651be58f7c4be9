"""What every request passes through, one concern a file: ``app.Registry`` calls them in turn."""
