"""What a service reads, kept in a file: the schemas that write it, the one that it reads with, and examples.

A test that was made tries them: `readings(folder).case(name).check()`.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from accord.codecs import codec_for
from accord.codecs.models import fields_of as fields_of_model
from accord.contracts.known import KnownReader
from accord.contracts.model import SchemaFile, SourceFile
from accord.contracts.narrowing import narrowed, parsed_with
from accord.contracts.testing.cases import Case, Pair
from accord.contracts.testing.fields import is_written
from accord.contracts.testing.sides import Consumer, Example, Provider
from accord.contracts.testing.writing import Spelled
from accord.findings import to_text
from accord.schemas import ParsedSchema, Schema, SchemaType, Subject, parse

Json = Any


@dataclass(frozen=True, slots=True)
class KeptSchema:
    """A schema with all that it refers to."""

    schema: Schema
    referenced: Mapping[str, Schema] = field(default_factory=dict)

    def parsed(self) -> ParsedSchema:
        """The schema, ready to be used."""
        return parse(self.schema, referenced=self.referenced, strict=False)

    def to_json(self) -> dict[str, Json]:
        """As a file has it."""
        referenced = [{"name": name, "schema": one.text} for name, one in self.referenced.items()]
        return {"schemaType": str(self.schema.type), "schema": self.schema.text, "referenced": referenced}

    @classmethod
    def from_json(cls, body: Mapping[str, Json]) -> "KeptSchema":
        """What ``to_json`` wrote."""
        kind = SchemaType(body["schemaType"])
        return cls(
            Schema(body["schema"], kind),
            {one["name"]: Schema(one["schema"], kind) for one in body["referenced"]},
        )


@dataclass(frozen=True, slots=True)
class Writer:
    """A schema that records may be written with: a registered version or a file. ``samples`` are values of it as JSON."""

    name: str
    schema: KeptSchema
    samples: tuple[Json, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One subject that a service reads.

    ``fields`` are those that it needs, None: all of them. ``reader`` is the schema that it reads with; the service's own
    if ``is_own``, else it is narrowed to the fields. ``stated`` are whole values of the producer, ``needed`` those that the
    service says it must be able to read.
    """

    service: str
    subject: Subject
    fields: tuple[str, ...] | None
    reader: KeptSchema
    is_own: bool
    writers: tuple[Writer, ...]
    stated: tuple[Json, ...] = ()
    needed: tuple[Json, ...] = ()

    def cases(self) -> Iterator["ReadingCase"]:
        """All that can be tried."""
        if self.fields is not None and not self.is_own:
            yield ReadingCase(self, f"{self.subject}: the fields that {self.service} reads")
        for number, writer in enumerate(self.writers):
            before = self.writers[:number]
            yield ReadingCase(self, f"{self.subject}: {writer.name}", writer, writer.samples, before)
        if self.writers:
            newest = self.writers[-1]
            for number, value in enumerate(self.stated, 1):
                yield ReadingCase(self, f"{self.subject}: example {number} of the producer", newest, (value,))
            for number, value in enumerate(self.needed, 1):
                name = f"{self.subject}: example {number} of {self.service}"
                yield ReadingCase(self, name, newest, (value,), is_of_consumer=True)

    def to_json(self) -> dict[str, Json]:
        """As a file has it."""
        return {
            "service": self.service,
            "subject": self.subject,
            "fields": None if self.fields is None else list(self.fields),
            "reader": {**self.reader.to_json(), "isOwn": self.is_own},
            "writers": [
                {"name": writer.name, **writer.schema.to_json(), "samples": list(writer.samples)}
                for writer in self.writers
            ],
            "stated": list(self.stated),
            "needed": list(self.needed),
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Json]) -> "Reading":
        """What ``to_json`` wrote."""
        return cls(
            body["service"],
            Subject(body["subject"]),
            None if body["fields"] is None else tuple(body["fields"]),
            KeptSchema.from_json(body["reader"]),
            body["reader"]["isOwn"],
            tuple(
                Writer(one["name"], KeptSchema.from_json(one), tuple(one["samples"]))
                for one in body["writers"]
            ),
            tuple(body["stated"]),
            tuple(body["needed"]),
        )


@dataclass(frozen=True, slots=True)
class ReadingCase:
    """One thing to try; without a ``writer`` it is whether the reader has the fields at all."""

    reading: Reading
    name: str
    writer: Writer | None = None
    values: tuple[Json, ...] = ()
    before: tuple[Writer, ...] = ()
    is_of_consumer: bool = False

    def check(self, model: type | None = None) -> None:
        """Raise AssertionError with what is wrong; ``model`` is the class that the service reads into."""
        base = self.reading.reader.parsed()
        if self.writer is None:
            unknown = narrowed(base, self.reading.fields or (), referenced=base.referenced).unknown
            assert not unknown, f"there is no field {', '.join(unknown)} to be read"  # noqa: S101 -- a test
            return
        written = self.writer.schema.parsed()
        codec_for(written, reader=self._reader(base))
        self._look_for_fields(written, base)
        for value in self.values:
            self._read(value, written, base)
            if model is not None and not self.is_of_consumer:
                self._read_into(model, value, written, base)

    def _look_for_fields(self, written: ParsedSchema, base: ParsedSchema) -> None:
        """A field that was written once and is no longer is a default from now on, or nothing at all."""
        for name in self.reading.fields or ():
            had = [one for one in self.before if is_written(name, base, one.schema.parsed())]
            is_there = not had or is_written(name, base, written)
            assert is_there, f"{self.reading.service} reads {name}, which {had[-1].name} has and this has not"  # noqa: S101

    def _reader(self, base: ParsedSchema) -> ParsedSchema:
        return base if self.reading.is_own else parsed_with(base, self.reading.fields or ())

    def _read(self, value: Json, written: ParsedSchema, base: ParsedSchema) -> None:
        reading, pair = self.reading, self._pair(written, base)
        findings = Case(pair.provider, pair, Example(1, value), is_of_consumer=self.is_of_consumer).run()
        told = "\n\n".join(to_text(finding) for finding in findings)
        assert not findings, f"{reading.service} cannot read {json.dumps(value)}:\n{told}"  # noqa: S101 -- a test

    def _pair(self, written: ParsedSchema, base: ParsedSchema) -> Pair:
        assert self.writer is not None  # noqa: S101 -- the caller looked
        reading, schema = self.reading, self.writer.schema
        source = SourceFile(f"{reading.subject} {self.writer.name}", schema.schema.text)
        file = SchemaFile(source, reading.subject, schema.schema, written, referenced=schema.referenced)
        own = reading.reader.schema if reading.is_own else None
        known = KnownReader(reading.service, reading.subject, "claim", fields=reading.fields, schema=own)
        return Pair(Provider(file, is_registered=True), Consumer(known, base))

    def _read_into(self, model: type, value: Json, written: ParsedSchema, base: ParsedSchema) -> None:
        reader = self._reader(base)
        if not hasattr(model, "DESCRIPTOR"):
            reader = parsed_with(base, [one.name for one in fields_of_model(model)])
        record = Spelled(written).write(value)
        read: object = codec_for(written, reader=reader, model=model).decode_indexed(record)
        assert isinstance(read, model)  # noqa: S101 -- a test


@dataclass(frozen=True, slots=True)
class Readings:
    """All that a service reads."""

    cases: Mapping[str, ReadingCase]

    def case(self, name: str) -> ReadingCase:
        """The case of that name. Raises LookupError."""
        return self.cases[name]


def readings(folder: Path) -> Readings:
    """What stands in the files of a folder."""
    found = [Reading.from_json(json.loads(path.read_text("utf-8"))) for path in sorted(folder.glob("*.json"))]
    return Readings({case.name: case for reading in found for case in reading.cases()})
