"""Classes that hold events, as codecs see them: dataclasses here."""

from accord.codecs.models.shape import (
    COMPUTED_DEFAULT,
    NO_DEFAULT,
    Default,
    Hint,
    ModelField,
    alternatives,
    documentation_of,
    fields_of,
    hint_name,
    is_model,
    origin_of,
    plain,
)

__all__ = [
    "COMPUTED_DEFAULT",
    "NO_DEFAULT",
    "Default",
    "Hint",
    "ModelField",
    "alternatives",
    "documentation_of",
    "fields_of",
    "hint_name",
    "is_model",
    "origin_of",
    "plain",
]
