"""What the examples of the rules have in common: files of one package, and the bytes of the order that they are about."""

from typing import Final

from accord.schemas.model import CompatibilityLevel, SchemaType
from accord.schemas.rules import Example

ID: Final = ("0a 03 61 2d 31", "field 1, `id`, in wire type 2: 3 bytes follow, a-1")
"""The piece of an order that has the id a-1."""


def example(
    old: str,
    new: str,
    facts: dict[str, str],
    *,
    syntax: str = "proto3",
    level: CompatibilityLevel = CompatibilityLevel.BACKWARD,
) -> Example:
    """An example whose two files declare ``old`` and ``new``."""
    return Example(
        old=proto(old, syntax=syntax),
        new=proto(new, syntax=syntax),
        facts=facts,
        type=SchemaType.PROTOBUF,
        level=level,
    )


def proto(*declarations: str, syntax: str = "proto3", package: str = "shop", head: str = "") -> str:
    """A file with these declarations; ``head`` stands under the package."""
    above = [head] if head else []
    return "\n".join([f'syntax = "{syntax}";', f"package {package};", *above, "", *declarations])


def message(name: str, *lines: str) -> str:
    """A message with these lines."""
    return "\n".join([f"message {name} {{", *(f"  {line}" for line in lines), "}"])
