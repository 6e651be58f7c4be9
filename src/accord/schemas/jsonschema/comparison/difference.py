"""What stands between two JSON Schemas, with what it lies between."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from accord.schemas.json_text import JsonValue, written
from accord.schemas.jsonschema.comparison.contrasts import ROOT, Contrast
from accord.schemas.jsonschema.comparison.kinds import Kind
from accord.schemas.jsonschema.comparison.nearest import between_parts
from accord.schemas.jsonschema.comparison.walk import contrasts
from accord.schemas.jsonschema.model import ABSENT, CombinedNode, Node
from accord.schemas.jsonschema.rules import RULE_OF
from accord.schemas.jsonschema.schema import JsonSchema
from accord.schemas.model import CompatibilityPolicy
from accord.schemas.rules import Difference


@dataclass(frozen=True, slots=True)
class JsonSchemaDifference(Difference):
    """A difference with the nodes that it lies between, None where a side has nothing at that place.

    ``error_type`` is always set, to the name of its ``Kind`` as the registry says it. The ``facts`` are ``keyword`` (the keyword that it is
    about), ``name`` (the property, dependency or item), ``reader_value`` and ``writer_value`` (what stands under the
    keyword, as compact JSON), "" where there is none. ``policy`` is the one that was compared by.
    """

    reader_node: Node | None = field(kw_only=True)
    writer_node: Node | None = field(kw_only=True)
    policy: CompatibilityPolicy = field(default=CompatibilityPolicy.STRICT, kw_only=True)


def differences(
    reader: JsonSchema, writer: JsonSchema, *, policy: CompatibilityPolicy
) -> Iterator[JsonSchemaDifference]:
    """Why ``reader`` cannot take everything that ``writer`` allows; empty if it can."""
    for contrast in contrasts_of(reader, writer, policy):
        told = difference_of(contrast, policy)
        yield replace(
            difference_of(_seen_through(contrast, policy), policy), path=told.path, error_type=told.error_type
        )


def contrasts_of(reader: JsonSchema, writer: JsonSchema, policy: CompatibilityPolicy) -> list[Contrast]:
    """The same as contrasts."""
    contents = {**writer.contents, **reader.contents}
    return contrasts(writer.root, reader.root, policy, contents=contents)


def difference_of(contrast: Contrast, policy: CompatibilityPolicy) -> JsonSchemaDifference:
    """The contrast as a difference."""
    return JsonSchemaDifference(
        RULE_OF[contrast.kind],
        "#/" if contrast.path == ROOT else contrast.path,
        contrast.reader_place,
        contrast.writer_place,
        {
            "keyword": contrast.keyword,
            "name": contrast.name,
            "reader_value": _text(contrast.reader_value),
            "writer_value": _text(contrast.writer_value),
        },
        error_type=contrast.kind.value,
        reader_node=contrast.reader,
        writer_node=contrast.writer,
        policy=policy,
    )


def _seen_through(contrast: Contrast, policy: CompatibilityPolicy) -> Contrast:
    """The one contrast that lies behind that of keywords side by side, which only the registry takes for a combination."""
    writer, reader = contrast.writer, contrast.reader
    if contrast.kind is not Kind.COMBINED_TYPE_SUBSCHEMAS_CHANGED or writer is None or reader is None:
        return contrast
    if any(isinstance(node, CombinedNode) and node.written for node in (writer, reader)):
        return contrast
    behind = between_parts(writer, reader, policy)
    return _seen_through(behind[0], policy) if len(behind) == 1 else contrast


def _text(value: JsonValue) -> str:
    return "" if value is ABSENT else written(value)
