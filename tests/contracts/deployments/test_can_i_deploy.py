"""Whether a version may be deployed where others run."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.client import DeploymentReport, RegisteredSchema, ReportedSchema, VerificationReport
from accord.client.reports import DeployedRead, DeployedWrite
from accord.codecs import InvalidData, codec_for
from accord.contracts.carried import Carried
from accord.contracts.deployments import Answer, Situation, can_i_deploy, previous, running
from accord.contracts.known import KnownReader
from accord.contracts.narrowing import narrowed
from accord.contracts.testing import own_fingerprint
from accord.schemas import Earlier, ParsedSchema, Schema, SchemaGuid, SchemaId, Subject, Version, parse

SUBJECT = "orders.created-value"


def schema(*fields: str, **defaults: Any) -> Schema:
    told: list[dict[str, Any]] = [{"name": name, "type": "string"} for name in fields]
    told += [{"name": name, "type": "string", "default": default} for name, default in defaults.items()]
    return Schema(json.dumps({"type": "record", "name": "Order", "fields": told}))


V1 = schema("id", "total")
V2 = schema("id", "total", coupon="")
V3 = schema("id", "amount")


@dataclass
class Registered:
    """Versions of the subject in memory; the id of a version is ten times its number."""

    schemas: Sequence[Schema] = ()
    others: Mapping[int, Schema] = field(default_factory=dict)

    def written(self, write: DeployedWrite) -> ParsedSchema | None:
        return None if write.schema is None else parse(write.schema.to_schema())

    def reader(self, service: str, version: str, read: DeployedRead) -> KnownReader:
        own = None if read.schema is None else read.schema.to_schema()
        return KnownReader(
            service, Subject(read.subject), "claim", fields=read.fields, schema=own, version=version
        )

    def versions(self, subject: str) -> tuple[Earlier, ...]:
        assert subject == SUBJECT
        return tuple(Earlier(Version(number), parse(one)) for number, one in enumerate(self.schemas, 1))

    def registered(self, subject: str) -> Mapping[Version, RegisteredSchema]:
        return {
            Version(number): RegisteredSchema(
                Subject(subject), Version(number), SchemaId(10 * number), one, SchemaGuid(f"guid-{number}")
            )
            for number, one in enumerate(self.schemas, 1)
        }


def billing(version: str = "1.0", *fields: str, own: Schema | None = None, at: int = 1) -> DeploymentReport:
    read = DeployedRead(
        subject=SUBJECT, fields=fields or None, schema=None if own is None else ReportedSchema.of(own)
    )
    return DeploymentReport(
        service="billing", environment="prod", version=version, reads=(read,), deployed_at_ms=at
    )


def orders(version: str, written: Schema | None, at: int = 1) -> DeploymentReport:
    write = DeployedWrite(subject=SUBJECT, schema=None if written is None else ReportedSchema.of(written))
    return DeploymentReport(
        service="orders", environment="prod", version=version, writes=(write,), deployed_at_ms=at
    )


def there(*deployed: DeploymentReport, versions: Sequence[Schema] = (V1,), **others: Any) -> Situation:
    return Situation("prod", Registered(versions), running(deployed, "prod"), **others)


def told(answer: Answer) -> list[tuple[str, str, str]]:
    return [(pair.consumer, pair.provider, pair.verdict) for pair in answer.pairs]


def test_a_reader_may_be_deployed_that_reads_what_is_written_there() -> None:
    answer = can_i_deploy(billing("1.4.0", "id", "total"), there(orders("1.0", V1)))

    assert answer.may
    assert told(answer) == [("billing 1.4.0", "orders 1.0", "yes")]
    assert answer.findings == ()


def test_a_reader_that_needs_what_nobody_writes_there_yet_may_not() -> None:
    answer = can_i_deploy(
        billing("2.0", own=schema("id", "coupon")), there(orders("1.0", V1), versions=(V1, V2))
    )

    assert not answer.may
    assert told(answer) == [("billing 2.0", "orders 1.0", "no")]
    [finding] = answer.findings
    assert finding.rule == "DEPLOY_READER_CANNOT_READ"
    assert "coupon" in finding.message


def test_a_writer_may_be_deployed_that_every_reader_there_reads() -> None:
    situation = there(billing("1.0", "id"), orders("1.0", V1), versions=(V1, V3))

    assert can_i_deploy(orders("2.0", V3), situation).may


@pytest.mark.parametrize(
    "reader", [billing("1.0", "id", "total"), billing("1.0", own=V1)], ids=["its fields", "its schema"]
)
def test_a_writer_that_breaks_a_reader_there_may_not(reader: DeploymentReport) -> None:
    answer = can_i_deploy(orders("2.0", V3), there(reader, versions=(V1, V3)))

    assert told(answer) == [("billing 1.0", "orders 2.0", "no")]
    [finding] = answer.findings
    assert finding.rule == "DEPLOY_READER_WOULD_BREAK"
    assert "total" in finding.message
    assert finding.affected is not None
    assert [hit.reader for hit in finding.affected] == ["billing"]


def test_what_runs_is_the_deployment_of_last() -> None:
    history = [
        billing("1.0", own=V1, at=1),
        billing("2.0", own=schema("id"), at=3),
        billing("1.5", own=V1, at=2),
    ]

    assert [one.version for one in running(history, "prod")] == ["2.0"]
    assert running(history, "staging") == ()
    found = previous(history, "billing", "prod")
    assert found is not None
    assert found.version == "1.5"
    assert can_i_deploy(orders("2.0", V3), there(*history, versions=(V1, V3))).may


def verified(*, ok: bool, version: str, of: Schema = V3) -> VerificationReport:
    return VerificationReport(
        consumer="billing",
        consumer_version=version,
        subject=SUBJECT,
        fingerprint=own_fingerprint(parse(of)),
        ok=ok,
        problems=() if ok else ("it cannot read example 1",),
    )


@pytest.mark.parametrize(
    ("results", "verdict", "evidence"),
    [
        ([verified(ok=True, version="1.0")], "yes", "published"),
        ([verified(ok=True, version="")], "no", "computed"),
        ([verified(ok=True, version="", of=V2)], "no", "computed"),
        ([verified(ok=False, version=""), verified(ok=True, version="1.0")], "yes", "published"),
        ([verified(ok=True, version="0.9")], "no", "computed"),
        ([verified(ok=True, version="1.0", of=V2)], "no", "computed"),
    ],
)
def test_a_published_contract_test_of_the_two_counts_first(
    results: list[VerificationReport], verdict: str, evidence: str
) -> None:
    situation = there(billing("1.0", own=V1), versions=(V1, V3), verifications=tuple(results))

    [pair] = can_i_deploy(orders("2.0", V3), situation).pairs

    assert (pair.verdict, pair.evidence) == (verdict, evidence)


@pytest.mark.parametrize(("ok", "verdict"), [(True, "yes"), (False, "no")])
def test_a_contract_test_of_no_particular_version_counts_where_the_schemas_do_not_object(
    verdict: str, *, ok: bool
) -> None:
    situation = there(
        billing("1.0", own=V1), versions=(V1,), verifications=(verified(ok=ok, version="", of=V2),)
    )

    [pair] = can_i_deploy(orders("2.0", V2), situation).pairs

    assert (pair.verdict, pair.evidence) == (verdict, "published")


def test_a_contract_test_that_failed_is_a_no_with_its_problems() -> None:
    situation = there(
        billing("1.0", "id"), versions=(V1, V3), verifications=(verified(ok=False, version="1.0"),)
    )

    [pair] = can_i_deploy(orders("2.0", V3), situation).pairs

    assert (pair.verdict, pair.why) == ("no", "it cannot read example 1")


def test_where_nothing_runs_yet_everything_may_and_that_is_said() -> None:
    reading = can_i_deploy(billing("1.0", "id"), there(versions=()))
    writing = can_i_deploy(orders("1.0", V1), there())

    assert reading.may
    assert writing.may
    assert reading.notes == (f"nobody is recorded to write {SUBJECT} in prod: there is nothing to read yet",)
    assert "nobody is recorded to read" in writing.notes[0]


def test_without_a_recorded_writer_the_newest_registered_version_is_what_is_read() -> None:
    reader = billing("2.0", own=schema("id", "coupon"))

    refused = can_i_deploy(reader, there(versions=(V2, V1)))
    granted = can_i_deploy(reader, there(versions=(V1, V2)))

    assert told(refused)[-1] == ("billing 2.0", "version 2", "no")
    assert granted.may
    assert [finding.rule for finding in granted.findings] == ["DEPLOY_MAY_MEET_OLD_RECORDS"]


@pytest.mark.parametrize(
    ("carried", "verdicts"),
    [
        ({}, ["yes", "perhaps"]),
        ({SUBJECT: Carried({10: 3, 20: 5}, 8)}, ["yes", "no"]),
        ({SUBJECT: Carried({20: 5}, 8, guids={"guid-1": 3})}, ["yes", "no"]),
        ({SUBJECT: Carried({20: 5}, 5)}, ["yes"]),
        ({SUBJECT: Carried({20: 5}, 5, is_whole=False)}, ["yes", "perhaps"]),
    ],
    ids=[
        "nobody looked",
        "on the topic",
        "on the topic by a header",
        "not on the topic",
        "not all was looked at",
    ],
)
def test_old_versions_count_where_they_are_on_the_topic(
    carried: Mapping[str, Carried], verdicts: list[str]
) -> None:
    reader = billing("2.0", own=schema("id", "coupon"))

    answer = can_i_deploy(reader, there(orders("1.1", V2), versions=(V1, V2), carried=carried))

    assert [pair.verdict for pair in answer.pairs] == verdicts
    assert answer.may == ("no" not in verdicts)


def test_a_version_that_nobody_writes_yet_stops_no_reader() -> None:
    assert can_i_deploy(billing("1.0", own=V1), there(orders("1.0", V1), versions=(V1, V3))).may


def test_a_service_that_was_observed_and_not_recorded_counts_as_running() -> None:
    seen = KnownReader("search", Subject(SUBJECT), "observed", fields=("total",), version="7")
    situation = there(billing("1.0", "id"), versions=(V1, V3), observed=(seen,))

    answer = can_i_deploy(orders("2.0", V3), situation)

    assert told(answer) == [("billing 1.0", "orders 2.0", "yes"), ("search 7", "orders 2.0", "no")]


def test_a_recorded_service_is_not_asked_again_as_an_observed_one() -> None:
    seen = KnownReader("billing", Subject(SUBJECT), "observed", fields=("total",), version="0.9")

    assert can_i_deploy(
        orders("2.0", V3), there(billing("1.0", "id"), versions=(V1, V3), observed=(seen,))
    ).may


@pytest.mark.parametrize(
    ("version", "reported_at_ms", "verdicts"),
    [("1.0", 1, ["no"]), ("", 100, ["no"]), ("", 1, []), ("0.9", 100, [])],
    ids=["of its version", "after it", "before it", "of another version"],
)
def test_a_deployment_reads_what_was_observed_of_it_whatever_was_recorded(
    version: str, reported_at_ms: int, verdicts: list[str]
) -> None:
    seen = KnownReader(
        "billing", Subject(SUBJECT), "observed", schema=V1, version=version, reported_at_ms=reported_at_ms
    )
    silent = DeploymentReport(service="billing", environment="prod", version="1.0", deployed_at_ms=50)

    answer = can_i_deploy(orders("2.0", V3), there(silent, versions=(V1, V3), observed=(seen,)))

    assert [pair.verdict for pair in answer.pairs] == verdicts


@pytest.mark.parametrize(
    ("candidate", "situation"),
    [
        (billing("1.0", "id"), there(orders("1.0", None))),
        (orders("1.0", V1), there(billing("1.0"), versions=())),
    ],
    ids=["what is written", "what is read"],
)
def test_what_nobody_knows_is_no_yes(candidate: DeploymentReport, situation: Situation) -> None:
    answer = can_i_deploy(candidate, situation)

    assert not answer.may
    assert "DEPLOY_NOT_KNOWN" in [finding.rule for finding in answer.findings]


def test_a_service_does_not_stand_in_its_own_way() -> None:
    both = DeploymentReport(
        service="orders",
        environment="prod",
        version="1.0",
        reads=(DeployedRead(subject=SUBJECT, schema=ReportedSchema.of(V1)),),
        writes=(DeployedWrite(subject=SUBJECT, schema=ReportedSchema.of(V1)),),
        deployed_at_ms=1,
    )

    assert can_i_deploy(orders("2.0", V3), there(both, versions=(V1, V3))).pairs == ()


@pytest.mark.parametrize(
    ("version", "reported_at_ms", "verdict"),
    [("1.0", 1, "no"), ("", 100, "no"), ("", 1, "yes"), ("0.9", 100, "yes")],
    ids=["of its version", "after it", "before it", "of another version"],
)
def test_what_was_observed_of_a_deployment_makes_it_precise(
    version: str, reported_at_ms: int, verdict: str
) -> None:
    seen = KnownReader(
        "billing", Subject(SUBJECT), "observed", schema=V1, version=version, reported_at_ms=reported_at_ms
    )
    situation = there(billing("1.0", "id", at=50), versions=(V1, V3), observed=(seen,))

    [pair] = can_i_deploy(orders("2.0", V3), situation).pairs

    assert pair.verdict == verdict


DEFAULTS: Mapping[str, Any] = {"string": "", "int": 0, "long": 0}
SHAPES = st.dictionaries(
    st.sampled_from("abc"), st.tuples(st.sampled_from(sorted(DEFAULTS)), st.booleans()), min_size=1
)


def shaped(fields: Mapping[str, tuple[str, bool]]) -> Schema:
    told = [
        {"name": name, "type": type_} | ({"default": DEFAULTS[type_]} if has_default else {})
        for name, (type_, has_default) in fields.items()
    ]
    return Schema(json.dumps({"type": "record", "name": "Order", "fields": told}))


@given(SHAPES, SHAPES)
def test_a_yes_is_one_that_decodes_and_a_no_is_one_that_does_not(
    written: Mapping[str, tuple[str, bool]], read: Mapping[str, tuple[str, bool]]
) -> None:
    writer, own = shaped(written), shaped(read)
    record = codec_for(writer).encode({name: DEFAULTS[type_] for name, (type_, _) in written.items()})

    may = can_i_deploy(orders("2.0", writer), there(billing("1.0", own=own), versions=())).may

    if may:
        assert set(codec_for(writer, reader=own).decode(record)) == set(read)
    else:
        with pytest.raises(InvalidData):
            codec_for(writer, reader=own).decode(record)


@given(SHAPES, SHAPES, st.data())
def test_the_same_goes_for_a_reader_of_some_fields(
    written: Mapping[str, tuple[str, bool]], before: Mapping[str, tuple[str, bool]], data: st.DataObject
) -> None:
    writer, fields = shaped(written), data.draw(st.sets(st.sampled_from(sorted(before)), min_size=1))
    reader = narrowed(parse(shaped(before)), fields).schema
    record = codec_for(writer).encode({name: DEFAULTS[type_] for name, (type_, _) in written.items()})

    situation = there(billing("1.0", *sorted(fields)), versions=(shaped(before),))

    if can_i_deploy(orders("2.0", writer), situation).may:
        assert set(codec_for(writer, reader=reader).decode(record)) == fields
    elif fields <= set(written):
        with pytest.raises(InvalidData):
            codec_for(writer, reader=reader).decode(record)
