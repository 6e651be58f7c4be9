"""What a schema asks of a value, said in the words of the newest draft whatever draft it is written in."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, TypeAlias

from accord.schemas.json_text import JsonValue
from accord.schemas.jsonschema.containment.library import Subschema, is_since
from accord.schemas.jsonschema.reading.drafts import Draft

Kinds: TypeAlias = frozenset[str]
"""Kinds of values: those of JSON, and numbers in three, because drafts differ on whether 1.0 is an integer."""

NUMBERS: Final[Kinds] = frozenset({"integer", "whole", "fraction"})
ANYTHING: Final[Kinds] = frozenset({"null", "boolean", "string", "array", "object"}) | NUMBERS
# Beyond what a double can hold.
_LARGEST_EXPONENT: Final = 400
_PLAIN: Final = frozenset({"null", "boolean", "string", "array", "object"})

LIMITS: Final = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
SIZES: Final[Mapping[str, str]] = {
    "minLength": "string",
    "maxLength": "string",
    "minItems": "array",
    "maxItems": "array",
    "minProperties": "object",
    "maxProperties": "object",
}
REMARKS: Final = ("format", "contentEncoding", "contentMediaType")
"""Keywords that validators check only if they are asked to."""


@dataclass(frozen=True, slots=True, eq=False)
class Count:
    """``contains``: between ``least`` and ``most`` items are as ``schema`` says."""

    schema: Subschema
    least: int
    most: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """``if`` with its ``then`` and ``else``."""

    test: Subschema
    then: Subschema | None
    otherwise: Subschema | None


@dataclass(slots=True, eq=False)
class Reading:
    """What ``schema`` asks for; a value has to be as every one of these says.

    ``prefix`` are the schemas of the first items and ``items`` that of the others, whatever the draft calls them;
    ``all_of`` holds what is referred to as well, ``values`` the lists of ``enum`` and ``const``. ``opaque`` are the
    keywords of which it is not known what they ask, because they are malformed or refer to what is not at hand; and
    ``written`` says how a keyword is spelled in the text where that is another way. Not every validator minds the
    dependencies unless they are ``binding``. ``keywords`` are all that ask for something.
    """

    schema: Subschema
    never: bool = False
    opaque: list[str] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)
    kinds: Kinds = ANYTHING
    values: dict[str, tuple[JsonValue, ...]] = field(default_factory=dict)
    limits: dict[str, Fraction] = field(default_factory=dict)
    multiple_of: Fraction | None = None
    sizes: dict[str, int] = field(default_factory=dict)
    pattern: str | None = None
    unique: bool = False
    prefix: tuple[Subschema, ...] = ()
    items: Subschema | None = None
    contains: Count | None = None
    unevaluated_items: Subschema | None = None
    properties: dict[str, Subschema] = field(default_factory=dict)
    patterns: dict[str, Subschema] = field(default_factory=dict)
    additional: Subschema | None = None
    unevaluated: Subschema | None = None
    names: Subschema | None = None
    required: frozenset[str] = frozenset()
    dependent_required: dict[str, frozenset[str]] = field(default_factory=dict)
    dependent_schemas: dict[str, Subschema] = field(default_factory=dict)
    binding: bool = True
    all_of: dict[str, Subschema] = field(default_factory=dict)
    any_of: tuple[Subschema, ...] = ()
    one_of: tuple[Subschema, ...] = ()
    negated: Subschema | None = None
    condition: Condition | None = None
    remarks: dict[str, JsonValue] = field(default_factory=dict)
    keywords: set[str] = field(default_factory=set)

    def place(self, keyword: str) -> str:
        """The JSON pointer of the keyword, or of the schema where it is there by another name only."""
        return f"{self.schema.place}/{self.spelled(keyword)}" if keyword else self.schema.place

    def spelled(self, keyword: str) -> str:
        """The keyword as it stands in the text."""
        return self.written.get(keyword, keyword)


def read(schema: Subschema) -> Reading:
    """Read one schema; what it refers to is not read."""
    reading = Reading(schema)
    if schema.value is False:
        reading.never = True
    elif isinstance(schema.value, dict):
        _read_object(reading, schema.value, schema.draft)
    elif schema.value is not True:
        reading.opaque.append("")
    return reading


def applied(reading: Reading) -> Iterator[Subschema]:
    """The schemas that are, or may be, applied to the same value, but those that must not take it."""
    yield from reading.all_of.values()
    yield from reading.any_of
    yield from reading.one_of
    yield from reading.dependent_schemas.values()
    if reading.condition is not None:
        branches = (reading.condition.test, reading.condition.then, reading.condition.otherwise)
        yield from (one for one in branches if one is not None)


def kind_of(value: JsonValue) -> str:
    """The kind of a value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float | Decimal):
        return "whole" if value == Decimal(value).to_integral_value() else "fraction"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def exact(number: JsonValue) -> Fraction | None:
    """The number in full; None for what is no number, and for numbers too large or too small to write out."""
    if isinstance(number, bool) or not isinstance(number, int | float | Decimal):
        return None
    if isinstance(number, Decimal) and abs(number.adjusted()) > _LARGEST_EXPONENT:
        return None
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


def _read_object(reading: Reading, value: Mapping[str, JsonValue], draft: Draft) -> None:
    if "$ref" in value:
        reading.keywords.add("$ref")
        _refer(reading, "$ref", value["$ref"])
        if not draft.is_later:
            return
    readers = (*_READERS, *_CLASSIC) if draft is Draft.DRAFT_4 else (*_READERS, *_NUMERIC)
    for since, keyword, reader in readers:
        if keyword in value and is_since(draft, since):
            reading.keywords.add(keyword)
            if not reader(reading, value, keyword):
                reading.opaque.append(keyword)
    _read_items(reading, value, draft)
    _read_dependencies(reading, value, draft)
    for keyword in REMARKS:
        if isinstance(value.get(keyword), str):
            reading.remarks[keyword] = value[keyword]


def _refer(reading: Reading, keyword: str, reference: JsonValue) -> None:
    target = reading.schema.resolve(reference) if isinstance(reference, str) else None
    if target is None:
        reading.opaque.append(keyword)
    else:
        reading.all_of[keyword] = target


def _dynamic(reading: Reading, value: Mapping[str, JsonValue], keyword: str) -> bool:
    schema, reference = reading.schema, value[keyword]
    if not isinstance(reference, str):
        return False
    library = schema.text.library
    resolve = library.resolve_dynamic if keyword == "$dynamicRef" else library.resolve_recursive
    target = resolve(schema, reference)
    if target is not None:
        reading.all_of[keyword] = target
    return target is not None


def _type(reading: Reading, value: Mapping[str, JsonValue], keyword: str) -> bool:
    names = value[keyword] if isinstance(value[keyword], list) else [value[keyword]]
    kinds = [_kinds(name, reading.schema.draft) for name in names]
    if not names or not all(kinds):
        return False
    reading.kinds = frozenset().union(*kinds)
    return True


def _kinds(name: JsonValue, draft: Draft) -> Kinds:
    if name == "number":
        return NUMBERS
    if name == "integer":
        return frozenset({"integer"}) if draft is Draft.DRAFT_4 else frozenset({"integer", "whole"})
    return frozenset({name}) if isinstance(name, str) and name in _PLAIN else frozenset()


def _enum(reading: Reading, value: Mapping[str, JsonValue], keyword: str) -> bool:
    if not isinstance(value[keyword], list):
        return False
    reading.values[keyword] = tuple(value[keyword])
    return True


def _const(reading: Reading, value: Mapping[str, JsonValue], keyword: str) -> bool:
    reading.values[keyword] = (value[keyword],)
    return True


def _limit(reading: Reading, value: Mapping[str, JsonValue], keyword: str) -> bool:
    number = exact(value[keyword])
    if number is not None:
        reading.limits[keyword] = number
    return number is not None


def _classic_limit(reading: Reading, value: Mapping[str, JsonValue], keyword: str) -> bool:
    """Draft 4, where a limit is exclusive if another keyword says so."""
    number, word = exact(value[keyword]), f"exclusive{keyword.capitalize()}"
    exclusive = value.get(word, False)
    if number is None or not isinstance(exclusive, bool):
        return False
    reading.limits[word if exclusive else keyword] = number
    if exclusive:
        reading.written[word] = keyword
    return True


def _multiple(reading: Reading, value: Mapping[str, JsonValue], keyword: str) -> bool:
    number = exact(value[keyword])
    if number is None or number <= 0:
        return False
    reading.multiple_of = number
    return True


def _size(reading: Reading, value: Mapping[str, JsonValue], keyword: str) -> bool:
    number = _natural(value[keyword])
    if number is not None:
        reading.sizes[keyword] = number
    return number is not None


def _natural(value: JsonValue) -> int | None:
    number = exact(value)
    return int(number) if number is not None and number >= 0 and number.denominator == 1 else None


def _pattern(reading: Reading, value: Mapping[str, JsonValue], keyword: str) -> bool:
    if not isinstance(value[keyword], str):
        return False
    reading.pattern = value[keyword]
    return True


def _unique(reading: Reading, value: Mapping[str, JsonValue], keyword: str) -> bool:
    if not isinstance(value[keyword], bool):
        return False
    reading.unique = value[keyword]
    return True


def _contains(reading: Reading, value: Mapping[str, JsonValue], keyword: str) -> bool:
    counts = value if reading.schema.draft.is_later else {}
    least, most = _natural(counts.get("minContains", 1)), _natural(counts.get("maxContains"))
    if least is None or ("maxContains" in counts and most is None):
        return False
    reading.contains = Count(reading.schema.child(keyword), least, most)
    return True


def _named(into: str) -> "_Reader":
    def reader(reading: Reading, value: Mapping[str, JsonValue], keyword: str) -> bool:
        if not isinstance(value[keyword], dict):
            return False
        setattr(reading, into, {name: reading.schema.child(keyword, name) for name in value[keyword]})
        return True

    return reader


def _single(into: str) -> "_Reader":
    def reader(reading: Reading, value: Mapping[str, JsonValue], keyword: str) -> bool:
        setattr(reading, into, reading.schema.child(keyword))
        return isinstance(value[keyword], dict | bool)

    return reader


def _several(into: str) -> "_Reader":
    def reader(reading: Reading, value: Mapping[str, JsonValue], keyword: str) -> bool:
        if not isinstance(value[keyword], list) or not value[keyword]:
            return False
        setattr(reading, into, tuple(reading.schema.child(keyword, at) for at in range(len(value[keyword]))))
        return True

    return reader


def _all_of(reading: Reading, value: Mapping[str, JsonValue], keyword: str) -> bool:
    if not isinstance(value[keyword], list):
        return False
    for index in range(len(value[keyword])):
        reading.all_of[f"{keyword}/{index}"] = reading.schema.child(keyword, index)
    return True


def _required(reading: Reading, value: Mapping[str, JsonValue], keyword: str) -> bool:
    names = value[keyword]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return False
    reading.required = frozenset(names)
    return True


def _if(reading: Reading, value: Mapping[str, JsonValue], keyword: str) -> bool:
    def branch(word: str) -> Subschema | None:
        return reading.schema.child(word) if word in value else None

    reading.condition = Condition(reading.schema.child(keyword), branch("then"), branch("else"))
    return True


def _read_items(reading: Reading, value: Mapping[str, JsonValue], draft: Draft) -> None:
    reading.keywords |= {"prefixItems", "items", "additionalItems"} & value.keys()
    prefix, rest = ("prefixItems", "items") if draft is Draft.DRAFT_2020_12 else ("items", "additionalItems")
    schema, first = reading.schema, value.get(prefix)
    if isinstance(first, list):
        reading.prefix = tuple(schema.child(prefix, index) for index in range(len(first)))
        reading.written.update({"prefixItems": prefix, "items": rest})
    elif prefix in value:
        if prefix == "prefixItems" or not isinstance(first, dict | bool):
            reading.opaque.append(prefix)
        else:
            reading.items = schema.child(prefix)
    if rest in value and (isinstance(first, list) or prefix == "prefixItems"):
        reading.items = schema.child(rest)
        if not isinstance(value[rest], dict | bool):
            reading.opaque.append(rest)


def _read_dependencies(reading: Reading, value: Mapping[str, JsonValue], draft: Draft) -> None:
    words = ["dependencies"]
    reading.keywords |= {"dependencies", "dependentRequired", "dependentSchemas"} & value.keys()
    if draft.is_later:
        words += ["dependentRequired", "dependentSchemas"]
        # These drafts no longer know the word, and many validators still do.
        reading.binding = "dependencies" not in value
    for word in words:
        given = value.get(word, {})
        if not isinstance(given, dict):
            reading.opaque.append(word)
            continue
        for name, asked in given.items():
            if isinstance(asked, list) and word != "dependentSchemas":
                names = frozenset(one for one in asked if isinstance(one, str))
                reading.dependent_required[name] = reading.dependent_required.get(name, names) | names
                reading.written.setdefault("dependentRequired", word)
            elif isinstance(asked, dict | bool) and name not in reading.dependent_schemas:
                reading.dependent_schemas[name] = reading.schema.child(word, name)
                reading.written.setdefault("dependentSchemas", word)
            else:
                reading.opaque.append(word)


_Reader: TypeAlias = Callable[[Reading, Mapping[str, Any], str], bool]
_ALWAYS: Final = Draft.DRAFT_4
_READERS: Final[tuple[tuple[Draft, str, _Reader], ...]] = (
    (Draft.DRAFT_2019_09, "$recursiveRef", _dynamic),
    (Draft.DRAFT_2020_12, "$dynamicRef", _dynamic),
    (_ALWAYS, "type", _type),
    (_ALWAYS, "enum", _enum),
    (Draft.DRAFT_6, "const", _const),
    (_ALWAYS, "multipleOf", _multiple),
    *((_ALWAYS, keyword, _size) for keyword in SIZES),
    (_ALWAYS, "pattern", _pattern),
    (_ALWAYS, "uniqueItems", _unique),
    (Draft.DRAFT_6, "contains", _contains),
    (Draft.DRAFT_2019_09, "unevaluatedItems", _single("unevaluated_items")),
    (_ALWAYS, "properties", _named("properties")),
    (_ALWAYS, "patternProperties", _named("patterns")),
    (_ALWAYS, "additionalProperties", _single("additional")),
    (Draft.DRAFT_2019_09, "unevaluatedProperties", _single("unevaluated")),
    (Draft.DRAFT_6, "propertyNames", _single("names")),
    (_ALWAYS, "required", _required),
    (_ALWAYS, "allOf", _all_of),
    (_ALWAYS, "anyOf", _several("any_of")),
    (_ALWAYS, "oneOf", _several("one_of")),
    (_ALWAYS, "not", _single("negated")),
    (Draft.DRAFT_7, "if", _if),
)
_CLASSIC: Final = tuple((_ALWAYS, keyword, _classic_limit) for keyword in ("minimum", "maximum"))
_NUMERIC: Final = tuple((_ALWAYS, keyword, _limit) for keyword in LIMITS)
