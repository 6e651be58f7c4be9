"""What the registry takes in one schema and its draft does not allow, or what does nothing there."""
