"""One diagnosis: what hurts, where, on which side, why, and a fix that was tried.

A compatibility check, a lint, a plan and a refused registration all yield these; text, JSON, the REST error and
the console render them.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_LONGEST_SNIPPET: Final = 1000


class Severity(StrEnum):
    """How much a finding weighs: only an ERROR turns a verdict."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file; line and column count from 1.

    ``excerpt`` is the whole line as it stands there, "" where it is not known; ``width`` is how many of its characters
    are meant.
    """

    file: str
    line: int
    column: int
    excerpt: str = ""
    width: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    @property
    def snippet(self) -> str:
        """The excerpt for machines: none where the line is one that nobody reads, such as a whole schema."""
        return self.excerpt if len(self.excerpt) <= _LONGEST_SNIPPET else ""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two schemas of a comparison.

    ``name`` says which one in words ("the new schema", "version 3"), ``path`` is a JSON pointer to the place in
    its text, ``fragment`` the compact JSON of what stands there ("" where nothing does). What comes from a referenced
    schema has no place in the text: its path is "".
    """

    name: str
    path: str
    fragment: str = ""


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that makes the finding go away; it was re-checked before it was offered.

    ``summary`` says what to do, ``before`` and ``after`` are the fragments to exchange, and ``schema`` is the whole
    schema text with the change made.
    """

    summary: str
    before: str
    after: str
    schema: str


@dataclass(frozen=True, slots=True)
class Affected:
    """A reader that runs into it: a service by its name, and which of the fields that it reads are meant.

    ``how`` is what happens to it, in words.
    """

    reader: str
    fields: tuple[str, ...]
    how: str = ""


@dataclass(frozen=True, slots=True)
class Exemption:
    """Why a finding counts for nothing: somebody said so in the contract, with a reason and a last day (ISO 8601)."""

    reason: str
    until: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One diagnosis.

    ``rule`` is a stable id such as ``AVRO_FIELD_WITHOUT_DEFAULT``; ``error_type`` is Confluent's name for the same
    difference ("" where it has none) and ``path`` its location, a JSON pointer. ``message`` is one sentence of fact,
    ``why`` what would go wrong on the wire, ``detail`` what else there is to say. ``reader`` and ``writer`` are the two
    sides, and ``candidate_reads`` tells which of them is the schema under check; ``version`` is the earlier version
    compared with, None outside a registry. A warning about the schema alone has a writer without a name.

    ``at`` is the place in a file, where there is one; ``subject`` and ``contract`` say what it is about. ``affected`` are
    the known readers that run into it: None where nobody looked, empty where none does. One with an ``exemption`` is
    shown and turns nothing.
    """

    rule: str
    severity: Severity
    message: str
    why: str
    path: str
    reader: Side
    writer: Side
    error_type: str = ""
    detail: str = ""
    version: int | None = None
    fixes: tuple[Fix, ...] = ()
    candidate_reads: bool = True
    at: Location | None = None
    subject: str = ""
    contract: str = ""
    affected: tuple[Affected, ...] | None = None
    exemption: Exemption | None = None

    @property
    def here(self) -> Side:
        """The side of the schema under check: this is what can still be changed."""
        return self.reader if self.candidate_reads else self.writer

    @property
    def there(self) -> Side:
        """The side of the schema it was compared with."""
        return self.writer if self.candidate_reads else self.reader
