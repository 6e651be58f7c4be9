"""What a schema type brings. The formats do not know each other, and nothing else here knows a format."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Protocol, assert_never

from accord.schemas.field import SchemaField
from accord.schemas.fixes import Proposal
from accord.schemas.model import CompatibilityPolicy, ParsedSchema, Schema, SchemaType
from accord.schemas.rules import Difference
from accord.schemas.tags import SchemaEntity


class Format(Protocol):
    """One schema type: how to parse it, compare it and explain it. Schemas handed in are of this type."""

    def parse(self, schema: Schema, referenced: Mapping[str, Schema], *, strict: bool) -> ParsedSchema:
        """As ``accord.schemas.parse``."""

    def revise(self, schema: ParsedSchema, text: str) -> ParsedSchema:
        """``schema`` with another text and the same references; raises InvalidSchema."""

    def entities(self, schema: ParsedSchema) -> Mapping[SchemaEntity, tuple[str, ...]]:
        """The records and fields that the text of ``schema`` defines, in its order, and their tags."""

    def tagged(self, schema: ParsedSchema, tags: Mapping[SchemaEntity, tuple[str, ...]]) -> str:
        """The canonical text with other tags on the entities that ``tags`` names; without any where they are none."""

    def is_same(self, one: ParsedSchema, other: ParsedSchema) -> bool:
        """Whether both say the same in the same words, and so does what they refer to."""

    def top_level_field(self, schema: ParsedSchema, name: str) -> tuple[str, str] | None:
        """Where the outermost field ``name`` stands, and what stands there, as in ``Side``; None without such a field."""

    def fields(self, schema: ParsedSchema) -> Mapping[str, SchemaField]:
        """As ``accord.schemas.fields.fields_of``."""

    def differences(
        self, reader: ParsedSchema, writer: ParsedSchema, *, policy: CompatibilityPolicy
    ) -> Sequence[Difference]:
        """Why ``reader`` cannot take everything that ``writer`` writes; empty if it can."""

    def warnings(self, schema: ParsedSchema) -> Sequence[Difference]:
        """What is questionable about ``schema`` alone; its places are the reader's."""

    def pair_warnings(
        self, reader: ParsedSchema, writer: ParsedSchema, *, policy: CompatibilityPolicy, is_reader_new: bool
    ) -> Sequence[Difference]:
        """Where ``reader`` takes what ``writer`` writes for something else, or not every decoder takes it.

        What becomes of what the older one set down may be told only where ``is_reader_new``.
        """

    def facts(self, difference: Difference, reader: ParsedSchema, writer: ParsedSchema) -> Mapping[str, str]:
        """The words that the rule's templates need."""

    def place(self, difference: Difference, schema: ParsedSchema, *, is_reader: bool) -> str:
        """Where in ``schema``, one of the two, the difference is: a JSON pointer, or words for a referenced schema."""

    def sides(
        self, difference: Difference, reader: ParsedSchema, writer: ParsedSchema
    ) -> tuple[tuple[str, str], tuple[str, str]]:
        """Of reader and writer the place and what stands there, as in ``Side``."""

    def reasons(self, difference: Difference) -> Sequence[Difference]:
        """What lies behind a difference, where it is not the whole story."""

    def proposals(
        self, difference: Difference, candidate: ParsedSchema, earlier: ParsedSchema, *, candidate_reads: bool
    ) -> Iterable[Proposal]:
        """Changes to ``candidate`` that may be rid of ``difference``, the best first."""


@cache
def format_of(schema_type: SchemaType) -> Format:
    """The format of that type, loaded when it is needed first.

    The libraries behind JSON Schema and Protobuf take longer to load than all of Avro does.
    """
    if schema_type is SchemaType.AVRO:
        from accord.schemas.avro.format import AvroFormat  # noqa: PLC0415 -- see above

        return AvroFormat()
    if schema_type is SchemaType.JSON:
        from accord.schemas.jsonschema.format import JsonSchemaFormat  # noqa: PLC0415 -- see above

        return JsonSchemaFormat()
    if schema_type is SchemaType.PROTOBUF:
        from accord.schemas.protobuf.format import ProtobufFormat  # noqa: PLC0415 -- see above

        return ProtobufFormat()
    assert_never(schema_type)
