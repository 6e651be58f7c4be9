"""From what came of records to findings and notes."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from accord.contracts.check.places import place_of
from accord.contracts.model import Project
from accord.contracts.replay import rules
from accord.contracts.replay.result import ChangedValue, Failure, Place, ReplayResult, SchemaReplay
from accord.findings import Finding
from accord.schemas.fields import fields_of

SHOWN: Final = 10
"""How many places of records are told of one kind of trouble."""

_LONGEST: Final = 60


def findings_of(result: ReplayResult, project: Project) -> Iterator[Finding]:
    """One finding for each schema, field and reason, with the places of some of the records."""
    for one in result.schemas:
        failures: dict[tuple[str, str, bool], list[Failure]] = {}
        for failure in one.failures:
            failures.setdefault((failure.path, failure.reason, failure.is_new), []).append(failure)
        for (path, reason, is_new), group in failures.items():
            rule = rules.RECORD_UNREADABLE if is_new else rules.RECORD_STILL_UNREADABLE
            facts = {"count": len(group), "records": one.records, "schema": one.name, "reason": reason}
            found = rule.finding(None, facts, path=path)
            yield _placed(found, result, project, one, [failure.place for failure in group])
        changed: dict[str, list[ChangedValue]] = {}
        for value in one.changed:
            changed.setdefault(value.field, []).append(value)
        for field, values in changed.items():
            facts = {
                "field": field,
                "count": len({value.place for value in values}),
                "records": one.records,
                "schema": one.name,
                "today": _shown(values[0].today),
                "candidate": _shown(values[0].candidate),
            }
            found = rules.VALUE_CHANGED.finding(None, facts, path=field)
            yield _placed(found, result, project, one, [value.place for value in values])


def notes_of(result: ReplayResult) -> Iterator[str]:
    """What was read, in sentences: the whole, and each schema."""
    decoded = sum(one.records for one in result.schemas)
    yield (
        f"{result.topic}: {decoded:,} of the last {result.seen:,} records were decoded, {result.tombstones:,} had no value"
    )
    for one in result.schemas:
        troubles = [f"{one.read:,} read"]
        if one.failures:
            troubles.append(f"{len(one.failures):,} not")
        if one.changed:
            troubles.append(f"{len({value.place for value in one.changed}):,} with other values")
        if one.poison:
            place, reason = one.poison[0]
            troubles.append(
                f"{len(one.poison):,} broken as they were written (the first at {place}: {reason})"
            )
        yield f"{result.topic}, {one.name}: {', '.join(troubles)} of {one.records:,}"
    if result.nameless:
        place, reason = result.nameless[0]
        many = len(result.nameless) > 1
        yield (
            f"{result.topic}: {len(result.nameless):,} record{'s' * many} name{'s' * (not many)} no schema "
            f"(the first at {place}: {reason})"
        )


def _placed(
    finding: Finding, result: ReplayResult, project: Project, one: SchemaReplay, places: list[Place]
) -> Finding:
    distinct = list(dict.fromkeys(places))
    more = f" and {len(distinct) - SHOWN:,} more" if len(distinct) > SHOWN else ""
    where = f"in {result.topic}, partition@offset: {', '.join(map(str, distinct[:SHOWN]))}{more}"
    contract = project.contract_of(one.file.subject)
    field = fields_of(one.file.parsed).get(finding.path)
    return replace(
        finding,
        detail=f"{where}. {finding.detail}",
        at=place_of(one.file, field.place if field is not None else ""),
        subject=one.file.subject,
        contract=contract.id if contract is not None else "",
    )


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"
