"""Schemas that are made to take long, or to break something: parsed or refused with a reason, and soon."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from accord.schemas import (
    CompatibilityLevel,
    Earlier,
    InvalidSchema,
    Schema,
    Version,
    check_compatibility,
    parse,
)

LONGEST_S = 1.5
"""Several times what is needed on a machine that has something else to do."""


def record(name: str, *types: Any, **members: Any) -> dict[str, Any]:
    return {
        "type": "record",
        "name": name,
        "fields": [{"name": f"f{index}", "type": type_} for index, type_ in enumerate(types)],
        **members,
    }


def field(type_: Any, default: Any) -> dict[str, Any]:
    return {"type": "record", "name": "R", "fields": [{"name": "f", "type": type_, "default": default}]}


def soon(work: Callable[[], Any]) -> Any:
    """What comes of ``work``, or its refusal; fails if either takes long."""
    started = time.thread_time()
    try:
        answer = work()
    except InvalidSchema as refusal:
        answer = refusal
    assert time.thread_time() - started < LONGEST_S
    if isinstance(answer, InvalidSchema):
        assert answer.message
        assert answer.hint
        assert len(answer.message) + len(answer.hint) < 2000
    return answer


NESTED = {
    "arrays": ('{"type":"array","items":', '"int"', "}"),
    "maps": ('{"type":"map","values":', '"int"', "}"),
    "records": ('{"type":"record","name":"R","fields":[{"name":"f","type":', '"int"', "}]}"),
    "unions": ("[", '"int"', "]"),
}


@pytest.mark.parametrize("kind", NESTED)
def test_what_is_nested_ten_thousand_levels_deep_is_refused(kind: str) -> None:
    opening, inner, closing = NESTED[kind]
    text = opening * 10_000 + inner + closing * 10_000
    assert "levels deep" in soon(lambda: parse(Schema(text))).message


REFUSED = {
    "a name of a megabyte": record("a" * 10**6 + "-"),
    "a field name of a megabyte": {"type": "record", "name": "R", "fields": [{"name": "-" * 10**6}]},
    "a type that is like another of the same length": [record("ab" * 50_000), "ba" * 50_000],
    "a type that is like thousands": [*(record(f"abcdefgh{n}") for n in range(2000)), "abcdefghi"],
    "a default outside of thousands of symbols": {
        "type": "enum",
        "name": "E",
        "symbols": [f"s{n}" for n in range(20_000)],
        "default": "x",
    },
    "a default of a megabyte": field("int", "a" * 10**6),
    "a default in one word": field("int", ["-" * 10**6]),
    "a default of lists that fit the last of many records": field(
        {"type": "array", "items": [*(record(f"a{n}", "int") for n in range(300)), record("z")]},
        [{}] * 10_000,
    ),
    "a size beyond any number": '{"type":"fixed","name":"F","size":' + "9" * 10**5 + "}",
    "a number beyond a double": '{"type":"record","name":"R","fields":[{"name":"f","type":"double","default":1e400}]}',
    "half of a surrogate pair": '{"type":"int","doc":"' + "\\ud800" * 10_000 + '"}',
    "nothing but NUL": "\0" * 10**5,
    "comments that never end": '"int" ' + "/* " * 30_000,
    "a string that never ends": '"\\' * 30_000 + "//",
    "a union of the same": ["null"] * 5000,
}


@pytest.mark.parametrize("what", REFUSED)
def test_is_refused_with_a_short_reason(what: str) -> None:
    given = REFUSED[what]
    text = given if isinstance(given, str) else json.dumps(given)
    assert isinstance(soon(lambda: parse(Schema(text))), InvalidSchema)


TAKEN = {
    "thousands of fields": record("R", *["int"] * 3000),
    "thousands of symbols": {"type": "enum", "name": "E", "symbols": [f"s{n}" for n in range(20_000)]},
    "thousands of named types": [{"type": "fixed", "name": f"a{n}", "size": 1} for n in range(3000)],
    "thousands of aliases": record("R", aliases=[f"b{n}" for n in range(20_000)]),
    "a precision beyond any": {"type": "bytes", "logicalType": "decimal", "precision": 10**900},
}


@pytest.mark.parametrize("what", TAKEN)
def test_is_parsed_told_and_warned_of(what: str) -> None:
    def work() -> str:
        parsed = parse(Schema(json.dumps(TAKEN[what])))
        assert check_compatibility(parsed, [], level=CompatibilityLevel.FULL).compatible
        return parsed.normalized

    assert isinstance(soon(work), str)


def chain(prefix: str, count: int, *types: Callable[[str], Any]) -> list[Any]:
    """Records in a union, each with fields of types of the one before."""
    return [
        record(f"{prefix}{n}", *(type_(f"{prefix}{max(0, n - 1)}") for type_ in types)) for n in range(count)
    ]


def as_it_is(name: str) -> Any:
    return name


def optional(name: str) -> Any:
    return ["null", name]


PAIRS: dict[str, tuple[Any, Any]] = {
    "large unions of fixed": (
        [{"type": "fixed", "name": f"a{n}", "size": 1} for n in range(120)],
        [{"type": "fixed", "name": f"b{n}", "size": 1} for n in range(120)],
    ),
    "chains of records": (chain("a", 60, as_it_is), chain("b", 60, as_it_is)),
    "chains that fork": (chain("a", 50, as_it_is, as_it_is), chain("b", 50, as_it_is, as_it_is)),
    "chains of unions": (chain("a", 35, optional, optional), chain("b", 35, optional, optional)),
    "records of one name in many namespaces": (
        [record(f"a{n}.R", *["int"] * 15) for n in range(15)],
        [record(f"a{n}.R", *["string"] * 15) for n in range(15)],
    ),
    "records that refer to all": (
        [*chain("a", 40, as_it_is), record("a", [f"a{n}" for n in range(40)])],
        [*chain("b", 40, as_it_is), record("b", [f"b{n}" for n in range(40)])],
    ),
}


@pytest.mark.parametrize("what", PAIRS)
def test_is_compared_and_explained(what: str) -> None:
    old, new = (parse(Schema(json.dumps(side))) for side in PAIRS[what])

    def work() -> Any:
        report = check_compatibility(new, [Earlier(Version(1), old)], level=CompatibilityLevel.BACKWARD)
        return report.compatible, report.findings, report.messages

    answer = soon(work)
    assert isinstance(answer, InvalidSchema) or (not answer[0] and answer[1] and answer[2])


def test_a_difference_below_types_that_are_used_twice_each_is_told_once() -> None:
    def forked(leaf: str) -> Schema:
        inner: Any = record("a0", leaf)
        for level in range(1, 40):
            inner = record(f"a{level}", inner, inner["name"])
        return Schema(json.dumps(inner))

    old, new = parse(forked("int")), parse(forked("string"))
    report = soon(
        lambda: check_compatibility(new, [Earlier(Version(1), old)], level=CompatibilityLevel.BACKWARD)
    )
    assert [one.rule for one in report.findings] == ["AVRO_TYPE_CHANGED"]
