"""What is known of a value: the schemas that it is valid under, and what follows from them."""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import Final

from accord.schemas.json_text import JsonValue
from accord.schemas.jsonschema.containment.library import Subschema
from accord.schemas.jsonschema.containment.likeness import value_key
from accord.schemas.jsonschema.containment.meter import Meter
from accord.schemas.jsonschema.containment.reading import (
    ANYTHING,
    NUMBERS,
    Kinds,
    Reading,
    applied,
    exact,
    kind_of,
)
from accord.schemas.jsonschema.containment.validity import Validity

FEW: Final[Mapping[str, tuple[JsonValue, ...]]] = {"null": (None,), "boolean": (True, False)}
_INTEGERS: Final = frozenset({"integer", "whole"})
# Above this what is known of properties of all other names is told less exactly, which is safe.
_MOST_CASES: Final = 16

Bound = tuple[Fraction, bool]
"""A limit, and whether the limit itself is out."""


@dataclass(frozen=True, slots=True)
class Known:
    """A value of one of the ``kinds`` that is valid under all of ``facts`` and none of ``denied``.

    If it is an object, it has the properties ``present``. ``at`` is where the writer's schema speaks of the value.
    """

    facts: frozenset[Subschema]
    denied: frozenset[Subschema] = frozenset()
    kinds: Kinds = ANYTHING
    present: frozenset[str] = frozenset()
    at: Subschema | None = field(default=None, compare=False)

    def also(self, *facts: Subschema) -> "Known":
        """Valid under some more."""
        return replace(self, facts=self.facts.union(facts))

    def not_also(self, schema: Subschema) -> "Known":
        """Not valid under one more."""
        return replace(self, denied=self.denied | {schema})

    def within(self, kinds: Kinds) -> "Known":
        """Of fewer kinds."""
        return replace(self, kinds=self.kinds & kinds)

    def having(self, name: str) -> "Known":
        """With a property of that name, if it is an object."""
        return replace(self, present=self.present | {name})


@dataclass(frozen=True, slots=True)
class Case:
    """One of the ways in which an alternative comes out."""

    facts: frozenset[Subschema]
    denied: frozenset[Subschema] = frozenset()

    def added_to(self, known: Known) -> Known:
        """What is known then."""
        return replace(known, facts=known.facts | self.facts, denied=known.denied | self.denied)


class World:
    """What follows from something known; all of it is true, and not everything that is true is here."""

    def __init__(
        self, known: Known, read: Callable[[Subschema], Reading], validity: Validity, meter: Meter
    ) -> None:
        self.known = known
        self._meter = meter
        self._read = read
        self._validity = validity
        self.readings: list[Reading] = []
        self.denied: dict[Subschema, Reading] = {}
        self.kinds = known.kinds
        self.required = set(known.present)
        self.absent: set[str] = set()
        self._at_properties: dict[str, Known | None] = {}
        self._property_denied: dict[str, list[Subschema]] = {}
        self._expand(known.facts, known.denied)
        meter.spend(1 + len(self.readings) + len(self.denied))

    @property
    def is_empty(self) -> bool:
        """Whether it is plain that there is no such value."""
        return not self.kinds or self.values == ()

    @cached_property
    def alternatives(self) -> tuple[tuple[Case, ...], ...]:
        """Of each, one of the cases holds; those of which it is known which are left out."""
        facts = {reading.schema for reading in self.readings}
        denied = set(self.denied)
        # Each branch of a oneOf is told apart from all others.
        self._meter.look_up(sum(8 * len(one.any_of) + len(one.one_of) ** 2 // 16 for one in self.readings))
        return tuple(
            cases
            for reading in self.readings
            for cases in _alternatives(reading)
            if not any(case.facts <= facts and case.denied <= denied for case in cases)
        )

    @cached_property
    def values(self) -> tuple[JsonValue, ...] | None:
        """The only values there are, None where there are too many to tell."""
        lists = [values for reading in self.readings for values in reading.values.values()]
        if self.kinds <= FEW.keys():
            lists.append(tuple(value for kind in sorted(self.kinds) for value in FEW[kind]))
        if not lists:
            return None
        self._meter.look_up(sum(map(len, lists)))
        spelled = (one for value in min(lists, key=len) for one in _spellings(value))
        return tuple(value for value in spelled if self.may_be(value))

    @property
    def value_keys(self) -> tuple[Hashable, ...]:
        """What the ``values`` are told apart by."""
        self._meter.look_up(1 + len(self._value_keys))
        return self._value_keys

    @cached_property
    def _value_keys(self) -> tuple[Hashable, ...]:
        return tuple(map(value_key, self.values or ()))

    @cached_property
    def lower(self) -> Bound | None:
        """The limit below."""
        bounds = [
            (reading.limits[word], word != "minimum")
            for reading in self.readings
            for word in ("minimum", "exclusiveMinimum")
            if word in reading.limits
        ]
        return max(bounds, default=None)

    @cached_property
    def upper(self) -> Bound | None:
        """The limit above."""
        bounds = [
            (reading.limits[word], word == "maximum")
            for reading in self.readings
            for word in ("maximum", "exclusiveMaximum")
            if word in reading.limits
        ]
        limit, inclusive = min(bounds, default=(None, True))
        return None if limit is None else (limit, not inclusive)

    @cached_property
    def factors(self) -> tuple[Fraction, ...]:
        """Numbers that a number is a multiple of."""
        whole = (Fraction(1),) if self.kinds & NUMBERS <= _INTEGERS else ()
        return (*whole, *(one.multiple_of for one in self.readings if one.multiple_of is not None))

    def least(self, keyword: str) -> int:
        """The size that ``minLength`` and its like ask for."""
        sizes = [reading.sizes[keyword] for reading in self.readings if keyword in reading.sizes]
        return max(sizes, default=0)

    def most(self, keyword: str) -> int | None:
        """The size that ``maxLength`` and its like allow."""
        return min((one.sizes[keyword] for one in self.readings if keyword in one.sizes), default=None)

    def may_be(self, value: JsonValue) -> bool:
        """Whether ``value`` is not known to be out."""
        if kind_of(value) not in self.kinds:
            return False
        takes = self._validity.takes
        return all(takes(one, value) is not False for one in self.known.facts) and not any(
            takes(one, value) for one in self.denied
        )

    def described(self, name: str) -> Iterator[Subschema]:
        """The schemas of the property ``name`` that are given by that name."""
        return (one.properties[name] for one in self._about_objects if name in one.properties)

    def at_property(self, name: str) -> Known | None:
        """What is known of the value of a property if it is there, None where it cannot be there."""
        self._meter.look_up()
        if name not in self._at_properties:
            self._at_properties[name] = self._inside(name)
        return self._at_properties[name]

    def _inside(self, name: str) -> Known | None:
        if name in self.absent:
            return None
        if any(one.names and self._validity.takes(one.names, name) is False for one in self._about_objects):
            return None
        facts: list[Subschema] = []
        self._meter.spend(1 + len(self._about_objects))
        for reading in self._about_objects:
            own = [reading.properties[name]] if name in reading.properties else []
            matched = {one: self._validity.matches(one, name) for one in reading.patterns}
            own += (reading.patterns[one] for one, matches in matched.items() if matches)
            if (
                not own
                and reading.additional is not None
                and not any(one is None for one in matched.values())
            ):
                own.append(reading.additional)
            if reading.unevaluated is not None and not self._may_evaluate(reading, name):
                own.append(reading.unevaluated)
            facts += own
        denied = frozenset(self._property_denied.get(name, ()))
        return Known(frozenset(facts), denied, at=self._place(facts))

    def at_other_properties(self, pattern: str | None, covered: Collection[str]) -> list[Known]:
        """What is known of the value of a property that no schema names, case by case.

        Its name matches ``pattern``; without one it matches none of the patterns ``covered``.
        """
        always, cases = set[Subschema](), []
        self._meter.spend(1 + len(self._about_objects))
        unmatched = covered if pattern is None else ()
        for reading in self._about_objects:
            if pattern is not None and pattern in reading.patterns:
                always.add(reading.patterns[pattern])
                continue
            left = [inner for one, inner in reading.patterns.items() if one not in unmatched]
            rest = [] if reading.additional is None else [reading.additional]
            if left:
                cases.append([*([one] for one in left), rest])
            else:
                always.update(rest)
                if reading.unevaluated is not None and not self._may_evaluate_others(reading, unmatched):
                    always.add(reading.unevaluated)
        return [
            Known(frozenset(always.union(*chosen)), at=self.known.at) for chosen in product(*_told(cases))
        ]

    def at_item(self, index: int) -> Known:
        """What is known of the item at ``index`` if there is one."""
        facts: list[Subschema] = []
        self._meter.spend(1 + len(self.readings))
        for reading in self.readings:
            own = reading.prefix[index] if index < len(reading.prefix) else reading.items
            if own is None and not self._may_evaluate_item(reading, index):
                own = reading.unevaluated_items
            facts += [] if own is None else [own]
        return Known(frozenset(facts), at=self._place(facts))

    @cached_property
    def named(self) -> set[str]:
        """The names of properties of which more is known than of others."""
        names = self.required.union(*(reading.properties for reading in self._about_objects))
        for reading in self._about_objects:
            if reading.unevaluated is not None:
                names.update(*(one.properties for one in self._combined(reading)))
        return names

    @cached_property
    def _about_objects(self) -> tuple[Reading, ...]:
        return tuple(
            one
            for one in self.readings
            if one.properties or one.patterns or one.additional or one.unevaluated or one.names
        )

    @cached_property
    def prefix_length(self) -> int:
        """The number of items that have schemas of their own."""
        return max((len(reading.prefix) for reading in self.readings), default=0)

    def _place(self, facts: Iterable[Subschema]) -> Subschema | None:
        """The first of them that stands in the writer's schema, or else where the value around it does."""
        around = self.known.at
        ours = (one for one in facts if around is not None and one.text.library is around.text.library)
        return next(ours, around)

    def _expand(self, facts: Iterable[Subschema], denied: Iterable[Subschema]) -> None:
        # In one order on every run: what is told names the first place there is.
        waiting, refused = (sorted(ones, key=_order, reverse=True) for ones in (facts, denied))
        seen = set[Subschema]()
        while (waiting or refused) and not self._meter.is_empty:
            while waiting:
                one = waiting.pop()
                if one in seen:
                    continue
                seen.add(one)
                reading = self._read(one)
                self._take(reading)
                waiting += reversed(reading.all_of.values())
                if reading.negated is not None:
                    refused.append(reading.negated)
            while refused:
                one = refused.pop()
                if one not in self.denied:
                    self.denied[one] = self._read(one)
                    waiting += self._deny(self.denied[one], refused)
            if not waiting and not refused and self.kinds == {"object"}:
                waiting += self._triggered(seen)

    def _take(self, reading: Reading) -> None:
        self.readings.append(reading)
        self.kinds = frozenset() if reading.never else self.kinds & reading.kinds
        self.required |= reading.required

    def _deny(self, reading: Reading, refused: list[Subschema]) -> Iterator[Subschema]:
        """What follows from a value not being valid: facts, and more that it is not valid under."""
        words = reading.keywords
        if reading.opaque:
            return
        if words == {"type"}:
            self.kinds -= reading.kinds
        elif not words and not reading.never:
            self.kinds = frozenset()
        elif words == {"not"} and reading.negated is not None:
            yield reading.negated
        elif words == {"anyOf"}:
            refused += reading.any_of
        elif len(reading.all_of) == 1 and len(words) == 1:
            refused += reading.all_of.values()
        elif words <= {"type", "properties", "required"}:
            self._deny_object(reading)

    def _deny_object(self, reading: Reading) -> None:
        names = reading.required | reading.properties.keys()
        if len(names) != 1 or not (
            "type" not in reading.keywords or self.kinds == {"object"} == reading.kinds
        ):
            return
        (name,) = names
        if not reading.properties:
            self._limit_to_objects()
            self.absent.add(name)
        else:
            self._property_denied.setdefault(name, []).append(reading.properties[name])
            if not reading.required:
                self._limit_to_objects()
                self.required.add(name)

    def _limit_to_objects(self) -> None:
        # What is no object passes keywords about objects, so a value that is refused by them is one.
        self.kinds &= {"object"}

    def _triggered(self, seen: set[Subschema]) -> Iterator[Subschema]:
        asked = sum(len(one.dependent_required) + len(one.dependent_schemas) for one in self.readings)
        self._meter.look_up(1 + asked)
        for reading in self.readings:
            if reading.binding:
                for name in self.required & reading.dependent_required.keys():
                    self.required |= reading.dependent_required[name]
        for reading in self.readings:
            for name, inner in reading.dependent_schemas.items():
                if reading.binding and name in self.required and inner not in seen:
                    yield inner

    def _may_evaluate(self, reading: Reading, name: str) -> bool:
        """Whether some part of the schema may look at the property."""
        return any(
            _takes_the_rest(one, reading)
            or name in one.properties
            or any(self._validity.matches(pattern, name) is not False for pattern in one.patterns)
            for one in self._combined(reading)
        )

    def _may_evaluate_others(self, reading: Reading, unmatched: Collection[str]) -> bool:
        """Whether some part of the schema may look at properties that no schema names, and that match none of these."""
        return any(
            _takes_the_rest(one, reading) or any(pattern not in unmatched for pattern in one.patterns)
            for one in self._combined(reading)
        )

    def _may_evaluate_item(self, reading: Reading, index: int) -> bool:
        """Whether some part of the schema may look at the item."""
        return any(
            one.opaque
            or one.items is not None
            or one.contains is not None
            or index < len(one.prefix)
            or (one.unevaluated_items is not None and one is not reading)
            for one in self._combined(reading)
        )

    def _combined(self, reading: Reading) -> Iterator[Reading]:
        """The schema and all that it applies to the same value."""
        waiting, seen = [reading], set[Subschema]()
        while waiting:
            one = waiting.pop()
            if one.schema not in seen:
                seen.add(one.schema)
                self._meter.spend()
                yield one
                waiting += (self._read(inner) for inner in applied(one) if inner not in self.denied)


def _takes_the_rest(reading: Reading, around: Reading) -> bool:
    """Whether a part of a schema may look at every property that other parts leave."""
    others = reading.unevaluated is not None and reading is not around
    return others or reading.additional is not None or bool(reading.opaque)


def _alternatives(reading: Reading) -> Iterator[tuple[Case, ...]]:
    if reading.any_of:
        yield tuple(Case(frozenset({one})) for one in reading.any_of)
    if reading.one_of:
        branches = frozenset(reading.one_of)
        yield tuple(Case(frozenset({one}), branches - {one}) for one in reading.one_of)
    condition = reading.condition
    if condition is not None:
        test = frozenset({condition.test})
        then = frozenset() if condition.then is None else frozenset({condition.then})
        otherwise = frozenset() if condition.otherwise is None else frozenset({condition.otherwise})
        yield Case(test | then), Case(otherwise, test)


def _order(schema: Subschema) -> tuple[str, str]:
    return schema.text.name, schema.place


def _spellings(value: JsonValue) -> Iterator[JsonValue]:
    """The values equal to ``value`` between which a draft may tell: 1 and 1.0."""
    yield from {repr(one): one for one in (value, _spelled(value, int), _spelled(value, _whole))}.values()


def _spelled(value: JsonValue, spell: Callable[[JsonValue], JsonValue]) -> JsonValue:
    if isinstance(value, dict):
        return {name: _spelled(inner, spell) for name, inner in value.items()}
    if isinstance(value, list):
        return [_spelled(inner, spell) for inner in value]
    return spell(value) if exact(value) is not None and kind_of(value) in _INTEGERS else value


def _whole(number: JsonValue) -> Decimal:
    return Decimal(f"{int(number)}.0")


def _told(cases: list[list[list[Subschema]]]) -> list[list[list[Subschema]]]:
    """As many of the lists of cases as can be combined; to leave one out is to know less."""
    kept, number = [], 1
    for one in cases:
        number *= len(one)
        if number > _MOST_CASES:
            break
        kept.append(one)
    return kept
