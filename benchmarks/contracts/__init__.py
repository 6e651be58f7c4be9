"""What commands about contracts cost."""
