"""What can be wrong with a schema on its own.

AccordError
└── InvalidSchema             the text is not a schema of its type
    └── UnsupportedSchemaType no such schema type here
"""

from accord.errors import AccordError


class InvalidSchema(AccordError):
    """The text is not a schema of its type; ``path`` is a JSON pointer to the place ("" for the whole)."""

    def __init__(self, message: str, *, path: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.path = path


class UnsupportedSchemaType(InvalidSchema):
    """A schema type that this build does not know."""
