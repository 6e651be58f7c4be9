"""The writer: what it does when the log answers, refuses, is silent, or belongs to others too."""

import asyncio
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Sequence

import pytest

from accord.registry import batch
from accord.registry.core import errors, queries
from accord.registry.core.commands import DeleteSubject, RegisterSchema, SetMode
from accord.registry.core.errors import LogEndsElsewhere, ReadOnly
from accord.registry.core.events import Event, SchemaRegistered
from accord.registry.core.modes import Mode
from accord.registry.core.state import RegistryState
from accord.registry.core.thinking import Question
from accord.registry.log.memory import MemoryLog, in_memory
from accord.registry.log.port import START, LogFailed, LoggedRecord, LogInDoubt, Position, Record
from accord.registry.log.records import encode
from accord.registry.node import ATTEMPTS, RegistryNode
from accord.registry.workers import Busy
from accord.schemas import Schema, SchemaId, Subject, Version

S, T = Subject("s"), Subject("t")
FIRST, SECOND = Schema('"int"'), Schema('"long"')


class FlakyLog(MemoryLog):
    """A log on which appending or reading may fail, before or after the records are there."""

    def __init__(self) -> None:
        super().__init__()
        self.fails_before: list[Exception] = []
        self.fails_after: list[Exception] = []
        self.fails_reading: list[Exception] = []
        self.others: list[Record] = []

    def read(self, after: Position, *, limit: int = 1000) -> Sequence[LoggedRecord]:
        if self.fails_reading:
            raise self.fails_reading.pop()
        return super().read(after, limit=limit)

    def append(self, records: Sequence[Record], *, after: Position) -> Position:
        if self.others:
            super().append([self.others.pop()], after=Position(10**9))
        if self.fails_before:
            raise self.fails_before.pop()
        position = super().append(records, after=after)
        if self.fails_after:
            raise self.fails_after.pop()
        return position

    def keys(self) -> list[bytes]:
        return [logged.record.key for logged in super().read(START)]


def run(story: Callable[[RegistryNode], Awaitable[None]], log: MemoryLog) -> RegistryNode:
    async def main() -> RegistryNode:
        node = RegistryNode(in_memory(log), now_ms=lambda: 1_700_000_000_000)
        await node.start()
        await story(node)
        await node.close()
        return node

    return asyncio.run(main())


def registered(subject: Subject, version: int, schema_id: int, schema: Schema) -> Record:
    return encode(SchemaRegistered(subject, Version(version), SchemaId(schema_id), schema), 5)


def replayed(log: MemoryLog) -> RegistryState:
    async def nothing(_node: RegistryNode) -> None:
        pass

    return run(nothing, log).state


def test_what_was_carried_out_is_in_the_state_and_in_the_log() -> None:
    log = FlakyLog()

    async def story(node: RegistryNode) -> None:
        (event,) = await node.execute(RegisterSchema(S, FIRST))
        assert event == SchemaRegistered(S, Version(1), SchemaId(1), FIRST)
        assert queries.version(node.state, S, Version(1)).registered_at_ms == 1_700_000_000_000

    node = run(story, log)

    assert len(log.keys()) == 1
    assert replayed(log) == node.state


def test_what_needs_no_event_writes_nothing() -> None:
    log = FlakyLog()

    async def story(node: RegistryNode) -> None:
        await node.execute(RegisterSchema(S, FIRST))
        assert await node.execute(RegisterSchema(S, FIRST)) == []

    run(story, log)

    assert len(log.keys()) == 1


def test_a_write_that_failed_changes_nothing() -> None:
    log = FlakyLog()

    async def story(node: RegistryNode) -> None:
        log.fails_before = [LogFailed("the disk is full")]
        with pytest.raises(LogFailed):
            await node.execute(RegisterSchema(S, FIRST))
        assert node.state == RegistryState()
        assert node.ready
        await node.execute(RegisterSchema(S, FIRST))

    run(story, log)

    assert len(log.keys()) == 1


def test_a_write_that_landed_without_an_answer_is_seen_at_once() -> None:
    log = FlakyLog()

    async def story(node: RegistryNode) -> None:
        log.fails_after = [LogInDoubt("no answer")]
        with pytest.raises(LogInDoubt):
            await node.execute(RegisterSchema(S, FIRST))
        assert node.ready
        assert queries.version(node.state, S, Version(1)).content.id == 1
        assert await node.execute(RegisterSchema(S, FIRST)) == []

    node = run(story, log)

    assert replayed(log) == node.state


def test_a_write_that_was_lost_without_an_answer_can_be_made_again() -> None:
    log = FlakyLog()

    async def story(node: RegistryNode) -> None:
        log.fails_before = [LogInDoubt("no answer")]
        with pytest.raises(LogInDoubt):
            await node.execute(RegisterSchema(S, FIRST))
        assert node.state == RegistryState()
        await node.execute(RegisterSchema(S, FIRST))

    run(story, log)

    assert len(log.keys()) == 1


def test_while_the_outcome_is_unknown_the_node_is_not_ready_and_the_next_write_finds_out() -> None:
    log = FlakyLog()

    async def story(node: RegistryNode) -> None:
        log.fails_after = [LogInDoubt("no answer")]
        log.fails_reading = [LogFailed("no answer either")]
        with pytest.raises(LogInDoubt):
            await node.execute(RegisterSchema(S, FIRST))
        readiness = [node.ready]
        await node.execute(RegisterSchema(S, SECOND))
        assert [*readiness, node.ready] == [False, True]
        assert [stored.version for stored in queries.versions(node.state, S)] == [1, 2]

    run(story, log)


def test_who_comes_second_reads_on_and_decides_again() -> None:
    log = FlakyLog()

    async def story(node: RegistryNode) -> None:
        log.others = [registered(S, 1, 1, FIRST)]
        (event,) = await node.execute(RegisterSchema(T, SECOND))
        assert event == SchemaRegistered(T, Version(1), SchemaId(2), SECOND)

    node = run(story, log)

    assert replayed(log) == node.state


def test_what_somebody_else_has_done_meanwhile_is_refused_the_second_time() -> None:
    log = FlakyLog()

    async def story(node: RegistryNode) -> None:
        log.others = [registered(S, 1, 1, SECOND)]
        with pytest.raises(errors.IncompatibleSchema):
            await node.execute(RegisterSchema(S, Schema('"string"')))

    run(story, log)

    assert len(log.keys()) == 1


def test_a_node_that_never_comes_first_gives_up() -> None:
    log = FlakyLog()

    async def story(node: RegistryNode) -> None:
        log.others = [
            registered(S, number, number, Schema(f'{{"type":"int","n":{number}}}'))
            for number in range(9, 0, -1)
        ]
        with pytest.raises(LogFailed) as failure:
            await node.execute(RegisterSchema(T, FIRST))
        assert "others wrote" in failure.value.message

    run(story, log)

    assert len(log.keys()) == ATTEMPTS


def test_a_log_is_gone_on_with_only_where_it_ends() -> None:
    log = FlakyLog()
    new = [registered(S, 1, 7, FIRST), Record(b"\xff", b"\xfe", 5)]

    async def story(node: RegistryNode) -> None:
        end = await node.extend_log(new, after=START)
        assert node.state.version(S, Version(1)) is not None
        with pytest.raises(LogEndsElsewhere, match=f"ends at position {end}, not at -1"):
            await node.extend_log(new, after=START)
        assert await node.execute(RegisterSchema(T, SECOND))

    node = run(story, log)

    assert [logged.record for logged in log.read(START)][:2] == new
    assert node.state.ids(None).highest == 8


def test_a_log_that_somebody_else_has_gone_on_with_is_left_alone() -> None:
    log = FlakyLog()

    async def story(node: RegistryNode) -> None:
        log.others = [registered(T, 1, 1, SECOND)]
        with pytest.raises(LogEndsElsewhere):
            await node.extend_log([registered(S, 1, 7, FIRST)], after=START)
        assert await node.execute(RegisterSchema(S, FIRST))

    assert run(story, log).state.ids(None).highest == 2


@pytest.mark.parametrize(
    ("refused", "ready"), [(LogFailed("full"), True), (LogInDoubt("gone"), False)], ids=["full", "gone"]
)
def test_going_on_with_a_log_that_cannot_be_written(*, refused: Exception, ready: bool) -> None:
    log = FlakyLog()

    async def story(node: RegistryNode) -> None:
        log.fails_before = [refused]
        with pytest.raises(type(refused)):
            await node.extend_log([registered(S, 1, 7, FIRST)], after=START)
        assert node.ready is ready
        assert await node.execute(RegisterSchema(S, FIRST))

    assert run(story, log).state.ids(None).highest == 1


def test_a_log_that_may_only_be_read_is_not_gone_on_with() -> None:
    log = FlakyLog()

    async def story(node: RegistryNode) -> None:
        await node.execute(SetMode(None, Mode.READONLY))
        with pytest.raises(ReadOnly):
            await node.extend_log([registered(S, 1, 7, FIRST)], after=Position(0))

    assert len(run(story, log).state.subjects) == 0


def test_an_asker_who_goes_away_does_not_stop_the_write() -> None:
    began, go_on = threading.Event(), threading.Event()

    class SlowLog(FlakyLog):
        def append(self, records: Sequence[Record], *, after: Position) -> Position:
            began.set()
            assert go_on.wait(10)
            return super().append(records, after=after)

    log = SlowLog()

    async def story(node: RegistryNode) -> None:
        asking = asyncio.create_task(node.execute(RegisterSchema(S, FIRST)))
        assert await asyncio.to_thread(began.wait, 10)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        go_on.set()

    node = run(story, log)

    assert len(log.keys()) == 1
    assert node.state.version(S, Version(1)) is not None


# Longer than what is thought about while others wait.
LONG = Schema(f'{{"type": "enum", "name": "E", "symbols": ["A"], "doc": "{"x" * 20_000}"}}')


def test_reads_and_other_writes_go_on_while_one_is_thought_about(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(node: RegistryNode) -> None:
        began, go_on = asyncio.Event(), asyncio.Event()

        async def slowly(question: Question[object]) -> object:
            began.set()
            await go_on.wait()
            return question.answer()

        monkeypatch.setattr(node._workers, "outcome_of", slowly)
        long = asyncio.create_task(node.execute(RegisterSchema(S, LONG)))
        await began.wait()
        behind = asyncio.create_task(node.execute(RegisterSchema(S, FIRST)))
        await node.execute(RegisterSchema(T, SECOND))
        assert queries.subjects(node.state) == [T]
        assert not behind.done()
        go_on.set()
        await long
        with pytest.raises(errors.IncompatibleSchema):
            await behind
        assert [stored.version for stored in queries.versions(node.state, S)] == [1]
        assert "E" in queries.version(node.state, S, Version(1)).content.schema.text

    run(story, FlakyLog())


def test_a_thought_that_is_given_up_is_told_and_what_waited_behind_it_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def story(node: RegistryNode) -> None:
        async def never(_question: Question[object]) -> object:
            raise Busy

        monkeypatch.setattr(node._workers, "outcome_of", never)
        given_up, behind = await asyncio.gather(
            node.execute(RegisterSchema(S, LONG)),
            node.execute(RegisterSchema(S, FIRST)),
            return_exceptions=True,
        )
        assert isinstance(given_up, Busy)
        assert isinstance(behind, list)
        assert [type(event) for event in behind] == [SchemaRegistered]

    run(story, FlakyLog())


def test_writes_that_come_together_reach_the_log_together() -> None:
    class CountingLog(FlakyLog):
        appends = 0

        def append(self, records: Sequence[Record], *, after: Position) -> Position:
            self.appends += 1
            return super().append(records, after=after)

    log = CountingLog()

    async def story(node: RegistryNode) -> None:
        schemas = [Schema(f'{{"type":"int","n":{number}}}') for number in range(20)]
        subjects = [S, T]
        outcomes = await asyncio.gather(
            *(node.execute(RegisterSchema(subjects[n % 2], schema)) for n, schema in enumerate(schemas)),
            node.execute(RegisterSchema(S, Schema('"string"'))),
            node.execute(DeleteSubject(T)),
            node.execute(RegisterSchema(T, Schema('"string"'))),
            return_exceptions=True,
        )
        assert isinstance(outcomes[20], errors.IncompatibleSchema)
        assert [stored.version for stored in queries.versions(node.state, T)] == [11]

    node = run(story, log)

    assert log.appends < 5
    assert replayed(log) == node.state


def test_a_batch_that_is_not_written_leaves_nothing_behind() -> None:
    log = FlakyLog()

    async def story(node: RegistryNode) -> None:
        await node.execute(RegisterSchema(S, FIRST))
        before = repr(node.state)
        log.fails_before = [LogFailed("the disk is full")]
        outcomes = await asyncio.gather(
            node.execute(RegisterSchema(S, SECOND)),
            node.execute(RegisterSchema(T, SECOND)),
            node.execute(RegisterSchema(T, SECOND)),
            node.execute(RegisterSchema(T, Schema('"string"'))),
            return_exceptions=True,
        )
        assert [type(outcome) for outcome in outcomes] == [LogFailed] * 4
        assert repr(node.state) == before

    run(story, log)


def test_the_node_stays_ready_while_it_waits_for_the_disk() -> None:
    readiness = []

    class WatchingLog(FlakyLog):
        node: RegistryNode

        def append(self, records: Sequence[Record], *, after: Position) -> Position:
            readiness.append(self.node.ready)
            return super().append(records, after=after)

    log = WatchingLog()

    async def story(node: RegistryNode) -> None:
        log.node = node
        await node.execute(RegisterSchema(S, FIRST))

    run(story, log)

    assert readiness == [True]


def test_readers_take_turns_with_writes_that_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    turns, seen = 0, set()

    def slowly(*_: object) -> Sequence[Event]:
        seen.add(turns)
        time.sleep(2 * batch._LONGEST_S)
        raise errors.SubjectNotFound(S)

    async def read() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def story(node: RegistryNode) -> None:
        monkeypatch.setattr(batch, "decide", slowly)
        reading = asyncio.create_task(read())
        await asyncio.gather(*(node.execute(DeleteSubject(S)) for _ in range(5)), return_exceptions=True)
        reading.cancel()

    run(story, FlakyLog())

    assert len(seen) == 5


def test_writes_that_come_together_are_carried_out_one_after_the_other() -> None:
    log = FlakyLog()

    async def story(node: RegistryNode) -> None:
        schemas = [Schema(f'{{"type":"int","n":{number}}}') for number in range(50)]
        await asyncio.gather(*(node.execute(RegisterSchema(S, schema)) for schema in schemas * 2))
        assert [stored.content.id for stored in queries.versions(node.state, S)] == list(range(1, 51))

    node = run(story, log)

    assert replayed(log) == node.state


def test_records_that_nobody_understands_are_skipped_and_told(caplog: pytest.LogCaptureFixture) -> None:
    log = FlakyLog()
    log.append(
        [
            registered(S, 1, 1, FIRST),
            Record(b"garbage", b"garbage", 0),
            registered(T, 1, 1, SECOND),
            registered(T, 1, 2, SECOND),
        ],
        after=START,
    )

    with caplog.at_level(logging.WARNING):
        state = replayed(log)

    assert sorted(state.ids(None).contents) == [1, 2]
    assert [record.__dict__["position"] for record in caplog.records] == [1, 2]
    assert "skipped a record" in caplog.text
    assert "gives id 1, which another schema holds, to 't' version 1" in caplog.text


def test_an_id_in_a_record_that_nobody_understands_is_given_all_the_same() -> None:
    log = FlakyLog()
    key = b'{"keytype":"SCHEMA","subject":"x","version":1,"magic":1}'
    log.append([Record(key, b'{"id":77,"schemaType":"XML","schema":"<x/>"}', 0)], after=START)

    async def story(node: RegistryNode) -> None:
        assert await node.execute(RegisterSchema(S, FIRST))

    assert run(story, log).state.ids(None).contents.keys() == {78}


def test_a_log_that_cannot_be_read_stops_the_start() -> None:
    log = FlakyLog()
    log.fails_reading = [LogFailed("the disk is gone")]

    async def main() -> None:
        await RegistryNode(in_memory(log), now_ms=lambda: 0).start()

    with pytest.raises(LogFailed):
        asyncio.run(main())


def test_ids_go_on_after_a_restart_even_if_the_last_one_was_erased() -> None:
    log = FlakyLog()

    async def before(node: RegistryNode) -> None:
        await node.execute(RegisterSchema(S, FIRST))
        await node.execute(DeleteSubject(S))
        await node.execute(DeleteSubject(S, permanent=True))

    async def after(node: RegistryNode) -> None:
        (event,) = await node.execute(RegisterSchema(S, FIRST))
        assert event == SchemaRegistered(S, Version(1), SchemaId(2), FIRST)

    run(before, log)
    run(after, log)
