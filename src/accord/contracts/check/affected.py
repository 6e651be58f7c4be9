"""From what readers run into to findings: who is hit is put beside the break, and what nobody else reports is told."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from accord.contracts.check import rules
from accord.contracts.check.impact import Hit, Impact, is_there
from accord.contracts.check.meant import fields_meant
from accord.contracts.check.places import place_of, place_of_reference
from accord.contracts.model import SchemaFile
from accord.contracts.rules import ContractRule
from accord.findings import Affected, Finding, Fix, Location, Severity
from accord.schemas import CompatibilityReport, InvalidSchema, ParsedSchema, parse
from accord.schemas.fields import fields_of


@dataclass(frozen=True, slots=True)
class ChangedSubject:
    """A changed subject and what it means for its readers; ``contract`` is the id of its contract, "" without one."""

    file: SchemaFile
    contract: str
    report: CompatibilityReport
    impacts: Sequence[Impact]

    def findings(self) -> Iterator[Finding]:
        """What the comparison found, each with its place and who is hit by it; and what only readers run into."""
        told: dict[str, set[tuple[str, ...]]] = {}
        for finding in self.report.findings:
            names = self._fields(finding)
            hits = [
                (one.reader.service, hit)
                for one in self.impacts
                for hit in (one.upgraded if finding.candidate_reads else one.as_it_is)
                if _meets(hit, finding.rule, names)
            ]
            if finding.severity is not Severity.INFO:
                for service, hit in hits:
                    told.setdefault(service, set()).add(hit.fields)
            affected = tuple(
                Affected(service, hit.fields, "" if hit.how == finding.message else hit.how)
                for service, hit in hits
            )
            yield replace(
                finding,
                at=self._place(finding),
                subject=self.file.subject,
                contract=self.contract,
                affected=affected or tuple(self._hit_by_rename(finding)),
            )
        yield from self._fields_gone()
        for one in self.impacts:
            known = told.get(one.reader.service, set()) | {(name,) for name in one.missing}
            # What is about no field comes of those that are missing: an object is refused without them.
            known |= {()} if one.missing else set()
            yield from self._left(rules.READER_NEEDS_UPGRADE, one.reader.service, one.as_it_is, known)
            yield from self._left(rules.READER_LOSES_RECORDS, one.reader.service, one.upgraded, known)

    def _place(self, finding: Finding) -> Location:
        """Where the finding is in the file; what a referenced schema brings, where it is used."""
        earlier = self._earlier(finding)
        used = place_of_reference(self.file, earlier) if earlier and not finding.here.path else None
        return used or place_of(self.file, finding.here.path)

    def _earlier(self, finding: Finding) -> ParsedSchema | None:
        """The version that was compared with."""
        return next((one.schema for one in self.report.earlier if one.version == finding.version), None)

    def _left(
        self, rule: ContractRule, service: str, hits: Sequence[Hit], known: Collection[tuple[str, ...]]
    ) -> Iterator[Finding]:
        """What the reader runs into although the level allows it; what is ``known`` of it is told already."""
        left = [hit for hit in hits if hit.fields not in known]
        if not left:
            return
        fields = tuple(dict.fromkeys(name for hit in left for name in hit.fields))
        place = self._place_of(fields[0]) if fields else ""
        facts = {"reader": service, "reason": left[0].how}
        finding = rule.finding(
            place_of(self.file, place),
            facts,
            path=fields[0] if fields else "",
            subject=self.file.subject,
            contract=self.contract,
        )
        yield replace(finding, affected=(Affected(service, fields, "; ".join(hit.how for hit in left)),))

    def _gone(self) -> Collection[str]:
        """The fields that readers need, that were there before, and that are there no more."""
        if not self.report.earlier:
            return ()
        last = self.report.earlier[-1].schema
        return dict.fromkeys(name for one in self.impacts for name in one.missing if is_there(name, last))

    def _hit_by_rename(self, finding: Finding) -> Iterator[Affected]:
        """Readers of a field that is gone, where the finding is about the one that it is now, or may be."""
        if finding.severity is Severity.INFO:
            return
        for name in self._gone():
            heir = self._heir(name, self.file.parsed)
            how = f"reads it as `{name}`" if heir else "if this is its field under a new name"
            is_meant = heir in self._fields(finding) if heir else self._is_renamed_by(finding.fixes, name)
            for one in self.impacts:
                if is_meant and name in one.missing:
                    yield Affected(one.reader.service, (name,), how)

    def _is_renamed_by(self, fixes: Iterable[Fix], name: str) -> bool:
        """Whether a schema that one of the fixes makes has an heir of the field."""
        for fix in fixes:
            schema = replace(self.file.schema, text=fix.schema)
            with suppress(InvalidSchema):
                fixed = parse(schema, referenced=self.file.referenced, strict=False)
                if self._heir(name, fixed) is not None:
                    return True
        return False

    def _heir(self, name: str, schema: ParsedSchema) -> str | None:
        """The field, beside where the one called ``name`` was, that has its name as an alias, or else its number."""
        before = fields_of(self.report.earlier[-1].schema).get(name)
        number = None if before is None else before.number
        around, _, own_name = name.rpartition(".")
        for one in fields_of(schema).values():
            is_same = own_name in one.aliases or (number is not None and one.number == number)
            if is_same and one.name.rpartition(".")[0] == around:
                return one.name
        return None

    def _fields_gone(self) -> Iterator[Finding]:
        """What to say of each field that readers need and that is there no more."""
        for name in self._gone():
            services = [one.reader.service for one in self.impacts if name in one.missing]
            heir = self._heir(name, self.file.parsed)
            facts = {
                "field": name,
                "readers": ", ".join(services),
                "heir": f"; it is called `{heir}` now" if heir else "",
                "earlier": self.report.earlier[-1].words,
            }
            place = self._place_of(heir or name.rpartition(".")[0])
            finding = rules.READER_FIELD_REMOVED.finding(
                place_of(self.file, place),
                facts,
                path=name,
                subject=self.file.subject,
                contract=self.contract,
            )
            yield replace(
                finding, affected=tuple(Affected(service, (name,), f"reads `{name}`") for service in services)
            )

    def _fields(self, finding: Finding) -> tuple[str, ...]:
        """The dotted names of what the finding is about, on the reader's side or else on the writer's."""
        earlier = self._earlier(finding)
        reader, writer = (
            (self.file.parsed, earlier) if finding.candidate_reads else (earlier, self.file.parsed)
        )
        return fields_meant(finding, reader, writer)

    def _place_of(self, name: str) -> str:
        """Where the field, or the nearest around it that is there, stands in the file."""
        there = fields_of(self.file.parsed)
        while name and name not in there:
            name = name.rpartition(".")[0]
        return there[name].place if name else ""


def _meets(hit: Hit, rule: str, names: Sequence[str]) -> bool:
    """Whether a reader that runs into ``hit`` runs into a finding of that rule about these fields."""
    if names or hit.fields:
        return not set(names).isdisjoint(hit.fields)
    return hit.rule == rule
