"""What the registry takes in one schema and Protobuf does not allow."""
