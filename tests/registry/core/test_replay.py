"""The log is all that is needed: reading it again gives the same state, byte for byte of every record."""

from collections.abc import Sequence
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from accord.registry.core.commands import (
    LATEST,
    LATEST_IN_REFERENCE,
    Command,
    DeleteConfig,
    DeleteSubject,
    DeleteVersion,
    RegisterSchema,
    SetConfig,
)
from accord.registry.core.config import KEEP, ConfigChange
from accord.registry.core.decide import decide
from accord.registry.core.errors import RegistryError
from accord.registry.core.events import SchemaRegistered
from accord.registry.core.state import RegistryState
from accord.registry.log.port import Record
from accord.registry.log.records import decode, encode
from accord.schemas import CompatibilityLevel, Reference, Schema, SchemaId, Subject, Version

SUBJECTS = st.sampled_from([Subject(name) for name in ("a", "ü/ß")])
VERSIONS = st.integers(1, 4).map(Version)
PLAIN = st.sampled_from([Schema(f'{{"type":"fixed","name":"F","size":{size}}}') for size in range(1, 4)])
REFERRING = st.builds(
    lambda subject, version: Schema(
        '{"type":"array","items":"F"}', references=(Reference("F", subject, version),)
    ),
    SUBJECTS,
    st.one_of(VERSIONS, st.just(LATEST_IN_REFERENCE)),
)
LEVELS = st.sampled_from([KEEP, None, CompatibilityLevel.NONE, CompatibilityLevel.FULL])

REGISTRATIONS: st.SearchStrategy[Command] = st.builds(
    RegisterSchema, SUBJECTS, st.one_of(PLAIN, PLAIN, REFERRING), force=st.sampled_from([True, True, False])
)
DELETIONS: st.SearchStrategy[Command] = st.one_of(
    st.builds(DeleteVersion, SUBJECTS, st.one_of(VERSIONS, st.just(LATEST)), permanent=st.booleans()),
    st.builds(DeleteSubject, SUBJECTS, permanent=st.booleans()),
)
CONFIGURATIONS: st.SearchStrategy[Command] = st.one_of(
    st.builds(SetConfig, st.one_of(st.none(), SUBJECTS), st.builds(ConfigChange, LEVELS)),
    st.builds(DeleteConfig, st.one_of(st.none(), SUBJECTS)),
)
# Long enough, and registering often enough, that deletions find something to delete.
COMMANDS = st.lists(
    st.one_of(REGISTRATIONS, REGISTRATIONS, DELETIONS, DELETIONS, CONFIGURATIONS), min_size=20, max_size=60
)


@given(COMMANDS)
def test_replaying_the_log_rebuilds_the_state(commands: Sequence[Command]) -> None:
    live = RegistryState()
    log: list[Record] = []
    for at_ms, command in enumerate(commands):
        with suppress(RegistryError):
            for event in decide(live, command):
                live.apply(event, at_ms)
                log.append(encode(event, at_ms))

    replayed = RegistryState()
    for record in log:
        decoded = decode(record)
        assert decoded is not None
        replayed.apply(decoded, record.timestamp_ms)

    assert replayed == live


@given(COMMANDS)
def test_an_id_means_one_content_for_ever_and_numbers_never_run_backwards(
    commands: Sequence[Command],
) -> None:
    state = RegistryState()
    contents: dict[SchemaId, Schema] = {}
    for at_ms, command in enumerate(commands):
        with suppress(RegistryError):
            for event in decide(state, command):
                if isinstance(event, SchemaRegistered):
                    assert contents.setdefault(event.schema_id, event.schema) == event.schema
                    assert state.version(event.subject, event.version) is None
                state.apply(event, at_ms)
                assert state.ids.highest >= max(contents, default=0)

    for versions in state.subjects.values():
        assert versions, "a subject without versions is no subject"
        for stored in versions.values():
            for reference in stored.content.schema.references:
                assert state.version(reference.subject, reference.version), "what is referred to is there"
    for referrers in state.referrers.values():
        assert all(state.version(*who) for who in referrers)
