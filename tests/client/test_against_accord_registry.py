"""Both clients and this project's registry, talking over a real socket."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from tests.client.conftest import Connect

from accord.client import (
    ConfigChange,
    DeployedRead,
    DeploymentReport,
    ExemptionReport,
    IncompatibleSchema,
    Mode,
    NotFound,
    ReaderReport,
    Registry,
    RegistryRefused,
    ReportedSchema,
    RolloutReport,
    RolloutStep,
    SubjectVersion,
    VerificationReport,
)
from accord.registry.http.server import serve
from accord.schemas import (
    CompatibilityLevel,
    DataRule,
    DeployOrder,
    Metadata,
    Reference,
    RuleSet,
    Schema,
    SchemaId,
    SchemaType,
)


def record(*fields: Mapping[str, object], name: str = "Order", **said: Any) -> Schema:
    text = json.dumps({"type": "record", "name": name, "namespace": "shop", "fields": list(fields)})
    return Schema(text, **said)


ID = {"name": "id", "type": "string"}
NOTE = {"name": "note", "type": ["null", "string"], "default": None}
AMOUNT = {"name": "amount", "type": "double"}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serve() as server:
        yield server.url


@pytest.fixture
def registry(connect: Connect, url: str) -> Any:
    """A client of either kind, whose methods block."""
    return connect(url)


@pytest.fixture
def orders(request: pytest.FixtureRequest) -> str:
    """A subject of the test's own, in a registry that all share."""
    return f"{request.node.name}-value"


@pytest.fixture
def context(request: pytest.FixtureRequest) -> str:
    """A context of the test's own."""
    return f".{request.node.name}"


def test_a_subject_grows_version_by_version(registry: Any, orders: str) -> None:
    first = registry.register(orders, record(ID))
    second = registry.register(orders, record(ID, NOTE))
    assert (first.version, second.version) == (1, 2)
    assert registry.versions(orders) == [1, 2]
    assert registry.latest(orders).id == second.id
    assert registry.version(orders, 1).id == first.id
    assert orders in registry.subjects()


def test_what_is_registered_can_be_looked_up_by_another_client(registry: Any, orders: str, url: str) -> None:
    registered = registry.register(orders, record(ID))
    with Registry(url) as other:
        found = other.lookup(orders, record(ID))
        assert (found.subject, found.version, found.id) == (orders, 1, registered.id)
        assert json.loads(other.schema_by_id(registered.id).text) == json.loads(record(ID).text)


def test_what_was_registered_is_what_another_client_finds(registry: Any, orders: str, url: str) -> None:
    registry.set_config(orders, ConfigChange(default_metadata=METADATA))
    untidy = Schema('{"type": "record",   "name": "A", "fields": [{"name": "x", "type": {"type": "int"}}]}')
    for normalize in (False, True):
        registered = registry.register(orders, untidy, normalize=normalize)
        assert registered.schema.metadata == METADATA
        with Registry(url) as other:
            found = other.lookup(orders, untidy, normalize=normalize)
        assert registered == registry.lookup(orders, untidy, normalize=normalize) == found


def test_force_takes_what_breaks_somebody(registry: Any, orders: str) -> None:
    registry.register(orders, record(ID))
    with pytest.raises(IncompatibleSchema):
        registry.register(orders, record(ID, AMOUNT))
    assert registry.register(orders, record(ID, AMOUNT), force=True).version == 2


def test_what_is_not_there_is_not_found(registry: Any, orders: str) -> None:
    registry.register(orders, record(ID))
    with pytest.raises(NotFound) as no_id:
        registry.schema_by_id(SchemaId(999_999))
    with pytest.raises(NotFound) as no_subject:
        registry.versions("nobody-value")
    with pytest.raises(NotFound) as no_version:
        registry.version(orders, 9)
    with pytest.raises(NotFound) as no_schema:
        registry.lookup(orders, record(ID, NOTE))
    codes = [caught.value.error_code for caught in (no_id, no_subject, no_version, no_schema)]
    assert codes == [40403, 40401, 40402, 40403]


def test_a_breaking_change_is_refused_with_findings_whose_fixes_pass(registry: Any, orders: str) -> None:
    registry.register(orders, record(ID))
    registry.set_compatibility(orders, CompatibilityLevel.BACKWARD)
    with pytest.raises(IncompatibleSchema) as caught:
        registry.register(orders, record(ID, AMOUNT))
    finding = caught.value.findings[0]
    assert finding.rule in caught.value.explanation()
    assert caught.value.deployment is not None
    assert caught.value.explanation().endswith(caught.value.deployment.advice)
    fixes = [Schema(fix.schema) for finding in caught.value.findings for fix in finding.fixes]
    assert fixes
    assert all(registry.check_compatibility(orders, fix).compatible for fix in fixes)
    assert registry.versions(orders) == [1]


def test_a_check_says_why_without_registering(registry: Any, orders: str) -> None:
    registry.register(orders, record(ID))
    verdict = registry.check_compatibility(orders, record(ID, AMOUNT))
    assert not verdict.compatible
    assert verdict.findings
    assert verdict.messages
    assert verdict.deployment.order is DeployOrder.PRODUCERS_FIRST
    assert registry.check_compatibility(orders, record(ID, NOTE), version="latest").compatible


def test_levels_are_set_and_read(registry: Any, orders: str) -> None:
    assert registry.compatibility() is CompatibilityLevel.BACKWARD
    assert registry.set_compatibility(orders, CompatibilityLevel.FULL) is CompatibilityLevel.FULL
    assert registry.compatibility(orders) is CompatibilityLevel.FULL
    assert registry.compatibility("others-value") is CompatibilityLevel.BACKWARD


def test_references_are_resolved(registry: Any, orders: str) -> None:
    money = registry.register("money-value", record({"name": "cents", "type": "long"}, name="Money"))
    order = Schema(
        record({"name": "total", "type": "Money"}).text,
        references=(Reference("shop.Money", money.subject, money.version),),
    )
    registered = registry.register(orders, order)
    fetched = registry.schema_by_id(registered.id)
    assert fetched.references == order.references
    assert list(registry.referenced_by(fetched)) == ["shop.Money"]


REFERRING = {
    SchemaType.JSON: ("money.json", '{"title":"Money","type":"object"}', '{"$ref":"money.json"}'),
    SchemaType.PROTOBUF: (
        "money.proto",
        'syntax = "proto3";\n\nmessage Money {\n  int64 cents = 1;\n}\n',
        'syntax = "proto3";\n\nimport "money.proto";\n\nmessage Order {\n  Money total = 1;\n}\n',
    ),
}


@pytest.mark.parametrize("kind", REFERRING)
def test_references_of_other_types_are_resolved(registry: Any, orders: str, kind: SchemaType) -> None:
    name, part, whole = REFERRING[kind]
    money = registry.register(f"{orders}-{name}", Schema(part, kind))
    order = Schema(whole, kind, references=(Reference(name, money.subject, money.version),))
    fetched = registry.schema_by_id(registry.register(f"{orders}-{kind}", order).id)
    assert fetched == order
    assert registry.referenced_by(fetched) == {name: Schema(part, kind)}


def json_order(properties: str) -> Schema:
    text = f'{{"title":"Order","type":"object","properties":{{{properties}}},"additionalProperties":false}}'
    return Schema(text, SchemaType.JSON)


def proto_order(fields: str) -> Schema:
    return Schema(f'syntax = "proto3";\n\nmessage Order {{\n  {fields}\n}}\n', SchemaType.PROTOBUF)


# For each type a schema, one that may follow it, one that may not and the rule against that, one that is doubtful.
OF_OTHER_TYPES = {
    SchemaType.JSON: (
        json_order('"id":{"type":"string"}'),
        json_order('"id":{"type":"string"},"note":{"type":"string"}'),
        (json_order('"id":{"type":"string","maxLength":8}'), "JSON_UPPER_LIMIT_TIGHTENED"),
        (Schema('{"title":"Order","type":"object"}', SchemaType.JSON), None),
    ),
    SchemaType.PROTOBUF: (
        proto_order("string id = 1;"),
        proto_order("string id = 1;\n  string note = 2;"),
        (proto_order("bool id = 1;"), "PROTOBUF_FIELD_SCALAR_KIND_CHANGED"),
        (proto_order("string key = 1;"), "PROTOBUF_NUMBER_REUSED"),
    ),
}


@pytest.mark.parametrize("kind", OF_OTHER_TYPES)
def test_schemas_of_other_types_grow_are_refused_and_explained(
    registry: Any, orders: str, url: str, kind: SchemaType
) -> None:
    orders = f"{orders}-{kind}"
    first, grown, (broken, rule), (doubtful, warning) = OF_OTHER_TYPES[kind]
    registered = registry.register(orders, first)
    with Registry(url) as other:
        assert other.lookup(orders, first).id == registered.id
        assert other.schema_by_id(registered.id) == first
        assert other.latest(orders).schema == first

    with pytest.raises(IncompatibleSchema) as caught:
        registry.register(orders, broken)
    (finding,) = caught.value.findings
    assert (finding.rule, finding.version) == (rule, 1)
    assert finding.rule in caught.value.explanation()
    assert caught.value.deployment is not None
    fixes = [Schema(fix.schema, kind) for fix in finding.fixes]
    assert fixes
    assert all(registry.check_compatibility(orders, fix).compatible for fix in fixes)

    verdict = registry.check_compatibility(orders, doubtful)
    assert verdict.compatible
    assert [one.rule for one in verdict.findings] == ([warning] if warning else [])
    assert verdict.deployment.order in DeployOrder
    assert registry.register(orders, grown).version == 2


def test_a_type_that_was_left_out_is_told(registry: Any, orders: str) -> None:
    with pytest.raises(RegistryRefused) as caught:
        registry.register(orders, Schema(proto_order("string id = 1;").text))
    assert caught.value.hint.startswith('if it is meant as PROTOBUF, send "schemaType": "PROTOBUF"')


def test_a_subject_is_hidden_and_then_erased(registry: Any, orders: str) -> None:
    registry.register(orders, record(ID))
    assert registry.delete_version(orders, 1) == 1
    registry.register(orders, record(ID, NOTE))
    assert registry.delete_subject(orders) == [2]
    assert registry.delete_subject(orders, permanent=True) == [1, 2]
    assert orders not in registry.subjects()


def test_no_schema_is_refused(registry: Any, orders: str) -> None:
    with pytest.raises(RegistryRefused) as caught:
        registry.register(orders, Schema('{"type": "nope"}'))
    assert caught.value.error_code == 42201


METADATA = Metadata({"**.id": ("PII",)}, {"owner": "shop"}, ("owner",))
RULES = RuleSet(
    domain_rules=(DataRule("known", kind="CONDITION", mode="WRITE", type="CEL", expr="message.id != ''"),)
)


def test_metadata_and_rules_are_kept_with_a_schema_and_tell_it_from_others(
    registry: Any, orders: str, url: str
) -> None:
    plain = registry.register(orders, record(ID))
    ruled = registry.register(orders, record(ID, metadata=METADATA, rule_set=RULES))
    assert (plain.version, ruled.version) == (1, 2)
    assert ruled.guid != plain.guid
    with Registry(url) as other:
        for found in (
            other.schema_by_id(ruled.id),
            other.latest(orders).schema,
            other.schema_by_guid(ruled.guid or ""),
        ):
            assert (found.metadata, found.rule_set) == (METADATA, RULES)
        assert other.lookup(orders, record(ID, metadata=METADATA, rule_set=RULES)).version == 2


def test_what_is_hidden_is_listed_when_asked_for(registry: Any, orders: str) -> None:
    registry.register(orders, record(ID))
    gone = registry.register(orders, record(ID, NOTE))
    registry.delete_version(orders, 2)
    assert registry.versions(orders, deleted=True) == [1, 2]
    assert registry.versions(orders, deleted_only=True) == [2]
    assert registry.version(orders, 2, deleted=True).deleted
    with pytest.raises(NotFound):
        registry.version(orders, 2)
    assert [item.deleted for item in registry.schemas(subject_prefix=orders, deleted=True)] == [False, True]
    assert [item.version for item in registry.schemas(subject_prefix=orders, latest_only=True)] == [1]
    assert SubjectVersion(gone.subject, gone.version) in registry.places(gone.id, deleted=True)
    assert gone.subject not in {place.subject for place in registry.places(gone.id)}
    registry.delete_subject(orders)
    assert orders in registry.subjects(subject_prefix=orders, deleted_only=True)
    assert registry.subjects(subject_prefix=orders) == []


def test_who_refers_to_a_version_is_told(registry: Any, orders: str) -> None:
    money = registry.register(f"{orders}-money", record({"name": "cents", "type": "long"}, name="Money"))
    order = Schema(
        record({"name": "total", "type": "Money"}).text,
        references=(Reference("shop.Money", money.subject, money.version),),
    )
    registered = registry.register(orders, order)
    assert registry.referrers(money.subject, 1) == [registered.id]
    assert registry.referrers(money.subject, "latest") == [registered.id]


def test_a_context_is_a_room_of_its_own(registry: Any, context: str, orders: str) -> None:
    inside = f":{context}:{orders}"
    registry.register(orders, record(NOTE))
    registered = registry.register(inside, record(ID, name="Inside"))
    assert registered.id == 1
    assert json.loads(registry.schema_by_id(1, subject=f":{context}:").text)["name"] == "Inside"
    assert context in registry.contexts()
    assert registry.contexts(context_prefix=context) == [context]
    assert registry.subjects(subject_prefix=f":{context}:") == [inside]
    with pytest.raises(RegistryRefused, match="not empty"):
        registry.delete_context(context)
    registry.delete_subject(inside)
    registry.delete_subject(inside, permanent=True)
    registry.delete_context(context)
    assert context not in registry.contexts()


def test_a_configuration_is_changed_part_by_part(registry: Any, orders: str) -> None:
    with pytest.raises(NotFound):
        registry.config(orders)
    assert registry.config(orders, default_to_global=True).compatibility is CompatibilityLevel.BACKWARD
    change = ConfigChange(
        compatibility=CompatibilityLevel.FULL,
        compatibility_group="major",
        normalize=True,
        default_metadata=METADATA,
        override_rule_set=RULES,
    )
    assert registry.set_config(orders, change).compatibility is CompatibilityLevel.FULL
    registry.set_config(orders, ConfigChange(normalize=None, alias="others"))
    found = registry.config(orders)
    assert (found.compatibility, found.compatibility_group) == (CompatibilityLevel.FULL, "major")
    assert (found.default_metadata, found.override_rule_set) == (METADATA, RULES)
    assert (found.normalize, found.alias) == (None, "others")
    assert registry.delete_config(orders).compatibility is CompatibilityLevel.FULL
    with pytest.raises(NotFound):
        registry.config(orders)


def test_a_subject_takes_in_what_another_registry_has(registry: Any, context: str) -> None:
    orders = f":{context}:orders-value"
    assert registry.set_mode(orders, Mode.IMPORT) is Mode.IMPORT
    registered = registry.register(orders, record(ID), schema_id=4711, version=9)
    assert (registered.id, registered.version) == (4711, 9)
    assert registry.mode(orders) is Mode.IMPORT
    assert registry.delete_mode(orders) is Mode.IMPORT
    assert registry.mode(orders, default_to_global=True) is Mode.READWRITE
    with pytest.raises(RegistryRefused):
        registry.set_mode(orders, Mode.IMPORT)
    assert registry.set_mode(orders, Mode.IMPORT, force=True) is Mode.IMPORT


def test_the_same_text_becomes_another_version_when_that_is_wanted(registry: Any, orders: str) -> None:
    registry.register(orders, record(ID))
    again = registry.register(orders, record(ID), version=-1)
    assert again.version == 2
    assert registry.register(orders, record(ID)).version == 1


def test_readers_are_told_listed_and_forgotten(registry: Any, orders: str) -> None:
    schema = ReportedSchema.of(record(ID))
    claim = ReaderReport(
        service="billing", subject=orders, origin="claim", groups=("billing-v1",), fields=("id",)
    )
    seen = ReaderReport(service="billing", subject=orders, origin="observed", schema=schema, schema_id=7)
    for report in (claim, claim, seen):
        kept = registry.report_reader(report)
        assert kept.reported_at_ms is not None
    assert [one.origin for one in registry.readers(subject=orders)] == ["claim", "observed"]
    [found] = registry.readers(subject=orders, service="billing", origin="observed")
    assert (found.fields, found.schema, found.schema_id) == (None, schema, 7)
    assert found.schema.to_schema() == record(ID)
    registry.forget_report(claim)
    assert [one.origin for one in registry.readers(subject=orders)] == ["observed"]
    with pytest.raises(NotFound):
        registry.forget_report(claim)


def test_deployments_are_kept_with_their_history(registry: Any, orders: str) -> None:
    reads = (DeployedRead(subject=orders, fields=("id",), schema=ReportedSchema.of(record(ID))),)
    for version, at_ms in (("1", 5), ("2", None)):
        registry.report_deployment(
            DeploymentReport(
                service=orders, environment="prod", version=version, reads=reads, deployed_at_ms=at_ms
            )
        )
    found = registry.deployments(service=orders, environment="prod")
    assert {one.version: one.deployed_at_ms == 5 for one in found} == {"1": True, "2": False}
    assert all(one.reads == reads and one.deployed_at_ms is not None for one in found)


def test_what_was_verified_rolled_out_and_exempted_comes_back(registry: Any, orders: str) -> None:
    verified = VerificationReport(
        consumer=orders, consumer_version="1", subject=orders, fingerprint="g", ok=False, problems=("no",)
    )
    step = RolloutStep(name="check", state="done", at=5)
    rollout = RolloutReport(id=orders, subject=orders, fingerprint="g", state="rolled back", steps=(step,))
    exemption = ExemptionReport(contract=orders, rule="R", reason="why", until="2027-01-31")
    registry.report_verification(verified)
    registry.report_rollout(rollout)
    registry.report_exemption(exemption)
    assert [one.problems for one in registry.verifications(consumer=orders)] == [("no",)]
    assert [one.steps for one in registry.rollouts(rollout_id=orders)] == [(step,)]
    assert [one.until for one in registry.exemptions(contract=orders)] == ["2027-01-31"]
    for report in (verified, rollout, exemption):
        registry.forget_report(report)
    assert not registry.exemptions(contract=orders)


def test_a_report_that_is_none_is_refused_with_everything_that_is_wrong(registry: Any, orders: str) -> None:
    with pytest.raises(RegistryRefused, match=r"service.*groups") as caught:
        registry.report_reader(ReaderReport(service="", subject=orders, origin="claim", groups=("",)))
    assert caught.value.hint
