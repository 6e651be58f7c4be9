"""JSON Schema: parsing, canonical text and compatibility. Reached through ``accord.schemas`` only."""
