"""Where something stands in an Avro schema, in words that a developer would use."""

from collections.abc import Mapping

from accord.schemas.avro.canonical import canonical_text
from accord.schemas.avro.compatibility import AvroDifference
from accord.schemas.avro.model import Field, Record, Type
from accord.schemas.avro.schema import AvroSchema
from accord.schemas.json_text import JsonValue
from accord.schemas.pointers import tokens

_WHOLE = "the whole value"


def facts_of(difference: AvroDifference, reader: AvroSchema, writer: AvroSchema) -> Mapping[str, str]:
    """The facts of the difference, and ``where``."""
    pair = difference.pair
    if pair.reader_use.place is not None:
        where = where_in(reader, pair.reader_use.place)
    elif pair.writer_use.place is not None:
        where = where_in(writer, pair.writer_use.place)
    else:
        where = reader.words_elsewhere[id(pair.reader_use)]
    return {"where": where, **difference.facts}


def place_in(schema: AvroSchema, difference: AvroDifference, *, is_reader: bool) -> str:
    """Where in ``schema`` the difference is, a JSON pointer, or in words what of a referenced schema it is about."""
    place = difference.reader_place if is_reader else difference.writer_place
    if place is not None:
        return place
    pair = difference.pair
    if difference.fields:
        use: Type | Field = difference.fields[0 if is_reader else 1]
    else:
        use = pair.reader_use if is_reader else pair.writer_use
    return schema.words_elsewhere[id(use)] if use.place is None else use.place


def sides_of(
    difference: AvroDifference, reader: AvroSchema, writer: AvroSchema
) -> tuple[tuple[str, str], tuple[str, str]]:
    """Place and fragment of both sides; where a field is missing, the fragment is empty."""
    here = _side(reader, difference.reader_place, difference.pair.reader_use)
    if difference.reader_field is not None:
        return here, (difference.writer_place or "", "")
    return here, _side(writer, difference.writer_place, difference.pair.writer_use)


def field_of_root(schema: AvroSchema, name: str) -> tuple[str, str] | None:
    """Place and fragment of the field ``name`` of the outermost record; None where there is none."""
    root = schema.resolve(schema.root)
    if not isinstance(root, Record):
        return None
    places = (field.place or "" for field in root.fields if field.name == name)
    place = next(places, None)
    return None if place is None else (place, schema.source.fragment(place) if place else "")


def where_in(schema: AvroSchema, place: str) -> str:
    """The place in words: "`city` of `Address`", "the items of `lines` of `Order`", "the whole value"."""
    node, subject, around = schema.source.document, "", ""
    steps = tokens(place)
    while steps:
        step = steps.pop(0)
        if step == "fields" and steps and isinstance(node, dict):
            index = int(steps.pop(0))
            record, node = str(node.get("name", "")).rpartition(".")[2], node["fields"][index]
            subject, around = f"`{node['name']}` of `{record}`", ""
            continue
        around = {"items": "the items of ", "values": "the values of "}.get(step, "") + around
        node = _step(node, step)
    return f"{around}{subject or _WHOLE}"


def _step(node: JsonValue, step: str) -> JsonValue:
    return node[int(step)] if isinstance(node, list) else node[step]


def _side(schema: AvroSchema, place: str | None, node: Type) -> tuple[str, str]:
    if place is None:
        return "", canonical_text(schema.resolve(node), schema.types)
    return place, schema.source.fragment(place)
