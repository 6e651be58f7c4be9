import json
from collections.abc import Callable
from dataclasses import replace
from textwrap import dedent
from typing import Any, get_args
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.findings import (
    FORMATS,
    Affected,
    Exemption,
    Finding,
    Fix,
    Format,
    Location,
    Report,
    RuleText,
    Severity,
    Side,
    from_json,
    render,
    to_text,
    to_whole_json,
)
from accord.findings.github import MOST_ANNOTATIONS
from accord.findings.markdown import MOST_BYTES, MOST_ROWS
from accord.findings.sarif import MOST_RESULTS

LINE = '    {"name": "email", "type": "string"}'
FINDING = Finding(
    rule="AVRO_FIELD_WITHOUT_DEFAULT",
    severity=Severity.ERROR,
    message="field `email` of `Order` has no default",
    why="Decoding fails.",
    path="/fields/4",
    reader=Side("the new schema", "/fields/4", '{"name": "email", "type": "string"}'),
    writer=Side("version 3", ""),
    version=3,
    fixes=(Fix("let it be null", "a", "b", '{\n  "type": "record"\n}'),),
    at=Location("schemas/Order v2.avsc", 14, 5, LINE, len(LINE) - 4),
    subject="orders.created-value",
    contract="orders.created",
    affected=(Affected("billing", ("email",), "cannot decode new records"), Affected("search", ())),
)
STYLE = Finding(
    rule="LINT_DOC_MISSING",
    severity=Severity.WARNING,
    message="`Order` has no doc",
    why="Nobody knows what it is.",
    path="",
    reader=Side("schemas/a.avsc", ""),
    writer=Side("", ""),
    at=Location("schemas/a.avsc", 1, 1, '{"type": "record"}', 1),
)
ACCEPTED = replace(FINDING, exemption=Exemption("all records have expired", "2027-01-31"), fixes=())
RULES = (
    RuleText("AVRO_FIELD_WITHOUT_DEFAULT", Severity.ERROR, "It needs a default.", "help", "# help"),
    RuleText("LINT_DOC_MISSING", Severity.WARNING, "It has a doc.", "help", "# help"),
)
SOURCES = {"schemas/Order v2.avsc": "{\n  \n}"}


def report_of(*findings: Finding, **facts: Any) -> Report:
    return Report("check", "14 schemas against git:main", findings, seconds=0.21, **facts)


def test_text_shows_the_line_of_the_file_with_what_is_meant_underlined_and_who_is_hit() -> None:
    assert to_text(FINDING) == dedent(
        """\
        error[AVRO_FIELD_WITHOUT_DEFAULT]: field `email` of `Order` has no default
          --> schemas/Order v2.avsc:14:5
           |
        14 |     {"name": "email", "type": "string"}
           |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the new schema reads this
           = version 3 says nothing about it
           = contract orders.created · subject orders.created-value
           = hits billing (email): cannot decode new records
           = hits search
           = why: Decoding fails.
           help: let it be null
           - a
           + b
           note: `accord explain AVRO_FIELD_WITHOUT_DEFAULT` says more"""
    )


def test_text_says_that_no_known_reader_is_hit_only_where_somebody_looked() -> None:
    assert "no known reader runs into it" in to_text(replace(FINDING, affected=()))
    assert "known reader" not in to_text(replace(FINDING, affected=None))


@pytest.mark.parametrize(
    ("excerpt", "column", "width", "shown", "marks"),
    [
        ("\t{}", 2, 2, "    {}", "    ^^"),
        ("a\t{}", 3, 2, "a   {}", "    ^^"),
        ("日本 {}", 4, 2, "日本 {}", "     ^^"),
        ("{日本}", 2, 2, "{日本}", " ^^^^"),
        ("e\u0301{}", 3, 2, "e\u0301{}", " ^^"),
        ("\x1b{}", 2, 1, "\\x1b{}", "    ^"),
        ("{}", 9, 1, "{}", "  ^"),
        ("{}", 1, 0, "{}", "^"),
        ("{}", 1, 99, "{}", "^^"),
    ],
)
def test_the_caret_stands_below_what_is_meant(
    excerpt: str, column: int, width: int, shown: str, marks: str
) -> None:
    lines = to_text(replace(STYLE, at=Location("f", 1, column, excerpt, width))).splitlines()
    assert lines[3:5] == [f"1 | {shown}", f"  | {marks}"]


def test_a_line_that_is_very_long_is_cut_around_what_is_meant() -> None:
    excerpt = "x" * 5000 + "HERE" + "y" * 5000
    lines = to_text(replace(STYLE, at=Location("f", 1, 5001, excerpt, 4))).splitlines()
    assert len(lines[3]) < 200
    assert lines[3].index("HERE") == lines[4].index("^^^^")
    assert lines[3].endswith(" …")


def test_the_summary_counts_what_counts() -> None:
    info = replace(STYLE, severity=Severity.INFO)
    assert (
        report_of(FINDING, STYLE, STYLE, info, ACCEPTED).summary
        == "1 error · 2 warnings · 1 remark · 1 accepted for now · checked 14 schemas against git:main in 0.21 s"
    )
    assert Report("lint", "1 schema").summary == "0 errors · 0 warnings · checked 1 schema"


@pytest.mark.parametrize(
    ("findings", "fail_on", "ok"),
    [
        ((), Severity.ERROR, True),
        ((FINDING,), Severity.ERROR, False),
        ((STYLE,), Severity.ERROR, True),
        ((STYLE,), Severity.WARNING, False),
        ((FINDING,), None, True),
        ((ACCEPTED,), Severity.WARNING, True),
    ],
)
def test_the_verdict_turns_on_what_weighs_enough_and_is_not_accepted(
    findings: tuple[Finding, ...], fail_on: Severity | None, *, ok: bool
) -> None:
    report = report_of(*findings, fail_on=fail_on)
    assert report.ok is ok
    assert json.loads(render(report, "json"))["ok"] is ok


def test_the_worst_of_a_file_comes_first_and_the_order_given_does_not_matter() -> None:
    first = replace(STYLE, at=Location("schemas/Order v2.avsc", 1, 1))
    findings = (FINDING, STYLE, first, replace(STYLE, at=None))
    assert report_of(*findings).counting == (FINDING, first, STYLE, findings[3])
    for name in FORMATS:
        assert render(report_of(*findings), name) == render(report_of(*reversed(findings)), name)


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_accepted_is_shown_with_its_reason_in_every_format(format: Format) -> None:
    told = render(report_of(ACCEPTED), format, rules=RULES)
    assert "all records have expired" in told
    assert "2027-01-31" in told.replace("&#45;", "-")


def test_json_holds_everything_and_is_read_back() -> None:
    document = json.loads(render(report_of(FINDING, ACCEPTED, notes=("a note",)), "json"))
    assert {key: document[key] for key in ("schema_version", "command", "ok")} == {
        "schema_version": 1,
        "command": "check",
        "ok": False,
    }
    assert document["summary"] == {
        "text": "1 error · 0 warnings · 1 accepted for now · checked 14 schemas against git:main in 0.21 s",
        "checked": "14 schemas against git:main",
        "errors": 1,
        "warnings": 0,
        "infos": 0,
        "exempted": 1,
        "seconds": 0.21,
        "notes": ["a note"],
    }
    assert [from_json(body) for body in document["findings"]] == [FINDING, ACCEPTED]


def test_json_lines_are_a_document_each_and_the_last_is_the_summary() -> None:
    *findings, summary = map(json.loads, render(report_of(FINDING, STYLE), "jsonl").split("\n"))
    assert [from_json(body) for body in findings] == [FINDING, STYLE]
    assert summary["type"] == "summary"
    assert summary["errors"] == 1


def sarif_of(report: Report) -> Any:
    return json.loads(render(report, "sarif", rules=RULES))


def test_sarif_says_where_what_and_how_to_mend_it(sarif_errors: Callable[[object], list[str]]) -> None:
    document = sarif_of(report_of(FINDING, STYLE, ACCEPTED, replace(STYLE, at=None), sources=SOURCES))
    assert sarif_errors(document) == []
    [run] = document["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [rule.id for rule in RULES]
    error = run["results"][0]
    assert (error["ruleId"], error["ruleIndex"], error["level"]) == (FINDING.rule, 0, "error")
    place = error["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "schemas/Order%20v2.avsc"
    assert place["region"] == {
        "startLine": 14,
        "startColumn": 5,
        "endColumn": 40,
        "snippet": {"text": LINE},
    }
    [change] = error["fixes"][0]["artifactChanges"]
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 1, "startColumn": 1, "endLine": 3, "endColumn": 2},
            "insertedContent": {"text": '{\n  "type": "record"\n}'},
        }
    ]
    assert run["results"][3]["suppressions"] == [
        {
            "kind": "external",
            "status": "accepted",
            "justification": "all records have expired (accepted until 2027-01-31)",
        }
    ]


def test_a_schema_that_is_no_sarif_is_refused(sarif_errors: Callable[[object], list[str]]) -> None:
    document = sarif_of(report_of(FINDING))
    document["runs"][0]["results"][0]["level"] = "fatal"
    assert sarif_errors(document) != []


def test_fingerprints_stay_where_lines_move_and_tell_twins_apart() -> None:
    moved = replace(FINDING, at=replace(FINDING.at, line=99) if FINDING.at else None)
    for read in (_sarif_fingerprints, _gitlab_fingerprints):
        one, two = (read(report_of(each, each)) for each in (FINDING, moved))
        assert one == two
        assert len(set(one)) == 2


def _sarif_fingerprints(report: Report) -> list[str]:
    return [
        result["partialFingerprints"]["accordFinding/v1"] for result in sarif_of(report)["runs"][0]["results"]
    ]


def _gitlab_fingerprints(report: Report) -> list[str]:
    return [issue["fingerprint"] for issue in json.loads(render(report, "gitlab"))]


def test_sarif_keeps_the_worst_of_too_many_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_RESULTS == 25_000
    monkeypatch.setattr("accord.findings.sarif.MOST_RESULTS", 3)
    many = tuple(replace(STYLE, path=str(number)) for number in range(3))
    [run] = sarif_of(report_of(*many, FINDING))["runs"]
    assert len(run["results"]) == 3
    assert run["results"][0]["ruleId"] == FINDING.rule
    notes = [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    assert notes[-1] == "1 finding left out: a run is read up to 3 results"


def test_junit_fails_what_turns_the_verdict_and_skips_what_is_accepted() -> None:
    suites = ET.fromstring(render(report_of(FINDING, STYLE, ACCEPTED), "junit"))  # noqa: S314 -- our own
    cases = suites.findall("testsuite/testcase")
    assert [[child.tag for child in case] for case in cases] == [["failure"], ["system-out"], ["skipped"]]
    assert {key: suites.attrib[key] for key in ("tests", "failures", "errors", "time")} == {
        "tests": "3",
        "failures": "1",
        "errors": "0",
        "time": "0.210",
    }
    assert cases[0].attrib["file"] == "schemas/Order v2.avsc"


def test_junit_of_nothing_is_a_test_that_passed() -> None:
    [case] = ET.fromstring(render(report_of(), "junit")).findall("testsuite/testcase")  # noqa: S314 -- our own
    assert case.attrib == {"classname": "check", "name": "14 schemas against git:main"}


def test_github_gets_the_ten_worst_as_annotations_and_a_count_of_the_rest() -> None:
    warnings = [replace(STYLE, path=str(number)) for number in range(11)]
    lines = render(
        report_of(*warnings, FINDING, replace(STYLE, severity=Severity.INFO)), "github"
    ).splitlines()
    annotations = [line for line in lines if line.startswith("::")]
    assert len(annotations) == MOST_ANNOTATIONS
    assert annotations[0].startswith(
        "::error file=schemas/Order v2.avsc,line=14,col=5,endColumn=39,title=AVRO_FIELD_WITHOUT_DEFAULT::"
        "field `email` of `Order` has no default%0ADecoding fails.%0AHits: billing, search%0A"
    )
    assert lines[MOST_ANNOTATIONS] == "and 3 more, which the job summary shows"
    assert lines[-1].startswith("accord: 1 error · 11 warnings")


def test_gitlab_gets_each_place() -> None:
    [issue] = json.loads(render(report_of(FINDING), "gitlab"))
    del issue["fingerprint"]
    assert issue == {
        "type": "issue",
        "check_name": "AVRO_FIELD_WITHOUT_DEFAULT",
        "description": "field `email` of `Order` has no default",
        "severity": "critical",
        "location": {"path": "schemas/Order v2.avsc", "lines": {"begin": 14}},
    }


def test_markdown_has_a_table_and_all_of_it() -> None:
    told = render(report_of(FINDING, STYLE, notes=("nobody reads it",)), "markdown")
    assert told.startswith("## ❌ accord check\n\n1 error · 1 warning")
    assert "nobody reads it" in told
    assert "field <code>email</code> of <code>Order</code> has no default | billing, search |" in told
    assert f"```text\n{to_text(FINDING)}\n```" in told


def test_markdown_that_would_be_too_long_counts_the_rest() -> None:
    many = tuple(replace(FINDING, path=str(number), why="w" * 5000) for number in range(1000))
    told = render(report_of(*many), "markdown")
    assert len(told.encode()) <= MOST_BYTES
    assert told.rstrip().endswith("more, for which there is no room here.")
    endless = tuple(replace(FINDING, path=str(number), message="m" * 5000) for number in range(1000))
    assert len(render(report_of(*endless), "markdown").encode()) <= MOST_BYTES


def test_a_table_of_too_many_keeps_the_worst() -> None:
    many = tuple(replace(STYLE, path=str(number), why="") for number in range(MOST_ROWS + 4))
    told = render(report_of(*many, FINDING), "markdown")
    rows = [line for line in told.splitlines() if line.startswith(("| ❌", "| ⚠️"))]
    assert len(rows) == MOST_ROWS
    assert rows[0].startswith("| ❌ |")
    assert "… and 5 more, none of them worse." in told


def test_machines_are_not_told_lines_that_nobody_reads() -> None:
    finding = replace(FINDING, at=Location("a.avsc", 1, 2000, "x" * 5000))
    assert json.loads(render(report_of(finding), "json"))["findings"][0]["at"]["excerpt"] == ""
    [result] = sarif_of(report_of(finding))["runs"][0]["results"]
    assert "snippet" not in result["locations"][0]["physicalLocation"]["region"]


HOSTILE = "\n::error::forged\x1b[31m <img src=x onerror=1> ]]> | `a` ``` ##[error]x \x00\ud800\ufffe & \" ' %0A --> @org #1"


def hostile(text: str) -> Finding:
    side = Side(text, text, text)
    return Finding(
        rule=text,
        severity=Severity.ERROR,
        message=text,
        why=text,
        path=text,
        reader=side,
        writer=side,
        detail=text,
        fixes=(Fix(text, text, text, text),),
        at=Location(text, 1, 1, text, 3),
        subject=text,
        contract=text,
        affected=(Affected(text, (text,), text),),
    )


@pytest.mark.parametrize("format", FORMATS)
def test_hostile_words_stay_words(format: Format, sarif_errors: Callable[[object], list[str]]) -> None:
    finding = hostile(HOSTILE)
    accepted = replace(finding, exemption=Exemption(HOSTILE, HOSTILE))
    rules = (RuleText(HOSTILE, Severity.ERROR, HOSTILE, HOSTILE, HOSTILE),)
    report = Report(HOSTILE, HOSTILE, (finding, accepted), (HOSTILE,), sources={HOSTILE: HOSTILE})
    told = render(report, format, rules=rules)
    assert "\x1b" not in told
    assert "\x00" not in told
    told.encode()
    if format in {"json", "sarif", "gitlab"}:
        document = json.loads(told)
        assert format != "sarif" or sarif_errors(document) == []
    elif format == "jsonl":
        assert len(list(map(json.loads, told.split("\n")))) == 3
    elif format == "junit":
        ET.fromstring(told)  # noqa: S314 -- our own
    else:
        assert not any(line.startswith("::error::forged") for line in told.splitlines())
    if format == "github":
        assert sum(line.lstrip().startswith("::") for line in told.splitlines()) == 1
        assert not any("##[" in line for line in told.splitlines() if not line.startswith("::"))
    if format == "markdown":
        prose = told.partition("### In full")[0]
        assert "<img" not in prose
        assert all(line.count(" | ") in {0, 4} for line in prose.splitlines() if line.startswith("| "))


@given(st.text(), st.integers(-2, 9), st.integers(-1, 9))
def test_every_report_can_be_rendered(text: str, column: int, width: int) -> None:
    finding = replace(hostile(text), at=Location(text, 1, column, text, width))
    report = Report(text, text, (finding,), sources={text: text})
    for name in get_args(Format):
        render(report, name, rules=(RuleText(text, Severity.INFO, text, text, text),))
    ET.fromstring(render(report, "junit"))  # noqa: S314 -- our own
    assert from_json(json.loads(json.dumps(to_whole_json(finding)))) == finding
