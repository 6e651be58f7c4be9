"""JSON Schema as one of the formats."""

from collections.abc import Iterable, Mapping, Sequence

from accord.schemas.field import SchemaField
from accord.schemas.fixes import Proposal
from accord.schemas.jsonschema.checks.warnings import warnings_of
from accord.schemas.jsonschema.comparison.difference import JsonSchemaDifference, differences
from accord.schemas.jsonschema.containment.pair_warnings import pair_warnings
from accord.schemas.jsonschema.explanation.fixes import proposals
from accord.schemas.jsonschema.explanation.reasons import reasons_of
from accord.schemas.jsonschema.explanation.words import facts_of, field_of_root, place_in, sides_of
from accord.schemas.jsonschema.fields import fields_of
from accord.schemas.jsonschema.schema import JsonSchema, parse_json_schema
from accord.schemas.jsonschema.tags import entities_of, tagged_text
from accord.schemas.model import CompatibilityPolicy, ParsedSchema, Schema
from accord.schemas.rules import Difference
from accord.schemas.tags import SchemaEntity


class JsonSchemaFormat:
    """The methods of ``Format``, for JSON Schema."""

    def parse(self, schema: Schema, referenced: Mapping[str, Schema], *, strict: bool) -> JsonSchema:
        """See ``Format``; what is stored without checks is held to the same."""
        del strict
        return parse_json_schema(schema, referenced)

    def revise(self, schema: ParsedSchema, text: str) -> JsonSchema:
        """See ``Format``."""
        given = _json(schema)
        return parse_json_schema(Schema(text, given.type, given.references), given.referenced)

    def entities(self, schema: ParsedSchema) -> Mapping[SchemaEntity, tuple[str, ...]]:
        """See ``Format``."""
        return entities_of(_json(schema))

    def tagged(self, schema: ParsedSchema, tags: Mapping[SchemaEntity, tuple[str, ...]]) -> str:
        """See ``Format``."""
        return tagged_text(_json(schema), tags)

    def is_same(self, one: ParsedSchema, other: ParsedSchema) -> bool:
        """See ``Format``."""
        mine, theirs = _json(one), _json(other)
        return mine is theirs or (mine.canonical, mine.referenced) == (theirs.canonical, theirs.referenced)

    def top_level_field(self, schema: ParsedSchema, name: str) -> tuple[str, str] | None:
        """See ``Format``."""
        return field_of_root(_json(schema), name)

    def fields(self, schema: ParsedSchema) -> Mapping[str, SchemaField]:
        """See ``Format``."""
        return fields_of(_json(schema))

    def differences(
        self, reader: ParsedSchema, writer: ParsedSchema, *, policy: CompatibilityPolicy
    ) -> Sequence[JsonSchemaDifference]:
        """See ``Format``."""
        return tuple(differences(_json(reader), _json(writer), policy=policy))

    def warnings(self, schema: ParsedSchema) -> Sequence[JsonSchemaDifference]:
        """See ``Format``."""
        return tuple(warnings_of(_json(schema)))

    def pair_warnings(
        self, reader: ParsedSchema, writer: ParsedSchema, *, policy: CompatibilityPolicy, is_reader_new: bool
    ) -> Sequence[JsonSchemaDifference]:
        """See ``Format``."""
        del is_reader_new
        return tuple(pair_warnings(_json(reader), _json(writer), policy))

    def facts(self, difference: Difference, reader: ParsedSchema, writer: ParsedSchema) -> Mapping[str, str]:
        """See ``Format``."""
        del reader, writer
        return facts_of(_ours(difference))

    def place(self, difference: Difference, schema: ParsedSchema, *, is_reader: bool) -> str:
        """See ``Format``."""
        del schema
        return place_in(_ours(difference), is_reader=is_reader)

    def sides(
        self, difference: Difference, reader: ParsedSchema, writer: ParsedSchema
    ) -> tuple[tuple[str, str], tuple[str, str]]:
        """See ``Format``."""
        return sides_of(_ours(difference), _json(reader), _json(writer))

    def reasons(self, difference: Difference) -> Sequence[JsonSchemaDifference]:
        """See ``Format``."""
        return reasons_of(_ours(difference))

    def proposals(
        self, difference: Difference, candidate: ParsedSchema, earlier: ParsedSchema, *, candidate_reads: bool
    ) -> Iterable[Proposal]:
        """See ``Format``."""
        return proposals(_ours(difference), _json(candidate), _json(earlier), candidate_reads=candidate_reads)


def _json(schema: ParsedSchema) -> JsonSchema:
    if not isinstance(schema, JsonSchema):
        raise TypeError(f"not a JSON Schema: {schema!r}")
    return schema


def _ours(difference: Difference) -> JsonSchemaDifference:
    if not isinstance(difference, JsonSchemaDifference):
        raise TypeError(f"not a difference of JSON Schemas: {difference!r}")
    return difference
