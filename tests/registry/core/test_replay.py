"""The log is all that is needed: reading it again gives the same state, byte for byte of every record."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from accord.registry.core.commands import (
    LATEST,
    LATEST_IN_REFERENCE,
    Command,
    DeleteConfig,
    DeleteContext,
    DeleteMode,
    DeleteSubject,
    DeleteVersion,
    RegisterSchema,
    SetConfig,
    SetMode,
)
from accord.registry.core.config import ConfigChange
from accord.registry.core.contexts import Context, context_of, within
from accord.registry.core.decide import decide
from accord.registry.core.errors import RegistryError
from accord.registry.core.events import SchemaRegistered
from accord.registry.core.modes import Mode
from accord.registry.core.state import RegistryState
from accord.registry.log.port import Record
from accord.registry.log.records import decode, encode
from accord.schemas import (
    CompatibilityLevel,
    DataRule,
    Metadata,
    Reference,
    RuleSet,
    Schema,
    SchemaId,
    Subject,
    Version,
)

SUBJECTS = st.sampled_from([Subject(name) for name in ("a", "ü/ß", ":.eu:a")])
SCOPES = st.one_of(st.none(), SUBJECTS, st.just(Subject(":.eu:")))
VERSIONS = st.integers(1, 4).map(Version)
PLAIN = st.sampled_from([Schema(f'{{"type":"fixed","name":"F","size":{size}}}') for size in range(1, 4)])
REFERRING = st.builds(
    lambda subject, version: Schema(
        '{"type":"array","items":"F"}', references=(Reference("F", subject, version),)
    ),
    SUBJECTS,
    st.one_of(VERSIONS, st.just(LATEST_IN_REFERENCE)),
)
DESCRIBED = st.builds(
    lambda schema, metadata, rule_set: replace(schema, metadata=metadata, rule_set=rule_set),
    PLAIN,
    st.sampled_from([Metadata(), Metadata(properties={"k": "v"}, sensitive=("k",))]),
    st.sampled_from(
        [None, RuleSet(domain_rules=(DataRule("r", kind="CONDITION", mode="READ", type="CEL"),))]
    ),
)
LEVELS = st.sampled_from([UNSET, None, CompatibilityLevel.NONE, CompatibilityLevel.FULL])

REGISTRATIONS: st.SearchStrategy[Command] = st.builds(
    RegisterSchema,
    SUBJECTS,
    st.one_of(PLAIN, PLAIN, REFERRING, DESCRIBED),
    force=st.sampled_from([True, True, False]),
    schema_id=st.one_of(st.none(), st.integers(0, 5).map(SchemaId)),
    version=st.sampled_from([None, None, None, -1, 2]),
)
DELETIONS: st.SearchStrategy[Command] = st.one_of(
    st.builds(DeleteVersion, SUBJECTS, st.one_of(VERSIONS, st.just(LATEST)), permanent=st.booleans()),
    st.builds(DeleteSubject, SUBJECTS, permanent=st.booleans()),
)
CONFIGURATIONS: st.SearchStrategy[Command] = st.one_of(
    st.builds(SetConfig, SCOPES, st.builds(ConfigChange, LEVELS)),
    st.builds(DeleteConfig, SCOPES),
    st.builds(SetMode, SCOPES, st.sampled_from([None, Mode.READWRITE, Mode.IMPORT]), force=st.booleans()),
    st.builds(DeleteMode, SCOPES, recursive=st.booleans()),
    st.builds(DeleteContext, st.just(Context(".eu"))),
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
def test_a_compacted_log_is_enough(commands: Sequence[Command]) -> None:
    live = RegistryState()
    compacted: dict[bytes, Record] = {}
    for at_ms, command in enumerate(commands):
        with suppress(RegistryError):
            for event in decide(live, command):
                live.apply(event, at_ms)
                record = encode(event, at_ms)
                # What compaction leaves: the last record of each key, in the order of the log, and no tombstones.
                compacted.pop(record.key, None)
                if record.value is not None:
                    compacted[record.key] = record

    replayed = RegistryState()
    for record in compacted.values():
        decoded = decode(record)
        assert decoded is not None
        replayed.apply(decoded, record.timestamp_ms)

    assert everything_in(replayed) == everything_in(live)


def everything_in(state: RegistryState) -> object:
    """All but the times, of which compaction keeps only the last."""
    return (
        {
            (subject, number): (stored.content.id, stored.content.fingerprint, stored.deleted)
            for subject, versions in state.subjects.items()
            for number, stored in versions.items()
        },
        state.configs,
        state.modes,
        state.contexts,
        {context: ids.highest for context, ids in state.id_spaces.items() if ids.highest},
        {target: set(referrers) for target, referrers in state.referrers.items()},
    )


@given(COMMANDS)
def test_an_id_means_one_content_for_ever_and_numbers_never_run_backwards(
    commands: Sequence[Command],
) -> None:
    state = RegistryState()
    contents: dict[tuple[Context, SchemaId], Schema] = {}
    for at_ms, command in enumerate(commands):
        with suppress(RegistryError):
            for event in decide(state, command):
                if isinstance(event, SchemaRegistered):
                    context = context_of(event.subject)
                    given_id = context, event.schema_id
                    if isinstance(command, RegisterSchema) and command.schema_id is not None:
                        # Who imports answers for the id; it may be one that was retired.
                        contents[given_id] = event.schema
                    assert contents.setdefault(given_id, event.schema) == event.schema
                    there = state.version(event.subject, event.version)
                    assert there is None or (there.deleted and there.content.schema == event.schema)
                state.apply(event, at_ms)
                for context, ids in state.id_spaces.items():
                    given_there = [number for where, number in contents if where == context]
                    assert ids.highest >= max(given_there, default=0)

    for versions in state.subjects.values():
        assert versions, "a subject without versions is no subject"
        for stored in versions.values():
            for reference in stored.content.schema.references:
                target = within(context_of(stored.subject), reference.subject)
                assert state.version(target, reference.version), "what is referred to is there"
    for referrers in state.referrers.values():
        assert all(state.version(*who) for who in referrers)
