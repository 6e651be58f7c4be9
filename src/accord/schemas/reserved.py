"""Names of fields that are reserved in the metadata of a schema: no later version may have a field of that name."""

from collections.abc import Iterator
from dataclasses import dataclass

from accord.findings import Finding, Side
from accord.schemas.comparison import NEW, Earlier
from accord.schemas.formats import format_of
from accord.schemas.metadata import RESERVED_PROPERTY, Metadata
from accord.schemas.model import ParsedSchema, SchemaType
from accord.schemas.rules import Difference, Rule
from accord.schemas.shared_rules import RESERVED_FIELD_REMOVED, RESERVED_FIELD_USED


@dataclass(frozen=True, slots=True)
class Breach:
    """A reserved name that the new schema does not keep free; ``earlier`` is the version that reserves it."""

    difference: Difference
    here: Side
    earlier: Earlier | None = None

    @property
    def finding(self) -> Finding:
        """The same as a finding."""
        rule = self.difference.rule
        words = {
            "reader": NEW,
            "writer": self.earlier.words if self.earlier else NEW,
            **self.difference.facts,
        }
        return Finding(
            rule=rule.id,
            severity=rule.severity,
            message=rule.message.format(**words),
            why=rule.why.format(**words),
            path=self.difference.path,
            reader=self.here,
            writer=Side("", ""),
            error_type=self.difference.reported_type,
            version=self.earlier.version if self.earlier else None,
        )


def reserved_fields(metadata: Metadata | None) -> tuple[str, ...]:
    """The names that ``metadata`` reserves, each once."""
    listed = metadata.properties.get(RESERVED_PROPERTY, "") if metadata else ""
    return tuple(dict.fromkeys(name.strip() for name in listed.split(",") if name.strip()))


def breaches(candidate: ParsedSchema, metadata: Metadata | None, newest: Earlier | None) -> Iterator[Breach]:
    """What ``candidate``, said to be as in ``metadata``, does to names that it or the ``newest`` version reserves."""
    reserved = reserved_fields(metadata)
    listed = f'"{RESERVED_PROPERTY}": "{",".join(reserved)}"'
    for name in reserved_fields(newest.metadata) if newest else ():
        if name not in reserved:
            removed = _breach(RESERVED_FIELD_REMOVED, None, name, candidate.type)
            yield Breach(removed, Side(NEW, "", listed), newest)
    for name in reserved:
        side = format_of(candidate.type).top_level_field(candidate, name)
        if side is not None:
            yield Breach(_breach(RESERVED_FIELD_USED, side[0], name, candidate.type), Side(NEW, *side))


def _breach(rule: Rule, place: str | None, name: str, schema_type: SchemaType) -> Difference:
    field, of_json = rule.error_types
    error_type = of_json if schema_type is SchemaType.JSON else field
    return Difference(rule, place or "", place, None, {"field": name}, error_type=error_type)
