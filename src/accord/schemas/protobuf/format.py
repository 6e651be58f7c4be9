"""Protobuf as one of the formats."""

from collections.abc import Iterable, Mapping, Sequence

from accord.schemas.field import SchemaField
from accord.schemas.fixes import Proposal
from accord.schemas.model import CompatibilityPolicy, ParsedSchema, Schema
from accord.schemas.protobuf.checks.warnings import warnings_of
from accord.schemas.protobuf.comparison.difference import ProtobufDifference
from accord.schemas.protobuf.comparison.verdict import differences
from accord.schemas.protobuf.evolution.pair_warnings import pair_warnings
from accord.schemas.protobuf.explanation.fixes import proposals
from accord.schemas.protobuf.explanation.words import facts_of, place_in, sides_of
from accord.schemas.protobuf.fields import fields_of
from accord.schemas.protobuf.schema import ProtobufSchema, parse_protobuf
from accord.schemas.protobuf.tags import entities_of, tagged_text
from accord.schemas.rules import Difference
from accord.schemas.tags import SchemaEntity


class ProtobufFormat:
    """The methods of ``Format``, for Protobuf."""

    def parse(self, schema: Schema, referenced: Mapping[str, Schema], *, strict: bool) -> ProtobufSchema:
        """See ``Format``; what was stored without checks was still read by a parser like this one."""
        del strict
        return parse_protobuf(schema, referenced)

    def revise(self, schema: ParsedSchema, text: str) -> ProtobufSchema:
        """See ``Format``."""
        given = _protobuf(schema)
        return parse_protobuf(Schema(text, given.type, given.references), given.referenced)

    def entities(self, schema: ParsedSchema) -> Mapping[SchemaEntity, tuple[str, ...]]:
        """See ``Format``."""
        return entities_of(_protobuf(schema))

    def tagged(self, schema: ParsedSchema, tags: Mapping[SchemaEntity, tuple[str, ...]]) -> str:
        """See ``Format``."""
        return tagged_text(_protobuf(schema), tags)

    def is_same(self, one: ParsedSchema, other: ParsedSchema) -> bool:
        """See ``Format``."""
        mine, theirs = _protobuf(one), _protobuf(other)
        return mine is theirs or (mine.canonical, mine.referenced) == (theirs.canonical, theirs.referenced)

    def top_level_field(self, schema: ParsedSchema, name: str) -> tuple[str, str] | None:
        """See ``Format``; the outermost fields are those of every message that is not inside of another."""
        given = _protobuf(schema)
        place = given.outermost_field(name)
        return None if place is None else (place, given.fragment(place))

    def fields(self, schema: ParsedSchema) -> Mapping[str, SchemaField]:
        """See ``Format``."""
        return fields_of(_protobuf(schema))

    def differences(
        self, reader: ParsedSchema, writer: ParsedSchema, *, policy: CompatibilityPolicy
    ) -> Sequence[ProtobufDifference]:
        """See ``Format``; there is one policy."""
        del policy
        return differences(_protobuf(reader), _protobuf(writer))

    def warnings(self, schema: ParsedSchema) -> Sequence[ProtobufDifference]:
        """See ``Format``."""
        return tuple(warnings_of(_protobuf(schema)))

    def pair_warnings(
        self, reader: ParsedSchema, writer: ParsedSchema, *, policy: CompatibilityPolicy, is_reader_new: bool
    ) -> Sequence[ProtobufDifference]:
        """See ``Format``; there is one policy."""
        del policy
        return tuple(pair_warnings(_protobuf(reader), _protobuf(writer), is_reader_new=is_reader_new))

    def facts(self, difference: Difference, reader: ParsedSchema, writer: ParsedSchema) -> Mapping[str, str]:
        """See ``Format``."""
        return facts_of(_ours(difference), _protobuf(reader), _protobuf(writer))

    def place(self, difference: Difference, schema: ParsedSchema, *, is_reader: bool) -> str:
        """See ``Format``."""
        return place_in(_protobuf(schema), _ours(difference), is_reader=is_reader)

    def sides(
        self, difference: Difference, reader: ParsedSchema, writer: ParsedSchema
    ) -> tuple[tuple[str, str], tuple[str, str]]:
        """See ``Format``."""
        return sides_of(_ours(difference), _protobuf(reader), _protobuf(writer))

    def reasons(self, difference: Difference) -> Sequence[ProtobufDifference]:
        """See ``Format``; every difference is the whole story."""
        _ours(difference)
        return ()

    def proposals(
        self, difference: Difference, candidate: ParsedSchema, earlier: ParsedSchema, *, candidate_reads: bool
    ) -> Iterable[Proposal]:
        """See ``Format``."""
        ours = _ours(difference)
        return proposals(ours, _protobuf(candidate), _protobuf(earlier), candidate_reads=candidate_reads)


def _protobuf(schema: ParsedSchema) -> ProtobufSchema:
    if not isinstance(schema, ProtobufSchema):
        raise TypeError(f"not a Protobuf schema: {schema!r}")
    return schema


def _ours(difference: Difference) -> ProtobufDifference:
    if not isinstance(difference, ProtobufDifference):
        raise TypeError(f"not a difference of Protobuf schemas: {difference!r}")
    return difference
