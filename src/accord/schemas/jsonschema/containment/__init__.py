"""Whether every document that is valid under one JSON Schema is valid under another, by the specification.

This is a judgement of its own beside the registry's comparison: it says yes only to what it can prove, and where it
cannot, it names the keyword of the reader's schema that stands in the way.
"""
