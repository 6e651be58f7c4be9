"""Avro as one of the formats."""

from collections.abc import Iterable, Mapping, Sequence

from accord.schemas.avro.compatibility import AvroDifference, differences
from accord.schemas.avro.fields import fields_of
from accord.schemas.avro.fixes import proposals
from accord.schemas.avro.pair_warnings import pair_warnings
from accord.schemas.avro.schema import AvroSchema, parse_avro
from accord.schemas.avro.tags import entities_of, tagged_text
from accord.schemas.avro.warnings import warnings_of
from accord.schemas.avro.words import facts_of, field_of_root, place_in, sides_of
from accord.schemas.field import SchemaField
from accord.schemas.fixes import Proposal
from accord.schemas.model import CompatibilityPolicy, ParsedSchema, Schema
from accord.schemas.rules import Difference
from accord.schemas.tags import SchemaEntity


class AvroFormat:
    """The methods of ``Format``, for Avro."""

    def parse(self, schema: Schema, referenced: Mapping[str, Schema], *, strict: bool) -> AvroSchema:
        """See ``Format``."""
        return parse_avro(schema, referenced, strict=strict)

    def revise(self, schema: ParsedSchema, text: str) -> AvroSchema:
        """See ``Format``."""
        given = _avro(schema)
        return parse_avro(Schema(text, given.type, given.references), given.referenced, strict=True)

    def entities(self, schema: ParsedSchema) -> Mapping[SchemaEntity, tuple[str, ...]]:
        """See ``Format``."""
        return entities_of(_avro(schema))

    def tagged(self, schema: ParsedSchema, tags: Mapping[SchemaEntity, tuple[str, ...]]) -> str:
        """See ``Format``."""
        return tagged_text(_avro(schema), tags)

    def is_same(self, one: ParsedSchema, other: ParsedSchema) -> bool:
        """See ``Format``."""
        mine, theirs = _avro(one), _avro(other)
        return mine is theirs or (mine.canonical, mine.referenced) == (theirs.canonical, theirs.referenced)

    def top_level_field(self, schema: ParsedSchema, name: str) -> tuple[str, str] | None:
        """See ``Format``."""
        return field_of_root(_avro(schema), name)

    def fields(self, schema: ParsedSchema) -> Mapping[str, SchemaField]:
        """See ``Format``."""
        return fields_of(_avro(schema))

    def differences(
        self, reader: ParsedSchema, writer: ParsedSchema, *, policy: CompatibilityPolicy
    ) -> Sequence[AvroDifference]:
        """See ``Format``; there is one way only."""
        del policy
        return differences(_avro(reader), _avro(writer))

    def warnings(self, schema: ParsedSchema) -> Sequence[AvroDifference]:
        """See ``Format``."""
        return tuple(warnings_of(_avro(schema)))

    def pair_warnings(
        self, reader: ParsedSchema, writer: ParsedSchema, *, policy: CompatibilityPolicy, is_reader_new: bool
    ) -> Sequence[AvroDifference]:
        """See ``Format``; there is one way only."""
        del policy, is_reader_new
        return tuple(pair_warnings(_avro(reader), _avro(writer)))

    def facts(self, difference: Difference, reader: ParsedSchema, writer: ParsedSchema) -> Mapping[str, str]:
        """See ``Format``."""
        return facts_of(_ours(difference), _avro(reader), _avro(writer))

    def place(self, difference: Difference, schema: ParsedSchema, *, is_reader: bool) -> str:
        """See ``Format``."""
        return place_in(_avro(schema), _ours(difference), is_reader=is_reader)

    def sides(
        self, difference: Difference, reader: ParsedSchema, writer: ParsedSchema
    ) -> tuple[tuple[str, str], tuple[str, str]]:
        """See ``Format``."""
        return sides_of(_ours(difference), _avro(reader), _avro(writer))

    def reasons(self, difference: Difference) -> Sequence[AvroDifference]:
        """See ``Format``."""
        return _ours(difference).inner

    def proposals(
        self, difference: Difference, candidate: ParsedSchema, earlier: ParsedSchema, *, candidate_reads: bool
    ) -> Iterable[Proposal]:
        """See ``Format``."""
        return proposals(_ours(difference), _avro(candidate), _avro(earlier), candidate_reads=candidate_reads)


def _avro(schema: ParsedSchema) -> AvroSchema:
    if not isinstance(schema, AvroSchema):
        raise TypeError(f"not an Avro schema: {schema!r}")
    return schema


def _ours(difference: Difference) -> AvroDifference:
    if not isinstance(difference, AvroDifference):
        raise TypeError(f"not a difference of Avro schemas: {difference!r}")
    return difference
