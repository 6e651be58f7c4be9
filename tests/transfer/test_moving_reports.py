"""What was reported moves with the schemas: from every kind of place to every other."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.client import Registry, RegistryRefused, RegistryUnavailable, Unauthorized
from accord.client.exchanges import Exchange
from accord.registry.http.server import serve
from accord.registry.log.port import START, Record
from accord.registry.log.sqlite import open_sqlite
from accord.transfer.address import parse_address
from accord.transfer.doctor import examine, mend
from accord.transfer.errors import TargetDiffers
from accord.transfer.file import FileSource, FileTarget
from accord.transfer.ports import Row
from accord.transfer.reports import Merge, last_of_each, merged, words
from accord.transfer.rest import target as rest_target
from accord.transfer.rest.exchanges import ExtendReports, TellReports
from accord.transfer.rest.source import RegistrySource
from accord.transfer.rest.target import RegistryTarget
from accord.transfer.sqlite import SqliteSource, SqliteTarget

NOW = 1_800_000_000_000
PATHS = ("readers", "deployments", "verifications", "rollouts", "exemptions")
BILLING = {"service": "billing", "subject": "orders-value", "origin": "claim", "fields": ["id"]}
SHIPPING = {**BILLING, "service": "shipping"}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serve() as server:
        yield server.url


@pytest.fixture
def other_url() -> Iterator[str]:
    with serve() as server:
        yield server.url


@pytest.fixture(scope="module")
def reported(url: str) -> str:
    """A registry with a schema, and with a report of each kind; nobody changes it."""
    post(url, "subjects/orders-value/versions", {"schema": '"int"'})
    post(url, "accord/v1/readers", BILLING)
    post(url, "accord/v1/readers", {**BILLING, "fields": ["id", "amount"]})
    post(url, "accord/v1/readers", SHIPPING)
    post(url, "accord/v1/deployments", {"service": "billing", "environment": "prod", "version": "1"})
    of_schema = {"subject": "orders-value", "fingerprint": "f"}
    post(url, "accord/v1/verifications", {"consumer": "b", "consumerVersion": "1", "ok": True, **of_schema})
    post(url, "accord/v1/rollouts", {"id": "r", "state": "running", **of_schema})
    post(url, "accord/v1/exemptions", {"contract": "c", "rule": "R", "reason": "so", "until": "2026-12-31"})
    gone = httpx2.delete(f"{url}/accord/v1/readers?service=shipping&subject=orders-value&origin=claim")
    assert gone.status_code == 204
    return url


def post(url: str, path: str, body: object) -> None:
    answer = httpx2.post(f"{url}/{path}", json=body)
    assert answer.is_success, answer.text


def told(url: str) -> dict[str, Any]:
    return {path: httpx2.get(f"{url}/accord/v1/{path}").json() for path in PATHS}


_open: list[Registry] = []


@pytest.fixture(autouse=True)
def all_closed() -> Iterator[None]:
    yield
    while _open:
        _open.pop().close()


def closed_later(registry: Registry) -> Registry:
    _open.append(registry)
    return registry


def source(url: str, registry: type[Registry] = Registry) -> RegistrySource:
    return RegistrySource(closed_later(registry(url)), name=url, now_ms=lambda: NOW)


def target(url: str, registry: type[Registry] = Registry) -> RegistryTarget:
    return RegistryTarget(closed_later(registry(url)), name=url, now_ms=lambda: NOW)


def dump_to(path: Path) -> FileTarget:
    return FileTarget(path, origin="here", now=datetime(2026, 1, 31, tzinfo=UTC), stdout=BytesIO())


def test_a_backup_of_a_running_registry_restores_what_was_reported(
    reported: str, tmp_path: Path, watcher: Any
) -> None:
    backup, restored = tmp_path / "backup.jsonl", tmp_path / "restored.db"

    taken = dump_to(backup).take(source(reported).read(watcher), watcher)
    SqliteTarget(restored).take(FileSource(backup, stdin=BytesIO()).read(watcher), watcher)

    assert len(taken.reports.missing) == 5
    assert json.loads(backup.read_text().splitlines()[0])["version"] == 2
    with serve(open_sqlite(restored)) as again:
        assert told(again.url) == told(reported)
        assert httpx2.get(f"{again.url}/subjects").json() == ["orders-value"]
    assert (watcher.warnings, watcher.losses) == ([], [])


def test_reports_go_from_one_running_registry_to_another(reported: str, other_url: str, watcher: Any) -> None:
    first = target(other_url).take(source(reported).read(watcher), watcher)
    second = target(other_url).take(source(reported).read(watcher), watcher)

    assert told(other_url) == told(reported)
    assert (len(first.reports.missing), first.reports.found) == (5, 0)
    assert (len(second.reports.missing), second.reports.found) == (0, 5)


def test_reports_are_put_beside_what_others_report_and_the_newer_one_counts(
    reported: str, other_url: str, watcher: Any
) -> None:
    post(other_url, "accord/v1/readers", SHIPPING)
    post(other_url, "accord/v1/readers", {**BILLING, "fields": ["newer"]})

    taken = target(other_url).take(source(reported).read(watcher), watcher)

    readers = {one["service"]: one["fields"] for one in told(other_url)["readers"]}
    assert readers == {"shipping": ["id"], "billing": ["newer"]}
    # That shipping was forgotten in the source is older, too.
    assert (len(taken.reports.missing), taken.reports.newer) == (4, 2)


def test_reports_go_from_one_file_to_another(tmp_path: Path, reported: str, watcher: Any) -> None:
    one, other = tmp_path / "one.db", tmp_path / "other.db"
    SqliteTarget(one).take(source(reported).read(watcher), watcher)

    SqliteTarget(other).take(SqliteSource(one).read(watcher), watcher)
    again = SqliteTarget(other).take(SqliteSource(one).read(watcher), watcher)

    rows = list(SqliteSource(one).read(watcher).reports or ())
    assert len(rows) == 5
    assert SqliteSource(other).read(watcher).reports == rows
    assert again.reports == Merge(found=5)


def test_a_file_that_an_older_accord_wrote_has_no_reports(tmp_path: Path, watcher: Any) -> None:
    fixture = Path(__file__).parents[1] / "registry" / "log" / "fixtures" / "format-2.db"
    path = tmp_path / "old.db"
    path.write_bytes(fixture.read_bytes())

    row = SqliteSource(path).read(watcher)

    assert list(row.reports or ()) == []
    assert len(list(row.records)) > 5
    assert path.read_bytes() == fixture.read_bytes()


class Confluent(Registry):
    """A registry that has no second log."""

    def ask(self, exchange: Exchange[Any], **choices: Any) -> Any:
        if isinstance(exchange, TellReports):
            return None
        return super().ask(exchange, **choices)


class Guarded(Registry):
    """A registry that lets nobody near its second log."""

    def ask(self, exchange: Exchange[Any], **choices: Any) -> Any:
        if isinstance(exchange, TellReports):
            raise Unauthorized("no", error_code=403)
        return super().ask(exchange, **choices)


def test_a_registry_of_others_has_no_reports_and_takes_none(
    reported: str, other_url: str, watcher: Any
) -> None:
    assert source(reported, Confluent).read(watcher).reports is None
    assert watcher.losses == []

    target(other_url, Confluent).take(source(reported).read(watcher), watcher)

    assert watcher.losses == [
        f"5 reports of readers, deployments and the like: {other_url} keeps none, only an Accord registry does"
    ]
    assert httpx2.get(f"{other_url}/subjects").json() == ["orders-value"]


def test_a_second_log_that_is_guarded_is_left_out_and_told(
    reported: str, other_url: str, watcher: Any
) -> None:
    assert source(reported, Guarded).read(watcher).reports is None
    target(other_url, Guarded).take(source(reported).read(watcher), watcher)

    assert len(watcher.losses) == 2
    assert all("does not let us" in loss for loss in watcher.losses)


def test_reports_that_come_in_meanwhile_are_not_lost(reported: str, other_url: str, watcher: Any) -> None:
    interruptions = ["shipping", "stock"]

    class Busy(Registry):
        def ask(self, exchange: Exchange[Any], **choices: Any) -> Any:
            if isinstance(exchange, ExtendReports) and interruptions:
                post(other_url, "accord/v1/readers", {**BILLING, "service": interruptions.pop()})
            return super().ask(exchange, **choices)

    target(other_url, Busy).take(source(reported).read(watcher), watcher)

    services = sorted(one["service"] for one in told(other_url)["readers"])
    assert services == ["billing", "shipping", "stock"]


def test_an_import_of_reports_that_was_cut_off_goes_on(
    reported: str, other_url: str, watcher: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rest_target, "BATCH", 2)
    lines_that_hold = 1

    class CutOff(Registry):
        def ask(self, exchange: Exchange[Any], **choices: Any) -> Any:
            nonlocal lines_that_hold
            if isinstance(exchange, ExtendReports):
                lines_that_hold -= 1
                if lines_that_hold < 0:
                    raise RegistryUnavailable("gone")
            return super().ask(exchange, **choices)

    with pytest.raises(RegistryUnavailable):
        target(other_url, CutOff).take(source(reported).read(watcher), watcher)
    taken = target(other_url).take(source(reported).read(watcher), watcher)

    assert (len(taken.reports.missing), taken.reports.found, taken.differences) == (3, 2, ())
    assert told(other_url) == told(reported)


def test_a_registry_that_is_never_left_alone_is_told_in_a_sentence(
    reported: str, other_url: str, watcher: Any
) -> None:
    class Contested(Registry):
        def ask(self, exchange: Exchange[Any], **choices: Any) -> Any:
            if isinstance(exchange, ExtendReports):
                raise RegistryRefused("no", error_code=42205)
            return super().ask(exchange, **choices)

    with pytest.raises(TargetDiffers, match="others reported to"):
        target(other_url, Contested).take(source(reported).read(watcher), watcher)


@pytest.mark.parametrize(
    ("address", "reports_topic"),
    [
        ("kafka://h:1", "_accord"),
        ("kafka://h:1/_schemas", "_accord"),
        ("kafka://h:1/_schemas_eu", "_accord_eu"),
        ("kafka://h:1/registry", "registry_accord"),
    ],
)
def test_the_topic_of_reports_stands_beside_that_of_schemas(address: str, reports_topic: str) -> None:
    assert getattr(parse_address(address), "reports_topic", None) == reports_topic


KEYS = st.sampled_from([b"a", b"b", b"c"])
ROWS = st.lists(
    st.builds(Record, KEYS, st.none() | st.sampled_from([b"1", b"2"]), st.integers(0, 3)), max_size=8
)


@given(there=ROWS, coming=ROWS)
def test_after_a_merge_everything_that_came_is_there_unless_something_newer_is(
    there: Sequence[Record], coming: Sequence[Record]
) -> None:
    merge = merged(there, coming)
    after = last_of_each([*there, *merge.missing])

    assert merged(after.values(), coming).missing == ()
    before, wanted = last_of_each(there), last_of_each(coming)
    for key, record in after.items():
        assert record in (before.get(key), wanted.get(key))
        if key in before and key in wanted and before[key] != wanted[key]:
            newest = max(before[key].timestamp_ms, wanted[key].timestamp_ms)
            assert record.timestamp_ms == newest or record.value == wanted[key].value


def test_what_became_of_reports_is_told() -> None:
    assert words(Merge()) == ""
    assert words(Merge((Record(b"a", b"", 0),), 2, 1)) == (
        "1 report put beside, 2 stood there already, 1 newer there, which stay"
    )


def test_the_doctor_finds_reports_that_no_server_reads(tmp_path: Path) -> None:
    broken = Record(b'{"keytype":"READER","service":"x"}', b"{}", 1)
    with closing(open_sqlite(tmp_path / "log.db")) as logs:
        logs.accord.append([broken], after=START)
        reports = [logged.record for logged in logs.accord.read(START)]

    [diagnosis] = examine([], reports).diagnoses

    assert diagnosis.finding.rule == "LOG_REPORT_UNDECODABLE"
    assert diagnosis.finding.reader.name == "record 0 of _accord"
    assert not examine([], reports).sound


USUAL = b'{"keytype":"READER","service":"b","subject":"s","origin":"claim"}'
UNUSUAL = b'{"keytype":"READER","subject":"s","service":"b","origin":"claim"}'
VALUE = b'{"service":"b","subject":"s","origin":"claim"}'


def test_the_doctor_leaves_out_what_nobody_will_read() -> None:
    good, later = Record(USUAL, VALUE, 1), Record(b'{"keytype":"LEASE","id":"x"}', b"{}", 1)
    reports = [Record(b"x", b"{}", 1), good, Record(UNUSUAL, VALUE, 1), later]

    found = examine([], reports)
    mended = mend([], reports)

    reasons = {one.finding.reader.name: one.finding.message for one in found.diagnoses}
    assert "is spelled otherwise" in reasons["record 2 of _accord"]
    assert (len(found.diagnoses), len(found.mendable)) == (3, 2)
    assert (list(mended.reports), len(mended.done)) == ([good, later], 2)
    [left] = mended.report.diagnoses
    assert left.finding.reader.name == "record 1 of _accord"


def test_a_row_has_no_reports_unless_it_says_so() -> None:
    assert Row([]).reports is None


def test_reports_that_are_not_there_afterwards_are_told(reported: str, other_url: str, watcher: Any) -> None:
    class Forgetful(Registry):
        def ask(self, exchange: Exchange[Any], **choices: Any) -> Any:
            if isinstance(exchange, ExtendReports):
                return exchange.after
            return super().ask(exchange, **choices)

    taken = target(other_url, Forgetful).take(source(reported).read(watcher), watcher)

    [difference] = taken.differences
    assert difference.startswith("not there afterwards: 5 reports, the first is ")
