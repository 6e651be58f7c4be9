"""The bytes of the records are a published format: that of Confluent's ``_schemas`` topic."""

import pytest

from accord.registry.core.config import Config
from accord.registry.core.contexts import Context
from accord.registry.core.events import (
    ConfigDeleted,
    ConfigSet,
    ContextDeleted,
    ContextSet,
    Event,
    ModeDeleted,
    ModeSet,
    SchemaRegistered,
    SubjectCleared,
    SubjectPermanentlyDeleted,
    SubjectSoftDeleted,
    VersionPermanentlyDeleted,
    VersionSoftDeleted,
)
from accord.registry.core.modes import Mode
from accord.registry.log.port import Record
from accord.registry.log.records import Undecodable, decode, encode
from accord.schemas import (
    CompatibilityLevel,
    DataRule,
    Metadata,
    Reference,
    RuleSet,
    Schema,
    SchemaId,
    SchemaType,
    Subject,
    Version,
)

S = Subject("a/ü")
V = Version(2)
PLAIN = Schema('"string"')
REFERRING = Schema('["null","x.Y"]', references=(Reference("x.Y", Subject("y"), Version(3)),))

BYTES: dict[str, tuple[Event, str, str | None]] = {
    "a registered version": (
        SchemaRegistered(S, V, SchemaId(7), PLAIN),
        '{"keytype":"SCHEMA","subject":"a/ü","version":2,"magic":1}',
        '{"subject":"a/ü","version":2,"id":7,"md5":"CV1xzxJVa51eMwrVdbPfXQ==","schema":"\\"string\\"","deleted":false}',
    ),
    "a version that refers to others": (
        SchemaRegistered(S, V, SchemaId(7), REFERRING),
        '{"keytype":"SCHEMA","subject":"a/ü","version":2,"magic":1}',
        (
            '{"subject":"a/ü","version":2,"id":7,"md5":"3RHPAKYAolWfWY0hn/eziA==",'
            '"references":[{"name":"x.Y","subject":"y","version":3}],"schema":"[\\"null\\",\\"x.Y\\"]","deleted":false}'
        ),
    ),
    "a version of another type": (
        SchemaRegistered(S, V, SchemaId(7), Schema("{}", SchemaType.JSON)),
        '{"keytype":"SCHEMA","subject":"a/ü","version":2,"magic":1}',
        '{"subject":"a/ü","version":2,"id":7,"md5":"mZFLkyvTelC5g8XnyQrpOw==","schemaType":"JSON","schema":"{}","deleted":false}',
    ),
    "a hidden version": (
        VersionSoftDeleted(S, V, SchemaId(7), PLAIN),
        '{"keytype":"SCHEMA","subject":"a/ü","version":2,"magic":1}',
        '{"subject":"a/ü","version":2,"id":7,"md5":"CV1xzxJVa51eMwrVdbPfXQ==","schema":"\\"string\\"","deleted":true}',
    ),
    "an erased version": (
        VersionPermanentlyDeleted(S, V),
        '{"keytype":"SCHEMA","subject":"a/ü","version":2,"magic":1}',
        None,
    ),
    "a hidden subject": (
        SubjectSoftDeleted(S, V),
        '{"keytype":"DELETE_SUBJECT","subject":"a/ü","magic":0}',
        '{"subject":"a/ü","version":2}',
    ),
    "an erased subject": (
        SubjectPermanentlyDeleted(S),
        '{"keytype":"DELETE_SUBJECT","subject":"a/ü","magic":0}',
        None,
    ),
    "a configuration": (
        ConfigSet(S, Config(CompatibilityLevel.FULL, normalize=True)),
        '{"keytype":"CONFIG","subject":"a/ü","magic":0}',
        '{"subject":"a/ü","compatibilityLevel":"FULL","normalize":true}',
    ),
    "the configuration for all": (
        ConfigSet(None, Config(CompatibilityLevel.NONE)),
        '{"keytype":"CONFIG","magic":0}',
        '{"compatibilityLevel":"NONE"}',
    ),
    "all that can be said of a version": (
        SchemaRegistered(
            S,
            V,
            SchemaId(7),
            Schema(
                '"string"',
                metadata=Metadata({"x": ("PII",)}, {"owner": "me"}, ("owner",)),
                rule_set=RuleSet(
                    domain_rules=(DataRule(name="r", kind="CONDITION", mode="READ", type="CEL"),)
                ),
            ),
        ),
        '{"keytype":"SCHEMA","subject":"a/ü","version":2,"magic":1}',
        (
            '{"subject":"a/ü","version":2,"id":7,"md5":"CmyqlgzCQLWElb5w7myyUQ==",'
            '"metadata":{"tags":{"x":["PII"]},"properties":{"owner":"me"},"sensitive":["owner"]},'
            '"ruleSet":{"domainRules":[{"name":"r","kind":"CONDITION","mode":"READ","type":"CEL"}]},'
            '"schema":"\\"string\\"","deleted":false}'
        ),
    ),
    "all that can be configured": (
        ConfigSet(
            Subject(":.eu:"),
            Config(
                compatibility_policy="LENIENT",
                compatibility_group="g",
                alias="b",
                validate_fields=True,
                default_metadata=Metadata(properties={"owner": "me"}),
            ),
        ),
        '{"keytype":"CONFIG","subject":":.eu:","magic":0}',
        (
            '{"subject":":.eu:","alias":"b","validateFields":true,"compatibilityPolicy":"LENIENT",'
            '"compatibilityGroup":"g","defaultMetadata":{"properties":{"owner":"me"}}}'
        ),
    ),
    "a mode": (
        ModeSet(S, Mode.READONLY),
        '{"keytype":"MODE","subject":"a/ü","magic":0}',
        '{"subject":"a/ü","mode":"READONLY"}',
    ),
    "the mode for all": (ModeSet(None, Mode.IMPORT), '{"keytype":"MODE","magic":0}', '{"mode":"IMPORT"}'),
    "a mode taken back": (ModeDeleted(S), '{"keytype":"MODE","subject":"a/ü","magic":0}', None),
    "a context": (
        ContextSet(Context(".eu"), SchemaId(0)),
        '{"keytype":"CONTEXT","tenant":"default","context":".eu","magic":0}',
        '{"tenant":"default","context":".eu"}',
    ),
    "the highest id of a context": (
        ContextSet(Context("."), SchemaId(7)),
        '{"keytype":"CONTEXT","tenant":"default","context":".","magic":0}',
        '{"tenant":"default","context":".","highestId":7}',
    ),
    "a context forgotten, and not its ids": (
        ContextDeleted(Context(".eu"), SchemaId(7)),
        '{"keytype":"CONTEXT","tenant":"default","context":".eu","magic":0}',
        '{"tenant":"default","context":".eu","highestId":7,"deleted":true}',
    ),
    "a context without ids forgotten": (
        ContextDeleted(Context(".eu"), SchemaId(0)),
        '{"keytype":"CONTEXT","tenant":"default","context":".eu","magic":0}',
        None,
    ),
    "a subject cleared for an import": (
        SubjectCleared(S),
        '{"keytype":"CLEAR_SUBJECT","subject":"a/ü","magic":0}',
        '{"subject":"a/ü"}',
    ),
    "a configuration taken back": (ConfigDeleted(None), '{"keytype":"CONFIG","magic":0}', None),
}


@pytest.mark.parametrize(("event", "key", "value"), BYTES.values(), ids=BYTES)
def test_an_event_is_these_bytes_and_these_bytes_are_the_event(
    event: Event, key: str, value: str | None
) -> None:
    record = encode(event, 1_700_000_000_000)

    assert record.key.decode() == key
    assert (record.value and record.value.decode()) == value
    assert record.timestamp_ms == 1_700_000_000_000
    assert decode(record) == event


FOREIGN: dict[str, tuple[str, str | None, Event | None]] = {
    "the older magic": (
        '{"keytype":"SCHEMA","subject":"s","version":1,"magic":0}',
        '{"subject":"s","version":1,"id":1,"schema":"\\"string\\"","deleted":false}',
        SchemaRegistered(Subject("s"), Version(1), SchemaId(1), PLAIN),
    ),
    "null for everybody": (
        '{"keytype":"CONFIG","subject":null,"magic":0}',
        '{"subject":null,"compatibilityLevel":"FORWARD"}',
        ConfigSet(None, Config(CompatibilityLevel.FORWARD)),
    ),
    "members in another order": (
        '{"magic":1,"version":1,"subject":"s","keytype":"SCHEMA"}',
        None,
        VersionPermanentlyDeleted(Subject("s"), Version(1)),
    ),
    "null where nothing is": (
        '{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}',
        '{"subject":"s","version":1,"id":1,"references":null,"schema":"\\"string\\"","deleted":false,"later":1}',
        SchemaRegistered(Subject("s"), Version(1), SchemaId(1), PLAIN),
    ),
    "the default context spelled out": (
        '{"keytype":"SCHEMA","subject":":.:s","version":1,"magic":1}',
        None,
        VersionPermanentlyDeleted(Subject("s"), Version(1)),
    ),
    "null inside metadata and rules": (
        '{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}',
        (
            '{"subject":"s","version":1,"id":1,"metadata":{"tags":null,"properties":{"a":"b"},"sensitive":null},'
            '"ruleSet":{"migrationRules":null,"domainRules":[{"name":"r","doc":null,"tags":null,"params":null}]},'
            '"schema":"\\"string\\"","deleted":false}'
        ),
        SchemaRegistered(
            Subject("s"),
            Version(1),
            SchemaId(1),
            Schema(
                '"string"',
                metadata=Metadata(properties={"a": "b"}),
                rule_set=RuleSet(domain_rules=(DataRule(name="r"),)),
            ),
        ),
    ),
    "null in place of what is not there": (
        '{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}',
        '{"subject":"s","version":1,"id":1,"schemaType":null,"references":null,"schema":"\\"string\\"","deleted":null}',
        SchemaRegistered(Subject("s"), Version(1), SchemaId(1), PLAIN),
    ),
    "the fingerprint of another content": (
        '{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}',
        '{"subject":"s","version":1,"id":1,"md5":"rL0Y20zC+Fzt72VPzMSk2A==","schema":"\\"string\\"","deleted":false}',
        SchemaRegistered(Subject("s"), Version(1), SchemaId(1), PLAIN),
    ),
    "a fingerprint that is none": (
        '{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}',
        '{"subject":"s","version":1,"id":1,"md5":17,"schema":"\\"string\\"","deleted":false}',
        SchemaRegistered(Subject("s"), Version(1), SchemaId(1), PLAIN),
    ),
    "a record that only marks a place": ('{"keytype":"NOOP","magic":0}', None, None),
}


@pytest.mark.parametrize(("key", "value", "event"), FOREIGN.values(), ids=FOREIGN)
def test_what_other_registries_wrote_is_understood(key: str, value: str | None, event: Event | None) -> None:
    encoded = None if value is None else value.encode()

    assert decode(Record(key.encode(), encoded, 0)) == event


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (b"", None),
        (b"\xff\xfe", None),
        (b"{", None),
        (b"[1]", None),
        (b'{"keytype":"MODE","magic":0}', b'{"mode":"WAT"}'),
        (b'{"keytype":"ASSOC","tenant":"default","magic":0}', b"{}"),
        (b'{"keytype":"SCHEMA","subject":"s","version":1,"magic":2}', None),
        (b'{"keytype":"SCHEMA","subject":"s","magic":1}', None),
        (b'{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}', b"{"),
        (
            b'{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}',
            b'{"id":1,"schema":"x","schemaType":"XML"}',
        ),
        (b'{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}', b"[" * 100_000),
        (
            b'{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}',
            b'{"id":1,"schema":"x","references":[{"name":"n","subject":"t","version":4294967296}]}',
        ),
        (b'{"keytype":"CONFIG","magic":0}', b'{"compatibilityLevel":"SOMETIMES"}'),
    ],
)
def test_what_nobody_understands_is_said_to_be_so(key: bytes, value: bytes | None) -> None:
    with pytest.raises(Undecodable):
        decode(Record(key, value, 0))
