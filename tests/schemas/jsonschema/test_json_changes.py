"""The table of changes: the order that each asks for is advised, and documents are valid, or not, as it says."""

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from accord.schemas import (
    CompatibilityLevel,
    CompatibilityPolicy,
    DeployOrder,
    Earlier,
    Schema,
    SchemaType,
    Version,
    check_compatibility,
    parse,
)
from accord.schemas.changes import Change
from accord.schemas.jsonschema.changes import CHANGES

NEW_READS_OLD = {DeployOrder.EITHER_ORDER, DeployOrder.CONSUMERS_FIRST}
OLD_READS_NEW = {DeployOrder.EITHER_ORDER, DeployOrder.PRODUCERS_FIRST}

changes = pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.what)


@changes
def test_the_advice_is_the_order_of_the_table(change: Change) -> None:
    earlier = [Earlier(Version(1), parse(Schema(change.old, SchemaType.JSON)))]
    report = check_compatibility(
        parse(Schema(change.new, SchemaType.JSON)),
        earlier,
        level=CompatibilityLevel.NONE,
        policy=change.policy,
    )
    assert report.deployment.order is change.order


@changes
def test_documents_are_valid_in_the_directions_said_to_be_safe_and_in_no_other(
    change: Change, accepts: Callable[[str, Any], bool]
) -> None:
    documents = list(documents_of(change))
    for reader, writer, said in (
        (change.new, change.old, change.order in NEW_READS_OLD),
        (change.old, change.new, change.order in OLD_READS_NEW),
    ):
        refused = [one for one in documents if accepts(writer, one) and not accepts(reader, one)]
        if not said:
            assert refused
        elif refused:
            assert change.beware, f"{refused[0]} is valid under {writer} and not under {reader}"


def test_what_lenient_lets_in_comes_with_a_word_of_what_it_does_not_guard() -> None:
    lenient = [change for change in CHANGES if change.policy is CompatibilityPolicy.LENIENT]
    assert lenient
    assert all(change.beware for change in lenient)


def test_no_two_changes_have_the_same_words() -> None:
    assert len({change.what for change in CHANGES}) == len(CHANGES)


VALUES: tuple[Any, ...] = ("", "abc", "ABCDEF", "12", "OPEN", "VOID", 7, 1.5, None, True, [], ["a"], [7], {})
ABSENT = object()


def documents_of(change: Change) -> Iterator[dict[str, Any]]:
    """Every object with the properties that one of the two schemas describes, and another one, of plain values."""
    described = (json.loads(text)["properties"] for text in (change.old, change.new))
    names = sorted({name for properties in described for name in properties} | {"other"})
    for values in itertools.product((ABSENT, *VALUES), repeat=len(names)):
        pairs = zip(names, values, strict=True)
        yield {name: value for name, value in pairs if value is not ABSENT}
