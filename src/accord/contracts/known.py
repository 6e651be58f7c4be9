"""The readers that a check knows of, wherever it knows them from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from accord.schemas import Schema, Subject

Origin: TypeAlias = Literal["contract", "claim", "observed"]
"""Who said so: the producer's contract, the service's own claim, or its running program."""


@dataclass(frozen=True, slots=True)
class KnownReader:
    """A service that reads a subject: which fields (dotted names; None: not known, so all of them), and with what schema.

    ``schema`` is the reader's own, where it is known; without one it is the version it reads, narrowed to its fields.
    """

    service: str
    subject: Subject
    origin: Origin
    groups: tuple[str, ...] = ()
    fields: tuple[str, ...] | None = None
    versions: str | None = None
    schema: Schema | None = None
    referenced: Mapping[str, Schema] = field(default_factory=dict, repr=False)
    version: str = ""
    """The service's own version, where it told it."""
    reported_at_ms: int | None = None
    examples: tuple[Mapping[str, object], ...] = ()
    """Values as JSON that it must be able to read."""
