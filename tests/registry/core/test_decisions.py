"""Given what happened, when this is asked, then that follows."""

from collections.abc import Sequence

import pytest

from accord.registry.core import errors
from accord.registry.core.commands import (
    LATEST,
    LATEST_IN_REFERENCE,
    NEXT_VERSION,
    Command,
    DeleteConfig,
    DeleteContext,
    DeleteMode,
    DeleteSubject,
    DeleteVersion,
    RegisterSchema,
    SetConfig,
    SetMode,
    TagChange,
)
from accord.registry.core.config import Config, ConfigChange
from accord.registry.core.contexts import DEFAULT_CONTEXT, Context
from accord.registry.core.decide import decide
from accord.registry.core.events import (
    ConfigDeleted,
    ConfigSet,
    ContextDeleted,
    ContextSet,
    Event,
    ModeDeleted,
    ModeSet,
    SchemaRegistered,
    SubjectPermanentlyDeleted,
    SubjectSoftDeleted,
    VersionPermanentlyDeleted,
    VersionSoftDeleted,
)
from accord.registry.core.modes import Mode
from accord.registry.core.policy import Policy
from accord.registry.core.state import RegistryState
from accord.schemas import (
    CompatibilityLevel,
    DataRule,
    Metadata,
    Reference,
    RuleSet,
    Schema,
    SchemaEntity,
    SchemaId,
    SchemaTags,
    SchemaType,
    Subject,
    Version,
)

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


EU = Context(".eu")
IN_EU, ALL_OF_EU = Subject(":.eu:s"), Subject(":.eu:")
RULES = RuleSet(
    domain_rules=(DataRule(name="check", kind="CONDITION", mode="WRITE", type="CEL", expr="true"),)
)
EMAIL = SchemaTags(SchemaEntity("Event.id", "sr_field"), ("PII",))
TAGGED = record('{"name":"id","type":"long","confluent:tags":["PII"]}')


def with_metadata(schema: Schema, **properties: str) -> Schema:
    return Schema(
        schema.text,
        schema.type,
        schema.references,
        Metadata(properties={name.replace("__", ":"): value for name, value in properties.items()}),
    )


def imported(
    schema: Schema, schema_id: int | None, version: int | None = None, subject: Subject = S
) -> RegisterSchema:
    return RegisterSchema(
        subject, schema, schema_id=None if schema_id is None else SchemaId(schema_id), version=version
    )


def highest(schema_id: int, context: Context = DEFAULT_CONTEXT) -> ContextSet:
    return ContextSet(context, SchemaId(schema_id))


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
    "with its last version a subject and what is set for it go": (
        [registered(S, 1, 1, A), level(S, "FULL"), ModeSet(S, Mode.READWRITE), hidden(S, 1, 1, A)],
        delete(S, 1, permanent=True),
        [highest(1), erased(S, 1), ConfigDeleted(S), ModeDeleted(S), SubjectPermanentlyDeleted(S)],
    ),
    "a subject is hidden up to its highest version": (
        [registered(S, 1, 1, A), registered(S, 2, 2, A_AND_NOTE)],
        DeleteSubject(S),
        [subject_hidden(S, 2)],
    ),
    "a hidden subject is erased, the newest version first": (
        [registered(S, 1, 1, A), registered(S, 2, 2, A_AND_NOTE), level(S, "FULL"), subject_hidden(S, 2)],
        DeleteSubject(S, permanent=True),
        [highest(2), erased(S, 2), erased(S, 1), ConfigDeleted(S), SubjectPermanentlyDeleted(S)],
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
    "metadata makes another schema of the same text": (
        [registered(S, 1, 1, A)],
        RegisterSchema(S, with_metadata(A, owner="x")),
        [registered(S, 2, 2, with_metadata(A, owner="x"))],
    ),
    "who sends no metadata finds the schema that has the newest version's": (
        [registered(S, 1, 1, with_metadata(A, owner="x"))],
        RegisterSchema(S, A),
        [],
    ),
    "who sends no metadata gets that of the version before": (
        [registered(S, 1, 1, with_metadata(A, owner="x"))],
        RegisterSchema(S, A_AND_NOTE),
        [registered(S, 2, 2, with_metadata(A_AND_NOTE, owner="x"))],
    ),
    "who sends empty metadata gets none": (
        [registered(S, 1, 1, with_metadata(A, owner="x"))],
        RegisterSchema(S, Schema(A_AND_NOTE.text, metadata=Metadata())),
        [registered(S, 2, 2, A_AND_NOTE)],
    ),
    "metadata alone makes a new version of the newest text": (
        [registered(S, 1, 1, A)],
        RegisterSchema(S, Schema("", metadata=Metadata(properties={"owner": "x"}))),
        [registered(S, 2, 2, with_metadata(A, owner="x"))],
    ),
    "default metadata lies under what was sent and override metadata over it": (
        [
            ConfigSet(
                S,
                Config(
                    default_metadata=Metadata(properties={"owner": "d", "team": "d", "zone": "d"}),
                    override_metadata=Metadata(properties={"zone": "o"}),
                ),
            )
        ],
        RegisterSchema(S, with_metadata(A, owner="x", zone="x")),
        [registered(S, 1, 1, with_metadata(A, owner="x", team="d", zone="o"))],
    ),
    "what has got its default metadata is there the next time": (
        [
            ConfigSet(S, Config(default_metadata=Metadata(properties={"owner": "d"}))),
            registered(S, 1, 1, with_metadata(A, owner="d")),
        ],
        RegisterSchema(S, A),
        [],
    ),
    "a rule set is kept": (
        [],
        RegisterSchema(S, Schema(A.text, rule_set=RULES)),
        [registered(S, 1, 1, Schema(A.text, rule_set=RULES))],
    ),
    "who sends no rules gets those of the version before": (
        [registered(S, 1, 1, Schema(A.text, rule_set=RULES))],
        RegisterSchema(S, A_AND_NOTE),
        [registered(S, 2, 2, Schema(A_AND_NOTE.text, rule_set=RULES))],
    ),
    "a version number asked for is kept with the schema": (
        [registered(S, 1, 1, A)],
        RegisterSchema(S, A_AND_NOTE, version=2),
        [registered(S, 2, 2, with_metadata(A_AND_NOTE, confluent__version="2"))],
    ),
    "a new version can be made of a text that is there": (
        [registered(S, 1, 1, A)],
        RegisterSchema(S, A, version=NEXT_VERSION),
        [registered(S, 2, 2, with_metadata(A, confluent__version="2"))],
    ),
    "once version numbers were asked for, every version says its own": (
        [registered(S, 1, 1, with_metadata(A, confluent__version="1", owner="x"))],
        RegisterSchema(S, A_AND_NOTE),
        [registered(S, 2, 2, with_metadata(A_AND_NOTE, confluent__version="2", owner="x"))],
    ),
    "a number that a version says of itself does not make it another schema": (
        [registered(S, 1, 1, with_metadata(A, confluent__version="1"))],
        RegisterSchema(S, A),
        [],
    ),
    "versions are compared within their group": (
        [
            ConfigSet(S, Config(compatibility_group="major")),
            registered(S, 1, 1, with_metadata(A, major="1")),
        ],
        RegisterSchema(S, with_metadata(A_AS_TEXT, major="2")),
        [registered(S, 2, 2, with_metadata(A_AS_TEXT, major="2"))],
    ),
    "tags are put into the text": (
        [registered(S, 1, 1, A)],
        RegisterSchema(S, A, tags=TagChange(add=(EMAIL,))),
        [registered(S, 2, 2, TAGGED)],
    ),
    "tags of the version before can be kept": (
        [registered(S, 1, 1, TAGGED)],
        RegisterSchema(S, A_AND_NOTE, tags=TagChange(propagate=True)),
        [registered(S, 2, 2, record('{"name":"id","type":"long","confluent:tags":["PII"]}', NOTE))],
    ),
    "the first schema of a context makes it, and its ids begin at 1": (
        [registered(S, 1, 7, A)],
        RegisterSchema(IN_EU, A_AND_NOTE),
        [highest(0, EU), registered(IN_EU, 1, 1, A_AND_NOTE)],
    ),
    "a bare reference means the context in which it stands": (
        [registered(S, 1, 1, A), registered(IN_EU, 1, 1, ADDRESS)],
        RegisterSchema(Subject(":.eu:t"), user()),
        [registered(Subject(":.eu:t"), 1, 2, user())],
    ),
    "a reference may lead to another context": (
        [registered(IN_EU, 1, 1, ADDRESS)],
        RegisterSchema(T, user(IN_EU)),
        [registered(T, 1, 1, user(IN_EU))],
    ),
    "named contexts do not take over what is set for the default one": (
        [level(None, "NONE"), registered(IN_EU, 1, 1, A), level(ALL_OF_EU, "FORWARD")],
        RegisterSchema(IN_EU, record(ID, '{"name":"n","type":"int"}')),
        [registered(IN_EU, 2, 2, record(ID, '{"name":"n","type":"int"}'))],
    ),
    "an empty context is forgotten and its ids stay given": (
        [highest(0, EU), registered(IN_EU, 1, 4, A), hidden(IN_EU, 1, 4, A), erased(IN_EU, 1)],
        DeleteContext(EU),
        [ContextDeleted(EU, SchemaId(4))],
    ),
    "a context that nobody knows is not there already": ([], DeleteContext(EU), []),
    "the default context stays": ([], DeleteContext(DEFAULT_CONTEXT), []),
    "a mode is set": ([], SetMode(S, Mode.READONLY), [ModeSet(S, Mode.READONLY)]),
    "the same mode again is nothing new": ([ModeSet(S, Mode.READONLY)], SetMode(S, Mode.READONLY), []),
    "a mode is taken back": ([ModeSet(S, Mode.READONLY)], DeleteMode(S), [ModeDeleted(S)]),
    "no mode takes it back too": ([ModeSet(S, Mode.READONLY)], SetMode(S, None), [ModeDeleted(S)]),
    "modes are taken back in a whole context": (
        [ModeSet(ALL_OF_EU, Mode.READONLY), ModeSet(IN_EU, Mode.READWRITE), ModeSet(S, Mode.READONLY)],
        DeleteMode(ALL_OF_EU, recursive=True),
        [ModeDeleted(ALL_OF_EU), ModeDeleted(IN_EU)],
    ),
    "what is there can be registered again where nothing may be written": (
        [registered(S, 1, 1, A), ModeSet(S, Mode.READONLY)],
        RegisterSchema(S, A),
        [],
    ),
    "a subject may be written to in a context that may not": (
        [ModeSet(None, Mode.READONLY_OVERRIDE), ModeSet(S, Mode.READWRITE)],
        RegisterSchema(S, A),
        [registered(S, 1, 1, A)],
    ),
    "an import says id and version, and nothing is compared": (
        [registered(S, 1, 1, A), ModeSet(S, Mode.IMPORT)],
        imported(A_AS_TEXT, 700, 5),
        [registered(S, 5, 700, A_AS_TEXT)],
    ),
    "an import without a version takes the next one": (
        [ModeSet(S, Mode.IMPORT), registered(S, 4, 9, A)],
        imported(A_AND_NOTE, 0),
        [registered(S, 5, 0, A_AND_NOTE)],
    ),
    "an import takes what a new schema may not have": (
        [ModeSet(S, Mode.IMPORT)],
        imported(record('{"name":"n","type":"int","default":"x"}'), 1, 1),
        [registered(S, 1, 1, record('{"name":"n","type":"int","default":"x"}'))],
    ),
    "an import may leave the version to the registry": (
        [ModeSet(S, Mode.IMPORT), registered(S, 4, 9, A)],
        imported(A_AND_NOTE, 10, NEXT_VERSION),
        [registered(S, 5, 10, A_AND_NOTE)],
    ),
    "the same import again is nothing new": (
        [ModeSet(S, Mode.IMPORT), registered(S, 1, 1, A), registered(S, 2, 1, A)],
        imported(A, 1, 1),
        [],
    ),
    "the id 0 is one": (
        [registered(S, 1, 0, A)],
        RegisterSchema(T, A),
        [registered(T, 1, 0, A)],
    ),
    "a content that an import gave a second id keeps one when the first goes": (
        [registered(S, 1, 500, A), registered(S, 2, 503, A), hidden(S, 1, 500, A), erased(S, 1)],
        RegisterSchema(T, A),
        [registered(T, 1, 503, A)],
    ),
    "where IMPORT counts already it can be said again": (
        [ModeSet(None, Mode.IMPORT), registered(S, 1, 1, A)],
        SetMode(None, Mode.IMPORT),
        [],
    ),
    "an import brings back what was hidden": (
        [ModeSet(S, Mode.IMPORT), registered(S, 1, 1, A), hidden(S, 1, 1, A)],
        imported(A, 1, 1),
        [registered(S, 1, 1, A)],
    ),
    "the mode IMPORT erases what is hidden": (
        [registered(S, 1, 1, A), hidden(S, 1, 1, A)],
        SetMode(S, Mode.IMPORT),
        [highest(1), erased(S, 1), ModeSet(S, Mode.IMPORT)],
    ),
    "the mode IMPORT can be forced": (
        [registered(S, 1, 1, A)],
        SetMode(S, Mode.IMPORT, force=True),
        [ModeSet(S, Mode.IMPORT)],
    ),
    "new schemas may have what the subject does not validate": (
        [ConfigSet(S, Config(validate_new_schemas=False))],
        RegisterSchema(S, record('{"name":"n","type":"int","default":"x"}')),
        [registered(S, 1, 1, record('{"name":"n","type":"int","default":"x"}'))],
    ),
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
    "a schema of another type": (
        [],
        RegisterSchema(S, Schema("{}", SchemaType.PROTOBUF)),
        errors.SchemaRefused,
        "Invalid schema of type PROTOBUF, details: ",
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
        "Subject s in context  is not in import mode",
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
    "a whole context": (
        [],
        RegisterSchema(ALL_OF_EU, A),
        errors.InvalidSubject,
        "subject ':.eu:' is not a valid",
    ),
    "the room above all contexts": (
        [],
        RegisterSchema(Subject(":.__GLOBAL:s"), A),
        errors.InvalidSubject,
        "is not a valid subject",
    ),
    "every context at once": (
        [],
        RegisterSchema(Subject(":*:s"), A),
        errors.InvalidSubject,
        "is not a valid subject",
    ),
    "a version number that is not the next one": (
        [registered(S, 1, 1, A)],
        RegisterSchema(S, A_AND_NOTE, version=5),
        errors.WrongVersion,
        "Version is not one more than previous version",
    ),
    "rules that nobody could carry out": (
        [],
        RegisterSchema(S, Schema(A.text, rule_set=RuleSet(domain_rules=(DataRule(name="1"),)))),
        errors.InvalidRuleSet,
        "'1' is no name of a rule",
    ),
    "rules for all that nobody could carry out": (
        [],
        SetConfig(S, ConfigChange(default_rule_set=RuleSet(migration_rules=RULES.domain_rules))),
        errors.InvalidRuleSet,
        "the rule 'check' has the mode WRITE",
    ),
    "tags on what is not there": (
        [],
        RegisterSchema(
            S, A, tags=TagChange(add=(SchemaTags(SchemaEntity("Event.wat", "sr_field"), ("PII",)),))
        ),
        errors.SchemaRefused,
        "Event.wat",
    ),
    "writing where nothing may be written": (
        [ModeSet(S, Mode.READONLY)],
        RegisterSchema(S, A),
        errors.ReadOnly,
        "Subject s in context  is in read-only mode",
    ),
    "writing in a context where nothing may be written": (
        [ModeSet(ALL_OF_EU, Mode.READONLY)],
        RegisterSchema(IN_EU, A),
        errors.ReadOnly,
        "Subject :.eu:s in context :.eu: is in read-only mode",
    ),
    "deleting where nothing may be written": (
        [registered(S, 1, 1, A), ModeSet(None, Mode.READONLY)],
        DeleteSubject(S),
        errors.ReadOnly,
        "read-only",
    ),
    "configuring where nothing may be written": (
        [ModeSet(S, Mode.READONLY)],
        SetConfig(S, ConfigChange(normalize=True)),
        errors.ReadOnly,
        "read-only",
    ),
    "an import without an id": (
        [ModeSet(S, Mode.IMPORT)],
        imported(A, None),
        errors.ImportNeedsId,
        "Subject s in context  is not in read-write mode",
    ),
    "an import under an id that another schema has": (
        [ModeSet(S, Mode.IMPORT), registered(T, 1, 7, A)],
        imported(A_AND_NOTE, 7, 1),
        errors.IdTaken,
        "Overwrite new schema with id 7 is not permitted.",
    ),
    "an import in place of another version": (
        [ModeSet(S, Mode.IMPORT), registered(S, 1, 7, A)],
        imported(A_AND_NOTE, 8, 1),
        errors.VersionTaken,
        "Overwrite of 's' version 1",
    ),
    "an import that takes a version from its id": (
        [ModeSet(S, Mode.IMPORT), registered(S, 1, 600, A)],
        imported(A, 601, 1),
        errors.VersionTaken,
        "Overwrite of 's' version 1 with another schema or id",
    ),
    "a schema when the highest id is given": (
        [registered(S, 1, 2**31 - 1, A)],
        RegisterSchema(T, A_AND_NOTE),
        errors.IdsExhausted,
        "No schema id is left in this context",
    ),
    "an incompatible schema under a wrong version number": (
        [registered(S, 1, 1, A)],
        RegisterSchema(S, A_AS_TEXT, version=9),
        errors.IncompatibleSchema,
        "TYPE_MISMATCH",
    ),
    "the latest version where all are hidden": (
        [registered(S, 1, 1, A), hidden(S, 1, 1, A)],
        DeleteVersion(S, LATEST, permanent=True),
        errors.VersionNotFound,
        "Version -1 not found.",
    ),
    "erasing a live version that others refer to": (
        [registered(S, 1, 1, ADDRESS), registered(T, 1, 2, user())],
        delete(S, 1, permanent=True),
        errors.ReferenceExists,
        "One or more references exist",
    ),
    "deleting what is not there where nothing may be written": (
        [ModeSet(None, Mode.READONLY)],
        DeleteSubject(S),
        errors.SubjectNotFound,
        "'s' not found.",
    ),
    "the mode IMPORT where schemas are": (
        [registered(S, 1, 1, A)],
        SetMode(None, Mode.IMPORT),
        errors.ImportNeedsEmptiness,
        "Cannot import since found existing subjects",
    ),
    "the mode IMPORT where others refer to what is hidden": (
        [registered(S, 1, 1, ADDRESS), registered(T, 1, 2, user()), hidden(S, 1, 1, ADDRESS)],
        SetMode(S, Mode.IMPORT),
        errors.ReferenceExists,
        "One or more references exist",
    ),
    "the mode FORWARD for a subject": ([], SetMode(S, Mode.FORWARD), errors.InvalidMode, "Invalid mode."),
    "a mode that is not set": ([], DeleteMode(S), errors.SubjectNotFound, "'s' not found."),
    "forgetting a context with a hidden subject": (
        [highest(0, EU), registered(IN_EU, 1, 1, A), hidden(IN_EU, 1, 1, A)],
        DeleteContext(EU),
        errors.ContextNotEmpty,
        "The specified context ':.eu:' is not empty.",
    ),
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

    assert {finding.version for finding in refusal.value.verdict.findings} == {1, 2}


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


def test_modes_stay_as_they_are_where_the_operator_says_so() -> None:
    state = RegistryState(Policy(mutable_modes=False))

    for command in (SetMode(S, Mode.READONLY), DeleteMode(S)):
        with pytest.raises(errors.ModesFixed):
            decide(state, command)


RED = '{"type":"enum","name":"Color","symbols":["RED","NONE"],"default":"NONE"}'
NO_RED = '{"type":"enum","name":"Color","symbols":["NONE"],"default":"NONE"}'


@pytest.mark.parametrize(
    ("given", "schema", "error"),
    [
        ([], record('{"name":"c","type":' + RED + ',"default":"BLUE"}'), errors.SchemaRefused),
        (
            [],
            record(
                '{"name":"n","type":["string","null"],"default":null}',
                '{"name":"c","type":' + RED + ',"default":"BLUE"}',
            ),
            errors.SchemaRefused,
        ),
        ([registered(S, 1, 1, Schema(RED))], Schema(NO_RED), errors.IncompatibleSchema),
    ],
    ids=[
        "what is doubtful by itself",
        "what is doubtful beside what is only remarked on",
        "what is doubtful after the version before",
    ],
)
def test_a_strict_registry_refuses_what_others_are_only_warned_of(
    given: Sequence[Event], schema: Schema, error: type[errors.RegistryError]
) -> None:
    strict = state_after(*given)
    strict.policy = Policy(strict=True)

    assert decide(state_after(*given), RegisterSchema(S, schema))
    with pytest.raises(error):
        decide(strict, RegisterSchema(S, schema))
