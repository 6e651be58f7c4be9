"""A message and what stands for it in a program: a dict, or an instance of a class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from accord.codecs.errors import InvalidData
from accord.codecs.models import Model, refused_by_model
from accord.codecs.protobuf.fields import ABSENT, FieldForm
from accord.codecs.protobuf.misfit import Misfit, needed
from accord.codecs.protobuf.wellknown import DynamicMessage


@dataclass(frozen=True, slots=True)
class Slot:
    """A field, and whether None, or nothing, may be given for it."""

    field: FieldForm
    may_be_missing: bool
    may_be_none: bool

    def check_absence(self, *, is_given: bool) -> None:
        """Whether there may be None, or nothing if that was not given either. Raises Misfit."""
        if is_given and not self.may_be_none:
            raise Misfit("None is no value of this field")
        if not is_given and not self.may_be_missing:
            raise Misfit("it is missing")


@dataclass(slots=True)
class MessageForm:
    """A message as a dict, or as an instance of ``model``. Its slots come later where messages hold themselves.

    ``oneofs`` are the names of fields of which one at most may be given.
    """

    name: str
    model: Model | None
    slots: dict[str, Slot] = field(default_factory=dict)
    oneofs: list[Sequence[str]] = field(default_factory=list)
    has_names: bool = field(init=False)

    def __post_init__(self) -> None:
        self.has_names = self.model is not None and all(one.keyword == one.name for one in self.model.fields)

    def fill(self, message: DynamicMessage, value: object) -> None:
        """Put ``value`` into an empty message. Raises Misfit."""
        given = self._given(value)
        for name, slot in self.slots.items():
            item = given.get(name, ABSENT)
            try:
                if item is not None:
                    slot.field.fill(message, item)
                else:
                    slot.check_absence(is_given=name in given)
            except Misfit as misfit:
                raise misfit.within(f".{name}") from None
        for names in self.oneofs:
            both = [name for name in names if given.get(name) is not None]
            if len(both) > 1:
                raise Misfit(
                    f"only one of {', '.join(names)} can be given, and there are {' and '.join(both)}"
                )

    def read(self, message: DynamicMessage) -> Any:  # noqa: ANN401 -- an instance of the model
        """What the message says. Raises Misfit, and InvalidData if the class refuses the values."""
        values = {}
        for name, slot in self.slots.items():
            try:
                values[name] = slot.field.read(message)
            except Misfit as misfit:
                raise misfit.within(f".{name}") from None
        if self.model is None:
            return values
        try:
            # Most classes call their fields as the schema does.
            return self.model.type(**values) if self.has_names else self.model.build(values)
        except Exception as error:
            refusal = refused_by_model(self.model.type, error)
            raise RefusedByModel(refusal) from error

    def _given(self, value: object) -> Mapping[str, Any]:
        if self.model is not None:
            if not isinstance(value, self.model.type):
                raise needed(f"a {self.model.type.__name__}", value)
            return self.model.values(value)
        if not isinstance(value, Mapping):
            raise needed("a dict", value)
        if unknown := value.keys() - self.slots.keys():
            raise Misfit(f"{self.name} has no field {', '.join(sorted(map(str, unknown)))}")
        return value


class RefusedByModel(Misfit):
    """A class does not take what was read."""

    def __init__(self, refusal: InvalidData) -> None:
        super().__init__(refusal.message.removeprefix(f"{refusal.path}: "), refusal.fault)
        if refusal.path:
            self.within(f".{refusal.path}")
