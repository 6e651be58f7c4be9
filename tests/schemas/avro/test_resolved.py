"""A schema that uses others, written out whole."""

import json
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.schemas import (
    CompatibilityLevel,
    Earlier,
    InvalidSchema,
    Schema,
    Version,
    check_compatibility,
    parse,
)


def record(name: str, **fields: object) -> str:
    listed = [{"name": field, "type": type_} for field, type_ in fields.items()]
    return json.dumps({"type": "record", "name": name, "fields": listed}, separators=(",", ":"))


def spaced(text: str, space: str) -> str:
    return text.replace(',"fields"', f',"namespace":"{space}","fields"', 1)


def resolved(text: str, **referenced: str) -> str:
    return parse(Schema(text), referenced=_schemas(referenced)).formatted("resolved")


def _schemas(texts: Mapping[str, str]) -> dict[str, Schema]:
    return {name: Schema(text) for name, text in texts.items()}


CITY = record("City", code="int")
MOOD = '{"type":"enum","name":"Mood","namespace":"people","symbols":["GOOD"]}'
HOME = record("Home", city="City", next=["null", "Home"])
WHOLE_HOME = record("Home", city=json.loads(CITY), next=["null", "Home"])


@pytest.mark.parametrize(
    ("text", "referenced", "expected"),
    [
        ('"string"', {}, '"string"'),
        ('"City"', {"City": CITY}, CITY),
        (
            record("User", home="City", work=["null", "City"]),
            {"City": CITY},
            record("User", home=json.loads(CITY), work=["null", "City"]),
        ),
        (
            record("User", homes={"type": "array", "items": "Home"}, city="City"),
            {"City": CITY, "Home": HOME},
            record("User", homes={"type": "array", "items": json.loads(WHOLE_HOME)}, city="City"),
        ),
        (
            record("shop.User", home="City", mood="people.Mood"),
            {"shop.City": spaced(CITY, "shop"), "people.Mood": MOOD},
            spaced(record("User", home=json.loads(CITY), mood=json.loads(MOOD)), "shop"),
        ),
        (
            record("shop.User", home="City"),
            {"City": CITY},
            spaced(record("User", home=json.loads(spaced(CITY, ""))), "shop"),
        ),
    ],
    ids=["nothing", "the-whole", "later-by-name", "through-another", "namespaces", "no-namespace"],
)
def test_what_is_referred_to_is_written_out_where_it_is_used_first(
    text: str, referenced: Mapping[str, str], expected: str
) -> None:
    assert resolved(text, **referenced) == expected
    assert parse(Schema(expected)).canonical == expected


def test_a_referenced_schema_that_is_not_used_is_not_written() -> None:
    assert resolved('"int"', City=CITY) == '"int"'


@pytest.mark.parametrize("name", ["", "default", "serialized", "RESOLVED", "no such"])
def test_any_other_format_is_the_canonical_text(name: str) -> None:
    parsed = parse(Schema(record("User", home="City") + " "), referenced={"City": Schema(CITY)})
    assert parsed.formatted(name) == parsed.canonical == record("User", home="City")


def test_what_nests_too_deep_when_written_out_is_refused() -> None:
    links = {f"L{number}": record(f"L{number}", next=f"L{number - 1}") for number in range(1, 80)}
    with pytest.raises(InvalidSchema, match="200 levels"):
        resolved('"L79"', L0=record("L0"), **links)


@st.composite
def families(draw: st.DrawFn) -> tuple[str, dict[str, str]]:
    """A record and, each in an order after what they need, the schemas that it uses; namespaces at random."""
    spaces = [draw(st.sampled_from(["", "a", "a.b"])) for _ in range(draw(st.integers(1, 5)))]
    names = [f"{space}.T{number}" if space else f"T{number}" for number, space in enumerate(spaces)]
    texts = {}
    for number, name in enumerate(names):
        used = draw(st.lists(st.sampled_from(["int", *names[:number]]), max_size=3))
        types: list[object] = [["null", type_] if draw(st.booleans()) else type_ for type_ in used]
        texts[name] = record(name, **{f"f{index}": type_ for index, type_ in enumerate(types)})
    return texts.pop(names[-1]), texts


@settings(max_examples=50)
@given(families())
def test_the_resolved_text_needs_nothing_else_and_means_the_same(family: tuple[str, dict[str, str]]) -> None:
    text, referenced = family
    parsed = parse(Schema(text), referenced=_schemas(referenced))
    alone = parse(Schema(parsed.formatted("resolved")))
    assert alone.canonical == alone.formatted("resolved") == parsed.formatted("resolved")
    earlier = [Earlier(Version(1), parsed)]
    assert check_compatibility(alone, earlier, level=CompatibilityLevel.FULL).compatible
