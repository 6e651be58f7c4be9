"""The members of each kind of report, as JSON has them, with their bounds. What else a report says is kept as it is."""

from typing import Annotated, Any, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta

from accord.schemas import Reference, SchemaType

MAX_REPORT_BYTES: Final = 1 << 20
"""How long a report may be."""
MAX_DEPTH: Final = 64
"""How deep lists and objects in a report may lie: whoever lists reports must be able to read each of them."""

_LINE: Final = r"^[^\u0000-\u001f\u007f-\u009f]*(?![\s\S])"
_DAY: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?![\s\S])"
PATTERNS: Final = {_LINE: "one line without control characters", _DAY: "a day such as 2026-12-31"}
"""What texts of a certain form are, in words."""

Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=255, pattern=_LINE)]
"""A service, an environment, a rule and the like: a line of text."""
Version: TypeAlias = Annotated[str, Meta(max_length=255, pattern=_LINE)]
"""The version of a service or a contract; ``""`` where it has none."""
SubjectName: TypeAlias = Annotated[str, Meta(min_length=1, max_length=1024, pattern=_LINE)]
"""A subject."""
FieldPath: TypeAlias = Annotated[str, Meta(min_length=1, max_length=1024, pattern=_LINE)]
"""A field by its dotted name."""
Fields: TypeAlias = Annotated[list[FieldPath], Meta(max_length=10_000)]
"""The fields that are read."""
Text: TypeAlias = Annotated[str, Meta(max_length=16_384)]
"""Words for people."""
Day: TypeAlias = Annotated[str, Meta(pattern=_DAY)]
"""A day, ``2026-12-31``."""
TimeMs: TypeAlias = Annotated[int, Meta(ge=0, le=2**53)]
"""Milliseconds since 1970."""
SchemaNumber: TypeAlias = Annotated[int, Meta(ge=0, le=2**31 - 1)]
"""An id or a version of a schema."""


class ReportedSchema(msgspec.Struct, rename="camel"):
    """A schema that a service has, whether it is registered or not."""

    schema: str
    schema_type: SchemaType = SchemaType.AVRO
    references: Annotated[list[Reference], Meta(max_length=1000)] | None = None


class ReaderReport(msgspec.Struct, rename="camel"):
    """A service reads a subject: as it says itself (a claim), or as its client was seen doing it.

    Without ``fields`` it reads all of them. ``versions`` is the range of the contract's versions that it copes with,
    ``examples`` are values, as JSON, that it must be able to read.
    """

    service: Name
    subject: SubjectName
    origin: Literal["claim", "observed"]
    groups: Annotated[list[Name], Meta(max_length=1000)] = []
    fields: Fields | None = None
    versions: Version | None = None
    contract: Name | None = None
    version: Version = ""
    schema: ReportedSchema | None = None
    schema_id: SchemaNumber | None = None
    examples: Annotated[list[dict[str, Any]], Meta(max_length=1000)] = []
    reported_at_ms: TimeMs | None = None


class DeployedReader(msgspec.Struct, rename="camel"):
    """What a deployed version reads."""

    subject: SubjectName
    fields: Fields | None = None
    versions: Version | None = None
    schema: ReportedSchema | None = None


class DeployedWriter(msgspec.Struct, rename="camel"):
    """What a deployed version writes."""

    subject: SubjectName
    schema: ReportedSchema | None = None
    schema_id: SchemaNumber | None = None


class DeploymentReport(msgspec.Struct, rename="camel"):
    """A version of a service was deployed to an environment; the one deployed last is what runs there."""

    service: Name
    environment: Name
    version: Name
    reads: Annotated[list[DeployedReader], Meta(max_length=1000)] = []
    writes: Annotated[list[DeployedWriter], Meta(max_length=1000)] = []
    deployed_at_ms: TimeMs | None = None
    reported_at_ms: TimeMs | None = None


class VerificationReport(msgspec.Struct, rename="camel"):
    """Whether a version of a consumer copes with a schema of a provider, which the ``fingerprint`` names (its GUID)."""

    consumer: Name
    consumer_version: Version
    subject: SubjectName
    fingerprint: Name
    ok: bool
    version: SchemaNumber | None = None
    problems: Annotated[list[Text], Meta(max_length=1000)] = []
    reported_at_ms: TimeMs | None = None


class RolloutStep(msgspec.Struct, rename="camel"):
    """One step of a rollout, and how it stands; ``waitsFor`` are versions of services that have to run."""

    name: Name
    state: Name
    at: str | int | float | None = None
    detail: Text | None = None
    waits_for: dict[str, Version] = {}


class RolloutReport(msgspec.Struct, rename="camel"):
    """How far the rollout of a schema is, into an environment or ``back`` from there.

    ``version`` is what the schema became, ``order`` who moves first, ``deadLetters`` how many there were at the beginning.
    """

    id: Name
    subject: SubjectName
    fingerprint: Name
    state: Literal["running", "done", "rolled back"]
    steps: Annotated[list[RolloutStep], Meta(max_length=1000)] = []
    environment: Version = ""
    version: SchemaNumber | None = None
    order: Text | None = None
    back: bool = False
    dead_letters: Annotated[int, Meta(ge=0)] | None = None
    began_at_ms: TimeMs | None = None
    reported_at_ms: TimeMs | None = None


class ExemptionReport(msgspec.Struct, rename="camel"):
    """Findings of a rule that a contract accepts until a day; ``path`` narrows it to a field."""

    contract: Name
    rule: Name
    reason: Text
    until: Day
    path: FieldPath | None = None
    by: Name | None = None
    reported_at_ms: TimeMs | None = None
