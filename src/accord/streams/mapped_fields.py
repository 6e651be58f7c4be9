"""Which fields a program takes out of the events that it reads: those that its class and its schema both have."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any, get_args

from accord.codecs.models import Hint, alternatives, fields_of, is_model, plain
from accord.schemas.fields import fields_of as fields_of_schema
from accord.streams.contract import Contract

if TYPE_CHECKING:
    from google.protobuf.descriptor import Descriptor


def mapped_fields(contract: Contract[Any]) -> tuple[str, ...] | None:
    """Their dotted names; None where the class names none, so that it may be any.

    A record within a record is told by those of its fields that are mapped, and by its own name where it is taken whole.
    """
    known = fields_of_schema(contract.parsed).keys()
    descriptor = getattr(contract.model, "DESCRIPTOR", None)
    if descriptor is not None:
        names = _of_message(descriptor, "", known, ())
    else:
        names = _of_class(contract.model, "", known, ())
    return tuple(dict.fromkeys(names)) or None


def _of_class(class_: type, prefix: str, known: Collection[str], around: tuple[type, ...]) -> Iterator[str]:
    for field in fields_of(class_):
        name = prefix + field.name
        if name not in known:
            continue
        below = [
            inner
            for model in _models_in(field.type)
            if model not in (*around, class_)
            for inner in _of_class(model, f"{name}.", known, (*around, class_))
        ]
        yield from below or [name]


def _models_in(hint: Hint) -> Iterator[type]:
    """The classes of records that a value of this type is made of, without those within their fields."""
    for one in alternatives(plain(hint)):
        if is_model(one):
            yield one
        else:
            for part in get_args(one):
                yield from _models_in(part)


def _of_message(
    descriptor: "Descriptor",
    prefix: str,
    known: Collection[str],
    around: tuple[str, ...],
) -> Iterator[str]:
    for field in descriptor.fields:
        name, inner = prefix + field.name, field.message_type
        if name not in known:
            continue
        if inner is not None and inner.GetOptions().map_entry:
            inner = inner.fields_by_name["value"].message_type
        below = []
        if inner is not None and inner.full_name not in (*around, descriptor.full_name):
            below = list(_of_message(inner, f"{name}.", known, (*around, descriptor.full_name)))
        yield from below or [name]
