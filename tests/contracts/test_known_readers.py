"""Who reads what, when several have spoken of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.client import ReaderReport, Registry, RegistryUnavailable, ReportedSchema
from accord.contracts.check import impact
from accord.contracts.known import KnownReader, Origin
from accord.contracts.model import Claim, DataContract, DeclaredReader, Event, Project, SchemaFile, SourceFile
from accord.contracts.narrowing import narrowed
from accord.contracts.readers import known_readers, merged
from accord.schemas import Earlier, ParsedSchema, Reference, Schema, SchemaType, Subject, Version, parse
from accord.streams.contract import contract as contract_of
from accord.streams.reporting import observed as observed_reading
from accord.streams.reporting import tell
from accord.testing.clock import VirtualClock
from accord.testing.memory_registry import MemoryRegistry

ORDERS = Subject("orders-value")
PAYMENTS = Subject("payments-value")
SOURCE = SourceFile("contracts/orders.odcs.yaml", "")
TEXT = '{"type":"record","name":"Order","fields":[{"name":"id","type":"string"}]}'


def schema_file(subject: Subject) -> SchemaFile:
    return SchemaFile(SOURCE, subject, Schema(TEXT), parse(Schema(TEXT)))


def contract(*readers: DeclaredReader, subjects: tuple[Subject, ...] = (ORDERS,)) -> DataContract:
    events = tuple(Event(f"Event{subject}", schema_file(subject)) for subject in subjects)
    return DataContract(SOURCE, "orders", "Orders", "1.0.0", "active", "orders", events, readers=readers)


def claim(reader: DeclaredReader, subject: Subject = ORDERS) -> Claim:
    return Claim(SOURCE, "orders", "orders", subject, reader)


@pytest.fixture
def registry() -> MemoryRegistry:
    return MemoryRegistry(VirtualClock())


def reported(registry: MemoryRegistry, *reports: ReaderReport) -> Registry:
    for report in reports:
        registry.client.report_reader(report)
    return registry.client


def observed(**said: Any) -> ReaderReport:
    members: dict[str, Any] = {"service": "billing", "subject": ORDERS, "origin": "observed", **said}
    return ReaderReport(**members)


def test_a_contract_tells_its_readers_of_every_event_of_the_topic() -> None:
    billing = DeclaredReader("billing", ("billing-v1",), ("id",), ">=1")
    known = known_readers(Project((contract(billing, subjects=(ORDERS, PAYMENTS)),)), None)
    assert known == (
        KnownReader("billing", ORDERS, "contract", ("billing-v1",), ("id",), ">=1"),
        KnownReader("billing", PAYMENTS, "contract", ("billing-v1",), ("id",), ">=1"),
    )


def test_what_runs_wins_over_a_claim_and_that_over_the_contract(registry: MemoryRegistry) -> None:
    project = Project(
        (contract(DeclaredReader("billing", ("old-group",), ("id", "legacy"), ">=1 <9")),),
        claims=(claim(DeclaredReader("billing", ("billing-v1",), ("id", "total"), ">=1 <2")),),
    )
    client = reported(
        registry,
        observed(groups=("billing-v1",), fields=("id", "currency"), schema=ReportedSchema.of(Schema(TEXT))),
    )
    [billing] = known_readers(project, client)
    assert billing.origin == "observed"
    assert billing.groups == ("billing-v1", "old-group")
    assert billing.fields == ("id", "currency", "total")
    assert billing.versions == ">=1 <2"
    assert billing.schema == Schema(TEXT)
    assert billing.reported_at_ms is not None


def test_a_contract_says_which_fields_only_where_nobody_knows_better(registry: MemoryRegistry) -> None:
    project = Project((contract(DeclaredReader("billing", fields=("id",))),))
    [billing] = known_readers(project, reported(registry, observed(fields=None)))
    assert (billing.origin, billing.fields) == ("observed", ("id",))
    [billing] = known_readers(project, reported(registry, observed(fields=("total",))))
    assert billing.fields == ("total",)


def test_a_reader_that_nobody_knows_more_of_reads_every_field() -> None:
    [billing] = known_readers(Project((contract(DeclaredReader("billing")),)), None)
    assert billing.fields is None


def test_a_claim_in_the_files_counts_before_the_one_that_was_published(registry: MemoryRegistry) -> None:
    client = reported(registry, observed(origin="claim", fields=("id", "given_up"), version="3"))
    [billing] = known_readers(Project(claims=(claim(DeclaredReader("billing", fields=("id",))),)), client)
    assert billing.fields == ("id",)


@pytest.mark.parametrize(
    ("first", "second", "fields"),
    [
        (("id",), ("total", "id"), ("id", "total")),
        (("id",), None, None),
        (None, ("id",), None),
    ],
)
def test_a_service_that_files_name_twice_reads_what_both_say(
    first: tuple[str, ...] | None, second: tuple[str, ...] | None, fields: tuple[str, ...] | None
) -> None:
    declared = DeclaredReader("billing", ("v1",), first), DeclaredReader("billing", ("v2",), second, ">=1")
    by_claims = Project(claims=tuple(claim(one) for one in declared))
    by_contracts = Project((contract(declared[0]), contract(declared[1])))
    for project in (by_claims, by_contracts, Project((contract(*declared),))):
        [billing] = known_readers(project, None)
        assert (billing.groups, billing.fields, billing.versions) == (("v1", "v2"), fields, ">=1")


def test_a_name_of_more_steps_than_any_schema_has_is_only_unknown() -> None:
    name = ".".join(["id"] * 20_000)
    assert narrowed(parse(Schema(TEXT)), ("id", name)).unknown == (name,)


def test_services_and_subjects_are_kept_apart(registry: MemoryRegistry) -> None:
    client = reported(registry, observed(), observed(service="audit"), observed(subject=PAYMENTS))
    assert [(one.subject, one.service) for one in known_readers(Project(), client)] == [
        (ORDERS, "audit"),
        (ORDERS, "billing"),
        (PAYMENTS, "billing"),
    ]


def test_the_schemas_that_a_readers_own_refers_to_are_fetched(registry: MemoryRegistry) -> None:
    money = Schema('{"type":"record","name":"Money","fields":[]}')
    registry.add("money", money)
    needs = Schema('["null","Money"]', references=(Reference("Money", Subject("money"), Version(1)),))
    [billing] = known_readers(Project(), reported(registry, observed(schema=ReportedSchema.of(needs))))
    assert (billing.schema, billing.referenced) == (needs, {"Money": money})


UNUSABLE: Mapping[str, ReportedSchema] = {
    "it refers to what is deleted": ReportedSchema.of(
        Schema("{}", SchemaType.JSON, (Reference("gone", Subject("gone"), Version(1)),))
    ),
    "its type is of a later edition": ReportedSchema("x", "COBOL"),
}


@pytest.mark.parametrize("schema", UNUSABLE.values(), ids=UNUSABLE.keys())
def test_a_schema_that_nobody_can_use_leaves_the_fields(schema: ReportedSchema) -> None:
    # A registry of a later edition may keep what this one refuses.
    told = msgspec.json.encode([observed(schema=schema, fields=("id",))])
    later = httpx2.MockTransport(
        lambda asked: (
            httpx2.Response(200, content=told)
            if asked.url.path.endswith("/readers")
            else httpx2.Response(404, json={"error_code": 40401})
        )
    )
    with Registry("http://registry.example", transport=later) as client:
        [billing] = known_readers(Project(), client)
    assert (billing.schema, billing.fields) == (None, ("id",))


def test_a_registry_that_cannot_be_asked_is_no_registry_without_readers(registry: MemoryRegistry) -> None:
    registry.down = True
    with pytest.raises(RegistryUnavailable):
        known_readers(Project(), registry.client)


def test_a_registry_that_knows_schemas_alone_knows_of_nobody() -> None:
    answers = httpx2.MockTransport(lambda _: httpx2.Response(404, json={"error_code": 404}))
    with Registry("http://registry.example", transport=answers) as other:
        assert known_readers(Project(claims=(claim(DeclaredReader("billing")),)), other)
        assert not known_readers(Project(), other)


ORIGINS: tuple[Origin, ...] = ("contract", "claim", "observed")
SAYINGS = st.builds(
    KnownReader,
    service=st.sampled_from(["billing", "audit"]),
    subject=st.sampled_from([ORDERS, PAYMENTS]),
    origin=st.sampled_from(ORIGINS),
    groups=st.lists(st.sampled_from("gh")).map(tuple),
    fields=st.none() | st.lists(st.sampled_from("abc"), unique=True).map(tuple),
)


@given(st.lists(SAYINGS))
def test_no_reader_and_none_of_its_own_fields_is_lost(sayings: list[KnownReader]) -> None:
    known = {(one.subject, one.service): one for one in merged(sayings)}
    assert known.keys() == {(one.subject, one.service) for one in sayings}
    assert merged(known.values()) == tuple(known.values())
    seen = set()
    for saying in sayings:
        place = (saying.subject, saying.service, saying.origin)
        if place not in seen and saying.origin != "contract":
            fields = known[saying.subject, saying.service].fields
            assert saying.fields is None or set(saying.fields) <= set(fields or ())
        seen.add(place)


@dataclass
class Bill:
    """What billing takes out of an order."""

    order_id: str
    currency: str


def order(*names: str) -> ParsedSchema:
    fields = [{"name": name, "type": "string"} for name in names]
    return parse(Schema(json.dumps({"type": "record", "name": "Bill", "fields": fields})))


def test_a_program_that_was_observed_is_hit_by_what_it_maps_alone(registry: MemoryRegistry) -> None:
    tell(registry.client, observed_reading([contract_of("orders", Bill)], service="billing", group="b"))
    [billing] = known_readers(Project(), registry.client)
    earlier = [Earlier(Version(1), order("order_id", "currency", "legacy_code"))]
    assert not impact(order("order_id", "currency"), earlier, billing).is_hit
    assert impact(order("order_id", "legacy_code"), earlier, billing).is_hit
