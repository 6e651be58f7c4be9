from dataclasses import dataclass

import pytest

from accord.schemas import ParsedSchema, Reference, SchemaType


@dataclass(frozen=True)
class Sealed:
    """A schema of a type that this build does not parse."""

    type: SchemaType = SchemaType.JSON
    references: tuple[Reference, ...] = ()
    canonical: str = "{}"
    normalized: str = "{}"

    def formatted(self, name: str) -> str:
        """The text, under any name of a format."""
        return f"{{}} // {name}"


@pytest.fixture
def sealed() -> ParsedSchema:
    return Sealed()
