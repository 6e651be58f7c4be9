"""What is compatible and questionable all the same: which pairs are warned of, which are not, and what is said."""

import json
from decimal import Decimal
from typing import Any

import pytest

from accord.codecs import InvalidData, codec_for
from accord.findings import Finding, Severity, to_text
from accord.schemas import (
    CompatibilityLevel,
    CompatibilityReport,
    Earlier,
    ParsedSchema,
    Schema,
    Version,
    check_compatibility,
    parse,
)

TRANSITIVE = "FULL_TRANSITIVE"
DEFAULT = ', "default": 0'


def record(*fields: str, name: str = "Order", more: str = "") -> str:
    return f'{{"type": "record", "name": "{name}", "fields": [{", ".join(fields)}]{more}}}'


def field(name: str, type_: str = '"long"', more: str = "") -> str:
    return f'{{"name": "{name}", "type": {type_}{more}}}'


def enum(*symbols: str, more: str = "", name: str = "E") -> str:
    return f'{{"type": "enum", "name": "{name}", "symbols": {json.dumps(symbols)}{more}}}'


def aliases(*names: str) -> str:
    return f', "aliases": {json.dumps(names)}'


def logical(name: str, type_: str = "long", **more: Any) -> str:
    return json.dumps({"type": type_, "logicalType": name, **more})


def decimal(scale: int) -> str:
    return logical("decimal", "bytes", precision=9, scale=scale)


def check(new: str, *old: str, level: str = "BACKWARD", strict: bool = False) -> CompatibilityReport:
    earlier = [Earlier(Version(number), parse(Schema(text))) for number, text in enumerate(old, start=1)]
    return check_compatibility(parse(Schema(new)), earlier, level=CompatibilityLevel(level), strict=strict)


def warnings(new: str, *old: str, level: str = "BACKWARD") -> list[Finding]:
    report = check(new, *old, level=level)
    assert report.compatible
    assert report.messages == ()
    assert all(finding.severity is Severity.WARNING for finding in report.findings)
    return list(report.findings)


def remarks(new: str, *old: str, level: str = "BACKWARD") -> list[Finding]:
    """What is told for information, and not counted by a strict check."""
    report = check(new, *old, level=level, strict=True)
    assert report.compatible
    assert report.messages == ()
    assert all(finding.severity is Severity.INFO for finding in report.findings)
    return list(report.findings)


def rules_told(new: str, *old: str, level: str = "BACKWARD") -> list[str]:
    return [finding.rule for finding in warnings(new, *old, level=level)]


@pytest.mark.parametrize("level", [one for one in CompatibilityLevel if one is not CompatibilityLevel.NONE])
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            logical("timestamp-millis"),
            logical("timestamp-micros"),
            "1000 times smaller",
        ),
        (logical("timestamp-micros"), logical("timestamp-millis"), "1000 times larger"),
        (logical("timestamp-nanos"), logical("timestamp-millis"), "1000000 times larger"),
        (logical("local-timestamp-millis"), logical("local-timestamp-micros"), "1000 times smaller"),
        (decimal(2), decimal(4), "100 times smaller"),
        (decimal(4), decimal(2), "100 times larger"),
        (decimal(0), logical("decimal", "bytes", precision=5000, scale=5000), "10^5000 times smaller"),
        (
            logical("decimal", "bytes", precision=2**31 - 1, scale=2**31 - 1),
            decimal(0),
            "10^2147483647 times larger",
        ),
        (logical("timestamp-millis"), logical("local-timestamp-millis"), "something else"),
        (logical("date", "int"), logical("time-millis", "int"), "something else"),
    ],
)
def test_another_logical_type_is_told_once_at_any_level(old: str, new: str, said: str, level: str) -> None:
    (warning,) = warnings(record(field("at", new)), record(field("at", old)), level=level)
    assert (warning.rule, warning.here.path, warning.version) == (
        "AVRO_LOGICAL_TYPE_CHANGED",
        "/fields/0/type",
        1,
    )
    assert "`at` of `Order`" in warning.message
    if level.startswith(("BACKWARD", "FULL")):
        assert said in warning.message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (decimal(2), logical("decimal", "bytes", precision=12, scale=2)),
        (logical("timestamp-millis"), logical("timestamp-millis", owner="shop")),
        ('{"type": "long", "owner": "shop"}', '"long"'),
        (logical("decimal", "bytes", precision=9), decimal(0)),
        # What Avro ignores is no meaning.
        ('{"type": "long", "logicalType": 5}', '"long"'),
        (logical("timestamp-millis", "string"), logical("uuid-of-order", "string")),
        (logical("decimal", "bytes", precision=9, scale=True), '"bytes"'),
        (logical("decimal", "bytes", precision=9, scale=10), logical("decimal", "bytes", scale=2)),
        (
            logical("decimal", "bytes", precision=9, scale=5000),
            logical("decimal", "bytes", precision=9, scale=-5000),
        ),
        ('"long"', '"long"'),
    ],
)
def test_the_same_meaning_in_other_words_is_not_told(old: str, new: str) -> None:
    assert rules_told(record(field("at", new)), record(field("at", old)), level="FULL") == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (logical("timestamp-millis"), '"long"', "timestamp-millis in version 1 and long in the new schema"),
        ('"string"', logical("uuid", "string"), "string in version 1 and uuid in the new schema"),
        ('"bytes"', decimal(2), "bytes in version 1 and decimal of scale 2 in the new schema"),
        (logical("date", "int"), '"long"', "date in version 1 and long in the new schema"),
    ],
)
def test_a_logical_type_that_comes_or_goes_is_remarked_on_and_refused_by_no_check(
    old: str, new: str, said: str
) -> None:
    (remark,) = remarks(record(field("at", new)), record(field("at", old)))
    assert (remark.rule, remark.here.path) == ("AVRO_LOGICAL_TYPE_ON_ONE_SIDE", "/fields/0/type")
    assert said in remark.message


@pytest.mark.parametrize(
    "around",
    [
        '{"type": "array", "items": %s}',
        '{"type": "map", "values": %s}',
        '["null", %s]',
        '["null", {"type": "record", "name": "Inner", "fields": [{"name": "x", "type": %s}]}]',
    ],
)
def test_a_logical_type_is_found_wherever_it_stands(around: str) -> None:
    old, new = (record(field("at", around % logical(f"timestamp-{unit}"))) for unit in ("millis", "micros"))
    assert rules_told(new, old) == ["AVRO_LOGICAL_TYPE_CHANGED"]


def test_a_branch_meets_the_branch_of_its_own_kind_before_one_it_is_converted_to() -> None:
    millis, micros = logical("timestamp-millis"), logical("timestamp-micros")
    assert rules_told(record(field("at", f'["double", {millis}]')), record(field("at", millis))) == []
    assert rules_told(record(field("at", f'["double", {micros}]')), record(field("at", millis))) == [
        "AVRO_LOGICAL_TYPE_CHANGED"
    ]


def test_a_decimal_is_off_by_the_power_of_ten_that_the_warning_names() -> None:
    data = codec_for(Schema(record(field("total", decimal(2))))).encode({"total": Decimal("12.34")})
    taken = codec_for(Schema(record(field("total", decimal(4))))).decode(data)
    assert taken == {"total": Decimal("12.34") / 100}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (enum("A", "B"), enum("A", more=', "default": "A"'), "B"),
        (enum("A", "B", "C"), enum("A", more=', "default": "A"'), "B, C"),
        (enum("A"), enum("A", "B", more=', "default": "A"'), None),
        (enum("A", more=', "default": "A"'), enum("A", "B", more=', "default": "A"'), None),
    ],
)
@pytest.mark.parametrize("level", ["BACKWARD", TRANSITIVE])
def test_a_removed_symbol_is_told_where_the_default_swallows_it(
    old: str, new: str, told: str | None, level: str
) -> None:
    found = [one for one in check(new, old, level=level).findings if one.severity is Severity.WARNING]
    assert [one.rule for one in found] == ["AVRO_ENUM_SYMBOLS_READ_AS_DEFAULT"] * bool(told)
    for one in found:
        assert f"reads {told} of the enum `E`" in one.message
        assert one.here.path == "/symbols"


def test_a_symbol_that_old_readers_take_for_their_default_is_what_the_default_is_for() -> None:
    known = enum("UNKNOWN", "A", more=', "default": "UNKNOWN"')
    assert rules_told(enum("UNKNOWN", "A", "B", more=', "default": "UNKNOWN"'), known, level="FORWARD") == []


@pytest.mark.parametrize("level", ["BACKWARD", "FORWARD", "FULL"])
def test_a_namespace_that_changed_is_told_once_for_all_types_that_moved(level: str) -> None:
    def order(space: str) -> str:
        return record(
            field("status", enum("A", name="Status")),
            field("size", '{"type": "fixed", "name": "Size", "size": 2}'),
            name=f"{space}.Order",
        )

    (warning,) = warnings(order("billing"), order("shop"), level=level)
    assert (warning.rule, warning.here.path) == ("AVRO_NAMESPACE_CHANGED", "/name")
    assert warning.message == "`Order`, `Status` and `Size`: " + (
        "the new schema writes those of namespace `billing`, and version 1 reads them as those of namespace `shop`"
        if level == "FORWARD"
        else "version 1 writes those of namespace `shop`, and the new schema reads them as those of namespace `billing`"
    )


@pytest.mark.parametrize(
    ("old", "new", "level"),
    [
        (
            record(name="shop.Order"),
            record(name="billing.Order", more=', "aliases": ["shop.Order"]'),
            "BACKWARD",
        ),
        (record(name="shop.Order"), record(name="shop.Order", more=', "namespace": "billing"'), "FULL"),
    ],
)
def test_a_namespace_is_not_told_where_an_alias_names_the_old_one_or_none_changed(
    old: str, new: str, level: str
) -> None:
    assert rules_told(new, old, level=level) == []


def test_leaving_and_entering_the_null_namespace_is_told_as_such() -> None:
    (warning,) = warnings(record(name="Order"), record(name="shop.Order"))
    assert warning.message.endswith(
        "version 1 writes those of namespace `shop`, and the new schema reads them as those of no namespace"
    )


def branches(*spaces: str) -> str:
    return f"[{', '.join(record(field(space, more=DEFAULT), name=f'{space}.K') for space in spaces)}]"


@pytest.mark.parametrize("level", ["BACKWARD", "FORWARD", "FULL"])
def test_branches_of_one_short_name_meet_by_their_full_names(level: str) -> None:
    old, new = (
        record(field("k", branches("a", "b"))),
        record(field("k", branches("b", "a")), field("new", more=DEFAULT)),
    )
    assert rules_told(new, old, level=level) == ["AVRO_BRANCHES_NAMED_ALIKE"]
    (warning,) = warnings(new, level="NONE")
    assert (warning.rule, warning.here.path) == ("AVRO_BRANCHES_NAMED_ALIKE", "/fields/0/type")
    assert warning.message == (
        "`b.K` and `a.K` are branches of one union, for `k` of `Order`, and only their namespaces tell them apart"
    )


def test_branches_meet_by_an_alias_before_a_short_name() -> None:
    aliased = record(field("old", more=DEFAULT), name="a.Was", more=', "aliases": ["c.K"]')
    other = record(field("old", logical("date", "int")), name="b.K")
    written = record(field("old", more=DEFAULT), name="c.K")
    assert rules_told(f"[{other}, {aliased}]", f"[{written}]") == []


def test_a_branch_that_was_removed_is_told_where_another_of_its_short_name_takes_its_records() -> None:
    (warning,) = warnings(branches("a"), branches("a", "b"))
    assert warning.message == (
        "`K`: version 1 writes those of namespace `b`, and the new schema reads them as those of namespace `a`"
    )


def test_branches_of_one_short_name_are_told_once_for_all_unions_that_have_them() -> None:
    both = record(field("one", branches("a", "b")), field("two", '["null", "a.K", "b.K"]'))
    assert [one.here.path for one in warnings(both)] == ["/fields/0/type"]
    assert warnings(record(field("one", f"[{branches('a')[1:-1]}, {enum('X', name='b.K')}]"))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (field("total", more=DEFAULT), field("total_cents", more=DEFAULT)),
        (field("totalAmount"), field("total_amount", more=DEFAULT)),
        (field("total_amount"), field("amount", more=DEFAULT)),
        (field("XMLDoc"), field("xml_doc", more=DEFAULT)),
    ],
)
def test_a_field_that_looks_renamed_and_has_a_default_is_remarked_on_and_refused_by_no_check(
    old: str, new: str
) -> None:
    (remark,) = remarks(record(field("id"), new), record(field("id"), old))
    assert (remark.rule, remark.here.path) == ("AVRO_FIELD_LOOKS_RENAMED", "/fields/1")
    assert "looks like the same field under another name" in remark.message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # Other words, another type, or more than one field that it could be.
        ((field("created_at"),), (field("updated_at", more=DEFAULT),)),
        ((field("address_1"),), (field("address_2", more=DEFAULT),)),
        ((field("total"),), (field("total_cents", '"int"', DEFAULT),)),
        ((field("total"), field("total_net")), (field("total_cents", more=DEFAULT),)),
        ((field("total"),), (field("total_cents", more=DEFAULT), field("total_tax", more=DEFAULT))),
        # Nothing is lost.
        ((field("total"),), (field("total_cents", more=', "default": 0, "aliases": ["total"]'),)),
        ((field("total"),), (field("total"), field("total_cents", more=DEFAULT))),
        ((field("total"), field("net")), (field("net"),)),
        ((field("__"),), (field("total", more=DEFAULT),)),
    ],
)
def test_a_field_that_is_new_in_its_own_right_is_not_told(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    assert rules_told(record(*new), record(*old)) == []


def test_an_alias_says_for_sure_what_old_readers_lose() -> None:
    old = record(field("id"), field("was", more=DEFAULT))
    new = record(field("id"), field("amount", more=', "default": 0, "aliases": ["was"]'))
    (warning,) = warnings(new, old, level="FULL")
    assert warning.message == (
        "version 1 reads the default of `was` of `Order` where the new schema writes `amount`, which is the same field "
        "under another name"
    )
    assert (warning.here.path, warning.there.path) == ("/fields/1", "/fields/1")
    assert codec_for(Schema(new), reader=Schema(old)).decode(
        codec_for(Schema(new)).encode({"id": 1, "amount": 5})
    ) == {
        "id": 1,
        "was": 0,
    }


def test_a_lost_field_is_told_from_one_side_where_both_lose() -> None:
    old, new = (record(field(name, more=DEFAULT)) for name in ("total", "total_cents"))
    assert [one.rule for one in remarks(new, old, level="FULL")] == ["AVRO_FIELD_LOOKS_RENAMED"]
    (remark,) = remarks(new, old, level="FORWARD")
    assert remark.message.startswith(
        "version 1 reads the default of `total` of `Order` where the new schema writes"
    )


def test_of_many_fields_each_that_was_renamed_is_told_and_nothing_is_guessed() -> None:
    old = record(*(field(f"was_{index}", more=DEFAULT) for index in range(3)))
    said = [field(f"is_{index}", more=f"{DEFAULT}{aliases(f'was_{index}')}") for index in range(2)]
    found = warnings(record(*said, field("is_2", more=DEFAULT)), old, level="FORWARD")
    assert [one.rule for one in found] == ["AVRO_FIELD_VALUES_LOST"] * 2
    assert "`was_1` of `Order` where the new schema writes `is_1`" in found[1].message


def test_an_alias_of_something_else_leaves_the_guess_as_it_is() -> None:
    old = record(field("total", more=DEFAULT))
    new = record(field("total_cents", more=f"{DEFAULT}{aliases('sum')}"))
    assert [one.rule for one in remarks(new, old, level="FORWARD")] == ["AVRO_FIELD_LOOKS_RENAMED"]


def test_what_recurs_is_told_of_the_newest_version_that_is_compared() -> None:
    old, new = (record(field("at", logical(f"timestamp-{unit}"))) for unit in ("millis", "micros"))
    assert [one.version for one in warnings(new, old, old, level=TRANSITIVE)] == [2]
    assert [one.version for one in warnings(new, old, new, level=TRANSITIVE)] == [1]
    assert warnings(new, old, new, level="FULL") == []
    assert warnings(new, old, level="NONE") == []


@pytest.mark.parametrize(
    ("text", "said", "place"),
    [
        (
            record(field("a", more=', "aliases": ["x"]'), field("b", more=', "aliases": ["x"]')),
            "the alias `x` of `b` of `Order` is an alias of `a` as well",
            "/fields/1/aliases",
        ),
        (
            record(field("a"), field("b", more=', "aliases": ["a"]')),
            "the alias `a` of `b` of `Order` is the name of another field as well",
            "/fields/1/aliases",
        ),
        (
            record(field("a", enum("A")), field("b", enum("B", name="F", more=', "aliases": ["E"]'))),
            "the alias `E` of the enum `F` is the name of another type as well",
            "/fields/1/type/aliases",
        ),
        (
            f"[{enum('A', name='s.E', more=aliases('t.X'))}, {enum('B', name='t.F', more=aliases('X'))}]",
            "the alias `t.X` of the enum `t.F` is an alias of `s.E` as well",
            "/1/aliases",
        ),
    ],
)
def test_an_alias_that_stands_for_two_things_is_told_without_any_other_version(
    text: str, said: str, place: str
) -> None:
    (warning,) = warnings(text, level="NONE")
    assert (warning.rule, warning.message, warning.here.path) == ("AVRO_ALIAS_AMBIGUOUS", said, place)


@pytest.mark.parametrize(
    "text",
    [
        record(field("a", more=', "aliases": ["x", "x", "a"]')),
        record(
            field("a", record(field("a", more=', "aliases": ["x"]'), name="In")),
            field("b", more=', "aliases": ["x"]'),
        ),
        record(name="Order", more=', "aliases": ["Order", "Old", "Old"]'),
    ],
)
def test_an_alias_that_says_the_same_twice_is_not_told(text: str) -> None:
    assert warnings(text) == []


def test_a_field_that_needs_a_default_beside_an_alias_of_its_name_is_told_before_a_decoder_stops() -> None:
    old = record(field("x"))
    new = record(field("x"), field("y", more=aliases("x")))
    (warning,) = warnings(new, old)
    assert (warning.rule, warning.here.path) == ("AVRO_ALIAS_AMBIGUOUS", "/fields/1/aliases")
    assert "or stops" in warning.why
    with pytest.raises(InvalidData):
        codec_for(Schema(old), reader=Schema(new))
    assert not check(new, old, strict=True).compatible


def test_a_strict_check_refuses_for_warnings_and_says_so_in_its_messages() -> None:
    old, new = (record(field("at", logical(f"timestamp-{unit}"))) for unit in ("millis", "micros"))
    report = check(new, old, strict=True)
    assert not report.compatible
    assert [one.severity for one in report.findings] == [Severity.WARNING]
    assert report.messages == (
        "the old schema writes timestamp-millis where the new schema reads timestamp-micros (at path '/fields/0/type')",
        "{validateFields: 'false', compatibility: 'BACKWARD'}",
    )


def test_a_strict_check_names_the_place_in_the_new_schema_where_old_ones_read() -> None:
    old, new = (
        record(field("at", logical("date", "int"))),
        record(field("id", more=DEFAULT), field("at", logical("time-millis", "int"))),
    )
    (message, _) = check(new, old, level="FORWARD", strict=True).messages
    assert (
        message
        == "the new schema writes time-millis where the old schema reads date (at path '/fields/1/type')"
    )


def test_a_strict_check_offers_no_fix_that_would_be_warned_of() -> None:
    old, new = enum("A", "B", "UNKNOWN"), enum("A", "UNKNOWN")
    swallowing = "let `UNKNOWN` stand for symbols it does not know"
    assert swallowing in [fix.summary for fix in check(new, old).findings[0].fixes]
    assert [fix.summary for fix in check(new, old, strict=True).findings[0].fixes] == ["put the symbols back"]


def test_a_strict_check_passes_what_nothing_is_to_be_said_about() -> None:
    assert check(record(field("a"), field("b", more=DEFAULT)), record(field("a")), strict=True).compatible


def test_a_warning_reads_like_every_finding() -> None:
    (warning,) = warnings(enum("A", more=', "default": "A"'), enum("A", "B"))
    assert to_text(warning).splitlines()[:6] == [
        "warning[AVRO_ENUM_SYMBOLS_READ_AS_DEFAULT]: the new schema reads B of the enum `E`, which version 1 can write, as its default `A`",
        " --> the new schema, /symbols",
        "  |",
        '  | ["A"]',
        "  | ^^^^^ the new schema reads this",
        '  = version 1 writes: ["A", "B"]',
    ]


def test_what_cannot_be_read_at_all_is_not_warned_of_as_well() -> None:
    def amount(size: int, scale: int) -> str:
        fixed = {"type": "fixed", "name": "Amount", "size": size, "logicalType": "decimal", "precision": 4}
        return json.dumps(fixed | {"scale": scale})

    assert [one.rule for one in check(amount(4, 2), amount(2, 1)).findings] == ["AVRO_FIXED_SIZE_CHANGED"]
    assert rules_told(amount(2, 2), amount(2, 1)) == ["AVRO_LOGICAL_TYPE_CHANGED"]


def referring(event: str, **more: str) -> ParsedSchema:
    referenced = {name: Schema(text) for name, text in {**more, "r.Event": event}.items()}
    return parse(Schema(record(field("last", '"r.Event"'), name="User")), referenced=referenced)


def told_of_referenced(old: ParsedSchema, new: ParsedSchema, level: str = "FULL") -> list[Finding]:
    report = check_compatibility(new, [Earlier(Version(1), old)], level=CompatibilityLevel(level))
    return list(report.findings)


@pytest.mark.parametrize("around", ["%s", '["null", {"type": "array", "items": %s}]'])
@pytest.mark.parametrize("level", ["BACKWARD", "FORWARD", "FULL"])
def test_what_a_referenced_schema_changes_is_told_by_field_and_record_without_a_place(
    level: str, around: str
) -> None:
    def user(unit: str) -> ParsedSchema:
        at = around % logical(f"timestamp-{unit}")
        inner = record(field("c", at), name="Inner")
        return referring(record(field("a", at), field("b", at), field("in", inner), name="r.Event"))

    found = told_of_referenced(user("millis"), user("micros"), level)
    assert [(one.rule, one.here.path) for one in found] == [("AVRO_LOGICAL_TYPE_CHANGED", "")] * 3
    for one, where in zip(found, ("`a` of `r.Event`", "`b` of `r.Event`", "`c` of `r.Inner`"), strict=True):
        assert one.message.startswith(f"{where} is timestamp-")
    assert any("timestamp-micros" in one.here.fragment for one in found)


def test_each_type_and_field_that_a_referenced_schema_changes_is_told_once() -> None:
    def user(space: str, *names: str) -> ParsedSchema:
        fields = [
            field(name, more=f"{DEFAULT}{aliases(*was)}") for name, *was in (name.split() for name in names)
        ]
        status = enum("A", name=f"{space}.Status")
        event = record(*fields, field("s", json.dumps(f"{space}.Status")), name="r.Event")
        return referring(event, **{f"{space}.Status": status})

    found = told_of_referenced(user("x", "one", "two"), user("y", "first one", "second two"))
    assert [one.rule for one in found] == ["AVRO_NAMESPACE_CHANGED", *["AVRO_FIELD_VALUES_LOST"] * 2]
    assert "`first`" in found[1].message
    assert "`second`" in found[2].message


def test_a_type_that_changed_inside_a_referenced_schema_is_named_by_its_field() -> None:
    old, new = (referring(record(field("a", type_), name="r.Event")) for type_ in ('"int"', '"string"'))
    (finding,) = told_of_referenced(old, new, "BACKWARD")
    assert "writes int for `a` of `r.Event`" in finding.message


def test_types_that_lead_back_to_themselves_are_looked_at_once() -> None:
    def node(unit: str) -> str:
        return record(field("at", logical(f"timestamp-{unit}")), field("next", '["null", "Order"]'))

    assert rules_told(node("micros"), node("millis")) == ["AVRO_LOGICAL_TYPE_CHANGED"]
