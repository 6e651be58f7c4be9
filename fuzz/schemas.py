"""The parsers of the three formats, and the comparison of two schemas with all that explains it."""

import base64
import json
from collections.abc import Sequence
from functools import cache, partial
from typing import Any, Final

from accord.schemas import (
    CompatibilityLevel,
    Earlier,
    InvalidSchema,
    ParsedSchema,
    Schema,
    SchemaType,
    Version,
    check_compatibility,
    parse,
    tags_in,
)
from accord.schemas.metadata import Metadata
from fuzz.mutations import as_text, mixed, mutated_bytes, mutated_json, mutated_text
from fuzz.seeds import pairs, texts
from fuzz.target import Target

_JSON: Final = mixed((6, mutated_json), (3, mutated_text), (1, mutated_bytes))
_TEXT: Final = mixed((8, mutated_text), (1, mutated_bytes))
_BYTES: Final = mixed((1, mutated_bytes))
_FORMATS: Final = ("", "resolved", "serialized", "ignore_extensions")
_RESERVED: Final = Metadata(properties={"confluent:reserved": "id,name"})


def read(type_: SchemaType, data: bytes) -> None:
    """Parse one schema, and tell all that can be told of it."""
    _tell(parse(Schema(as_text(data), type_)))


def read_descriptor(data: bytes) -> None:
    """The same of a Protobuf descriptor."""
    _tell(parse(Schema(base64.b64encode(data).decode(), SchemaType.PROTOBUF)))


def compare(type_: SchemaType, data: bytes) -> None:
    """Compare two schemas, and explain the verdict."""
    pair = _pair_of(data)
    if pair is None:
        return
    old, new, references = pair
    referenced = {name: Schema(text, type_) for name, text in references.items()}
    earlier = parse(Schema(old, type_), referenced=referenced, strict=False)
    candidate = parse(Schema(new, type_), referenced=referenced)
    report = check_compatibility(
        candidate,
        [Earlier(Version(1), candidate), Earlier(Version(2), earlier)],
        level=CompatibilityLevel.FULL_TRANSITIVE,
        validate_fields=True,
        metadata=_RESERVED,
    )
    for finding in report.findings:
        candidate.position(finding.here.path)
        for fix in finding.fixes:
            parse(Schema(fix.schema, type_), referenced=referenced)
    _ = report.compatible, report.messages, report.deployment, report.objections


def _pair_of(data: bytes) -> tuple[str, str, dict[str, str]] | None:
    try:
        pair: Any = json.loads(data)
        old, new, references = pair["old"], pair["new"], pair["references"]
        told = [old, new, *references, *references.values()]
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None
    return (old, new, references) if all(isinstance(text, str) for text in told) else None


def _tell(parsed: ParsedSchema) -> None:
    parsed.position("")
    tags_in(parsed)
    told = [parsed.canonical, parsed.normalized]
    for name in _FORMATS:
        try:
            parsed.formatted(name)
        except InvalidSchema:
            continue
    for text in told:
        text.encode()
        # What is stored is read again when the registry starts.
        parse(Schema(text, parsed.type), strict=False)


@cache
def _descriptors() -> Sequence[bytes]:
    found = []
    for text in texts(SchemaType.PROTOBUF):
        try:
            parsed = parse(Schema(as_text(text), SchemaType.PROTOBUF))
            found.append(base64.b64decode(parsed.formatted("serialized")))
        except InvalidSchema:
            continue
    return tuple(found)


def _parser(name: str, type_: SchemaType) -> Target:
    mutation = _TEXT if type_ is SchemaType.PROTOBUF else _JSON
    return Target(name, partial(read, type_), partial(texts, type_), mutation, (InvalidSchema,))


def _comparer(name: str, type_: SchemaType) -> Target:
    return Target(name, partial(compare, type_), partial(pairs, type_), _JSON, (InvalidSchema,))


TARGETS: Final = (
    _parser("avro", SchemaType.AVRO),
    _parser("json", SchemaType.JSON),
    _parser("protobuf", SchemaType.PROTOBUF),
    Target("descriptor", read_descriptor, _descriptors, _BYTES, (InvalidSchema,)),
    _comparer("avro-pair", SchemaType.AVRO),
    _comparer("json-pair", SchemaType.JSON),
    _comparer("protobuf-pair", SchemaType.PROTOBUF),
)
