"""One table per rule: which pairs break it, which do not, in both directions."""

import pytest

from accord.findings import Severity
from accord.schemas import CompatibilityLevel, Earlier, Schema, Version, check_compatibility, parse


def rules_broken(old: str, new: str, level: CompatibilityLevel) -> list[str]:
    report = check_compatibility(parse(Schema(new)), [Earlier(Version(1), parse(Schema(old)))], level=level)
    return [finding.rule for finding in report.findings if finding.severity is Severity.ERROR]


def check(old: str, new: str, backward: list[str], forward: list[str]) -> None:
    assert rules_broken(old, new, CompatibilityLevel.BACKWARD) == backward
    assert rules_broken(old, new, CompatibilityLevel.FORWARD) == forward
    assert rules_broken(old, new, CompatibilityLevel.FULL) == forward + backward
    assert rules_broken(old, new, CompatibilityLevel.NONE) == []


def record(*fields: str, name: str = "Order", more: str = "") -> str:
    return f'{{"type": "record", "name": "{name}", "fields": [{", ".join(fields)}]{more}}}'


def field(name: str, type_: str = '"int"', more: str = "") -> str:
    return f'{{"name": "{name}", "type": {type_}{more}}}'


def enum(*symbols: str, more: str = "", name: str = "E") -> str:
    listed = ", ".join(f'"{symbol}"' for symbol in symbols)
    return f'{{"type": "enum", "name": "{name}", "symbols": [{listed}]{more}}}'


def fixed(size: int, name: str = "F") -> str:
    return f'{{"type": "fixed", "name": "{name}", "size": {size}}}'


WITHOUT_DEFAULT = ["AVRO_FIELD_WITHOUT_DEFAULT"]
TYPE = ["AVRO_TYPE_CHANGED"]
BRANCH = ["AVRO_UNION_BRANCH_MISSING"]
NAME = ["AVRO_NAME_CHANGED"]
SYMBOLS = ["AVRO_ENUM_SYMBOLS_MISSING"]
SIZE = ["AVRO_FIXED_SIZE_CHANGED"]
SEVERAL = ["AVRO_FIELD_MATCHES_SEVERAL"]
FINE: list[str] = []


@pytest.mark.parametrize(
    ("old", "new", "backward", "forward"),
    [
        (record(), record(field("a")), WITHOUT_DEFAULT, FINE),
        (record(), record(field("a", more=', "default": 0')), FINE, FINE),
        (record(), record(field("a", '["null", "int"]', ', "default": null')), FINE, FINE),
        (record(), record(field("a", '["null", "int"]')), WITHOUT_DEFAULT, FINE),
        (record(field("a")), record(), FINE, WITHOUT_DEFAULT),
        (record(field("a", more=', "default": 0')), record(), FINE, FINE),
        (record(field("a")), record(field("b")), WITHOUT_DEFAULT, WITHOUT_DEFAULT),
        (record(field("a")), record(field("b", more=', "aliases": ["a"]')), FINE, WITHOUT_DEFAULT),
        (record(field("a"), field("b")), record(field("b"), field("a")), FINE, FINE),
        (record(), record(field("a", enum("A", more=', "default": "A"'))), WITHOUT_DEFAULT, FINE),
        (
            record(field("r", record(name="In"))),
            record(field("r", record(field("a"), name="In"))),
            WITHOUT_DEFAULT,
            FINE,
        ),
    ],
)
def test_field_without_default(old: str, new: str, backward: list[str], forward: list[str]) -> None:
    check(old, new, backward, forward)


NUMBERS = ("int", "long", "float", "double")
SAME_OR_PROMOTED = {
    *((kind, kind) for kind in ("null", "boolean", *NUMBERS, "bytes", "string")),
    *((NUMBERS[wide], NUMBERS[narrow]) for wide in range(4) for narrow in range(wide)),
    ("bytes", "string"),
    ("string", "bytes"),
}


@pytest.mark.parametrize("reader", ["null", "boolean", "int", "long", "float", "double", "bytes", "string"])
@pytest.mark.parametrize("writer", ["null", "boolean", "int", "long", "float", "double", "bytes", "string"])
@pytest.mark.parametrize(
    "around", ["{}", '{{"type": "array", "items": {}}}', '{{"type": "map", "values": {}}}']
)
def test_primitive_types_convert_along_the_promotions_and_no_others(
    reader: str, writer: str, around: str
) -> None:
    old, new = around.format(f'"{writer}"'), around.format(f'"{reader}"')
    backward = FINE if (reader, writer) in SAME_OR_PROMOTED else TYPE
    forward = FINE if (writer, reader) in SAME_OR_PROMOTED else TYPE
    check(old, new, backward, forward)


@pytest.mark.parametrize(
    ("old", "new", "backward", "forward"),
    [
        ('"int"', record(), TYPE, TYPE),
        (enum("A"), '"string"', TYPE, TYPE),
        (fixed(4), '"bytes"', TYPE, TYPE),
        ('{"type": "array", "items": "int"}', '{"type": "map", "values": "int"}', TYPE, TYPE),
        ('["null", "int"]', '"int"', TYPE, FINE),
        ('["int", "long"]', '"long"', FINE, FINE),
        ('["int", "long"]', '"int"', TYPE, FINE),
        (
            '{"type": "long", "logicalType": "timestamp-millis"}',
            '{"type": "long", "logicalType": "time-micros"}',
            FINE,
            FINE,
        ),
        ('{"type": "int", "logicalType": "date"}', '"string"', TYPE, TYPE),
    ],
)
def test_type_changed(old: str, new: str, backward: list[str], forward: list[str]) -> None:
    check(old, new, backward, forward)


@pytest.mark.parametrize(
    ("old", "new", "backward", "forward"),
    [
        ('["null", "int", "string"]', '["null", "int"]', BRANCH, FINE),
        ('["null", "int"]', '["null", "int", "string"]', FINE, BRANCH),
        ('["null", "int"]', '["int", "null"]', FINE, FINE),
        ('["null", "int"]', '["null", "long"]', FINE, BRANCH),
        ('"int"', '["null", "int"]', FINE, TYPE),
        ('"int"', '["null", "string"]', BRANCH, TYPE * 2),
        ("[]", '["null"]', FINE, BRANCH),
        (f'["null", {record(name="A")}]', f'["null", {record(name="B")}]', BRANCH, BRANCH),
        (f'["null", {record(name="A")}]', f'["null", {record(field("a"), name="A")}]', BRANCH, FINE),
    ],
)
def test_union_branch_missing(old: str, new: str, backward: list[str], forward: list[str]) -> None:
    check(old, new, backward, forward)


@pytest.mark.parametrize(
    ("old", "new", "backward", "forward"),
    [
        (record(name="A"), record(name="B"), NAME, NAME),
        (enum("A", name="X"), enum("A", name="Y"), NAME, NAME),
        (fixed(4, name="X"), fixed(4, name="Y"), NAME, NAME),
        (record(name="A"), record(name="B", more=', "aliases": ["A"]'), FINE, NAME),
        (record(name="x.A"), record(name="y.B", more=', "aliases": ["x.A"]'), FINE, NAME),
        (record(name="x.A"), record(name="y.B", more=', "aliases": ["A"]'), NAME, NAME),
        (record(name="x.A"), record(name="y.A"), FINE, FINE),
        (record(name="A"), '{"type": "error", "name": "A", "fields": []}', FINE, FINE),
    ],
)
def test_name_changed(old: str, new: str, backward: list[str], forward: list[str]) -> None:
    check(old, new, backward, forward)


@pytest.mark.parametrize(
    ("old", "new", "backward", "forward"),
    [
        (enum("A", "B"), enum("A"), SYMBOLS, FINE),
        (enum("A"), enum("A", "B"), FINE, SYMBOLS),
        (enum("A", "B"), enum("B", "A"), FINE, FINE),
        (enum("A", "B"), enum("A", more=', "default": "A"'), FINE, FINE),
        (enum("A", more=', "default": "A"'), enum("A", "B"), FINE, FINE),
        (enum("A", "B"), enum("C", "D"), SYMBOLS, SYMBOLS),
        (enum("A", name="X"), enum("B", name="Y"), NAME + SYMBOLS, NAME + SYMBOLS),
    ],
)
def test_enum_symbols_missing(old: str, new: str, backward: list[str], forward: list[str]) -> None:
    check(old, new, backward, forward)


@pytest.mark.parametrize(
    ("old", "new", "backward", "forward"),
    [
        (fixed(4), fixed(4), FINE, FINE),
        (fixed(4), fixed(8), SIZE, SIZE),
        (fixed(4), fixed(8, name="G"), NAME + SIZE, NAME + SIZE),
    ],
)
def test_fixed_size_changed(old: str, new: str, backward: list[str], forward: list[str]) -> None:
    check(old, new, backward, forward)


@pytest.mark.parametrize(
    ("old", "new", "backward", "forward"),
    [
        (
            record(field("a"), field("b")),
            record(field("a", more=', "aliases": ["b"]')),
            SEVERAL,
            WITHOUT_DEFAULT,
        ),
        (
            record(field("a"), field("b")),
            record(field("c", more=', "aliases": ["a", "b"]')),
            SEVERAL,
            WITHOUT_DEFAULT * 2,
        ),
        (record(field("b")), record(field("a", more=', "aliases": ["b"]')), FINE, WITHOUT_DEFAULT),
    ],
)
def test_field_matches_several(old: str, new: str, backward: list[str], forward: list[str]) -> None:
    check(old, new, backward, forward)


NODE = (
    record(field("value", "{value}"), field("next", '["null", "Order"]'))
    .replace("{", "{{")
    .replace("}", "}}")
)
NODE = NODE.replace("{{value}}", "{value}")


@pytest.mark.parametrize(
    ("old", "new", "backward", "forward"),
    [
        ('"int"', '"int"', FINE, FINE),
        ('"int"', '"long"', FINE, TYPE),
        ('"int"', '"string"', TYPE, TYPE),
    ],
)
def test_recursion_ends(old: str, new: str, backward: list[str], forward: list[str]) -> None:
    check(NODE.format(value=old), NODE.format(value=new), backward, forward)


@pytest.mark.parametrize(
    ("type_", "default", "problem"),
    [
        (enum("A"), '"B"', '"B" is not a symbol of the enum `E`'),
        (enum("A"), '"\\u001b[31m"', '"\\u001B[31m" is not a symbol of the enum `E`'),
        (record(field("e", enum("A")), name="In"), '{"e": "B"}', '"B" is not a symbol of the enum `E`'),
        (f'{{"type": "array", "items": {enum("A")}}}', '["A", "B"]', '"B" is not a symbol of the enum `E`'),
        (f'{{"type": "map", "values": {enum("A")}}}', '{"k": "B"}', '"B" is not a symbol of the enum `E`'),
        (f'["null", {enum("A")}]', '"B"', '"B" is not a symbol of the enum `E`'),
        (f"[{enum('A')}, {enum('B', name='F')}]", '"C"', '"C" is not a symbol of the enum `E`'),
        (
            record(field("u", '["string", "int"]'), field("e", enum("A")), name="In"),
            '{"u": 1, "e": "B"}',
            '"B" is not a symbol of the enum `E`',
        ),
        (fixed(2), '"abc"', "it has 3 bytes, and the fixed `F` has 2"),
        ('"bytes"', '"\\u0100"', "it holds characters above"),
    ],
)
def test_a_default_that_only_the_registry_lets_pass_is_warned_of_at_any_level(
    type_: str, default: str, problem: str
) -> None:
    candidate = parse(Schema(record(field("a", type_, f', "default": {default}'))))
    for level in CompatibilityLevel:
        report = check_compatibility(candidate, [], level=level)
        assert report.compatible
        assert report.messages == ()
        assert [finding.rule for finding in report.findings] == ["AVRO_DEFAULT_UNREADABLE"]
        assert problem in report.findings[0].message
        assert report.findings[0].here.path == "/fields/0/default"


@pytest.mark.parametrize(
    ("type_", "default"),
    [
        ('["string", "int"]', "1"),
        (f'[{enum("A")}, "string"]', '"B"'),
        (f'{{"type": "array", "items": [{enum("A")}, {enum("B", name="F")}]}}', '["A", "B"]'),
        (record(field("u", '["string", "null"]'), name="In"), '{"u": null}'),
    ],
)
def test_a_default_of_a_later_branch_is_told_for_information_and_refused_by_no_check(
    type_: str, default: str
) -> None:
    candidate = parse(Schema(record(field("a", type_, f', "default": {default}'))))
    report = check_compatibility(candidate, [], level=CompatibilityLevel.FULL, strict=True)
    assert (report.compatible, report.messages) == (True, ())
    (finding,) = report.findings
    assert (finding.rule, finding.severity) == ("AVRO_DEFAULT_OF_LATER_BRANCH", Severity.INFO)
    assert finding.message.startswith("readers before Avro 1.12 do not accept the default of `a` of `Order`")


@pytest.mark.parametrize(
    ("type_", "default"),
    [('"bytes"', "5"), (fixed(2), "null"), ('["int", "null"]', '"x"'), ("[]", "1"), (enum("A"), "[]")],
)
def test_a_default_that_was_stored_unchecked_is_warned_of(type_: str, default: str) -> None:
    candidate = parse(Schema(record(field("a", type_, f', "default": {default}'))), strict=False)
    (warning,) = check_compatibility(candidate, [], level=CompatibilityLevel.FULL).findings
    assert "it does not fit the type" in warning.message


@pytest.mark.parametrize(
    ("type_", "default"),
    [
        (enum("A"), '"A"'),
        (fixed(2), '"ab"'),
        ('["string", "int"]', '"1"'),
        ('"bytes"', '"\\u00ff"'),
        ('["null", "int"]', "null"),
        (record(field("e", enum("A"), ', "default": "A"'), name="In"), "{}"),
        (f'{{"type": "array", "items": ["null", {enum("A")}]}}', "[null, null]"),
    ],
)
def test_a_default_as_the_specification_asks_is_not_warned_of(type_: str, default: str) -> None:
    candidate = parse(Schema(record(field("a", type_, f', "default": {default}'))))
    assert check_compatibility(candidate, [], level=CompatibilityLevel.FULL).findings == ()
