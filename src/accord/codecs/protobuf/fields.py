"""The fields of a message, each put in and taken out in the way of its kind. All of it raises Misfit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from accord.codecs.errors import DataFault
from accord.codecs.protobuf.misfit import Misfit, needed
from accord.codecs.protobuf.scalars import Scalar
from accord.codecs.protobuf.wellknown import DynamicMessage

ABSENT: Final = None


class Inner(Protocol):
    """What is put into a message that is a field, and taken out."""

    def fill(self, message: DynamicMessage, value: Any, /) -> None:  # noqa: ANN401 -- what it takes is its matter
        """Put ``value`` into an empty message."""

    def read(self, message: DynamicMessage, /) -> Any:  # noqa: ANN401 -- what it gives is its matter
        """What the message says."""


class FieldForm(Protocol):
    """One field."""

    def fill(self, message: DynamicMessage, value: Any, /) -> None:  # noqa: ANN401 -- what it takes is its matter
        """Set the field; the value is not None."""

    def read(self, message: DynamicMessage, /) -> Any:  # noqa: ANN401 -- what it gives is its matter
        """What the field says."""


@dataclass(frozen=True, slots=True)
class ScalarField:
    """One scalar. ``may_be_absent``: reading gives None where it is not set, otherwise Protobuf's default."""

    name: str
    scalar: Scalar
    may_be_absent: bool

    def fill(self, message: DynamicMessage, value: object) -> None:
        """See ``FieldForm``."""
        setattr(message, self.name, self.scalar.to_wire(value))

    def read(self, message: DynamicMessage) -> object:
        """See ``FieldForm``."""
        if self.may_be_absent and not message.HasField(self.name):
            return ABSENT
        return self.scalar.to_python(getattr(message, self.name))


@dataclass(frozen=True, slots=True)
class MessageField:
    """One message. ``may_be_absent``: reading gives None where it is not set, otherwise it is a misfit."""

    name: str
    inner: Inner
    may_be_absent: bool

    def fill(self, message: DynamicMessage, value: object) -> None:
        """See ``FieldForm``."""
        own = getattr(message, self.name)
        # Also a message of which nothing is set is there.
        own.SetInParent()
        self.inner.fill(own, value)

    def read(self, message: DynamicMessage) -> object:
        """See ``FieldForm``."""
        if message.HasField(self.name):
            return self.inner.read(getattr(message, self.name))
        if self.may_be_absent:
            return ABSENT
        raise Misfit("it is not set, and the class needs it", DataFault.NOT_READABLE_AS_CONTRACT)


@dataclass(frozen=True, slots=True)
class ScalarsField:
    """A list of scalars."""

    name: str
    scalar: Scalar

    def fill(self, message: DynamicMessage, value: object) -> None:
        """See ``FieldForm``."""
        append, to_wire = getattr(message, self.name).append, self.scalar.to_wire
        for position, item in enumerate(_listed(value)):
            try:
                append(to_wire(item))
            except Misfit as misfit:
                raise misfit.within(f"[{position}]") from None

    def read(self, message: DynamicMessage) -> list[Any]:
        """See ``FieldForm``."""
        items, to_python = [], self.scalar.to_python
        for position, item in enumerate(getattr(message, self.name)):
            try:
                items.append(to_python(item))
            except Misfit as misfit:
                raise misfit.within(f"[{position}]") from None
        return items


@dataclass(frozen=True, slots=True)
class MessagesField:
    """A list of messages."""

    name: str
    inner: Inner

    def fill(self, message: DynamicMessage, value: object) -> None:
        """See ``FieldForm``."""
        add = getattr(message, self.name).add
        for position, item in enumerate(_listed(value)):
            try:
                self.inner.fill(add(), item)
            except Misfit as misfit:
                raise misfit.within(f"[{position}]") from None

    def read(self, message: DynamicMessage) -> list[Any]:
        """See ``FieldForm``."""
        items = []
        for position, item in enumerate(getattr(message, self.name)):
            try:
                items.append(self.inner.read(item))
            except Misfit as misfit:
                raise misfit.within(f"[{position}]") from None
        return items


@dataclass(frozen=True, slots=True)
class MapField:
    """A map; its values are scalars or messages."""

    name: str
    key: Scalar
    value: Scalar | Inner

    def fill(self, message: DynamicMessage, value: object) -> None:
        """See ``FieldForm``."""
        if not isinstance(value, Mapping):
            raise needed("a dict", value)
        entries = getattr(message, self.name)
        for key, item in value.items():
            try:
                if isinstance(self.value, Scalar):
                    entries[self.key.to_wire(key)] = self.value.to_wire(item)
                else:
                    self.value.fill(entries[self.key.to_wire(key)], item)
            except Misfit as misfit:
                raise misfit.within(f"[{key!r}]") from None

    def read(self, message: DynamicMessage) -> dict[Any, Any]:
        """See ``FieldForm``."""
        values = {}
        read = self.value.to_python if isinstance(self.value, Scalar) else self.value.read
        for key, item in getattr(message, self.name).items():
            try:
                values[self.key.to_python(key)] = read(item)
            except Misfit as misfit:
                raise misfit.within(f"[{key!r}]") from None
        return values


def _listed(value: object) -> list[Any] | tuple[Any, ...]:
    if isinstance(value, list | tuple):
        return value
    raise needed("a list", value)
