"""What JSON hides although it has a form for it: a moment without a time zone, an amount or a float that is no number."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from math import isfinite
from typing import Final

from accord.codecs.jsonschema.reach import reaches
from accord.codecs.jsonschema.validation import Refusal
from accord.codecs.models import EXTRAS, Hint, fields_of, is_model, keeps_more_than_fields

Check = Callable[[object], None]

_MINUTE_S: Final = 60


def check_of(model: type) -> Check | None:
    """What raises Refusal for such a value anywhere in an instance of the class; None if no field can hold one."""
    return _Check().check if reaches(model, _is_told_badly) else None


def _is_told_badly(hint: Hint) -> bool:
    return hint is datetime or hint is Decimal or keeps_more_than_fields(hint)


class _Check:
    """Looks where something may be found, and nowhere else."""

    def __init__(self) -> None:
        self._fields: dict[type, tuple[tuple[str, str], ...]] = {}

    def check(self, value: object) -> None:
        """Raise Refusal, with the path from ``value``."""
        fields = self._fields.get(type(value))
        if fields is None:
            self._check_other(value)
            return
        for step, attribute in fields:
            inner = getattr(value, attribute)
            # Nearly all there is to see, without a call.
            if inner is None or (type(inner) is datetime and inner.tzinfo is UTC):
                continue
            if type(inner) is Decimal and inner.is_finite():
                continue
            try:
                self.check(inner)
            except Refusal as refusal:
                refusal.path = f"{step}{refusal.path}"
                raise

    def _check_other(self, value: object) -> None:
        if isinstance(value, datetime):
            _check_moment(value)
        elif isinstance(value, Decimal):
            if not value.is_finite():
                raise Refusal(f"{value} is no amount")
        elif isinstance(value, float):
            # Where no field says float, pydantic writes null.
            if not isfinite(value):
                raise Refusal(f"{value} is no JSON number")
        elif isinstance(value, list | tuple | set | frozenset):
            self._check_items(enumerate(value), "[{}]")
        elif isinstance(value, dict):
            self._check_items(value.items(), ".{}")
        elif is_model(type(value)):
            self._fields[type(value)] = _fields_worth_a_look(type(value))
            self.check(value)

    def _check_items(self, items: Iterable[tuple[object, object]], step: str) -> None:
        for key, item in items:
            try:
                self.check(item)
            except Refusal as refusal:
                refusal.path = f"{step.format(key)}{refusal.path}"
                raise


def _fields_worth_a_look(class_: type) -> tuple[tuple[str, str], ...]:
    fields = [
        (f".{item.name}", item.attribute) for item in fields_of(class_) if reaches(item.type, _is_told_badly)
    ]
    if keeps_more_than_fields(class_):
        fields.append(("", EXTRAS))
    return tuple(fields)


def _check_moment(value: datetime) -> None:
    offset = value.utcoffset()
    if offset is None:
        raise Refusal("a datetime without a time zone is no moment; give it one, such as UTC")
    if offset.seconds % _MINUTE_S or offset.microseconds:
        raise Refusal(
            f"the offset {offset} from UTC has no JSON form, which has minutes only; convert it to UTC"
        )
