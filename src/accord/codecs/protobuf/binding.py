"""From a message and a class to the form that connects them, checked once when a codec is made.

Fields are known by their names in the schema; the JSON names are another encoding's.
"""

from dataclasses import dataclass, field
from enum import Enum
from types import NoneType
from typing import Any, Final, cast, get_args

from google.protobuf.descriptor import Descriptor, FieldDescriptor, OneofDescriptor

from accord.codecs.errors import ModelDoesNotFit
from accord.codecs.models import Hint, alternatives, hint_name, is_model, model_of, origin_of, plain
from accord.codecs.protobuf.fields import (
    FieldForm,
    Inner,
    MapField,
    MessageField,
    MessagesField,
    ScalarField,
    ScalarsField,
)
from accord.codecs.protobuf.forms import MessageForm, Slot
from accord.codecs.protobuf.scalars import TYPE_NAMES, Scalar, enum_scalar, scalar_of
from accord.codecs.protobuf.wellknown import plain_value


def bind(model: type | None, type_: Descriptor) -> MessageForm:
    """The form of a message as an instance of ``model``, or as a dict. Raises ModelDoesNotFit with every place."""
    binding = _Binding()
    form = binding.message(type_, Any if model is None else model, "")
    if binding.problems:
        raise ModelDoesNotFit(
            f"{'a dict' if model is None else model.__qualname__} does not fit its schema",
            binding.problems,
            hint="change the class or the schema so that fields and types are the same",
        )
    return form


@dataclass(slots=True)
class _Binding:
    problems: list[str] = field(default_factory=list)
    forms: dict[tuple[str, type | None], MessageForm] = field(default_factory=dict)

    def message(self, type_: Descriptor, hint: Hint, path: str) -> MessageForm:
        model = model_of(hint) if is_model(hint) else None
        key = (type_.full_name, model.type if model else None)
        if key in self.forms:
            return self.forms[key]
        form = self.forms[key] = MessageForm(type_.full_name, model)
        hints = {one.name: one.type for one in model.fields} if model else {}
        for one in type_.fields:
            there = f"{path}.{one.name}"
            if one.name in _TAKEN:
                self._problem(there, "the Protobuf library calls a method so; use generated classes")
            if model and one.name not in hints:
                self._problem(there, "the class has no such field")
            else:
                form.slots[one.name] = self._slot(one, hints.pop(one.name, Any), there)
        for name in hints:
            self._problem(f"{path}.{name}", "the schema has no such field")
        form.oneofs += [[one.name for one in oneof.fields] for oneof in type_.oneofs if _is_choice(oneof)]
        return form

    def _slot(self, one: FieldDescriptor, hint: Hint, path: str) -> Slot:
        if one.is_repeated:
            return Slot(self._repeated(one, plain(hint), path), may_be_missing=True, may_be_none=False)
        may_be_none, hint = self._presence(one, hint, path)
        return Slot(
            self._single(one, hint, path, may_be_absent=may_be_none),
            may_be_missing=not one.is_required,
            may_be_none=may_be_none,
        )

    def _presence(self, one: FieldDescriptor, hint: Hint, path: str) -> tuple[bool, Hint]:
        """Whether None stands for a field that is not set, and the hint without None."""
        if hint is Any:
            return one.has_presence and not one.is_required, Any
        members = [member for member in alternatives(hint) if member is not NoneType]
        is_optional = len(members) < len(alternatives(hint))
        if len(members) != 1:
            self._problem(path, f"the class has {hint_name(hint)}, and a field has one type")
            return is_optional, Any
        if is_optional and one.is_required:
            self._problem(path, "the class allows None, and the schema requires the field")
        elif is_optional and not one.has_presence:
            self._problem(path, "the class allows None, and the schema does not say `optional`")
        elif not is_optional and one.containing_oneof is not None and _is_choice(one.containing_oneof):
            self._problem(
                path, f"it is one of the oneof {one.containing_oneof.name}: let the class allow None"
            )
        return is_optional, members[0]

    def _single(self, one: FieldDescriptor, hint: Hint, path: str, *, may_be_absent: bool) -> FieldForm:
        if one.message_type is None:
            return ScalarField(one.name, self._scalar(one, hint, path), may_be_absent)
        return MessageField(one.name, self._inner(one.message_type, hint, path), may_be_absent)

    def _repeated(self, one: FieldDescriptor, hint: Hint, path: str) -> FieldForm:
        arguments = [plain(argument) for argument in get_args(hint)]
        if one.message_type is not None and one.message_type.GetOptions().map_entry:
            return self._map(one, hint, arguments, path)
        item = Any
        if origin_of(hint) is list:
            (item,) = arguments
        elif hint not in (Any, list):
            self._problem(path, f"the class has {hint_name(hint)}, the schema has a list")
        if one.message_type is None:
            return ScalarsField(one.name, self._scalar(one, item, f"{path}[]"))
        return MessagesField(one.name, self._inner(one.message_type, item, f"{path}[]"))

    def _map(self, one: FieldDescriptor, hint: Hint, arguments: list[Hint], path: str) -> FieldForm:
        entry = cast("Descriptor", one.message_type).fields_by_name
        key_hint, value_hint = Any, Any
        if origin_of(hint) is dict:
            key_hint, value_hint = arguments
        elif hint not in (Any, dict):
            self._problem(path, f"the class has {hint_name(hint)}, the schema has a map")
        value = entry["value"]
        return MapField(
            one.name,
            self._scalar(entry["key"], key_hint, f"{path}{{}}"),
            self._scalar(value, value_hint, f"{path}{{}}")
            if value.message_type is None
            else self._inner(value.message_type, value_hint, f"{path}{{}}"),
        )

    def _scalar(self, one: FieldDescriptor, hint: Hint, path: str) -> Scalar:
        scalar = scalar_of(one)
        if one.enum_type is not None and isinstance(hint, type) and issubclass(hint, Enum):
            unknown = sorted(set(hint.__members__) - set(one.enum_type.values_by_name))
            if unknown:
                self._problem(path, f"{', '.join(unknown)} is no constant of {one.enum_type.full_name}")
            return enum_scalar(one.enum_type, hint)
        if hint is not Any and hint is not scalar.python:
            self._problem(path, f"the class has {hint_name(hint)}, the schema has {_type_name(one)}")
        return scalar

    def _inner(self, type_: Descriptor, hint: Hint, path: str) -> Inner:
        value = plain_value(type_)
        if value is not None:
            if hint not in (Any, value.python) and origin_of(hint) is not value.python:
                self._problem(path, f"the class has {hint_name(hint)}, the schema has {type_.full_name}")
            return value
        if not is_model(hint) and hint not in (Any, dict) and origin_of(hint) is not dict:
            self._problem(path, f"the class has {hint_name(hint)}, the schema has {type_.full_name}")
        return self.message(type_, hint, path)

    def _problem(self, path: str, text: str) -> None:
        self.problems.append(f"{path.lstrip('.')}: {text}" if path else text)


def _is_choice(oneof: OneofDescriptor) -> bool:
    """Not the oneof of a single field that stands for `optional`."""
    return len(oneof.fields) > 1


def _type_name(one: FieldDescriptor) -> str:
    if one.enum_type is not None:
        return f"the enum {one.enum_type.full_name}"
    return TYPE_NAMES[one.type]


_TAKEN: Final = frozenset({"HasField", "SetInParent"})
