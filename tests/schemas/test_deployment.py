"""Who may be upgraded first: what is advised for a pair of schemas, told apart from the level of the subject."""

import pytest

from accord.schemas import (
    CompatibilityLevel,
    CompatibilityPolicy,
    Deployment,
    DeployOrder,
    Earlier,
    ParsedSchema,
    Schema,
    SchemaType,
    Version,
    check_compatibility,
    parse,
)


def order(*fields: str) -> ParsedSchema:
    return parse(Schema(f'{{"type": "record", "name": "Order", "fields": [{", ".join(fields)}]}}'))


def deployment(
    candidate: ParsedSchema, *earlier: ParsedSchema, level: CompatibilityLevel = CompatibilityLevel.BACKWARD
) -> Deployment:
    versions = [Earlier(Version(number), schema) for number, schema in enumerate(earlier, start=1)]
    return check_compatibility(candidate, versions, level=level).deployment


ID = '{"name": "id", "type": "string"}'
EMAIL = '{"name": "email", "type": "string"}'
PHONE = '{"name": "phone", "type": "string", "default": ""}'


@pytest.mark.parametrize("level", CompatibilityLevel)
def test_the_order_is_the_same_whatever_the_level_asks_for(level: CompatibilityLevel) -> None:
    told = deployment(order(ID, EMAIL), order(ID), level=level)
    assert (told.order, told.version) == (DeployOrder.PRODUCERS_FIRST, 1)


def test_the_newest_version_counts_also_where_all_are_compared() -> None:
    told = deployment(order(ID), order(ID, EMAIL), order(ID), level=CompatibilityLevel.FULL_TRANSITIVE)
    assert (told.order, told.version) == (DeployOrder.EITHER_ORDER, 2)


def test_the_first_version_waits_for_nobody() -> None:
    told = deployment(order(ID))
    assert (told.order, told.version) == (DeployOrder.FIRST_VERSION, None)


@pytest.mark.parametrize(
    ("new", "old", "told", "words"),
    [
        (order(ID, PHONE), order(ID), DeployOrder.EITHER_ORDER, "in any order"),
        (order(ID), order(ID, EMAIL), DeployOrder.CONSUMERS_FIRST, "every consumer first"),
        (order(ID, EMAIL), order(ID), DeployOrder.PRODUCERS_FIRST, "no record of version 1 is left"),
        (order(EMAIL), order(ID), DeployOrder.NO_SAFE_ORDER, "a topic of its own"),
    ],
)
def test_the_advice_says_who_goes_first_and_what_they_wait_for(
    new: ParsedSchema, old: ParsedSchema, told: DeployOrder, words: str
) -> None:
    found = deployment(new, old)
    assert found.order is told
    assert words in found.advice


def test_a_version_with_a_name_of_its_own_is_called_by_it() -> None:
    earlier = [Earlier(Version(4), order(ID), name="what runs in production")]
    report = check_compatibility(order(ID, EMAIL), earlier, level=CompatibilityLevel.BACKWARD)
    assert "what runs in production reads the records of the new schema" in report.deployment.advice


def test_nothing_is_compared_until_somebody_asks_and_then_once(monkeypatch: pytest.MonkeyPatch) -> None:
    report = check_compatibility(
        order(ID, EMAIL), [Earlier(Version(1), order(ID))], level=CompatibilityLevel.BACKWARD
    )
    asked = []

    def counted(candidate: ParsedSchema, newest: Earlier | None, policy: CompatibilityPolicy) -> Deployment:
        assert policy is CompatibilityPolicy.STRICT
        asked.append((candidate, newest))
        return Deployment(DeployOrder.EITHER_ORDER, "")

    monkeypatch.setattr("accord.schemas.compatibility.deployment_of", counted)
    assert report.deployment is report.deployment
    assert len(asked) == 1


def test_equal_schemas_are_not_compared_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    report = check_compatibility(
        order(ID), [Earlier(Version(1), order(ID))], level=CompatibilityLevel.BACKWARD
    )
    monkeypatch.setattr("accord.schemas.avro.format.differences", None)
    assert report.deployment.order is DeployOrder.EITHER_ORDER


def test_the_same_text_is_compared_where_what_it_refers_to_differs() -> None:
    def user(*fields: str) -> ParsedSchema:
        address = f'{{"type": "record", "name": "geo.Address", "fields": [{", ".join(fields)}]}}'
        text = '{"type": "record", "name": "User", "fields": [{"name": "home", "type": "geo.Address"}]}'
        return parse(Schema(text), referenced={"geo.Address": Schema(address)})

    assert deployment(user(ID, EMAIL), user(ID)).order is DeployOrder.PRODUCERS_FIRST


def test_another_schema_type_has_no_safe_order() -> None:
    assert deployment(order(ID), parse(Schema("{}", SchemaType.JSON))).order is DeployOrder.NO_SAFE_ORDER


def test_what_cannot_be_compared_has_no_safe_order_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def union(letter: str, count: int) -> ParsedSchema:
        branches = (f'{{"type":"record","name":"{letter}{n}","fields":[]}}' for n in range(count))
        return parse(Schema(f"[{','.join(branches)}]"))

    report = check_compatibility(
        union("B", 12), [Earlier(Version(1), union("A", 12))], level=CompatibilityLevel.NONE
    )
    monkeypatch.setattr("accord.schemas.avro.compatibility._MAX_PAIRS", 100)
    assert report.deployment.order is DeployOrder.NO_SAFE_ORDER
    assert "over 100 pairs of their types" in report.deployment.advice
