"""Records from what people write: JSON in the schema's spelling, encoded strictly, all of it looked at before any is sent.

composer = Composer(topic, registered.schema, registered.id, referenced)
records, faults = compose(enumerate(lines, 1), composer.from_value)
"""

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accord.codecs import InvalidEvent, codec_for, framing
from accord.codecs.spelling import spelling_for
from accord.kafka import Headers, OutgoingRecord, is_header_name
from accord.schemas import Schema, SchemaId


@dataclass(frozen=True, slots=True)
class LineFault:
    """What is wrong with a line, which counts from 1."""

    line: int
    error: InvalidEvent


def compose(
    lines: Iterable[tuple[int, str]], record_of: Callable[[str], OutgoingRecord]
) -> tuple[list[OutgoingRecord], list[LineFault]]:
    """The records of all lines that are not empty, and what is wrong with the others."""
    records, faults = [], []
    for number, line in lines:
        if not line.strip():
            continue
        try:
            records.append(record_of(line))
        except InvalidEvent as error:
            faults.append(LineFault(number, error))
    return records, faults


class Composer:
    """Makes records for ``topic`` out of JSON, with the schema that the registry has under ``schema_id``.

    ``key`` and ``headers`` are for every record that does not bring its own. Raises what ``codec_for`` raises.
    """

    def __init__(
        self,
        topic: str,
        schema: Schema,
        schema_id: SchemaId,
        referenced: Mapping[str, Schema],
        *,
        key: bytes | None = None,
        headers: Headers = (),
    ) -> None:
        codec = codec_for(schema, referenced=referenced)
        self._topic = topic
        self._prefix = framing.prefix(schema_id) + codec.indexes
        self._encode = codec.encode
        self._read = spelling_for(schema, codec, referenced=referenced).read
        self._key = key
        self._headers = headers

    def from_value(self, line: str) -> OutgoingRecord:
        """The record whose value is spelled so; ``null`` is a tombstone. Raises InvalidEvent."""
        return self._record(_parsed(line), self._key, self._headers)

    def from_record(self, line: str) -> OutgoingRecord:
        """The record that ``accord records tail --format jsonl`` has printed so. Raises InvalidEvent."""
        told = _parsed(line)
        if not isinstance(told, dict) or "value" not in told:
            raise InvalidEvent("this is no record: an object with a value, and perhaps key and headers")
        key = _key(told.get("key"), form=told.get("keyForm", "text")) if "key" in told else self._key
        return self._record(told["value"], key, (*_headers(told.get("headers", [])), *self._headers))

    def _record(self, value: Any, key: bytes | None, headers: Headers) -> OutgoingRecord:  # noqa: ANN401 -- JSON
        if value is not None:
            return OutgoingRecord(self._topic, key, self._prefix + self._encode(self._read(value)), headers)
        if key is None:
            raise InvalidEvent("a tombstone needs the key of what it deletes", path="key")
        return OutgoingRecord(self._topic, key, None, headers)


def _parsed(line: str) -> Any:  # noqa: ANN401 -- JSON
    try:
        return json.loads(line)
    except ValueError as error:
        raise InvalidEvent(f"this is no JSON: {error}") from error


def _key(key: object, *, form: object) -> bytes | None:
    if key is None:
        return None
    if isinstance(key, str) and form == "text":
        return key.encode()
    if form == "json":
        return json.dumps(key, ensure_ascii=False, separators=(",", ":")).encode()
    if isinstance(key, str) and form == "bytes":
        return _base64(key, "key")
    raise InvalidEvent(f"keys of the form {form!r} cannot be written here", path="key")


def _headers(told: object) -> Headers:
    if not isinstance(told, list):
        raise InvalidEvent("this is no list", path="headers")
    headers: list[tuple[str, bytes | None]] = []
    for item in told:
        if not isinstance(item, dict) or not isinstance(item.get("name"), str):
            raise InvalidEvent("a header is an object with a name, and a value or base64", path="headers")
        if not is_header_name(item["name"]):
            raise InvalidEvent(f"the name {item['name']!r} cannot be sent", path="headers")
        if item["name"] == framing.VALUE_HEADER:
            # It names the schema that the value was written with there.
            continue
        if isinstance(text := item.get("value"), str):
            headers.append((item["name"], text.encode()))
        else:
            data = item.get("base64")
            headers.append((item["name"], None if data is None else _base64(data, "headers")))
    return tuple(headers)


def _base64(text: object, path: str) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except ValueError as error:
        raise InvalidEvent(f"{text!r} is not base64 text", path=path) from error
