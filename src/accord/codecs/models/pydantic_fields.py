"""The fields of classes that pydantic validates."""

from collections.abc import Iterable, Mapping
from typing import Any

from accord.codecs.models.declarations import default_of, misfit, unresolved
from accord.codecs.models.hints import plain
from accord.codecs.models.model import NO_DEFAULT, Default, ModelField

Validated = Any
"""A class with pydantic's marks; nothing else is known of it, as pydantic may not be installed."""


def validated_fields(class_: Validated) -> tuple[ModelField, ...]:
    """The fields in order; their names are the aliases where there are any. Raises ModelDoesNotFit."""
    if getattr(class_, "__pydantic_root_model__", False):
        raise misfit(
            class_, ["a root model has no fields"], hint="give the value a field of its own in a BaseModel"
        )
    _complete(class_)
    items = {name: item for name, item in class_.__pydantic_fields__.items() if item.init is not False}
    keywords = _Keywords(_config(class_))
    problems = [
        f"{attribute} is written as '{_name(attribute, item)}' and not read by that name"
        for attribute, item in items.items()
        if _name(attribute, item) not in keywords.of(attribute, item)
    ]
    if problems:
        raise misfit(class_, problems, hint="give `alias`, which is for reading and writing")
    return tuple(_field(attribute, item) for attribute, item in items.items())


def _field(attribute: str, item: Validated) -> ModelField:
    name = _name(attribute, item)
    if item.is_required():
        default: Default = NO_DEFAULT
    elif item.default_factory is None:
        default = item.default
    else:
        default = default_of(None, item.default_factory, missing=None)
    return ModelField(name, plain(item.annotation), default, attribute, name)


def _name(attribute: str, item: Validated) -> str:
    name: str = item.serialization_alias or attribute
    return name


class _Keywords:
    """By which names a class reads its fields."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._by_alias = config.get("validate_by_alias") is not False
        self._by_name = bool(config.get("validate_by_name") or config.get("populate_by_name"))

    def of(self, attribute: str, item: Validated) -> Iterable[str]:
        """The names that the class takes for the field."""
        if self._by_name or not self._by_alias or item.validation_alias is None:
            yield attribute
        if self._by_alias:
            # A path into another value is no name.
            alias = item.validation_alias
            yield from (one for one in getattr(alias, "choices", [alias]) if isinstance(one, str))


def _config(class_: Validated) -> Mapping[str, Any]:
    config: Mapping[str, Any] = (
        getattr(class_, "model_config", None) or class_.__dict__.get("__pydantic_config__") or {}
    )
    return config


def _complete(class_: Validated) -> None:
    if class_.__pydantic_complete__:
        return
    rebuild = getattr(class_, "model_rebuild", None)
    if rebuild is None:
        raise misfit(
            class_,
            ["a type hint names what was not there when the class was made"],
            hint="define what the hint names before the class",
        )
    try:
        rebuild()
    except NameError as error:
        raise unresolved(class_, error) from error
