"""The dump is a promise: what was written once is read for ever, and what was damaged is refused."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.registry.log.port import Record
from accord.transfer import dump
from accord.transfer.dump import Dump, DumpHeader
from accord.transfer.errors import DumpDamaged, PlaceRefused

HEADER = DumpHeader("http://127.0.0.1:8081", "2026-01-31T12:00:00+00:00", "accord 0.1.0", exact=True)
FIXTURES = Path(__file__).parent / "fixtures"

RECORDS = st.builds(
    Record,
    st.one_of(st.binary(), st.text().map(str.encode)),
    st.one_of(st.none(), st.binary(), st.text().map(str.encode)),
    st.integers(min_value=0, max_value=2**53),
)


Damage = Callable[[list[bytes]], list[bytes]]


REPORTS = [
    Record(
        b'{"keytype":"READER","service":"billing","subject":"orders-value","origin":"claim"}',
        b'{"service":"billing","subject":"orders-value","origin":"claim","reportedAtMs":1700000000000}',
        1_700_000_000_000,
    ),
    Record(b'{"keytype":"ROLLOUT","id":"r"}', None, 1_700_000_000_001),
]


def lines(records: list[Record], reports: Sequence[Record] = ()) -> list[bytes]:
    return list(dump.write(HEADER, records, reports))


@given(st.lists(RECORDS, max_size=5), st.lists(RECORDS, max_size=5))
def test_what_is_read_is_what_was_written_byte_for_byte(records: list[Record], reports: list[Record]) -> None:
    assert dump.read("a dump", lines(records, reports)) == Dump(HEADER, records, reports or None)


def test_without_reports_the_format_is_what_the_fixture_of_version_1_holds(rows: list[Record]) -> None:
    assert b"".join(lines(rows)) == (FIXTURES / "dump-v1.jsonl").read_bytes()


def test_with_reports_the_format_is_what_the_fixture_of_version_2_holds(rows: list[Record]) -> None:
    assert b"".join(lines(rows, REPORTS)) == (FIXTURES / "dump-v2.jsonl").read_bytes()


@pytest.mark.parametrize("fixture", sorted(FIXTURES.glob("dump-v*.jsonl")), ids=lambda path: path.name)
def test_a_dump_of_every_earlier_version_is_read(fixture: Path, rows: list[Record]) -> None:
    with fixture.open("rb") as stream:
        whole = dump.read(fixture.name, stream)

    assert (whole.header, whole.records) == (HEADER, rows)
    assert whole.reports == (None if fixture.name == "dump-v1.jsonl" else REPORTS)


def test_text_stands_in_a_dump_as_text(rows: list[Record]) -> None:
    second = json.loads(lines(rows)[2])

    assert second == {
        "key": '{"keytype":"SCHEMA","subject":"café-value","version":1,"magic":1}',
        "value": '{"subject":"café-value","version":1,"id":7,"schema":"\\"int\\"","deleted":false}',
        "timestampMs": 1_700_000_000_001,
    }


@pytest.mark.parametrize("reports", [[], REPORTS])
def test_a_dump_that_is_cut_off_anywhere_is_refused(rows: list[Record], reports: list[Record]) -> None:
    whole = b"".join(lines(rows, reports))
    for length in range(1, len(whole) - 1):
        with pytest.raises(DumpDamaged):
            dump.read("a dump", whole[:length].splitlines(keepends=True))


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda all_lines: all_lines[:-1], "is cut off after 6 records"),
        (lambda all_lines: [*all_lines[:2], *all_lines[3:]], "holds 5 records, and its last line says 6"),
        (
            lambda all_lines: [all_lines[0], all_lines[2], all_lines[1], *all_lines[3:]],
            "checksum does not fit",
        ),
        (
            lambda all_lines: [*all_lines, b'{"key":"x","value":null,"timestampMs":1}\n'],
            "goes on after its last line",
        ),
        (lambda all_lines: [*all_lines[:1], b'{"value":null,"timestampMs":1}\n'], "cannot be read at line 2"),
        (
            lambda all_lines: [*all_lines[:1], b'{"keyBase64":"*","timestampMs":1}\n'],
            "cannot be read at line 2",
        ),
        (lambda all_lines: [*all_lines[:1], all_lines[1][:20]], "is cut off in line 2"),
        (lambda all_lines: [b'{"format":"accord-registry-dump","version":1}\n', *all_lines[1:]], "no header"),
    ],
)
def test_a_dump_that_is_not_what_was_written_is_refused(
    damage: Damage, words: str, rows: list[Record]
) -> None:
    with pytest.raises(DumpDamaged, match=words) as caught:
        dump.read("backup.jsonl", damage(lines(rows)))

    assert caught.value.message.startswith("backup.jsonl ")
    assert caught.value.hint


def test_a_dump_that_was_changed_on_purpose_is_read_without_its_checksum(rows: list[Record]) -> None:
    changed = lines(rows)
    changed[1], changed[2] = changed[2], changed[1]
    changed[-1] = b'{"end": 6}\n'

    records = dump.read("a dump", changed).records

    assert records == [rows[1], rows[0], *rows[2:]]


def test_a_dump_of_a_newer_version_says_what_it_needs() -> None:
    newer = b'{"format":"accord-registry-dump","version":3,"anything":"else"}\n'

    with pytest.raises(PlaceRefused, match="its format is 3, and this one knows up to 2"):
        dump.read("backup.jsonl", [newer])


def test_members_that_a_later_version_may_add_are_passed_over() -> None:
    first = lines([])[0].replace(b'"exact":true', b'"exact":true,"more":1')

    assert dump.read("a dump", [first, b'{"end":0}\n']) == Dump(HEADER, [])


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            b'{"log":"_accord"}\n',
            b'{"log":"_other"}\n',
            "names a log at line 8 that no registry has: '_other'",
        ),
        (b'{"log":"_accord"}\n', b'{"log":1}\n', "cannot be read at line 8"),
        (b'{"log":"_accord"}\n', b'{"log":"_accord"}\n' * 2, "cannot be read at line 9"),
        (b'"version":2', b'"version":1', "cannot be read at line 8"),
    ],
)
def test_a_second_log_that_is_none_is_refused(rows: list[Record], old: bytes, new: bytes, words: str) -> None:
    damaged = b"".join(lines(rows, REPORTS)).replace(old, new).splitlines(keepends=True)

    with pytest.raises(DumpDamaged, match=words):
        dump.read("backup.jsonl", damaged)
