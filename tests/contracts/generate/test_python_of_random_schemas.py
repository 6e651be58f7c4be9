"""Whatever JSON Schema there is: it is refused with a reason, or the module runs, and its class fits and gives back what it read."""

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from random import Random
from types import ModuleType
from typing import Any

import pytest
from tests.contracts.generate.making import project_of, schema_file
from tests.schemas.jsonschema.making import DRAFTS, DocumentMaker, SchemaMaker

from accord.codecs import InvalidData, InvalidEvent, codec_for
from accord.contracts.generate.python import KINDS, Kind, python
from accord.contracts.model import SchemaFile
from accord.schemas import InvalidSchema


def files(seeds: range) -> Iterator[tuple[int, SchemaFile]]:
    """Schema files that are made of these seeds."""
    for seed in seeds:
        random = Random(seed)
        schema = SchemaMaker(random, random.choice([7, *DRAFTS])).root()
        if isinstance(schema, dict):
            with suppress(InvalidSchema):
                text = json.dumps({**schema, "title": "Thing", "type": "object"})
                yield seed, schema_file("schemas/thing.json", text)


def run(source: str) -> Any:
    module = ModuleType("made_of_one_schema")
    sys.modules[module.__name__] = module
    exec(compile(source, "made.py", "exec"), module.__dict__)  # noqa: S102 -- that it runs is what is tested
    return module


def documents(seed: int, file: SchemaFile, number: int) -> Iterator[bytes]:
    """Records of the schema."""
    schema, codec = json.loads(file.source.text), codec_for(file.schema)
    for document in DocumentMaker(Random(seed), schema, schema).documents(number):
        with suppress(InvalidEvent):
            yield codec.encode(document)


def check(kind: Kind, seeds: range) -> int:
    """How many classes were made."""
    count = 0
    for seed, file in files(seeds):
        made = python(project_of(topics={"things": file}), kind)
        if made.findings:
            assert all(finding.rule == "GENERATE_TYPE_NOT_EXPRESSIBLE" for finding in made.findings)
            continue
        codec = run(made.files[-1].text).THINGS.codec
        count += 1
        for record in documents(seed, file, 6):
            # A schema without a type lets in what a class leaves out.
            with suppress(InvalidData, InvalidEvent):
                value = codec.decode(record)
                assert codec.decode(codec.encode(value)) == value
    return count


@pytest.mark.parametrize("kind", KINDS)
def test_some_schemas(kind: Kind) -> None:
    assert check(kind, range(15)) >= 3


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", KINDS)
def test_many_schemas(kind: Kind) -> None:
    assert check(kind, range(100, 700)) >= 100
