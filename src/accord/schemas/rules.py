"""What a rule is, and what breaking one looks like. The formats bring the rules themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Final

from accord.findings import Severity
from accord.schemas.model import CompatibilityLevel, CompatibilityPolicy, SchemaType

NO_FACTS: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Example:
    """Two schemas of one ``type`` that break a rule: ``new`` is refused after ``old`` at ``level``, with these ``facts``.

    ``old_reserved`` and ``new_reserved`` are the names of fields that their metadata reserves.
    """

    old: str
    new: str
    facts: Mapping[str, str]
    type: SchemaType = SchemaType.AVRO
    level: CompatibilityLevel = CompatibilityLevel.BACKWARD
    policy: CompatibilityPolicy = CompatibilityPolicy.STRICT
    old_reserved: str = ""
    new_reserved: str = ""


@dataclass(frozen=True, slots=True)
class Wire:
    """What is written for a record of an example, and what a reader makes of it.

    ``value`` is the record as JSON, ``pieces`` are its bytes in hex, each with what it is, none where the bytes are that
    very text (JSON Schema); the old schema of the example writes them and the new one reads, or the other way round if
    the ``candidate_writes``. ``message`` names the message of a Protobuf file, by default its first. ``read`` is what
    Accord's decoder makes of them as JSON (Protobuf's own runtime of a message), None where it stops or the value is not
    valid; ``outcome`` says so in words, and tells of others.
    """

    value: str
    outcome: str
    pieces: tuple[tuple[str, str], ...] = ()
    read: str | None = None
    candidate_writes: bool = False
    message: str = ""


class Telling(Enum):
    """In which directions of a comparison a warning is told: some say the same from either side.

    HISTORY is about what the new schema does to what the old one set down, whoever reads: the new one is the reader then.
    """

    EACH_WAY = "each way"
    ONCE = "once"
    NEW_READER = "new reader"
    HISTORY = "history"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can go wrong, as data.

    ``error_types`` are Confluent's words for it (none where it has none). ``message`` and ``why`` are templates over the
    facts of a difference and over ``{reader}`` and ``{writer}``, the two schemas in words. ``description`` is the
    sentence for Confluent's ``messages``, where the two are called new and old; it knows ``{path}`` as well.
    ``who`` says who runs into it and from when on, ``remedy`` what to do in short, ``ways`` what else can be done.
    """

    id: str
    purpose: str
    remedy: str
    message: str
    why: str
    description: str
    example: Example
    wire: Wire
    who: str
    error_types: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    severity: Severity = Severity.ERROR
    telling: Telling = Telling.EACH_WAY


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the reader cannot take what the writer wrote, or takes it for something else.

    ``path`` is the place in the words of Confluent's checker. ``reader_place`` and ``writer_place`` are JSON pointers
    into the two texts (for Protobuf, paths of names), None where the place lies in a referenced schema. ``error_type`` is
    set where Confluent reports another one than the first of the rule's.
    """

    rule: Rule
    path: str
    reader_place: str | None
    writer_place: str | None
    facts: Mapping[str, str] = field(default_factory=lambda: NO_FACTS)
    additional_info: str = ""
    error_type: str = ""

    @property
    def reported_type(self) -> str:
        """The errorType that Confluent reports, "" where it reports none."""
        return self.error_type or next(iter(self.rule.error_types), "")
