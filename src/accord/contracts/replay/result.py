"""What came of reading real records with a candidate."""

from dataclasses import dataclass, field

from accord.contracts.model import SchemaFile


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record is."""

    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.partition}@{self.offset}"


@dataclass(frozen=True, slots=True)
class Failure:
    """A record that the candidate cannot read, and why; ``path`` names the field. ``is_new``: today's newest reader can."""

    place: Place
    path: str
    reason: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """A field that the candidate reads otherwise than today's newest reader; both values as JSON has them."""

    place: Place
    field: str
    today: object
    candidate: object


@dataclass(slots=True)
class SchemaReplay:
    """What came of the records of one writer's schema. ``name`` says which: "schema id 3 (orders-value version 2)"."""

    name: str
    file: SchemaFile
    records: int = 0
    failures: list[Failure] = field(default_factory=list)
    changed: list[ChangedValue] = field(default_factory=list)
    poison: list[tuple[Place, str]] = field(default_factory=list)
    """Records that are none of their own writer's schema either, and why."""

    @property
    def read(self) -> int:
        """How many the candidate read."""
        return self.records - len(self.failures) - len(self.poison)


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """All of it. ``seen`` records were looked at for the schemas that they name; ``tombstones`` of those had no value.

    ``nameless`` are records that name no schema, and why.
    """

    topic: str
    seen: int
    tombstones: int
    schemas: tuple[SchemaReplay, ...]
    nameless: tuple[tuple[Place, str], ...] = ()
