"""The nouns of a schema registry, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType, Protocol

from accord.schemas.metadata import Metadata
from accord.schemas.rule_set import RuleSet

Subject = NewType("Subject", str)
"""The name under which versions of a schema are kept, by default ``<topic>-key`` or ``<topic>-value``."""

Version = NewType("Version", int)
"""The number of a schema within its subject, from 1."""

SchemaId = NewType("SchemaId", int)
"""The number that travels with every record; one content has one id."""


class SchemaType(StrEnum):
    """The three formats, spelled as on the wire."""

    AVRO = "AVRO"
    JSON = "JSON"
    PROTOBUF = "PROTOBUF"


class CompatibilityLevel(StrEnum):
    """What a new version promises: who may read whose records."""

    NONE = "NONE"
    BACKWARD = "BACKWARD"
    BACKWARD_TRANSITIVE = "BACKWARD_TRANSITIVE"
    FORWARD = "FORWARD"
    FORWARD_TRANSITIVE = "FORWARD_TRANSITIVE"
    FULL = "FULL"
    FULL_TRANSITIVE = "FULL_TRANSITIVE"

    @property
    def new_reads_old(self) -> bool:
        """Whether the new schema must read what earlier ones wrote."""
        return self.startswith(("BACKWARD", "FULL"))

    @property
    def old_reads_new(self) -> bool:
        """Whether earlier schemas must read what the new one writes."""
        return self.startswith(("FORWARD", "FULL"))

    @property
    def transitive(self) -> bool:
        """Whether every earlier version counts, not only the newest."""
        return self.endswith("_TRANSITIVE")


class CompatibilityPolicy(StrEnum):
    """How JSON Schemas are compared; the other formats have only one way.

    LENIENT takes what a schema does not forbid outright for what nobody sends: a property may be added to an open
    content model, although an old record may hold anything under its name.
    """

    STRICT = "STRICT"
    LENIENT = "LENIENT"


@dataclass(frozen=True, slots=True)
class Reference:
    """A name that a schema uses and another subject's version defines."""

    name: str
    subject: Subject
    version: Version


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema as somebody wrote it, and what was said about it. Nothing is checked yet; see ``parse``."""

    text: str
    type: SchemaType = SchemaType.AVRO
    references: tuple[Reference, ...] = ()
    metadata: Metadata | None = None
    rule_set: RuleSet | None = None


class ParsedSchema(Protocol):
    """A schema that is known to be valid."""

    @property
    def type(self) -> SchemaType:
        """The format."""

    @property
    def references(self) -> tuple[Reference, ...]:
        """What the schema refers to, as given."""

    @property
    def referenced(self) -> Mapping[str, Schema]:
        """What it was parsed with, by reference name."""

    @property
    def canonical(self) -> str:
        """The text that is stored and hashed: the same schema in the registry's own spelling."""

    @property
    def normalized(self) -> str:
        """The canonical text with everything that carries no meaning put in one order (``normalize=true``)."""

    def position(self, place: str) -> tuple[int, int]:
        """Line and column, from 1, in the text as it was given, of a place that a finding names, or of the nearest around it."""

    def formatted(self, name: str) -> str:
        """The text in the format of that ``name``; a name that the schema type does not have is the canonical text.

        ``resolved`` (Avro): without need of references, what they define written out where it is used first.
        ``serialized`` (Protobuf): a FileDescriptorProto in base64. ``ignore_extensions`` (Protobuf): without extensions.
        Raises InvalidSchema where the schema cannot be told so, because it nests too deep or is no valid Protobuf file.
        """
