"""Stories of logs that went wrong, what the doctor says of them, and what is left after mending."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.findings import Severity, to_text
from accord.registry.core.contexts import Context
from accord.registry.log.port import Record
from accord.schemas import (
    Metadata,
    Reference,
    Schema,
    Subject,
    Version,
    fingerprint,
)
from accord.schemas.pages import to_markdown
from accord.transfer.doctor import RULES, Report, examine, find, mend
from accord.transfer.rest.comparison import every_version
from accord.transfer.rest.states import served

INT, LONG, TEXT = '"int"', '"long"', '"string"'
MONEY = '{"type":"record","name":"Money","fields":[{"name":"cents","type":"long"}]}'
ORDER = '{"type":"record","name":"Order","fields":[{"name":"total","type":"Money"}]}'
TO_MONEY = {"name": "Money", "subject": "money", "version": 1}
MONEY_JSON = '{"title":"Money","type":"object","properties":{"cents":{"type":"integer"}}}'
ORDER_JSON = '{"title":"Order","type":"object","properties":{"total":{"$ref":"money.json"}}}'
TO_MONEY_JSON = {"name": "money.json", "subject": "money-json", "version": 1}
MONEY_PROTO = 'syntax = "proto3";\n\nmessage Money {\n  int64 cents = 1;\n}\n'
ORDER_PROTO = 'syntax = "proto3";\n\nimport "money.proto";\n\nmessage Order {\n  Money total = 1;\n}\n'
TO_MONEY_PROTO = {"name": "money.proto", "subject": "money-proto", "version": 1}


def encoded(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()


def key(subject: str, version: int = 1, *, magic: int = 1) -> bytes:
    return encoded({"keytype": "SCHEMA", "subject": subject, "version": version, "magic": magic})


def put(
    subject: str, version: int = 1, *, id: int = 1, text: str = INT, spelled: bytes = b"", **more: Any
) -> Record:
    value = {"subject": subject, "version": version, "id": id, **more, "schema": text}
    return Record(
        spelled or key(subject, version), encoded({**value, "deleted": more.get("deleted", False)}), 1
    )


def erase(subject: str, version: int = 1, *, spelled: bytes = b"") -> Record:
    return Record(spelled or key(subject, version), None, 1)


def note(kind: str, subject: str | None = None, **value: Any) -> Record:
    named = {} if subject is None else {"subject": subject}
    return Record(encoded({"keytype": kind, **named, "magic": 0}), encoded({**named, **value}), 1)


def gone(kind: str, subject: str) -> Record:
    return Record(encoded({"keytype": kind, "subject": subject, "magic": 0}), None, 1)


def told(report: Report) -> list[tuple[str, str]]:
    return [(one.finding.rule, one.finding.message) for one in report.diagnoses]


def test_a_sound_log_has_no_findings() -> None:
    schema = Schema(ORDER, references=(Reference("Money", Subject("money"), Version(1)),))
    records = [
        note("CONFIG", compatibilityLevel="FULL"),
        note("MODE", ":.eu:", mode="IMPORT"),
        note("CONFIG", ":.__GLOBAL:", compatibilityLevel="NONE"),
        put("money", id=1, text=MONEY),
        put(
            "orders",
            id=2,
            text=ORDER,
            references=[TO_MONEY],
            md5=base64.b64encode(fingerprint(schema)).decode(),
        ),
        put("other", id=2, text=ORDER, references=[TO_MONEY]),
        put("money-json", id=5, text=MONEY_JSON, schemaType="JSON"),
        put("orders-json", id=6, text=ORDER_JSON, schemaType="JSON", references=[TO_MONEY_JSON]),
        put("money-proto", id=7, text=MONEY_PROTO, schemaType="PROTOBUF"),
        put("orders-proto", id=8, text=ORDER_PROTO, schemaType="PROTOBUF", references=[TO_MONEY_PROTO]),
        put("note-avro", id=9, text='{"type":"string","x":1}'),
        put("note-json", id=10, text='{"type":"string","x":1}', schemaType="JSON"),
        put(":.eu:money", id=2, text=MONEY),
        put(":.eu:orders", id=1, text=ORDER, references=[TO_MONEY]),
        put("gone", id=3, text=LONG),
        note("DELETE_SUBJECT", "gone", version=1),
        put("gone-too", id=4, text=TEXT),
        put("gone-too", id=4, text=TEXT, deleted=True),
        erase("gone-too"),
        Record(b'{"keytype":"NOOP","magic":0}', None, 1),
        Record(
            b'{"keytype":"CONTEXT","tenant":"default","context":".eu","magic":0}', b'{"context":".eu"}', 1
        ),
    ]

    report = examine(records)

    assert (told(report), report.sound, report.records) == ([], True, 21)
    assert mend(records).records == records


STORIES = {
    "a key that is no JSON": (
        [Record(b"stray", b"{}", 1)],
        [("LOG_RECORD_UNDECODABLE", "a record cannot be read: no record of the registry: JSON is malformed")],
        True,
    ),
    "a key with a magic number that nobody knows": (
        [put("s", spelled=key("s", magic=2))],
        [("LOG_RECORD_UNDECODABLE", "Invalid enum value 2 - at `$.magic`")],
        False,
    ),
    "a key without a subject": (
        [Record(b'{"keytype":"SCHEMA","version":1,"magic":1}', b"{}", 1)],
        [("LOG_RECORD_UNDECODABLE", "Object missing required field `subject`")],
        False,
    ),
    "a value without an id": (
        [Record(key("s"), b'{"schema":"\\"int\\""}', 1)],
        [("LOG_RECORD_UNDECODABLE", "Object missing required field `id`")],
        False,
    ),
    "a key whose kind is no text": (
        [Record(b'{"keytype":5,"magic":0}', b"{}", 1)],
        [("LOG_RECORD_UNDECODABLE", "keytype")],
        False,
    ),
    "a value that is cut off": (
        [Record(key("s"), b'{"subject":"s","versi', 1)],
        [("LOG_RECORD_UNDECODABLE", "Input data was truncated")],
        True,
    ),
    "a schema of a type that is not known here": (
        [put("s", schemaType="XML")],
        [("LOG_RECORD_UNDECODABLE", "'XML'")],
        False,
    ),
    "members that are null, and numbers as text": (
        [
            put("s", id=1, schemaType=None, references=None, metadata={"properties": None}, ruleSet=None),
            Record(key("t"), encoded({"id": "2", "schema": LONG, "deleted": None}), 1),
            Record(
                b'{"keytype":"CONTEXT","tenant":5,"context":".","magic":0}',
                b'{"context":".","highestId":2}',
                1,
            ),
            Record(b'{"keytype":"NOOP","subject":5,"version":"x","magic":0}', None, 1),
        ],
        [("LOG_KEY_SPELLED_UNUSUALLY", "spell them now: 2")],
        True,
    ),
    "a content that servers passed over, and whose id is free by now": (
        [put("a", id=1), put("b", id=1, text=LONG), erase("a")],
        [
            (
                "LOG_ID_WITH_TWO_CONTENTS",
                "in version 1 of 'b' than in version 1 of 'a', and servers pass version 1 of 'b' over",
            )
        ],
        True,
    ),
    "two contents on the last id of all": (
        [put("a", id=2**31 - 1), put("b", id=2**31 - 1, text=LONG)],
        [("LOG_ID_WITH_TWO_CONTENTS", "id 2147483647 of the default context")],
        False,
    ),
    "a kind that other registries write": (
        [Record(b'{"keytype":"ASSOC","magic":0}', b"{}", 1), Record(b'{"keytype":"ASSOC","x":1}', None, 1)],
        [("LOG_RECORD_OF_UNKNOWN_KIND", "records of the kind ASSOC are not known here; there are 2")],
        False,
    ),
    "a version under magic 0 and magic 1": (
        [put("s", spelled=key("s", magic=0)), put("s")],
        [("LOG_KEY_WITH_TWIN", "version 1 of 's' stands under 2 keys")],
        True,
    ),
    "a deleted version that an orphan brings back": (
        [put("s", spelled=b'{"magic":1,"keytype":"SCHEMA","subject":"s","version":1}'), put("s"), erase("s")],
        [("LOG_KEY_WITH_TWIN", "version 1 of 's' stands under 2 keys")],
        True,
    ),
    "the configuration of all in both spellings": (
        [
            Record(b'{"keytype":"CONFIG","subject":null,"magic":0}', b'{"compatibilityLevel":"NONE"}', 1),
            note("CONFIG", compatibilityLevel="FULL"),
        ],
        [("LOG_KEY_WITH_TWIN", "the configuration of all stands under 2 keys")],
        True,
    ),
    "the mode of all in both spellings": (
        [
            note("MODE", mode="READWRITE"),
            Record(b'{"keytype":"MODE","subject":null,"magic":0}', b'{"mode":"IMPORT"}', 1),
        ],
        [("LOG_KEY_WITH_TWIN", "the mode of all stands under 2 keys")],
        True,
    ),
    "keys that another registry gives more members": (
        [
            put("s", spelled=b'{"keytype":"SCHEMA","subject":"s","version":1,"magic":1,"seq":0,"node":0}'),
            put(
                "t",
                id=2,
                text=LONG,
                spelled=b'{"keytype":"SCHEMA","subject":"t","version":1,"magic":1,"seq":1,"node":0}',
            ),
        ],
        [("LOG_KEY_SPELLED_UNUSUALLY", "spell them now: 2")],
        True,
    ),
    "two contents on one id": (
        [put("a", id=7), put("b", id=7, text=LONG), put("c", id=7, text=LONG), put("d", id=9, text=TEXT)],
        [
            (
                "LOG_ID_WITH_TWO_CONTENTS",
                "id 7 of the default context has another content in version 1 of 'c' than in",
            )
        ],
        True,
    ),
    "two contents on one id in a context": (
        [put(":.eu:a", id=7), put(":.eu:b", id=7, text=LONG), put("b", id=7, text=TEXT)],
        [
            (
                "LOG_ID_WITH_TWO_CONTENTS",
                "id 7 of the context '.eu' has another content in version 1 of ':.eu:b'",
            )
        ],
        True,
    ),
    "one content on two ids": (
        [put("a", id=7), put("b", id=8), put("c", id=8)],
        [
            (
                "LOG_CONTENT_WITH_TWO_IDS",
                "version 1 of 'b' has the same content as version 1 of 'a', and id 8 instead of 7",
            )
        ],
        False,
    ),
    "an id that was given again": (
        [put("a", id=7), erase("a"), put("b", id=7, text=LONG)],
        [
            (
                "LOG_ID_REUSED",
                "id 7 of the default context stood for version 1 of 'a' and later for version 1 of 'b'",
            )
        ],
        False,
    ),
    "a reference to nothing": (
        [put("orders", text=ORDER, references=[TO_MONEY])],
        [
            (
                "LOG_REFERENCE_DANGLING",
                "version 1 of 'orders' refers to version 1 of 'money', which is not there",
            )
        ],
        False,
    ),
    "a reference within a context to what is only elsewhere": (
        [put("money", text=MONEY), put(":.eu:orders", text=ORDER, references=[TO_MONEY])],
        [("LOG_REFERENCE_DANGLING", "refers to version 1 of ':.eu:money', which is not there")],
        False,
    ),
    "a reference to what was erased": (
        [put("money", text=MONEY), put("orders", id=2, text=ORDER, references=[TO_MONEY]), erase("money")],
        [("LOG_REFERENCE_DANGLING", "refers to version 1 of 'money', which is erased")],
        True,
    ),
    "a reference to what was cleared for an import": (
        [
            put("money", text=MONEY, deleted=True),
            put("orders", id=2, text=ORDER, references=[TO_MONEY]),
            note("CLEAR_SUBJECT", "money"),
        ],
        [("LOG_REFERENCE_DANGLING", "which is erased")],
        False,
    ),
    "a reference to what was erased and lost its id": (
        [
            put("money", text=MONEY),
            put("orders", id=2, text=ORDER, references=[TO_MONEY]),
            erase("money"),
            put("t", id=1, text=TEXT),
        ],
        [("LOG_ID_REUSED", "id 1"), ("LOG_REFERENCE_DANGLING", "which is erased")],
        False,
    ),
    "a reference to what is soft-deleted": (
        [
            put("money", text=MONEY),
            put("orders", id=2, text=ORDER, references=[TO_MONEY]),
            note("DELETE_SUBJECT", "money", version=1),
        ],
        [("LOG_REFERENCE_TO_SOFT_DELETED", "version 1 of 'orders' refers to version 1 of 'money'")],
        False,
    ),
    "an MD5 of something else": (
        [put("s", md5="AAAAAAAAAAAAAAAAAAAAAA==")],
        [("LOG_MD5_WRONG", "version 1 of 's' is stored with an MD5 that is not that of its content")],
        True,
    ),
    "a deletion that was left behind": (
        [put("s"), note("DELETE_SUBJECT", "s", version=1), erase("s")],
        [("LOG_DELETION_OF_NOTHING", "the subject 's' is marked as deleted")],
        True,
    ),
    "a version 0": (
        [put("s", 0)],
        [("LOG_VERSION_NOT_POSITIVE", "'s' has a version with the number 0")],
        False,
    ),
    "a schema that is none": (
        [put("s", text='{"type":"record","name":"X"}'), put("t", text='{"type":"record","name":"X"}')],
        [("LOG_SCHEMA_UNPARSABLE", "version 1 of 's' is no valid schema")],
        False,
    ),
    "a JSON Schema that is none": (
        [put("s", text='{"type":"objekt"}', schemaType="JSON")],
        [("LOG_SCHEMA_UNPARSABLE", "version 1 of 's' is no valid schema: \"objekt\" is no type")],
        False,
    ),
    "Protobuf that is none": (
        [put("s", text="message Order {", schemaType="PROTOBUF")],
        [("LOG_SCHEMA_UNPARSABLE", "version 1 of 's' is no valid schema: line 1, ")],
        False,
    ),
    "a JSON Schema and Protobuf without what they refer to": (
        [
            put("orders-json", id=1, text=ORDER_JSON, schemaType="JSON"),
            put("orders-proto", id=2, text=ORDER_PROTO, schemaType="PROTOBUF"),
        ],
        [
            ("LOG_SCHEMA_UNPARSABLE", 'the reference "money.json" leads nowhere'),
            ("LOG_SCHEMA_UNPARSABLE", "nobody defines the type `Money`"),
        ],
        False,
    ),
    "a JSON Schema and Protobuf whose references dangle": (
        [
            put("orders-json", id=1, text=ORDER_JSON, schemaType="JSON", references=[TO_MONEY_JSON]),
            put("orders-proto", id=2, text=ORDER_PROTO, schemaType="PROTOBUF", references=[TO_MONEY_PROTO]),
        ],
        [
            ("LOG_REFERENCE_DANGLING", "version 1 of 'money-json'"),
            ("LOG_REFERENCE_DANGLING", "version 1 of 'money-proto'"),
        ],
        False,
    ),
    "a configuration and a mode of subjects that are not there": (
        [note("CONFIG", "s", compatibilityLevel="FULL"), note("MODE", "s", mode="READONLY")],
        [
            ("LOG_SETTING_WITHOUT_VERSIONS", "'s' has a configuration of its own, and no versions"),
            ("LOG_SETTING_WITHOUT_VERSIONS", "'s' has a mode of its own, and no versions"),
        ],
        False,
    ),
}


@pytest.mark.parametrize("name", STORIES)
def test_what_is_wrong_is_found_and_nothing_else(name: str) -> None:
    records, expected, mendable = STORIES[name]

    report = examine(records)

    assert [rule for rule, _ in told(report)] == [rule for rule, _ in expected]
    for (_, message), (_, words) in zip(told(report), expected, strict=True):
        assert words in message
    assert bool(report.mendable) == mendable


@pytest.mark.parametrize("name", STORIES)
def test_after_mending_nothing_mendable_is_left(name: str) -> None:
    records, _, mendable = STORIES[name]

    mended = mend(records)

    assert bool(mended.done) == mendable
    assert not examine(mended.records).mendable
    assert mended.report == examine(mended.records)
    errors = [one for one in mended.report.diagnoses if one.finding.severity is Severity.ERROR]
    assert not mendable or not errors
    assert mendable or mended.records == records


def test_every_rule_has_a_story_and_a_page() -> None:
    in_stories = {rule for _, expected, _ in STORIES.values() for rule, _ in expected}
    of_reports = {"LOG_REPORT_UNDECODABLE"}
    assert in_stories == {rule.id for rule in RULES} - of_reports
    for rule in RULES:
        assert find(rule.id.lower()) is rule
        assert rule.purpose
        assert rule.remedy
        assert rule.why in to_markdown(rule.page)
        assert bool(rule.mend) == ("only people" not in to_markdown(rule.page))


def test_twins_are_written_under_one_key_and_the_last_record_counts() -> None:
    orphan = b'{"subject":"s","keytype":"SCHEMA","version":1,"magic":1}'
    records = [put("s", text=INT), put("s", id=2, text=LONG, spelled=orphan)]

    assert mend(records).records == [records[0], put("s", id=2, text=LONG)]


def test_an_orphan_does_not_come_back_after_mending() -> None:
    orphan = key("s", magic=0)

    mended = mend([put("s", spelled=orphan), put("s"), erase("s"), put("t", id=2, text=LONG)]).records

    compacted = {record.key: record for record in mended}
    assert [record.key for record in compacted.values() if record.value is not None] == [key("t")]


def test_the_later_content_gets_the_next_id_everywhere_in_the_log() -> None:
    records = [
        put("a", id=7),
        put("b", id=7, text=LONG),
        put("b", id=7, text=LONG, deleted=True),
        put("c", id=9, text=TEXT),
    ]

    mended = mend(records)

    ids = [json.loads(record.value or b"")["id"] for record in mended.records]
    assert ids == [7, 10, 10, 9]
    assert mended.records[0] is records[0]


def test_what_is_mended_is_served_by_a_server_that_reads_it() -> None:
    records = [put("a", id=1), put("b", id=1, text=LONG), erase("a"), put("c", id=1, text=TEXT)]

    mended = mend(records)

    state = served(mended.records)
    found = {
        stored.subject: (stored.content.id, stored.content.schema.text) for stored in every_version(state)
    }
    assert found == {"b": (2, LONG), "c": (1, TEXT)}
    assert [rule for rule, _ in told(mended.report)] == ["LOG_ID_REUSED"]


def test_an_id_that_mending_takes_from_a_compacted_log_is_kept_by_its_context() -> None:
    records = [put("s", id=9, text=LONG, spelled=key("s", magic=0)), put("s"), put("t", id=2, text=TEXT)]

    mended = mend(records)

    assert mended.highest_ids == {".": 9}
    assert json.loads(mended.records[-1].value or b"")["highestId"] == 9
    compacted = {record.key: record for record in mended.records}.values()
    assert served(compacted).id_spaces[Context(".")].highest == 9
    assert mend(mended.records).records == mended.records


def test_a_schema_of_another_type_is_kept_byte_for_byte() -> None:
    records = [put("s", schemaType="XML"), Record(b"stray", b"{}", 1)]

    assert mend(records).records == records[:1]


def test_an_id_that_only_its_context_remembers_is_not_given_again() -> None:
    context = {"keytype": "CONTEXT", "tenant": "default", "context": ".", "magic": 0}
    remembered = Record(encoded(context), encoded({"tenant": "default", "context": ".", "highestId": 20}), 1)

    *_, later = mend([put("a", id=7), remembered, put("b", id=7, text=LONG)]).records

    assert json.loads(later.value or b"")["id"] == 21


def test_what_is_brought_back_is_soft_deleted_and_may_need_more() -> None:
    base = {"name": "Cents", "subject": "cents", "version": 1}
    money = '{"type":"record","name":"Money","fields":[{"name":"cents","type":"Cents"}]}'
    cents = '{"type":"record","name":"Cents","fields":[]}'
    records = [
        put("cents", id=1, text=cents),
        put("money", id=2, text=money, references=[base]),
        put("orders", id=3, text=ORDER, references=[TO_MONEY]),
        erase("money"),
        erase("cents"),
    ]

    mended = mend(records)

    assert [one.finding.rule for one in mended.done] == ["LOG_REFERENCE_DANGLING"] * 2
    assert [json.loads(record.value or b"")["deleted"] for record in mended.records] == [
        False,
        False,
        False,
        True,
        True,
    ]
    assert told(mended.report) == [
        (
            "LOG_REFERENCE_TO_SOFT_DELETED",
            "version 1 of 'orders' refers to version 1 of 'money', which is soft-deleted",
        )
    ]


def test_the_md5_is_that_of_text_references_metadata_and_rules() -> None:
    metadata = {"properties": {"owner": "billing"}}
    schema = Schema(INT, metadata=Metadata(properties={"owner": "billing"}))
    right = base64.b64encode(fingerprint(schema)).decode()

    [mended] = mend([put("s", md5="x", metadata=metadata)]).records

    assert json.loads(mended.value or b"")["md5"] == right
    assert not examine([put("s", md5=right, metadata=metadata)]).diagnoses


def test_the_md5_of_metadata_that_say_nothing_may_count_them_or_not() -> None:
    for metadata in (None, Metadata()):
        right = base64.b64encode(fingerprint(Schema(INT, metadata=metadata))).decode()
        assert not examine([put("s", md5=right, metadata={})]).diagnoses


def test_the_md5_of_what_is_encrypted_cannot_be_known() -> None:
    assert not examine([put("s", md5="x", metadata={"properties": {"__enc__": "…"}})]).diagnoses


def test_a_finding_shows_the_record_and_what_mending_does() -> None:
    [one] = examine([put("s", spelled=key("s", magic=0))]).diagnoses

    assert to_text(one.finding).splitlines()[:6] == [
        "warning[LOG_KEY_SPELLED_UNUSUALLY]: keys that are not spelled as servers spell them now: 1",
        " --> record 0",
        "  |",
        '  | {"keytype":"SCHEMA","subject":"s","version":1,"magic":0}',
        "  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ record 0 has this",
        "  = why: Older and other registries ordered a key's members differently, or gave it more. The next",
    ]


SUBJECTS = st.sampled_from(["a", "b", ":.eu:a", ":.eu:b"])
KEYS = st.one_of(
    st.builds(key, SUBJECTS, st.integers(0, 2), magic=st.sampled_from([0, 1])),
    st.builds(
        lambda kind, subject: gone(kind, subject).key,
        st.sampled_from(["CONFIG", "MODE", "DELETE_SUBJECT", "CLEAR_SUBJECT"]),
        SUBJECTS,
    ),
    st.sampled_from(
        [b'{"keytype":"CONFIG","subject":null,"magic":0}', b'{"keytype":"NOOP","magic":0}', b"x"]
    ),
)
VALUES = st.one_of(
    st.none(),
    st.builds(
        lambda number, text, deleted, md5, references: encoded(
            {
                "id": number,
                "schema": text,
                "version": 1,
                "deleted": deleted,
                "md5": md5,
                "references": references,
            }
        ),
        st.integers(1, 3),
        st.sampled_from([INT, LONG, "{"]),
        st.booleans(),
        st.sampled_from([None, "x"]),
        st.lists(
            st.builds(
                lambda subject, version: {"name": "N", "subject": subject, "version": version},
                SUBJECTS,
                st.integers(-1, 2),
            ),
            max_size=2,
        ),
    ),
    st.just(b"{}"),
)


@given(st.lists(st.builds(Record, KEYS, VALUES, st.just(1)), max_size=12))
def test_whatever_stands_in_a_log_mending_comes_to_an_end(records: list[Record]) -> None:
    mended = mend(records)

    assert not examine(mended.records).mendable
    assert mend(mended.records).records == mended.records


@given(st.lists(st.builds(Record, KEYS, VALUES, st.just(1)), max_size=12))
def test_what_is_mended_contradicts_itself_nowhere_and_gives_no_id_away(records: list[Record]) -> None:
    mended = mend(records).records

    before, after = served(records), served(mended)
    assert not [one for one in examine(mended).diagnoses if one.finding.rule == "LOG_ID_WITH_TWO_CONTENTS"]
    for context, ids in before.id_spaces.items():
        assert after.id_spaces[context].highest >= ids.highest


@given(st.lists(st.builds(Record, KEYS, VALUES, st.just(1)), max_size=12))
def test_mending_leaves_what_no_finding_is_about(records: list[Record]) -> None:
    sound = [put("sound", id=99, text='"bytes"')]

    assert sound[0] in mend([*sound, *records]).records


def test_every_rule_stands_in_the_guide_to_moving() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "moving.md").read_text()

    assert [rule.id for rule in RULES if f"`{rule.id}`" not in guide] == []
