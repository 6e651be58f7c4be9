"""What somebody wrote about a class."""

import dataclasses
import inspect
from enum import Enum


def documentation_of(class_: type) -> str:
    """The docstring that somebody wrote, or ""."""
    text = class_.__dict__.get("__doc__") or ""
    if dataclasses.is_dataclass(class_) and text.startswith(f"{class_.__name__}("):
        # @dataclass writes the signature where a docstring is missing.
        return ""
    return "" if issubclass(class_, Enum) and text == "An enumeration." else inspect.cleandoc(text)
