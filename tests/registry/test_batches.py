"""Whatever is asked at once, and however the log fails: who asks is told, and the state is what the log adds up to."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Final
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.registry.core.commands import (
    LATEST,
    Command,
    DeleteConfig,
    DeleteMode,
    DeleteSubject,
    DeleteVersion,
    RegisterSchema,
    SetConfig,
    SetMode,
)
from accord.registry.core.config import ConfigChange
from accord.registry.core.contexts import DEFAULT_CONTEXT, Context, context_of
from accord.registry.core.decide import decide
from accord.registry.core.errors import RegistryError
from accord.registry.core.events import ContextSet, Event, SchemaRegistered
from accord.registry.core.modes import Mode
from accord.registry.core.state import RegistryState
from accord.registry.core.thinking import Question, outcome_of
from accord.registry.log.memory import MemoryLog, in_memory
from accord.registry.log.port import START, LogFailed, LoggedRecord, LogInDoubt, Position, Record
from accord.registry.log.records import decode, encode
from accord.registry.node import RegistryNode
from accord.registry.workers import Busy
from accord.schemas import CompatibilityLevel, Reference, Schema, SchemaId, Subject, Version

NOW_MS: Final = 1_700_000_000_000
PATIENCE_S: Final = 10
# Spaces do not change a schema, but so many of them are more than is looked at while others wait.
PADDING: Final = " " * 16_000

S, T = Subject("s"), Subject("t")
SUBJECTS = [S, S, T, Subject(":.eu:s"), Subject(":.us:s"), Subject(":.us:s")]
TEXTS = ['"int"', '"long"', '"string"', *(f'{{"type":"int","n":{n}}}' for n in range(5))]
F = Schema('{"type":"fixed","name":"F","size":1}')
ARRAY = Schema('{"type":"array","items":"F"}', references=(Reference("F", Subject("f"), Version(1)),))
# Ids that importers choose lie below those that are given, and each belongs to one schema.
GIVEN_FROM: Final = SchemaId(100)
SEED: Final[Sequence[Event]] = [
    ContextSet(DEFAULT_CONTEXT, GIVEN_FROM),
    ContextSet(Context(".eu"), GIVEN_FROM),
    SchemaRegistered(Subject("f"), Version(1), SchemaId(50), F),
]


class Mood(Enum):
    """How the log takes what is to be written."""

    FINE = auto()
    FULL = auto()
    LOST = auto()
    LANDED = auto()
    LANDED_AND_DEAF = auto()
    BROKEN = auto()
    TAKEN = auto()


class MoodyLog(MemoryLog):
    """A log that fails as it is told; it keeps what it has confirmed, and has itself looked at before each write."""

    def __init__(self) -> None:
        super().__init__()
        self.append([encode(event, NOW_MS) for event in SEED], after=START)
        self.moods: list[Mood] = []
        self.confirmed: list[Record] = []
        self.watch: Callable[[], None] = lambda: None
        self._deaf = False

    def read(self, after: Position, *, limit: int = 1000) -> Sequence[LoggedRecord]:
        if self._deaf:
            self._deaf = False
            raise LogFailed("not now")
        return super().read(after, limit=limit)

    def append(self, records: Sequence[Record], *, after: Position) -> Position:
        if not self._records:
            return super().append(records, after=after)
        self.watch()
        mood = self.moods.pop() if self.moods else Mood.FINE
        if mood is Mood.FULL:
            raise LogFailed("full")
        if mood is Mood.TAKEN:
            self._records += [
                LoggedRecord(Position(len(self._records)), record) for record in self.somebody_elses()
            ]
        position = after if mood is Mood.LOST else super().append(records, after=after)
        self._deaf = mood is Mood.LANDED_AND_DEAF
        if mood in {Mood.LOST, Mood.LANDED, Mood.LANDED_AND_DEAF}:
            raise LogInDoubt("no answer")
        if mood is Mood.BROKEN:
            raise RuntimeError("nobody has foreseen this")
        self.confirmed += records
        return position

    def somebody_elses(self) -> list[Record]:
        """What another writer, who knows the log as it is, registers now."""
        text = f'{{"type":"int","n":{len(self._records)}}}'
        try:
            events = decide(folded(self), RegisterSchema(S, Schema(text), force=True))
        except RegistryError:
            return []
        return [encode(event, NOW_MS) for event in events[:1]]

    def events(self) -> list[Event]:
        """All that it says."""
        decoded = (decode(logged.record) for logged in self._records)
        return [event for event in decoded if event is not None]


@dataclass(frozen=True)
class Asked:
    """A command; ``leaves`` says whether its asker goes away at once."""

    command: Command
    leaves: bool = False


@dataclass(frozen=True)
class Round:
    """What is asked at the same time, how the log behaves, and which questions find all workers busy."""

    asked: Sequence[Asked]
    moods: Sequence[Mood]
    busy: Sequence[bool]


@dataclass
class Reader:
    """Somebody who looks at the state whenever there is a chance."""

    node: RegistryNode
    log: MoodyLog
    complaints: list[object] = field(default_factory=list)
    _seen: int = -1

    def look(self) -> None:
        """Complain of whatever is not in the log."""
        state = self.node.state
        if self._seen == state.revision:
            return
        self._seen = state.revision
        durable = {
            (event.subject, event.version, event.schema_id)
            for event in self.log.events()
            if isinstance(event, SchemaRegistered)
        }
        self.complaints += {
            (stored.subject, stored.version, stored.content.id)
            for subject in list(state.subjects)
            for stored in state.versions(subject, deleted=True)
        } - durable

    async def keep_looking(self) -> None:
        """Look whenever others wait."""
        while True:
            self.look()
            await asyncio.sleep(0)


def folded(log: MoodyLog) -> RegistryState:
    return grown(RegistryState(), log.events())


def grown(state: RegistryState, events: Sequence[Event]) -> RegistryState:
    for event in events:
        state.apply(event, NOW_MS)
    return state


def shown(state: RegistryState) -> object:
    """What askers can see of ``state`` in which order; equality alone passes over the order."""
    return (
        [(subject, list(versions.values())) for subject, versions in state.subjects.items()],
        sorted(state.contexts),
        list(state.configs.items()),
        list(state.modes.items()),
        {target: list(who) for target, who in state.referrers.items()},
        {
            context: (
                ids.highest,
                list(ids.contents),
                [ids.versions_of(schema_id) for schema_id in ids.contents],
                [ids.with_text(content.schema.text) for content in ids.contents.values()],
                [ids.id_of(content.schema) for content in ids.contents.values()],
            )
            for context, ids in state.id_spaces.items()
        },
    )


def registers(subject: Subject, text: str, *, long: bool, **choices: Any) -> RegisterSchema:
    return RegisterSchema(subject, Schema(text + PADDING * long), **choices)


def imports(subject: Subject, number: int) -> RegisterSchema:
    return RegisterSchema(subject, Schema(TEXTS[number]), schema_id=SchemaId(number + 1))


anywhere = st.sampled_from(SUBJECTS)
scopes = st.one_of(st.none(), anywhere)
plain = st.builds(
    registers,
    anywhere,
    st.sampled_from(TEXTS),
    long=st.sampled_from([False, False, True]),
    force=st.booleans(),
)
registrations = st.one_of(
    plain, plain, plain, st.builds(lambda subject: RegisterSchema(subject, ARRAY), anywhere)
)
changes = st.one_of(
    st.builds(imports, st.sampled_from(SUBJECTS[:4]), st.integers(0, len(TEXTS) - 1)),
    st.builds(DeleteVersion, anywhere, st.sampled_from([Version(1), Version(2), LATEST]), st.booleans()),
    st.builds(DeleteSubject, anywhere, st.booleans()),
    st.builds(
        SetConfig,
        scopes,
        st.sampled_from([CompatibilityLevel.NONE, CompatibilityLevel.FULL_TRANSITIVE]).map(
            lambda level: ConfigChange(level=level)
        ),
    ),
    st.builds(DeleteConfig, scopes),
    st.builds(SetMode, anywhere, st.sampled_from([Mode.IMPORT, Mode.READWRITE]), st.just(value=True)),
    st.builds(DeleteMode, anywhere),
)
crowds = st.one_of(
    st.lists(st.builds(Asked, registrations), min_size=6, max_size=12),
    st.lists(st.builds(Asked, st.one_of(registrations, changes)), min_size=2, max_size=8),
    st.lists(st.builds(Asked, st.one_of(registrations, changes), st.booleans()), min_size=2, max_size=8),
)
rounds = st.builds(
    Round,
    crowds,
    st.lists(st.sampled_from(Mood), max_size=4),
    st.lists(st.booleans(), max_size=3),
)


async def play(story: Sequence[Round]) -> None:
    log = MoodyLog()
    node = RegistryNode(in_memory(log), now_ms=lambda: NOW_MS)
    await node.start()
    reader = Reader(node, log)
    log.watch = reader.look
    looking = asyncio.create_task(reader.keep_looking())
    for turn in story:
        await play_round(node, log, turn)
        assert reader.complaints == [], "readers saw what is not in the log"
    looking.cancel()
    await node.close()


async def play_round(node: RegistryNode, log: MoodyLog, turn: Round) -> None:
    busy = list(turn.busy)

    async def somewhere_else(question: Question[Any]) -> object:
        await asyncio.sleep(0)
        if busy and busy.pop():
            raise Busy
        return outcome_of(question)

    with patch.object(node._workers, "outcome_of", somewhere_else):
        log.moods, log.confirmed = list(turn.moods), []
        before = len(log.events())
        asking = [asyncio.create_task(node.execute(one.command)) for one in turn.asked]
        await asyncio.sleep(0)
        for task, one in zip(asking, turn.asked, strict=True):
            if one.leaves:
                task.cancel()
        _, waiting = await asyncio.wait(asking, timeout=PATIENCE_S)
        assert not waiting, "somebody waits for ever"
        outcomes = await asyncio.gather(*asking, return_exceptions=True)
        # Whoever has left is not waited for; this comes after what was begun.
        log.moods.clear()
        while node._tasks:
            await asyncio.wait(node._tasks)
        if not node.ready:
            await asyncio.gather(node.execute(DeleteConfig(Subject("none"))), return_exceptions=True)
    check(node, log, turn, outcomes)
    assert_one_after_the_other(log.events(), before, turn, outcomes)


def check(node: RegistryNode, log: MoodyLog, turn: Round, outcomes: Sequence[Any]) -> None:
    foreseen = (RegistryError, Busy, LogFailed, LogInDoubt, RuntimeError, asyncio.CancelledError)
    assert [one for one in outcomes if isinstance(one, BaseException) and not isinstance(one, foreseen)] == []
    told = Counter(
        encode(event, NOW_MS) for one in outcomes if not isinstance(one, BaseException) for event in one
    )
    confirmed = Counter(log.confirmed)
    assert told <= confirmed
    assert told == confirmed or any(one.leaves for one in turn.asked)
    assert node.state == folded(log)
    assert shown(node.state) == shown(folded(log))
    assert all(list(versions) == sorted(versions) for versions in node.state.subjects.values())
    assert_ids_keep_their_meaning(log.events())
    if Mood.TAKEN not in turn.moods:
        assert_in_order(turn, outcomes)


def assert_one_after_the_other(
    events: Sequence[Event], before: int, turn: Round, outcomes: Sequence[Any]
) -> None:
    """What came of each command is what it leads to where the log stood then."""
    told = [
        (one.command, list(outcome))
        for one, outcome in zip(turn.asked, outcomes, strict=True)
        if outcome and not isinstance(outcome, BaseException)
    ]
    state = grown(RegistryState(), events[:before])
    for place in range(before, len(events)):
        here = [one for one in told if one[1] == list(events[place : place + len(one[1])])]
        # Two commands may say the same; the other's turn comes later, or never if nothing is left to do.
        fitting = [one for one in here if outcome_in(state, one[0]) == one[1]]
        assert fitting or not here
        told = [one for one in told if not fitting or one is not fitting[0]]
        state.apply(events[place], NOW_MS)
    assert not told


def outcome_in(state: RegistryState, command: Command) -> list[Event]:
    try:
        return list(decide(state, command))
    except RegistryError:
        return []


def assert_ids_keep_their_meaning(events: Sequence[Event]) -> None:
    meanings: dict[tuple[Context, SchemaId], Schema] = {}
    for event in events:
        if isinstance(event, SchemaRegistered):
            place = context_of(event.subject), event.schema_id
            assert meanings.setdefault(place, event.schema) == event.schema


def assert_in_order(turn: Round, outcomes: Sequence[Any]) -> None:
    """Who registers first under a subject gets the earlier version, however long that was thought about."""
    commands = [one.command for one in turn.asked]
    if any(isinstance(command, DeleteSubject | DeleteVersion) for command in commands):
        return
    versions: dict[Subject, list[Version]] = {}
    for outcome in outcomes:
        for event in () if isinstance(outcome, BaseException) else outcome:
            if isinstance(event, SchemaRegistered) and event.schema_id > GIVEN_FROM:
                versions.setdefault(event.subject, []).append(event.version)
    assert all(given == sorted(given) for given in versions.values())


@settings(max_examples=60)
@given(st.lists(rounds, min_size=1, max_size=3))
def test_every_write_is_told_what_came_of_it_and_the_state_is_the_log(story: list[Round]) -> None:
    asyncio.run(play(story))


@pytest.mark.soak
@pytest.mark.timeout(600)
@settings(max_examples=1_000, deadline=None)
@given(st.lists(rounds, min_size=1, max_size=8))
def test_so_it_is_in_long_stories(story: list[Round]) -> None:
    asyncio.run(play(story))
