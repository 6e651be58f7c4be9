"""The page of the levels: what it says is what a check does."""

import pytest

from accord.codecs import InvalidData, codec_for
from accord.schemas import (
    CompatibilityLevel,
    CompatibilityReport,
    Earlier,
    Schema,
    SchemaType,
    Version,
    check_compatibility,
    parse,
)
from accord.schemas.changes import Change
from accord.schemas.level_page import _CHANGES, is_allowed, level_page, levels_page
from accord.schemas.levels import GUIDES, TRAP
from accord.schemas.pages import to_markdown, to_plain

TYPES = {"Avro": SchemaType.AVRO, "JSON Schema": SchemaType.JSON, "Protobuf": SchemaType.PROTOBUF}

every_level = pytest.mark.parametrize("level", CompatibilityLevel)
every_change = pytest.mark.parametrize(
    ("schema_type", "change"),
    [
        pytest.param(TYPES[name], change, id=f"{name}: {change.what}")
        for name, changes in _CHANGES.items()
        for change in changes
    ],
)


def check(level: CompatibilityLevel, *texts: str) -> CompatibilityReport:
    *earlier, candidate = (parse(Schema(text)) for text in texts)
    versions = [Earlier(Version(number), schema) for number, schema in enumerate(earlier, start=1)]
    return check_compatibility(candidate, versions, level=level)


def test_in_the_trap_each_step_passes_and_the_whole_way_does_not() -> None:
    first, second, third = (text for _, text in TRAP.versions)
    assert check(TRAP.passes, first, second).compatible
    assert check(TRAP.passes, first, second, third).compatible
    refused = check(TRAP.refuses, first, second, third)
    assert [(one.rule, one.version) for one in refused.findings] == [("AVRO_FIELD_WITHOUT_DEFAULT", 1)]


def test_in_the_trap_the_newest_reader_decodes_the_version_before_it_and_stops_at_the_first() -> None:
    first, second, third = (Schema(text) for _, text in TRAP.versions)
    data = codec_for(second).encode({"id": "a", "email": "x"})
    assert codec_for(second, reader=third).decode(data) == {"id": "a", "email": "x"}
    with pytest.raises(InvalidData):
        codec_for(first, reader=third).decode(codec_for(first).encode({"id": "a"}))


@every_change
def test_each_level_lets_in_the_changes_that_its_page_allows(schema_type: SchemaType, change: Change) -> None:
    old, new = (parse(Schema(text, schema_type)) for text in (change.old, change.new))
    for level in CompatibilityLevel:
        report = check_compatibility(new, [Earlier(Version(1), old)], level=level, policy=change.policy)
        assert report.compatible == is_allowed(change, level), level


@every_level
def test_the_page_of_a_level_says_what_it_compares_with(level: CompatibilityLevel) -> None:
    page = to_plain(level_page(level))
    compared = "every version" if level.transitive else "the newest version only"
    assert ("no version" if level is CompatibilityLevel.NONE else compared) in page
    assert GUIDES[level].reads in page


@every_level
def test_the_page_of_a_level_sorts_every_change(level: CompatibilityLevel) -> None:
    points = [line for line in to_markdown(level_page(level)).splitlines() if line.startswith("- ")]
    every = [change for changes in _CHANGES.values() for change in changes]
    assert sorted(points) == sorted(f"- {change.what}" for change in every)


def test_the_page_of_all_levels_says_that_backward_compares_with_the_newest_only() -> None:
    page = to_markdown(levels_page())
    assert "BACKWARD, FORWARD and FULL compare with the newest version only" in page
    assert "compare with every one" in page
    assert all(f"| {level} |" in page for level in CompatibilityLevel)
