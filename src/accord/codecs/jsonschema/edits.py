"""What differs between how classes are written by default and what a schema asks for, place by place.

An amount (Decimal) is a string, which every reader takes without loss; where the schema has numbers only it is a number,
digit for digit. A field that is None is left out where the schema neither asks for it nor takes null.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from types import NoneType
from typing import Final, get_args

from accord.codecs.jsonschema.places import Place
from accord.codecs.jsonschema.validation import Refusal, Tree
from accord.codecs.models import Hint, alternatives, fields_of, is_model, origin_of, plain

Edit = Callable[[Tree], Tree]
"""What becomes of a tree, in place where it is a dict or a list."""

# A double reaches a little further.
_GREATEST_EXPONENT: Final = 307
_SEQUENCES: Final = (list, tuple, set, frozenset, Sequence)


def edit_to_write(model: type, place: Place) -> Edit | None:
    """What the trees of instances need before they are written; None if nothing."""
    return _Edits(_number_of, leaves_out=True).of(model, place)


def edit_to_read(model: type, place: Place) -> Edit | None:
    """What trees need whose numbers are to become amounts of a class that reads them from strings only."""
    return _Edits(_text_of, leaves_out=False).of(model, place)


def _number_of(value: Tree) -> Tree:
    try:
        amount = Decimal(value) if isinstance(value, str) else value
    except InvalidOperation:
        return value
    if isinstance(amount, Decimal) and amount.adjusted() > _GREATEST_EXPONENT:
        raise Refusal(f"{amount:.6E} is beyond the range of a double, and no reader takes it for a number")
    return amount


def _text_of(value: Tree) -> Tree:
    return str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


@dataclass(slots=True)
class _Edits:
    amount: Edit
    leaves_out: bool
    known: dict[tuple[type, tuple[int, ...]], Edit | None] = field(default_factory=dict)

    def of(self, hint: Hint, place: Place) -> Edit | None:
        found = [edit for one in alternatives(plain(hint)) if (edit := self._of_one(one, place))]
        # Which of several is meant does not show in a tree.
        return found[0] if len(found) == 1 else None

    def _of_one(self, hint: Hint, place: Place) -> Edit | None:
        if hint is Decimal:
            return self.amount if "string" not in place.types and "integer" in place.types else None
        if is_model(hint):
            return self._instance(hint, place)
        origin, arguments = origin_of(hint), [one for one in get_args(hint) if one is not Ellipsis]
        if origin in _SEQUENCES and len(arguments) == 1:
            return _of_items(self.of(arguments[0], place.item))
        if origin is dict:
            return _of_members(self.of(arguments[1], place.other))
        return None

    def _instance(self, class_: type, place: Place) -> Edit | None:
        key = class_, tuple(map(id, place.nodes))
        if key in self.known:
            return self.known[key]
        edits: list[tuple[str, Edit]] = []
        left_out: list[str] = []
        # A class may contain itself: what edits it is known by the time there is a tree.
        edit_members = self.known[key] = _of_fields(edits, left_out)
        for item in fields_of(class_):
            member = place.member(item.name)
            if self.leaves_out and _is_left_out(item.name, item.type, place, member):
                left_out.append(item.name)
            if edit := self.of(item.type, member):
                edits.append((item.name, edit))
        if not left_out and all(edit is edit_members for _, edit in edits):
            self.known[key] = None
        return self.known[key]


def _of_fields(edits: Sequence[tuple[str, Edit]], left_out: Sequence[str]) -> Edit:
    def edit_members(value: Tree) -> Tree:
        if isinstance(value, dict):
            for name in left_out:
                if name in value and value[name] is None:
                    del value[name]
            for name, edit in edits:
                if name in value:
                    value[name] = _edited(edit, value[name], f".{name}")
        return value

    return edit_members


def _is_left_out(name: str, hint: Hint, place: Place, member: Place) -> bool:
    return NoneType in alternatives(hint) and "null" not in member.types and name not in place.required


def _of_items(edit: Edit | None) -> Edit | None:
    if edit is None:
        return None

    def edit_items(value: Tree) -> Tree:
        if not isinstance(value, list | tuple):
            return value
        return [_edited(edit, item, f"[{index}]") for index, item in enumerate(value)]

    return edit_items


def _of_members(edit: Edit | None) -> Edit | None:
    if edit is None:
        return None

    def edit_each(value: Tree) -> Tree:
        if not isinstance(value, dict):
            return value
        return {name: _edited(edit, member, f".{name}") for name, member in value.items()}

    return edit_each


def _edited(edit: Edit, value: Tree, step: str) -> Tree:
    try:
        return edit(value)
    except Refusal as refusal:
        refusal.path = f"{step}{refusal.path}"
        raise
