"""Protobuf as one of the formats."""

from collections.abc import Iterable, Mapping, Sequence

from accord.schemas.fixes import Proposal
from accord.schemas.model import CompatibilityPolicy, ParsedSchema, Schema
from accord.schemas.protobuf.comparison import differences
from accord.schemas.protobuf.difference import ProtobufDifference
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
        """See ``Format``; the outermost fields are those of the first message."""
        given = _protobuf(schema)
        first = next(iter(given.message_names()), None)
        if first is None or not given.has_field(first, name):
            return None
        place = f"{first}.{name}"
        return place, given.fragment(place)

    def differences(
        self, reader: ParsedSchema, writer: ParsedSchema, *, policy: CompatibilityPolicy
    ) -> Sequence[ProtobufDifference]:
        """See ``Format``; there is one policy."""
        del policy
        return differences(_protobuf(reader), _protobuf(writer))

    def warnings(self, schema: ParsedSchema) -> Sequence[ProtobufDifference]:
        """See ``Format``."""
        _protobuf(schema)
        return ()

    def pair_warnings(
        self, reader: ParsedSchema, writer: ParsedSchema, *, policy: CompatibilityPolicy
    ) -> Sequence[ProtobufDifference]:
        """See ``Format``."""
        del policy
        _protobuf(reader), _protobuf(writer)
        return ()

    def facts(self, difference: Difference, reader: ParsedSchema, writer: ParsedSchema) -> Mapping[str, str]:
        """See ``Format``."""
        del reader, writer
        return _ours(difference).facts

    def place(self, difference: Difference, schema: ParsedSchema, *, is_reader: bool) -> str:
        """See ``Format``."""
        _protobuf(schema)
        place = difference.reader_place if is_reader else difference.writer_place
        return "" if place is None else place

    def sides(
        self, difference: Difference, reader: ParsedSchema, writer: ParsedSchema
    ) -> tuple[tuple[str, str], tuple[str, str]]:
        """See ``Format``."""
        return _side(reader, difference.reader_place), _side(writer, difference.writer_place)

    def reasons(self, difference: Difference) -> Sequence[ProtobufDifference]:
        """See ``Format``; every difference is the whole story."""
        _ours(difference)
        return ()

    def proposals(
        self, difference: Difference, candidate: ParsedSchema, earlier: ParsedSchema, *, candidate_reads: bool
    ) -> Iterable[Proposal]:
        """See ``Format``."""
        del difference, candidate, earlier, candidate_reads
        return ()


def _side(schema: ParsedSchema, place: str | None) -> tuple[str, str]:
    return (place, _protobuf(schema).fragment(place)) if place else ("", "")


def _protobuf(schema: ParsedSchema) -> ProtobufSchema:
    if not isinstance(schema, ProtobufSchema):
        raise TypeError(f"not a Protobuf schema: {schema!r}")
    return schema


def _ours(difference: Difference) -> ProtobufDifference:
    if not isinstance(difference, ProtobufDifference):
        raise TypeError(f"not a difference of Protobuf schemas: {difference!r}")
    return difference
