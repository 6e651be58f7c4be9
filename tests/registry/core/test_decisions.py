"""Given what happened, when this is asked, then that follows."""

from collections.abc import Sequence

import pytest

from accord.registry.core import errors
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
from accord.registry.core.config import Config, ConfigChange
from accord.registry.core.decide import decide
from accord.registry.core.events import (
    ConfigDeleted,
    ConfigSet,
    Event,
    SchemaRegistered,
    SubjectPermanentlyDeleted,
    SubjectSoftDeleted,
    VersionPermanentlyDeleted,
    VersionSoftDeleted,
)
from accord.registry.core.state import RegistryState
from accord.schemas import CompatibilityLevel, Reference, Schema, SchemaId, SchemaType, Subject, Version

S, T, U = Subject("s"), Subject("t"), Subject("u")


def record(*fields: str, name: str = "Event") -> Schema:
    return Schema(f'{{"type":"record","name":"{name}","fields":[{",".join(fields)}]}}')


ID = '{"name":"id","type":"long"}'
NOTE = '{"name":"note","type":"string","default":""}'
A = record(ID)
A_AND_NOTE = record(ID, NOTE)
A_AS_TEXT = record('{"name":"id","type":"string"}')
ADDRESS = record('{"name":"city","type":"string"}', name="Address")
USER_TEXT = record('{"name":"home","type":"Address"}', name="User").text


def user(subject: Subject = S, version: int = 1) -> Schema:
    return Schema(USER_TEXT, references=(Reference("Address", subject, Version(version)),))


def registered(subject: Subject, version: int, schema_id: int, schema: Schema) -> SchemaRegistered:
    return SchemaRegistered(subject, Version(version), SchemaId(schema_id), schema)


def hidden(subject: Subject, version: int, schema_id: int, schema: Schema) -> VersionSoftDeleted:
    return VersionSoftDeleted(subject, Version(version), SchemaId(schema_id), schema)


def erased(subject: Subject, version: int) -> VersionPermanentlyDeleted:
    return VersionPermanentlyDeleted(subject, Version(version))


def subject_hidden(subject: Subject, up_to: int) -> SubjectSoftDeleted:
    return SubjectSoftDeleted(subject, Version(up_to))


def delete(subject: Subject, version: int, *, permanent: bool = False) -> DeleteVersion:
    return DeleteVersion(subject, Version(version), permanent=permanent)


def level(subject: Subject | None, word: str) -> ConfigSet:
    return ConfigSet(subject, Config(CompatibilityLevel(word)))


def state_after(*events: Event) -> RegistryState:
    state = RegistryState()
    for number, event in enumerate(events):
        state.apply(event, number)
    return state


Story = tuple[Sequence[Event], Command, Sequence[Event]]

STORIES: dict[str, Story] = {
    "the first schema is version 1 with id 1": ([], RegisterSchema(S, A), [registered(S, 1, 1, A)]),
    "spelling does not matter": (
        [],
        RegisterSchema(S, Schema(' { "fields": [' + ID + '], "name": "Event", "type": "record" }')),
        [registered(S, 1, 1, A)],
    ),
    "the same content again is nothing new": ([registered(S, 1, 1, A)], RegisterSchema(S, A), []),
    "an older version again is nothing new": (
        [registered(S, 1, 1, A), registered(S, 2, 2, A_AND_NOTE)],
        RegisterSchema(S, A),
        [],
    ),
    "the same content under another subject keeps its id": (
        [registered(S, 1, 7, A)],
        RegisterSchema(T, A),
        [registered(T, 1, 7, A)],
    ),
    "a compatible schema is the next version with a new id": (
        [registered(S, 1, 1, A)],
        RegisterSchema(S, A_AND_NOTE),
        [registered(S, 2, 2, A_AND_NOTE)],
    ),
    "an id once given is never given again": (
        [registered(S, 1, 1, A), registered(S, 2, 2, A_AND_NOTE), hidden(S, 2, 2, A_AND_NOTE), erased(S, 2)],
        RegisterSchema(S, A_AND_NOTE),
        [registered(S, 2, 3, A_AND_NOTE)],
    ),
    "an id lives as long as any subject uses it": (
        [registered(S, 1, 1, A), registered(T, 1, 1, A), subject_hidden(S, 1), erased(S, 1)],
        RegisterSchema(U, A),
        [registered(U, 1, 1, A)],
    ),
    "a hidden schema registered again takes a new version and the old one goes": (
        [registered(S, 1, 1, A), registered(S, 2, 2, A_AND_NOTE), hidden(S, 2, 2, A_AND_NOTE)],
        RegisterSchema(S, A_AND_NOTE),
        [registered(S, 3, 2, A_AND_NOTE), erased(S, 2)],
    ),
    "a hidden version that others refer to stays when its schema is registered again": (
        [
            registered(S, 1, 1, ADDRESS),
            registered(T, 1, 2, user()),
            hidden(T, 1, 2, user()),
            hidden(S, 1, 1, ADDRESS),
        ],
        RegisterSchema(S, ADDRESS),
        [registered(S, 2, 1, ADDRESS)],
    ),
    "a hidden subject starts after its highest version": (
        [registered(S, 1, 1, A), registered(S, 2, 2, A_AND_NOTE), subject_hidden(S, 2)],
        RegisterSchema(S, A_AS_TEXT),
        [registered(S, 3, 3, A_AS_TEXT)],
    ),
    "after everything was erased numbers begin at 1 and ids go on": (
        [registered(S, 1, 1, A), subject_hidden(S, 1), erased(S, 1), SubjectPermanentlyDeleted(S)],
        RegisterSchema(S, A),
        [registered(S, 1, 2, A)],
    ),
    "hidden versions do not count in the check": (
        [registered(S, 1, 1, A), hidden(S, 1, 1, A)],
        RegisterSchema(S, A_AS_TEXT),
        [registered(S, 2, 2, A_AS_TEXT)],
    ),
    "force skips the check": (
        [registered(S, 1, 1, A)],
        RegisterSchema(S, A_AS_TEXT, force=True),
        [registered(S, 2, 2, A_AS_TEXT)],
    ),
    "level NONE takes anything": (
        [registered(S, 1, 1, A), level(S, "NONE")],
        RegisterSchema(S, A_AS_TEXT),
        [registered(S, 2, 2, A_AS_TEXT)],
    ),
    "the level for all counts where a subject has none": (
        [registered(S, 1, 1, A), level(None, "NONE")],
        RegisterSchema(S, A_AS_TEXT),
        [registered(S, 2, 2, A_AS_TEXT)],
    ),
    "normalize stores the normal form": (
        [],
        RegisterSchema(S, Schema('{"type":"long","z":1,"a":2}'), normalize=True),
        [registered(S, 1, 1, Schema('{"type":"long","a":2,"z":1}'))],
    ),
    "normalize can be configured": (
        [ConfigSet(S, Config(normalize=True))],
        RegisterSchema(S, Schema('{"type":"long","z":1,"a":2}')),
        [registered(S, 1, 1, Schema('{"type":"long","a":2,"z":1}'))],
    ),
    "a reference to the newest version is frozen": (
        [
            registered(S, 1, 1, ADDRESS),
            registered(S, 2, 2, record('{"name":"city","type":"string"}', NOTE, name="Address")),
        ],
        RegisterSchema(T, user(S, LATEST_IN_REFERENCE)),
        [registered(T, 1, 3, user(S, 2))],
    ),
    "a reference leads on to further ones": (
        [registered(S, 1, 1, ADDRESS), registered(T, 1, 2, user())],
        RegisterSchema(
            U,
            Schema(
                record('{"name":"owner","type":"User"}', name="House").text,
                references=(Reference("User", T, Version(1)),),
            ),
        ),
        [
            registered(
                U,
                1,
                3,
                Schema(
                    record('{"name":"owner","type":"User"}', name="House").text,
                    references=(Reference("User", T, Version(1)),),
                ),
            )
        ],
    ),
    "the id that a schema has may be asked for": (
        [registered(S, 1, 4, A)],
        RegisterSchema(S, A, schema_id=SchemaId(4)),
        [],
    ),
    "a version is hidden": ([registered(S, 1, 1, A)], delete(S, 1), [hidden(S, 1, 1, A)]),
    "latest is the newest that is not hidden": (
        [registered(S, 1, 1, A), registered(S, 2, 2, A_AND_NOTE), hidden(S, 2, 2, A_AND_NOTE)],
        DeleteVersion(S, LATEST),
        [hidden(S, 1, 1, A)],
    ),
    "a hidden version is erased": (
        [registered(S, 1, 1, A), registered(S, 2, 2, A_AND_NOTE), hidden(S, 1, 1, A)],
        delete(S, 1, permanent=True),
        [erased(S, 1)],
    ),
    "with its last version a subject and its configuration go": (
        [registered(S, 1, 1, A), level(S, "FULL"), hidden(S, 1, 1, A)],
        delete(S, 1, permanent=True),
        [erased(S, 1), ConfigDeleted(S), SubjectPermanentlyDeleted(S)],
    ),
    "a subject is hidden up to its highest version": (
        [registered(S, 1, 1, A), registered(S, 2, 2, A_AND_NOTE)],
        DeleteSubject(S),
        [subject_hidden(S, 2)],
    ),
    "a hidden subject is erased, the newest version first": (
        [registered(S, 1, 1, A), registered(S, 2, 2, A_AND_NOTE), level(S, "FULL"), subject_hidden(S, 2)],
        DeleteSubject(S, permanent=True),
        [erased(S, 2), erased(S, 1), ConfigDeleted(S), SubjectPermanentlyDeleted(S)],
    ),
    "what hidden schemas refer to can be hidden": (
        [registered(S, 1, 1, ADDRESS), registered(T, 1, 2, user()), subject_hidden(T, 1)],
        DeleteSubject(S),
        [subject_hidden(S, 1)],
    ),
    "a configuration is merged": (
        [ConfigSet(S, Config(normalize=True))],
        SetConfig(S, ConfigChange(level=CompatibilityLevel.FULL)),
        [ConfigSet(S, Config(CompatibilityLevel.FULL, normalize=True))],
    ),
    "None clears a part of a configuration": (
        [level(S, "FULL")],
        SetConfig(S, ConfigChange(level=None)),
        [ConfigSet(S, Config())],
    ),
    "a configuration that says nothing is one": ([], SetConfig(S, ConfigChange()), [ConfigSet(S, Config())]),
    "the same configuration again is nothing new": (
        [level(None, "FULL")],
        SetConfig(None, ConfigChange(level=CompatibilityLevel.FULL)),
        [],
    ),
    "a configuration is taken back": ([level(S, "FULL")], DeleteConfig(S), [ConfigDeleted(S)]),
    "where nothing is configured for all there is nothing to take back": ([], DeleteConfig(None), []),
}


@pytest.mark.parametrize(("given", "when", "then"), STORIES.values(), ids=STORIES)
def test_what_is_asked_leads_to_events(given: Sequence[Event], when: Command, then: Sequence[Event]) -> None:
    assert list(decide(state_after(*given), when)) == list(then)


Refusal = tuple[Sequence[Event], Command, type[errors.RegistryError], str]

REFUSALS: dict[str, Refusal] = {
    "an incompatible schema": (
        [registered(S, 1, 1, A)],
        RegisterSchema(S, A_AS_TEXT),
        errors.IncompatibleSchema,
        "incompatible with an earlier schema for subject \"s\", details: [{errorType:'TYPE_MISMATCH'",
    ),
    "a level of its own hides the level for all": (
        [registered(S, 1, 1, A), level(None, "NONE"), level(S, "BACKWARD")],
        RegisterSchema(S, A_AS_TEXT),
        errors.IncompatibleSchema,
        "TYPE_MISMATCH",
    ),
    "a configuration without a level means the default, not the level for all": (
        [registered(S, 1, 1, A), level(None, "NONE"), ConfigSet(S, Config(normalize=True))],
        RegisterSchema(S, A_AS_TEXT),
        errors.IncompatibleSchema,
        "TYPE_MISMATCH",
    ),
    "a transitive level looks at every version": (
        [registered(S, 1, 1, A), registered(S, 2, 2, A_AS_TEXT), level(S, "BACKWARD_TRANSITIVE")],
        RegisterSchema(S, record('{"name":"id","type":"string"}', NOTE)),
        errors.IncompatibleSchema,
        "oldSchemaVersion: 1",
    ),
    "no schema": ([], RegisterSchema(S, Schema(" ")), errors.EmptySchema, "Empty schema"),
    "a broken schema": (
        [],
        RegisterSchema(S, Schema("{")),
        errors.SchemaRefused,
        "Invalid schema of type AVRO, details: ",
    ),
    "a type that is not built": (
        [],
        RegisterSchema(S, Schema("{}", SchemaType.JSON)),
        errors.SchemaRefused,
        "Invalid schema of type JSON",
    ),
    "a reference to nothing": (
        [],
        RegisterSchema(T, user()),
        errors.SchemaRefused,
        'No schema reference found for subject "s" and version 1',
    ),
    "a reference to what is hidden": (
        [registered(S, 1, 1, ADDRESS), hidden(S, 1, 1, ADDRESS)],
        RegisterSchema(T, user()),
        errors.SchemaRefused,
        "No schema reference found",
    ),
    "an id of one's own": (
        [],
        RegisterSchema(S, A, schema_id=SchemaId(9)),
        errors.NotInImportMode,
        "Subject s is not in import mode",
    ),
    "a reserved name": (
        [],
        RegisterSchema(Subject("__GLOBAL"), A),
        errors.InvalidSubject,
        "subject '__GLOBAL' is not a valid",
    ),
    "a name with a control character": (
        [],
        RegisterSchema(Subject("a\nb"), A),
        errors.InvalidSubject,
        "is not a valid subject",
    ),
    "a name that a path did not spell in UTF-8": (
        [],
        SetConfig(Subject("a\N{REPLACEMENT CHARACTER}"), ConfigChange()),
        errors.InvalidSubject,
        "is not a valid subject",
    ),
    "a context": ([], RegisterSchema(Subject(":.c:s"), A), errors.NotServedYet, "Contexts"),
    "deleting a subject that is not there": (
        [],
        DeleteSubject(S),
        errors.SubjectNotFound,
        "Subject 's' not found.",
    ),
    "deleting a version of a subject that is not there": (
        [],
        delete(S, 1),
        errors.SubjectNotFound,
        "'s' not found.",
    ),
    "deleting the latest version of a subject that is not there": (
        [],
        DeleteVersion(S, LATEST),
        errors.SubjectNotFound,
        "'s' not found.",
    ),
    "deleting a version that is not there": (
        [registered(S, 1, 1, A)],
        delete(S, 2),
        errors.VersionNotFound,
        "Version 2 not found.",
    ),
    "hiding a hidden version": (
        [registered(S, 1, 1, A), hidden(S, 1, 1, A)],
        delete(S, 1),
        errors.VersionAlreadyDeleted,
        "Subject 's' Version 1 was soft deleted.",
    ),
    "hiding a hidden subject": (
        [registered(S, 1, 1, A), subject_hidden(S, 1)],
        DeleteSubject(S),
        errors.SubjectAlreadyDeleted,
        "Subject 's' was soft deleted.",
    ),
    "erasing a live version": (
        [registered(S, 1, 1, A)],
        delete(S, 1, permanent=True),
        errors.VersionNotSoftDeleted,
        "was not deleted first",
    ),
    "erasing a live subject": (
        [registered(S, 1, 1, A), registered(S, 2, 2, A_AND_NOTE), hidden(S, 1, 1, A)],
        DeleteSubject(S, permanent=True),
        errors.SubjectNotSoftDeleted,
        "was not deleted first",
    ),
    "hiding a version that live schemas refer to": (
        [registered(S, 1, 1, ADDRESS), registered(T, 1, 2, user())],
        delete(S, 1),
        errors.ReferenceExists,
        "{magic=1,keytype=SCHEMA,subject=s,version=1}",
    ),
    "hiding a subject that live schemas refer to": (
        [registered(S, 1, 1, ADDRESS), registered(T, 1, 2, user())],
        DeleteSubject(S),
        errors.ReferenceExists,
        "One or more references exist",
    ),
    "erasing what hidden schemas refer to": (
        [
            registered(S, 1, 1, ADDRESS),
            registered(T, 1, 2, user()),
            subject_hidden(T, 1),
            subject_hidden(S, 1),
        ],
        DeleteSubject(S, permanent=True),
        errors.ReferenceExists,
        "One or more references exist",
    ),
    "taking back what is not configured": ([], DeleteConfig(S), errors.SubjectNotFound, "'s' not found."),
}


@pytest.mark.parametrize(("given", "when", "error", "words"), REFUSALS.values(), ids=REFUSALS)
def test_what_cannot_be_is_refused(
    given: Sequence[Event], when: Command, error: type[errors.RegistryError], words: str
) -> None:
    state = state_after(*given)

    with pytest.raises(error) as refusal:
        decide(state, when)

    assert words in refusal.value.message
    assert refusal.value.hint
    assert state == state_after(*given), "deciding changes nothing"


def test_a_refusal_names_who_refers_to_what_was_to_go() -> None:
    state = state_after(registered(S, 1, 1, ADDRESS), registered(T, 1, 2, user()))

    with pytest.raises(errors.ReferenceExists) as refusal:
        decide(state, DeleteSubject(S))

    assert refusal.value.referrers == ((T, Version(1)),)
    assert "'t' version 1" in refusal.value.hint


def test_every_failing_version_is_reported() -> None:
    state = state_after(
        registered(S, 1, 1, A), registered(S, 2, 2, A_AND_NOTE), level(S, "BACKWARD_TRANSITIVE")
    )

    with pytest.raises(errors.IncompatibleSchema) as refusal:
        decide(state, RegisterSchema(S, A_AS_TEXT))

    assert {finding.version for finding in refusal.value.report.findings} == {1, 2}


def test_a_subject_says_which_versions_its_deletion_hid() -> None:
    state = state_after(registered(S, 1, 1, A), registered(S, 2, 2, A_AND_NOTE), hidden(S, 1, 1, A))

    (event,) = decide(state, DeleteSubject(S))

    assert isinstance(event, SubjectSoftDeleted)
    assert event.hidden == (2,)


def test_an_id_that_another_content_holds_is_refused_and_changes_nothing() -> None:
    state = state_after(registered(S, 1, 1, A))

    with pytest.raises(errors.IdHeld):
        state.apply(registered(T, 1, 1, A_AND_NOTE), 0)

    assert state == state_after(registered(S, 1, 1, A))


def test_versions_stay_in_order_however_they_came() -> None:
    state = state_after(
        registered(S, 3, 1, A), registered(S, 1, 2, A_AND_NOTE), registered(S, 2, 3, A_AS_TEXT)
    )

    assert [stored.version for stored in state.versions(S, deleted=True)] == [1, 2, 3]
    latest = state.latest(S)
    assert latest is not None
    assert latest.version == 3
