"""Descriptors, the form in which the Protobuf library takes files, and the files that every schema may use."""
