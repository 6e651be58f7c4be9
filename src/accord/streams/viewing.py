"""Any record, made readable as far as that goes: no contract is needed, and none is too broken to be shown.

viewer = Viewer(registry)
view = viewer.view(raw)
view.value.spelled, view.value.form          # JSON, and what it was: "avro", "text", ...
view.value.why                               # why it could not be decoded, or ""
"""

import base64
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from accord.client import Registry, RegistryError, SubjectVersion
from accord.codecs import InvalidData, codec_for, framing
from accord.codecs.spelling import spelling_for
from accord.errors import AccordError
from accord.kafka import RawRecord
from accord.schemas import Schema, SchemaGuid, SchemaId, SchemaType

Form = Literal["null", "avro", "json-schema", "protobuf", "json", "text", "bytes"]

FORMS: Final[dict[SchemaType, Form]] = {
    SchemaType.AVRO: "avro",
    SchemaType.JSON: "json-schema",
    SchemaType.PROTOBUF: "protobuf",
}

# So long a schema that could not be had is not asked for again: one outage must not cost every record its timeout.
ASK_AGAIN_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class SchemaView:
    """The schema that a record names: its id or its GUID, and where the registry has it, if it tells."""

    id: SchemaId | None = None
    guid: SchemaGuid | None = None
    place: SubjectVersion | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A key or a value. ``spelled`` is JSON: a decoded value, JSON that was there, text; base64 text of other bytes.

    ``why`` says why it could not be decoded, where it names a schema, or why a value names none.
    """

    form: Form
    spelled: Any
    schema: SchemaView | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A record and what it says."""

    raw: RawRecord
    key: Part
    value: Part


@dataclass(frozen=True, slots=True)
class _Known:
    """A schema, and what reads data that its writers wrote behind a prefix."""

    form: Form
    schema: SchemaView
    read: Callable[[bytes, int], Any]


@dataclass(frozen=True, slots=True)
class _Unknown:
    """Why there is no decoder, and until when that is believed."""

    schema: SchemaView
    why: str
    until: float
    form: Form = "bytes"


class Viewer:
    """Shows records with the schemas of ``registry``; without one, as what their bytes look like."""

    def __init__(self, registry: Registry | None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._registry = registry
        self._clock = clock
        self._found: dict[tuple[str, SchemaId | SchemaGuid], _Known | _Unknown] = {}

    def view(self, raw: RawRecord) -> View:
        """The record, readable. Raises nothing about the record itself."""
        headers = dict(raw.headers)
        return View(
            raw,
            self._key(raw.topic, raw.key, headers.get(framing.KEY_HEADER)),
            self._value(raw.topic, raw.value, headers.get(framing.VALUE_HEADER)),
        )

    def _key(self, topic: str, data: bytes | None, header: bytes | None) -> Part:
        if data is None:
            return Part("null", None)
        if header is None and (len(data) < framing.PREFIX_LENGTH or data[0] != framing.MAGIC_BYTE):
            # Most keys are text, and nothing is wrong with that.
            return plain(data)
        part = self._value(f"{topic}-key", data, header)
        # A number as a key begins with zeros as well.
        return part if part.form in FORMS.values() or header is not None else plain(data)

    def _value(self, topic: str, data: bytes | None, header: bytes | None) -> Part:
        if data is None:
            return Part("null", None)
        try:
            if header is not None:
                frame = framing.split_header(header)
                known = self._known(topic, frame.guid)
                # In the header stands what stands in front of the data elsewhere.
                body = framing.indexed(frame.indexes or (0,), data) if known.form == "protobuf" else data
                return _decoded(known, body, 0, data)
            schema_id = framing.schema_id_of(data)
        except InvalidData as error:
            return plain(data, why=error.message)
        return _decoded(self._known(topic, schema_id), data, framing.PREFIX_LENGTH, data)

    def _known(self, topic: str, named: SchemaId | SchemaGuid) -> _Known | _Unknown:
        known = self._found.get((topic, named))
        if known is None or (isinstance(known, _Unknown) and self._clock() >= known.until):
            known = self._found[topic, named] = self._find(topic, named)
        return known

    def _find(self, topic: str, named: SchemaId | SchemaGuid) -> _Known | _Unknown:
        shown = SchemaView(guid=SchemaGuid(named)) if isinstance(named, str) else SchemaView(SchemaId(named))
        until = self._clock() + ASK_AGAIN_S
        if self._registry is None:
            return _Unknown(shown, "no registry was named that could tell its schema", until)
        try:
            schema = (
                self._registry.schema_by_guid(named, patient=False)
                if isinstance(named, str)
                else self._registry.schema_by_id(named, patient=False)
            )
            referenced = self._registry.referenced_by(schema) if schema.references else {}
        except RegistryError as error:
            return _Unknown(shown, error.message, until)
        if shown.id is not None:
            shown = SchemaView(shown.id, place=self._place(topic, shown.id))
        try:
            return _Known(FORMS[schema.type], shown, _reader(schema, referenced))
        except AccordError as error:
            return _Unknown(shown, f"its schema cannot be used: {error.message}", until)

    def _place(self, topic: str, schema_id: SchemaId) -> SubjectVersion | None:
        """Where the schema is; of several places, one that is named after the topic."""
        assert self._registry is not None  # noqa: S101 -- it gave the schema
        try:
            places = self._registry.places(schema_id)
        except RegistryError:
            return None
        return max(places, key=lambda place: (place.subject.startswith(topic), place.version), default=None)


def _decoded(known: _Known | _Unknown, body: bytes, start: int, data: bytes) -> Part:
    if isinstance(known, _Unknown):
        return plain(data, why=known.why, schema=known.schema)
    try:
        return Part(known.form, known.read(body, start), known.schema)
    except Exception as error:  # noqa: BLE001 -- whatever is wrong with a record, it is shown
        why = error.message if isinstance(error, AccordError) else f"{type(error).__name__}: {error}"
        return plain(data, why=why, schema=known.schema)


def undecoded(view: View, *, why: str) -> View:
    """The record as bytes."""
    return View(view.raw, _as_bytes(view.raw.key, view.key, why), _as_bytes(view.raw.value, view.value, why))


def plain(data: bytes, *, why: str = "", schema: SchemaView | None = None) -> Part:
    """Bytes as JSON if they are an object or a list, as text if people can read them, as base64 otherwise."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = "\0"
    if text[:1] in {"{", "["}:
        try:
            return Part("json", json.loads(text, parse_constant=_no_json), schema, why)
        except (ValueError, RecursionError):
            pass
    if all(character.isprintable() or character in "\t\r\n" for character in text):
        return Part("text", text, schema, why)
    return Part("bytes", base64.b64encode(data).decode(), schema, why)


def _reader(schema: Schema, referenced: Mapping[str, Schema]) -> Callable[[bytes, int], Any]:
    codec = codec_for(schema, referenced=referenced)
    spell = spelling_for(schema, codec, referenced=referenced).spell
    decode = codec.decode_indexed
    return lambda data, start: spell(decode(data, start))


def _as_bytes(data: bytes | None, part: Part, why: str) -> Part:
    return part if data is None else Part("bytes", base64.b64encode(data).decode(), part.schema, why)


def _no_json(word: str) -> Any:  # noqa: ANN401 -- it never returns
    raise ValueError(f"{word} is no JSON")
