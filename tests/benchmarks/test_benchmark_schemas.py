import itertools
import json

import pytest

from accord.schemas import (
    CompatibilityLevel,
    Earlier,
    Schema,
    SchemaType,
    Version,
    check_compatibility,
    parse,
)
from benchmarks.registry import schemas
from benchmarks.registry.schemas import Pattern
from benchmarks.registry.wide import FIELDS, wide


@pytest.mark.parametrize("pattern", [schemas.orders(1024), schemas.revisions(1024)])
def test_numbered_schemas_differ_in_text_and_not_in_size(pattern: Pattern) -> None:
    texts = {pattern.numbered(number).text for number in (1, 2, 99_999_999)}
    assert len(texts) == 3
    assert {1000 <= len(text) <= 1024 for text in texts} == {True}
    assert {parse(Schema(text)).canonical for text in texts} == texts


def test_what_is_posted_is_the_numbered_schema() -> None:
    pattern = schemas.orders(1024)
    posted = json.loads(schemas.fill(pattern.body(), 7))
    assert posted == {"schemaType": "AVRO", "schema": pattern.numbered(7).text}


@pytest.mark.parametrize("older", [1, 3])
def test_every_revision_reads_every_other(older: int) -> None:
    revisions = schemas.revisions(1024)
    assert _compatible(revisions, revisions, [older, 2])


@pytest.mark.parametrize("kind", list(SchemaType))
def test_a_wide_schema_fits_all_lower_numbers_or_none(kind: SchemaType) -> None:
    of_format = wide(kind)
    assert _compatible(of_format.fitting, of_format.fitting, [1, 2, 3])
    for number in (1, 2, 3):
        assert not _compatible(of_format.refused, of_format.fitting, [number])


def test_a_wide_schema_has_as_many_fields_as_it_says() -> None:
    fields = json.loads(wide(SchemaType.AVRO).fitting.schema.text)["fields"]
    properties = json.loads(wide(SchemaType.JSON).fitting.schema.text)["properties"]
    lines = itertools.takewhile(
        lambda line: line != "}", wide(SchemaType.PROTOBUF).fitting.schema.text.splitlines()
    )
    assert (len(fields), len(properties)) == (FIELDS, FIELDS)
    assert sum(" = " in line and line.startswith("  ") for line in lines) == FIELDS


def _compatible(candidate: Pattern, earlier: Pattern, numbers: list[int]) -> bool:
    versions = [Earlier(Version(number), parse(earlier.numbered(number))) for number in numbers]
    report = check_compatibility(
        parse(candidate.numbered(4)), versions, level=CompatibilityLevel.BACKWARD_TRANSITIVE
    )
    return report.compatible
