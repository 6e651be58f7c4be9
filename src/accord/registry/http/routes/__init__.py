"""The paths, one file a resource."""
