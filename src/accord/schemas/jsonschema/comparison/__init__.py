"""The verdict of the registry on two schemas."""
