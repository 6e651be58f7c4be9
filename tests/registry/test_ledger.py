"""The single writer of the second log: what it answered is durable, what failed is not seen, and no one waits for ever."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from accord.registry.core.commands import RegisterSchema
from accord.registry.core.errors import LogEndsElsewhere
from accord.registry.ledger import ATTEMPTS, Ledger
from accord.registry.log.memory import CompactedMemoryLog
from accord.registry.log.port import (
    START,
    LogFailed,
    LoggedRecord,
    LogInDoubt,
    Position,
    Record,
)
from accord.registry.log.sqlite import open_sqlite
from accord.registry.node import RegistryNode
from accord.registry.reports import kinds, reading
from accord.registry.reports.commands import ForgetReport, MakeReport
from accord.registry.reports.errors import ReportNotFound
from accord.registry.reports.events import Reported
from accord.registry.reports.kinds import Kind
from accord.schemas import Schema, Subject

NOW = 1_700_000_000_000


class FlakyLog(CompactedMemoryLog):
    """A log that fails when it is told to, and that others write to."""

    def __init__(self) -> None:
        super().__init__()
        self.fails_before: list[Exception] = []
        self.fails_after: list[Exception] = []
        self.fails_reading: list[Exception] = []
        self.others: list[Record] = []
        self.batches: list[int] = []

    def read(self, after: Position, *, limit: int = 1000) -> Sequence[LoggedRecord]:
        if self.fails_reading:
            raise self.fails_reading.pop()
        return super().read(after, limit=limit)

    def append(self, records: Sequence[Record], *, after: Position) -> Position:
        if self.others:
            super().append([self.others.pop()], after=Position(10**9))
        if self.fails_before:
            raise self.fails_before.pop()
        self.batches.append(len(records))
        position = super().append(records, after=after)
        if self.fails_after:
            raise self.fails_after.pop()
        return position


def reader(service: str = "billing", **members: object) -> MakeReport:
    sent = {"service": service, "subject": "orders-value", "origin": "claim", **members}
    return MakeReport.of(kinds.READER, reading.read(kinds.READER, json.dumps(sent).encode()))


def forget(service: str) -> ForgetReport:
    return ForgetReport(kinds.READER, (service, "orders-value", "claim"))


def services(ledger: Ledger) -> list[str]:
    return sorted(json.loads(one.text)["service"] for one in ledger.state.select(kinds.READER, {}))


def run(story: Callable[[Ledger], Awaitable[None]], log: Any) -> Ledger:
    async def main() -> Ledger:
        ledger = Ledger(log, now_ms=lambda: NOW)
        await ledger.start()
        await story(ledger)
        await ledger.close()
        return ledger

    return asyncio.run(main())


async def nothing(_: Ledger) -> None:
    pass


def test_what_was_answered_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "log.db"

    async def story(ledger: Ledger) -> None:
        (event,) = await ledger.execute(reader(fields=["id"]))
        assert isinstance(event, Reported)
        await ledger.execute(reader("shipping"))
        await ledger.execute(forget("shipping"))

    before = run(story, open_sqlite(path).accord)
    after = run(nothing, open_sqlite(path).accord)

    assert services(after) == ["billing"]
    assert after.state == before.state


def test_many_who_report_at_once_are_written_together_and_each_is_answered() -> None:
    log = FlakyLog()

    async def story(ledger: Ledger) -> None:
        names = [f"s{number}" for number in range(200)]
        answers = await asyncio.gather(*(ledger.execute(reader(name)) for name in names))
        assert [
            json.loads(one[0].text)["service"] for one in answers if isinstance(one[0], Reported)
        ] == names
        assert services(ledger) == sorted(names)

    run(story, log)

    assert len(log.batches) < 100
    assert sum(log.batches) == 200


def test_of_two_that_report_the_same_at_once_the_later_counts() -> None:
    async def story(ledger: Ledger) -> None:
        await asyncio.gather(*(ledger.execute(reader(fields=[str(n)])) for n in range(5)))
        (kept,) = ledger.state.select(kinds.READER, {})
        assert json.loads(kept.text)["fields"] == ["4"]

    run(story, FlakyLog())


def test_who_forgets_what_another_has_just_forgotten_is_told() -> None:
    async def story(ledger: Ledger) -> None:
        await ledger.execute(reader())
        outcomes = await asyncio.gather(
            *(ledger.execute(forget("billing")) for _ in range(2)), return_exceptions=True
        )
        assert [type(outcome) for outcome in outcomes] == [list, ReportNotFound]

    run(story, FlakyLog())


def test_what_was_not_written_is_not_seen() -> None:
    log = FlakyLog()

    async def story(ledger: Ledger) -> None:
        await ledger.execute(reader(fields=["old"]))
        log.fails_before = [LogFailed("the disk is full")]
        with pytest.raises(LogFailed):
            await ledger.execute(reader(fields=["new"]))
        (kept,) = ledger.state.select(kinds.READER, {})
        assert json.loads(kept.text)["fields"] == ["old"]
        assert ledger.ready
        await ledger.execute(reader("shipping"))

    assert services(run(story, log)) == ["billing", "shipping"]


def test_what_may_have_been_written_is_looked_up() -> None:
    log = FlakyLog()

    async def story(ledger: Ledger) -> None:
        await ledger.execute(reader("shipping"))
        log.fails_after = [LogInDoubt("no answer")]
        with pytest.raises(LogInDoubt):
            await ledger.execute(reader())
        assert services(ledger) == ["billing", "shipping"]
        log.fails_after = [LogInDoubt("no answer")]
        log.fails_reading = [LogFailed("no answer")]
        with pytest.raises(LogInDoubt):
            await ledger.execute(forget("billing"))
        in_step = [ledger.ready]
        log.fails_reading = []
        await ledger.execute(reader("stock"))
        assert [*in_step, ledger.ready] == [False, True]
        assert services(ledger) == ["shipping", "stock"]

    run(story, log)


def test_a_log_that_cannot_be_read_is_told_to_all_who_wait() -> None:
    log = FlakyLog()

    async def story(ledger: Ledger) -> None:
        log.fails_after = [LogInDoubt("no answer")]
        log.fails_reading = [LogFailed("no answer")] * 2
        with pytest.raises(LogInDoubt):
            await ledger.execute(reader())
        outcomes = await asyncio.gather(
            *(ledger.execute(reader(name)) for name in "ab"), return_exceptions=True
        )
        assert [type(outcome) for outcome in outcomes] == [LogFailed, LogFailed]

    run(story, log)


def test_what_others_write_meanwhile_counts_first() -> None:
    log = FlakyLog()
    other = reader("other").members
    key = b'{"keytype":"READER","service":"other","subject":"orders-value","origin":"claim"}'
    log.others = [Record(key, other, NOW)]

    async def story(ledger: Ledger) -> None:
        await ledger.execute(reader())

    assert services(run(story, log)) == ["billing", "other"]


def test_who_never_gets_to_write_is_told() -> None:
    log = FlakyLog()
    log.others = [Record(b'{"keytype":"NOOP"}', b"{}", NOW)] * ATTEMPTS

    async def story(ledger: Ledger) -> None:
        with pytest.raises(LogFailed, match=f"each of the {ATTEMPTS} times"):
            await ledger.execute(reader())
        await ledger.execute(reader("shipping"))

    assert services(run(story, log)) == ["shipping"]


def test_a_fault_in_one_report_is_not_the_end_of_the_others() -> None:
    async def story(ledger: Ledger) -> None:
        broken = ForgetReport(cast("Kind", None), ())
        outcomes = await asyncio.gather(
            ledger.execute(broken), ledger.execute(reader()), return_exceptions=True
        )
        assert isinstance(outcomes[0], AttributeError)
        assert services(ledger) == ["billing"]

    run(story, FlakyLog())


def test_who_goes_away_does_not_stop_what_has_begun() -> None:
    async def story(ledger: Ledger) -> None:
        asking = asyncio.create_task(ledger.execute(reader()))
        await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    assert services(run(story, FlakyLog())) == ["billing"]


def test_records_are_put_at_the_end_as_they_are_and_only_there(caplog: pytest.LogCaptureFixture) -> None:
    key = b'{"keytype":"READER","service":"x","subject":"s","origin":"claim"}'
    value = json.dumps({"service": "x", "subject": "s", "origin": "claim"}).encode()

    async def story(ledger: Ledger) -> None:
        end = await ledger.extend_log([Record(b"odd", b"\xff", 1), Record(key, value, 2)], after=START)
        with pytest.raises(LogEndsElsewhere):
            await ledger.extend_log([Record(key, None, 3)], after=START)
        assert services(ledger) == ["x"]
        await ledger.extend_log([Record(key, None, 3)], after=end)
        assert services(ledger) == []
        assert [one.record.key for one in await ledger.read_log(START)] == [b"odd", key]

    with caplog.at_level(logging.WARNING):
        run(story, FlakyLog())

    assert "skipped a record of the log: no report" in caplog.text


def test_schemas_and_reports_go_to_one_file_at_the_same_time(tmp_path: Path) -> None:
    async def main() -> None:
        node = RegistryNode(open_sqlite(tmp_path / "log.db"), now_ms=lambda: NOW)
        await node.start()
        sizes = range(1, 21)
        await asyncio.gather(
            *(
                node.execute(
                    RegisterSchema(Subject(f"s{n}"), Schema(f'{{"type":"fixed","name":"F","size":{n}}}'))
                )
                for n in sizes
            ),
            *(node.ledger.execute(reader(f"s{n}")) for n in sizes),
        )
        assert (len(node.state.subjects), len(services(node.ledger))) == (20, 20)
        await node.close()

        again = RegistryNode(open_sqlite(tmp_path / "log.db"), now_ms=lambda: NOW)
        await again.start()
        assert (len(again.state.subjects), len(services(again.ledger))) == (20, 20)
        await again.close()

    asyncio.run(main())
