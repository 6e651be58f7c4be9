"""How records look: for people, and for programs."""

import base64
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, Literal

from accord.cli.output import Output
from accord.kafka import Headers, TimestampType
from accord.streams.viewing import Part, SchemaView, View, undecoded

RecordFormat = Literal["text", "json", "jsonl", "value", "raw"]
FORMATS: Final = ("text", "json", "jsonl", "value", "raw")

_STEERING: Final = re.compile(r"[\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069]")

# What a person reads in one line; longer values are set out over several.
ONE_LINE: Final = 100


class Shown:
    """Shows records on ``output`` one by one; ``end`` completes what a program reads."""

    def __init__(self, output: Output, format: RecordFormat) -> None:
        self._output = output
        self._format = format
        self._shown = 0

    def show(self, view: View) -> None:
        """Show one record."""
        try:
            self._show(view)
        except RecursionError:
            self._show(undecoded(view, why="it is nested too deeply to be shown"))
        self._shown += 1

    def end(self) -> None:
        """Nothing comes any more."""
        if self._format == "json":
            self._output.line("\n]" if self._shown else "[]")

    def _show(self, view: View) -> None:
        match self._format:
            case "text":
                self._output.line(as_text(view))
            case "jsonl":
                self._output.line(_json(as_document(view)))
            case "json":
                self._output.line(("[\n" if not self._shown else ",\n") + _json(as_document(view)), end="")
            case "value":
                self._output.line(_json(view.value.spelled))
            case "raw":
                self._output.data((view.raw.value or b"") + b"\n")


def as_document(view: View) -> dict[str, Any]:
    """The record as JSON that loses nothing; what is not there is left out."""
    raw = view.raw
    document: dict[str, Any] = {
        "topic": raw.topic,
        "partition": raw.partition,
        "offset": raw.offset,
        "timestamp": _moment(raw.timestamp_ms),
        "timestampType": raw.timestamp_type.value,
        "headers": _headers(raw.headers),
    }
    for name, part in (("key", view.key), ("value", view.value)):
        document[name] = part.spelled
        document[f"{name}Form"] = part.form
        if part.schema is not None:
            document[f"{name}Schema"] = _schema(part.schema)
        if part.why:
            document[f"{name}Fault"] = part.why
    return document


def as_text(view: View) -> str:
    """The record for people: where it is and what names it, its headers, its value, and what is wrong with it."""
    raw = view.raw
    words = [f"{raw.topic}[{raw.partition}]@{raw.offset}"]
    if raw.timestamp_type is not TimestampType.NONE:
        words.append(_moment(raw.timestamp_ms) or "")
    words.append(f"key={_one_line(view.key)}")
    if view.value.schema is not None:
        words.append(_schema_name(view.value.schema))
    lines = ["  ".join(words)]
    lines += [
        f"  {header['name']}: {header.get('value', header.get('base64'))}" for header in _headers(raw.headers)
    ]
    lines.append(_value(view.value))
    if view.value.why:
        lines.append(f"  not decoded: {view.value.why}")
    return "\n".join(lines)


def _value(part: Part) -> str:
    if part.form == "null":
        return "  (tombstone)"
    if part.form == "text":
        return f"  {part.spelled}"
    if part.form == "bytes":
        return f"  base64: {part.spelled}"
    text = _json(part.spelled)
    if len(text) > ONE_LINE:
        text = _json(part.spelled, indent=2).replace("\n", "\n  ")
    return f"  {text}"


def _one_line(part: Part) -> str:
    is_plain = part.form in {"text", "bytes"} and part.spelled.isprintable()
    return str(part.spelled) if is_plain else _json(part.spelled)


def _schema_name(schema: SchemaView) -> str:
    named = f"id {schema.id}" if schema.id is not None else f"GUID {schema.guid}"
    return f"{schema.place.subject} v{schema.place.version} ({named})" if schema.place else named


def _schema(schema: SchemaView) -> Mapping[str, Any]:
    told: dict[str, Any] = {"id": schema.id, "guid": schema.guid}
    if schema.place is not None:
        told |= {"subject": schema.place.subject, "version": schema.place.version}
    return {name: value for name, value in told.items() if value is not None}


def _headers(headers: Headers) -> list[dict[str, str | None]]:
    return [{"name": name, **_header_value(value)} for name, value in headers]


def _header_value(value: bytes | None) -> dict[str, str | None]:
    if value is None:
        return {"value": None}
    try:
        text = value.decode()
    except UnicodeDecodeError:
        text = "\0"
    return {"value": text} if text.isprintable() else {"base64": base64.b64encode(value).decode()}


def _moment(milliseconds: int) -> str | None:
    if milliseconds < 0:
        return None
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def _json(value: Any, *, indent: int | None = None) -> str:  # noqa: ANN401 -- whatever JSON holds
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    # What was written to a topic must not steer the terminal of whoever looks at it; JSON itself lets these pass, and
    # halves of characters, which cannot be written.
    return text if text.isprintable() else _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
