"""Examples as records: JSON that somebody wrote, through the codec of a schema, and back to JSON."""

from collections.abc import Iterator, Mapping
from typing import Any

from accord.codecs import InvalidEvent, codec_for
from accord.codecs.spelling import spelling_for
from accord.contracts.narrowing import parsed_with
from accord.schemas import ParsedSchema
from accord.schemas.fields import fields_of

Json = Any


class Spelled:
    """The records of one schema as JSON. ``reader`` is another schema that reads what it writes.

    Raises InvalidData if it never can.
    """

    def __init__(self, schema: ParsedSchema, reader: ParsedSchema | None = None) -> None:
        codec, own = codec_for(schema), reader or schema
        reads = codec if reader is None else codec_for(schema, reader=reader)
        self._encode = codec.encode
        self._decode = reads.decode_indexed
        self._indexes = codec.indexes
        self._read = spelling_for(schema, codec).read
        self._spell = spelling_for(own, codec_for(own)).spell

    def write(self, value: Mapping[str, Json]) -> bytes:
        """The record of a value. Raises InvalidEvent."""
        return self._indexes + self._encode(self._read(dict(value)))

    def read(self, record: bytes) -> Json:
        """The value of a record. Raises InvalidData."""
        return self._spell(self._decode(record))


def completed(schema: ParsedSchema, value: Mapping[str, Json]) -> Json:
    """``value`` as a whole record of ``schema``: what it leaves out is the default. Raises InvalidEvent, InvalidData."""
    try:
        whole = Spelled(schema)
        return whole.read(whole.write(value))
    except InvalidEvent as refusal:
        if not set(value) < set(_outermost(schema)):
            raise
        partial = Spelled(parsed_with(schema, tuple(value)), schema)
        try:
            return partial.read(partial.write(value))
        except InvalidEvent:
            raise refusal from None


def written_in_part(schema: ParsedSchema, value: Mapping[str, Json]) -> tuple[ParsedSchema, bytes]:
    """A record of ``value`` that ``schema`` can write, if what the value leaves out is left out of the schema.

    Answers that narrower schema as well. Raises InvalidEvent for what it cannot write.
    """
    unknown = value.keys() - fields_of(schema).keys()
    if unknown:
        raise InvalidEvent(f"the schema has no field {min(unknown)}")
    refusals = []
    for narrow in (schema, parsed_with(schema, tuple(value)), parsed_with(schema, tuple(names_in(value)))):
        try:
            return narrow, Spelled(narrow).write(value)
        except InvalidEvent as refusal:
            refusals.append(refusal)
    raise refusals[1]


def respelled(value: Json, recorded: Json) -> Json:
    """``value`` with its texts as they come back from the record: ``19.9`` is ``19.90``, and an hour east is UTC.

    Numbers stay what they are, so that one which was rounded is seen.
    """
    if isinstance(value, Mapping) and isinstance(recorded, Mapping):
        return {name: respelled(item, recorded.get(name)) for name, item in value.items()}
    if isinstance(value, list) and isinstance(recorded, list):
        return [respelled(item, other) for item, other in zip(value, recorded, strict=False)]
    return recorded if isinstance(value, str) and recorded is not None else value


def names_in(value: Mapping[str, Json], prefix: str = "") -> Iterator[str]:
    """The dotted names of what a value states, through its lists."""
    for name, item in value.items():
        inner = [one for one in (item if isinstance(item, list) else [item]) if isinstance(one, Mapping)]
        names = [below for one in inner for below in names_in(one, f"{prefix}{name}.")]
        yield from dict.fromkeys(names) if names else (prefix + name,)


def values_at(value: Json, name: str) -> list[Json]:
    """What stands at a dotted name, through lists and maps."""
    if not name:
        return [value]
    if isinstance(value, list):
        return [found for item in value for found in values_at(item, name)]
    if not isinstance(value, Mapping):
        return []
    step, _, rest = name.partition(".")
    if step in value:
        return values_at(value[step], rest)
    return [found for item in value.values() if isinstance(item, Mapping) for found in values_at(item, name)]


def _outermost(schema: ParsedSchema) -> list[str]:
    return [name for name in fields_of(schema) if "." not in name]
