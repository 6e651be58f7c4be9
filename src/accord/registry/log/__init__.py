"""Where the events are kept: one port, its adapters, and the record format they share (Confluent's ``_schemas``)."""
