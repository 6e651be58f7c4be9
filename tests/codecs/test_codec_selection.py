import subprocess
import sys

import pytest

from accord import codecs

LOAD = """
import sys
from dataclasses import dataclass
from accord.codecs import codec_for, derive_schema
from accord.schemas import SchemaType

@dataclass
class Event:
    name: str

{what}
print(*sorted(name for name in sys.modules if name in {{
    "accord.codecs.avro", "accord.codecs.jsonschema", "accord.codecs.protobuf", "google.protobuf", "jsonschema_rs", "pydantic",
}}))
"""
USE = "schema = derive_schema(Event, type=SchemaType.{0}); codec_for(schema, model=Event)"


@pytest.mark.parametrize(
    ("what", "loaded"),
    [
        ("", ""),
        (USE.format("AVRO"), "accord.codecs.avro"),
        (USE.format("JSON"), "accord.codecs.jsonschema jsonschema_rs"),
    ],
    ids=["nothing", "Avro", "JSON"],
)
def test_what_a_format_needs_is_loaded_with_it_and_pydantic_by_nobody(what: str, loaded: str) -> None:
    program = [sys.executable, "-c", LOAD.format(what=what)]
    said = subprocess.run(program, capture_output=True, text=True, check=True).stdout
    assert said.split() == loaded.split()


def test_the_door_stays_closed() -> None:
    assert sorted(codecs.__all__) == [
        "AvroType",
        "Codec",
        "DataFault",
        "Duration",
        "InvalidData",
        "InvalidEvent",
        "InvalidFrame",
        "ModelDoesNotFit",
        "codec_for",
        "derive_schema",
        "framing",
    ]
