"""From the text of a schema, and what it refers to, to its nodes."""
