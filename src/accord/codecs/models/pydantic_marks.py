"""What pydantic makes of classes, told by the marks that it leaves on them: it is never imported here."""

from collections.abc import Sequence
from typing import Any, Final

_MARK: Final = "__pydantic_validator__"
EXTRAS: Final = "__pydantic_extra__"
"""The attribute in which instances keep what is no field, where they do."""

_ERRORS: Final = "pydantic_core"


def is_validated(class_: object) -> bool:
    """Whether pydantic checks what instances of the class are made from: its models and its dataclasses."""
    return isinstance(class_, type) and _MARK in class_.__dict__ and class_.__module__ != "pydantic.main"


def keeps_more_than_fields(class_: object) -> bool:
    """Whether pydantic keeps and writes values that no field of the class is for."""
    return is_validated(class_) and getattr(class_, "model_config", {}).get("extra") == "allow"


def complaints_of(error: Exception) -> Sequence[tuple[tuple[str | int, ...], str]]:
    """Where and why pydantic refuses, without the values; empty if the error is none of its own."""
    validation: Any = error
    if type(error).__module__.partition(".")[0] != _ERRORS or not hasattr(error, "errors"):
        return []
    found = validation.errors(include_url=False, include_input=False, include_context=False)
    return [(tuple(one["loc"]), one["msg"]) for one in found]
