"""The text of a .proto file: read, changed, and written in its stored and normal forms."""
