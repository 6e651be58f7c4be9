"""What a record costs the SDK, against its peers and against the bare minimum, in one run."""
