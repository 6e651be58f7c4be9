"""A registry that runs, reached through its REST API."""
