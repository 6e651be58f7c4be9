"""What is kept of schemas that were read, and what is read anew."""

import pytest

from accord.registry.core.readings import Readings
from accord.schemas import InvalidSchema, Reference, Schema, SchemaType, Subject, Version

INT = Schema('"int"')
# The default fits no long: new schemas may not be like that.
LAX = Schema('{"type":"record","name":"E","fields":[{"name":"id","type":"long","default":"x"}]}')


def test_what_was_read_is_not_read_again() -> None:
    readings = Readings(most_characters=100)

    assert readings.read(INT, (), strict=False) is readings.read(Schema('"int"'), (), strict=False)
    assert readings.read(INT, (), strict=True) is readings.read(INT, (), strict=False)


def test_what_was_read_with_less_care_is_read_again_for_more() -> None:
    readings = Readings(most_characters=100)

    readings.read(LAX, (), strict=False)
    with pytest.raises(InvalidSchema):
        readings.read(LAX, (), strict=True)
    assert readings.read(LAX, (), strict=False).type is SchemaType.AVRO


def test_type_references_and_what_they_lead_to_make_another_schema() -> None:
    readings = Readings(most_characters=1000)
    text = '{"type":"array","items":"A"}'
    references = (Reference("A", Subject("a"), Version(1)),)
    kinds = {
        readings.read(
            Schema(text, references=references), (("A", Schema(definition)),), strict=True
        ).canonical
        for definition in (
            '{"type":"enum","name":"A","symbols":["X"]}',
            '{"type":"fixed","name":"A","size":1}',
        )
    }

    assert len(kinds) == 1
    first, second = (
        readings.read(Schema('{"type":"string"}', kind), (), strict=True)
        for kind in (SchemaType.AVRO, SchemaType.JSON)
    )
    assert (first.type, second.type) == (SchemaType.AVRO, SchemaType.JSON)
    with pytest.raises(InvalidSchema):
        readings.read(Schema(text), (), strict=True)


def test_there_is_room_for_so_many_characters_and_for_the_last_one_however_long_it_is() -> None:
    readings = Readings(most_characters=12)
    first, second = (readings.read(Schema(text), (), strict=True) for text in ('"int"', '"long"'))
    assert readings.read(INT, (), strict=True) is first
    assert readings.read(Schema('"long"'), (), strict=True) is second

    third = readings.read(Schema('"bytes"'), (), strict=True)
    assert readings.read(Schema('"bytes"'), (), strict=True) is third
    assert readings.read(INT, (), strict=True) is not first

    huge = readings.read(Schema('{"type": "int"}' + " " * 100), (), strict=True)
    assert readings.read(Schema('{"type": "int"}' + " " * 100), (), strict=True) is huge
