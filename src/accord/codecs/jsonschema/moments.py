"""What JSON hides although it has a form for it: a moment without a time zone, an amount that is no number."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from accord.codecs.jsonschema.reach import reaches
from accord.codecs.jsonschema.validation import Refusal
from accord.codecs.models import Hint, fields_of, is_model

Check = Callable[[object], None]

_MINUTE: Final = timedelta(minutes=1)


def check_of(model: type) -> Check | None:
    """What raises Refusal for such a value anywhere in an instance of the class; None if no field can hold one."""
    return _Check().check if reaches(model, _is_told_badly) else None


def _is_told_badly(hint: Hint) -> bool:
    return hint is datetime or hint is Decimal


class _Check:
    """Looks where something may be found, and nowhere else."""

    def __init__(self) -> None:
        self._fields: dict[type, tuple[tuple[str, str], ...]] = {}

    def check(self, value: object) -> None:
        """Raise Refusal, with the path from ``value``."""
        for step, attribute in self._fields.get(type(value)) or self._fields_of(type(value)):
            inner = getattr(value, attribute)
            # Nearly all there is to see, without a call.
            if inner is None or (type(inner) is datetime and inner.tzinfo is UTC):
                continue
            try:
                self._check_inner(inner)
            except Refusal as refusal:
                refusal.path = f"{step}{refusal.path}"
                raise

    def _check_inner(self, value: object) -> None:
        if isinstance(value, datetime):
            _check_moment(value)
        elif isinstance(value, Decimal):
            if not value.is_finite():
                raise Refusal(f"{value} is no amount")
        elif is_model(type(value)):
            self.check(value)
        else:
            self._check_parts(_parts(value))

    def _check_parts(self, parts: Iterable[tuple[str, object]]) -> None:
        for step, part in parts:
            try:
                self._check_inner(part)
            except Refusal as refusal:
                refusal.path = f"{step}{refusal.path}"
                raise

    def _fields_of(self, class_: type) -> tuple[tuple[str, str], ...]:
        """Where in instances of a model to look."""
        found = [
            (f".{item.name}", item.attribute)
            for item in fields_of(class_)
            if reaches(item.type, _is_told_badly)
        ]
        self._fields[class_] = tuple(found)
        return self._fields[class_]


def _check_moment(value: datetime) -> None:
    offset = value.utcoffset()
    if offset is None:
        raise Refusal("a datetime without a time zone is no moment; give it one, such as UTC")
    if offset % _MINUTE:
        raise Refusal(
            f"the offset {offset} from UTC has no JSON form, which has minutes only; convert it to UTC"
        )


def _parts(value: object) -> Iterable[tuple[str, object]]:
    if isinstance(value, Mapping):
        return ((f".{key}", member) for key, member in value.items())
    if isinstance(value, Sequence | AbstractSet) and not isinstance(value, str | bytes):
        return ((f"[{index}]", item) for index, item in enumerate(value))
    return ()
