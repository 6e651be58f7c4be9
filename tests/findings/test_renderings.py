import json
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.findings import Finding, Fix, Location, Severity, Side, from_json, to_json, to_text

EMAIL = '{"name": "email", "type": "string"}'
NULLABLE = '{"name": "email", "type": ["null", "string"], "default": null}'

FINDING = Finding(
    rule="AVRO_FIELD_WITHOUT_DEFAULT",
    severity=Severity.ERROR,
    message="field `email` of `Order` has no default in the new schema, and version 3 does not write it",
    why="What is written with version 3 holds nothing for `email`, so decoding the record fails. " * 2,
    path="/fields/4",
    reader=Side("the new schema", "/fields/4", EMAIL),
    writer=Side("version 3", ""),
    error_type="READER_FIELD_MISSING_DEFAULT_VALUE",
    version=3,
    fixes=(Fix("let it be null, by default", EMAIL, NULLABLE, f"[{NULLABLE}]"),),
)


def test_text_shows_place_both_sides_reason_and_fix() -> None:
    assert to_text(FINDING) == dedent(
        """\
        error[AVRO_FIELD_WITHOUT_DEFAULT]: field `email` of `Order` has no default in the new schema, and version 3 does not write it
         --> the new schema, /fields/4
          |
          | {"name": "email", "type": "string"}
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the new schema reads this
          = version 3 says nothing about it
          = why: What is written with version 3 holds nothing for `email`, so decoding the record fails. What is
            written with version 3 holds nothing for `email`, so decoding the record fails.
          help: let it be null, by default
          - {"name": "email", "type": "string"}
          + {"name": "email", "type": ["null", "string"], "default": null}
          note: `accord explain AVRO_FIELD_WITHOUT_DEFAULT` says more"""
    )


def test_text_names_file_line_and_column_where_there_is_a_file() -> None:
    lines = to_text(FINDING, at=Location("contracts/Order.avsc", 14, 5)).splitlines()
    assert lines[1:5] == [
        "  --> contracts/Order.avsc:14:5",
        "   |",
        f"14 | {EMAIL}",
        f"   | {'^' * len(EMAIL)} the new schema reads this",
    ]


def test_text_shows_the_schema_under_check_first_also_where_it_writes() -> None:
    finding = Finding(
        rule="AVRO_TYPE_CHANGED",
        severity=Severity.ERROR,
        message="the new schema writes null for `a` of `Order`, and version 1 reads int",
        why="There is no way.",
        path="/fields/0/type/0",
        reader=Side("version 1", "/fields/0/type", '"int"'),
        writer=Side("the new schema", "/fields/0/type/0", '"null"'),
        detail="it is a branch of a union",
        candidate_reads=False,
    )
    assert to_text(finding).splitlines()[1:] == [
        " --> the new schema, /fields/0/type/0",
        "  |",
        '  | "null"',
        "  | ^^^^^^ the new schema writes this",
        '  = version 1 reads: "int"',
        "  = because it is a branch of a union",
        "  = why: There is no way.",
        "  note: `accord explain AVRO_TYPE_CHANGED` says more",
    ]


def test_text_tells_what_to_do_as_help_where_two_sides_are_named_and_no_schemas_compared() -> None:
    finding = Finding(
        rule="TEST_EXAMPLE_NOT_WRITTEN",
        severity=Severity.ERROR,
        message="Order.avsc cannot write example 1 of billing",
        why="None will ever come.",
        path="",
        reader=Side("billing", ""),
        writer=Side("Order.avsc", ""),
        detail="Correct the example.",
    )
    assert to_text(finding).splitlines()[1:] == [
        " --> billing",
        "  = why: None will ever come.",
        "  help: Correct the example.",
        "  note: `accord explain TEST_EXAMPLE_NOT_WRITTEN` says more",
    ]


def test_text_names_no_place_where_there_is_none() -> None:
    nowhere = Side("", "")
    finding = Finding("DRIFT_ACCESS_NOT_IN_GIT", Severity.ERROR, "billing may read", "", "", nowhere, nowhere)
    assert "-->" not in to_text(finding)


def test_text_leaves_out_both_sides_where_nothing_stands_on_either() -> None:
    finding = Finding(
        rule="X",
        severity=Severity.WARNING,
        message="questionable",
        why="It is.",
        path="",
        reader=Side("the new schema", ""),
        writer=Side("", ""),
        fixes=(Fix("put it back", "", '"a"', ""), Fix("leave it out", '"b"', "", "")),
    )
    assert to_text(finding).splitlines() == [
        "warning[X]: questionable",
        " --> the new schema",
        "  = why: It is.",
        "  help: put it back",
        '  + "a"',
        "  help: leave it out",
        '  - "b"',
        "  note: `accord explain X` says more",
    ]


def test_text_shows_an_excerpt_in_one_line_and_a_change_in_as_many_as_it_has() -> None:
    removed = "message Cancel {\n  string id = 1;\n}"
    finding = Finding(
        rule="X",
        severity=Severity.ERROR,
        message="gone",
        why="It is.",
        path="#/Cancel",
        reader=Side("the new schema", ""),
        writer=Side("version 1", "shop.Cancel", removed),
        fixes=(Fix("keep the message", "", removed, ""), Fix("keep all", "a\n" * 99, "", "")),
    )
    told = to_text(finding).splitlines()
    assert told[:10] == [
        "error[X]: gone",
        " --> the new schema",
        "  = the new schema says nothing about it",
        "  = version 1 writes: message Cancel { string id = 1; }",
        "  = why: It is.",
        "  help: keep the message",
        "  + message Cancel {",
        "  +   string id = 1;",
        "  + }",
        "  help: keep all",
    ]
    assert told[10:-1] == ["  - a"] * 20 + ["  - …"]


def test_text_cuts_a_long_excerpt() -> None:
    long = Finding(
        "X", Severity.ERROR, "m", "w", "", Side("the new schema", "", f'"{"a" * 500}"'), Side("", "")
    )
    assert max(map(len, to_text(long).splitlines())) < 140


def test_text_escapes_what_would_steer_a_terminal_or_cannot_be_seen() -> None:
    bad, seen = "\x1b[31mZ\r\x9b1m\u202e\u2028\u200bé", "\\x1b[31mZ\\r\\x9b1m\\u202e\\u2028\\u200bé"
    finding = Finding(
        rule=f"1{bad}",
        severity=Severity.ERROR,
        message=f"2{bad}",
        why=f"3{bad}",
        path="",
        reader=Side(f"4{bad}", f"5{bad}", f"6{bad}"),
        writer=Side(f"7{bad}", f"8{bad}", f"9{bad}"),
        detail=f"A{bad}",
        fixes=(Fix(f"B{bad}", f"C{bad}", f"D{bad}", ""),),
    )
    for at in (None, Location(f"E{bad}", 1, 1)):
        text = to_text(finding, at=at)
        assert all(line.isprintable() for line in text.split("\n"))
        for letter in "1234679ABCD" + ("E" if at else "5"):
            assert f"{letter}{seen}" in text


def test_text_lets_no_words_begin_a_line_of_their_own() -> None:
    forged = "\nerror[FORGED]: m"
    side = Side(forged, forged, forged)
    fix = Fix(forged, forged, forged, "")
    finding = Finding(
        forged, Severity.ERROR, forged, forged, "", side, side, detail=forged, version=1, fixes=(fix,)
    )
    assert "FORGED" in to_text(finding)
    assert not any(line.startswith("error[FORGED]") for line in to_text(finding).splitlines())


def test_json_holds_everything_and_goes_through_a_wire() -> None:
    body = to_json(FINDING)
    assert set(body) == {
        "rule", "severity", "message", "why", "detail", "path", "error_type", "version", "candidate", "reader", "writer",
        "fixes",
    }  # fmt: skip
    assert body["severity"] == "error"
    assert body["candidate"] == "reader"
    assert body["writer"] == {"name": "version 3", "path": "", "fragment": ""}
    assert body["fixes"][0]["schema"] == f"[{NULLABLE}]"
    assert from_json(json.loads(json.dumps(body))) == FINDING


def test_json_of_a_newer_or_older_version_is_read_as_far_as_it_goes() -> None:
    body = to_json(FINDING) | {"unknown": 1}
    for member in ("detail", "error_type", "version", "candidate", "fixes"):
        del body[member]
    assert from_json(body).fixes == ()
    with pytest.raises(KeyError):
        from_json({"rule": "X"})


sides = st.builds(Side, st.text(), st.text(), st.text())


@given(
    st.builds(
        Finding,
        rule=st.text(),
        severity=st.sampled_from(Severity),
        message=st.text(),
        why=st.text(),
        path=st.text(),
        reader=sides,
        writer=sides,
        detail=st.text(),
        version=st.none() | st.integers(1, 99),
        fixes=st.lists(st.builds(Fix, st.text(), st.text(), st.text(), st.text()), max_size=2).map(tuple),
        candidate_reads=st.booleans(),
    )
)
def test_every_finding_can_be_rendered_and_read_back(finding: Finding) -> None:
    assert all(line.isprintable() for line in to_text(finding).split("\n"))
    assert from_json(json.loads(json.dumps(to_json(finding)))) == finding
