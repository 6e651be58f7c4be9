"""The client and this project's registry, talking over a real socket."""

import json
from collections.abc import Iterator, Mapping

import pytest

from accord.client import IncompatibleSchema, NotFound, Registry, RegistryRefused
from accord.registry.http.server import serve
from accord.schemas import CompatibilityLevel, Reference, Schema, SchemaId


def record(*fields: Mapping[str, object], name: str = "Order") -> Schema:
    return Schema(json.dumps({"type": "record", "name": name, "namespace": "shop", "fields": list(fields)}))


ID = {"name": "id", "type": "string"}
NOTE = {"name": "note", "type": ["null", "string"], "default": None}
AMOUNT = {"name": "amount", "type": "double"}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serve() as server:
        yield server.url


@pytest.fixture
def registry(url: str) -> Iterator[Registry]:
    with Registry(url) as client:
        yield client


@pytest.fixture
def orders(request: pytest.FixtureRequest) -> str:
    """A subject of the test's own, in a registry that all share."""
    return f"{request.node.name}-value"


def test_a_subject_grows_version_by_version(registry: Registry, orders: str) -> None:
    first = registry.register(orders, record(ID))
    second = registry.register(orders, record(ID, NOTE))
    assert (first.version, second.version) == (1, 2)
    assert registry.versions(orders) == [1, 2]
    assert registry.latest(orders).id == second.id
    assert registry.version(orders, 1).id == first.id
    assert orders in registry.subjects()


def test_what_is_registered_can_be_looked_up_by_another_client(
    registry: Registry, orders: str, url: str
) -> None:
    registered = registry.register(orders, record(ID))
    with Registry(url) as other:
        found = other.lookup(orders, record(ID))
        assert (found.subject, found.version, found.id) == (orders, 1, registered.id)
        assert json.loads(other.schema_by_id(registered.id).text) == json.loads(record(ID).text)


def test_what_is_not_there_is_not_found(registry: Registry, orders: str) -> None:
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


def test_a_breaking_change_is_refused_with_findings_whose_fixes_pass(registry: Registry, orders: str) -> None:
    registry.register(orders, record(ID))
    registry.set_compatibility(orders, CompatibilityLevel.BACKWARD)
    with pytest.raises(IncompatibleSchema) as caught:
        registry.register(orders, record(ID, AMOUNT))
    finding = caught.value.findings[0]
    assert finding.rule in caught.value.explanation()
    fixes = [Schema(fix.schema) for finding in caught.value.findings for fix in finding.fixes]
    assert fixes
    assert all(registry.check_compatibility(orders, fix).compatible for fix in fixes)
    assert registry.versions(orders) == [1]


def test_a_check_says_why_without_registering(registry: Registry, orders: str) -> None:
    registry.register(orders, record(ID))
    verdict = registry.check_compatibility(orders, record(ID, AMOUNT))
    assert not verdict.compatible
    assert verdict.findings
    assert verdict.messages
    assert registry.check_compatibility(orders, record(ID, NOTE), version="latest").compatible


def test_levels_are_set_and_read(registry: Registry, orders: str) -> None:
    assert registry.compatibility() is CompatibilityLevel.BACKWARD
    assert registry.set_compatibility(orders, CompatibilityLevel.FULL) is CompatibilityLevel.FULL
    assert registry.compatibility(orders) is CompatibilityLevel.FULL
    assert registry.compatibility("others-value") is CompatibilityLevel.BACKWARD


def test_references_are_resolved(registry: Registry, orders: str) -> None:
    money = registry.register("money-value", record({"name": "cents", "type": "long"}, name="Money"))
    order = Schema(
        record({"name": "total", "type": "Money"}).text,
        references=(Reference("shop.Money", money.subject, money.version),),
    )
    registered = registry.register(orders, order)
    fetched = registry.schema_by_id(registered.id)
    assert fetched.references == order.references
    assert list(registry.referenced_by(fetched)) == ["shop.Money"]


def test_a_subject_is_hidden_and_then_erased(registry: Registry, orders: str) -> None:
    registry.register(orders, record(ID))
    assert registry.delete_version(orders, 1) == 1
    registry.register(orders, record(ID, NOTE))
    assert registry.delete_subject(orders) == [2]
    assert registry.delete_subject(orders, permanent=True) == [1, 2]
    assert orders not in registry.subjects()


def test_no_schema_is_refused(registry: Registry, orders: str) -> None:
    with pytest.raises(RegistryRefused) as caught:
        registry.register(orders, Schema('{"type": "nope"}'))
    assert caught.value.error_code == 42201
