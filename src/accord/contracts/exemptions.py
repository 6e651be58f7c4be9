"""What the contracts say may be left as it is for a while, and which findings that covers.

An allowance covers the findings about its contract of exactly its rule, and with a path only those about exactly that
field, by its dotted name. It holds up to and including its last day. What could not be read is accepted by none: nothing was
judged of it.
"""

import datetime as dt
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from accord.contracts.allowance_rules import ALLOWANCE_EXPIRED, ALLOWANCE_UNUSED, RULES
from accord.contracts.loading.rules import RULES as LOADING_RULES
from accord.contracts.model import Allowance, DataContract, Project, SchemaFile
from accord.findings import Exemption, Finding, Severity
from accord.schemas.fields import fields_at

_NEVER_ACCEPTED = frozenset(
    rule.id for rule in (*RULES, *(rule for rule in LOADING_RULES if rule.severity is Severity.ERROR))
)


def exempt(
    findings: Sequence[Finding],
    project: Project,
    today: dt.date,
    *,
    looked_for: Collection[str] | None = None,
) -> tuple[Finding, ...]:
    """The findings, those with an exemption that an allowance covers; and a finding for each allowance that is no use.

    An allowance whose last day has passed covers nothing, and is told. So is one that covers nothing of what was found,
    if its rule is among those ``looked_for``; None: all of them were.
    """
    contracts = {contract.id: contract for contract in project.contracts}
    used: set[tuple[str, int]] = set()
    told: list[Finding] = []
    for finding in findings:
        contract = contracts.get(finding.contract) or _contract_of(finding, project)
        index = None if contract is None else _covering(finding, contract, project, today)
        if contract is None or index is None:
            told.append(finding)
            continue
        used.add((contract.id, index))
        allowance = contract.allowances[index]
        told.append(replace(finding, exemption=Exemption(allowance.reason, allowance.until)))
    for contract in project.contracts:
        told.extend(_useless(contract, today, used, looked_for))
    return tuple(told)


def fields_meant(finding: Finding, project: Project) -> tuple[str, ...]:
    """The dotted names of the field that a finding is about: none if it is about more than one field.

    A field of a type that is used in several places has several names.
    """
    if finding.path and not finding.path.startswith(("/", "#")) and not finding.there.name:
        return (finding.path,)
    file = next((one for subject, one in project.schemas.items() if subject == finding.subject), None)
    if file is None or not finding.there.name:
        return ()
    return _fields_in(finding, file)


def _fields_in(finding: Finding, file: SchemaFile) -> tuple[str, ...]:
    around = fields_at(file.parsed, finding.here.path)
    if finding.here.fragment or not finding.there.fragment:
        return around
    # It is gone from the schema under check, so its name is known from the other side alone.
    name = _name_of(finding)
    return tuple(f"{one}.{name}" for one in around) or (name,)


def _name_of(finding: Finding) -> str:
    try:
        fragment = json.loads(finding.there.fragment)
    except ValueError:
        fragment = None
    if isinstance(fragment, dict) and isinstance(fragment.get("name"), str):
        return str(fragment["name"])
    return finding.there.path.replace("/", ".").rpartition(".")[2]


def _contract_of(finding: Finding, project: Project) -> DataContract | None:
    file = next((one for subject, one in project.schemas.items() if subject == finding.subject), None)
    return None if file is None else project.contract_of(file.subject)


def _covering(finding: Finding, contract: DataContract, project: Project, today: dt.date) -> int | None:
    if finding.rule in _NEVER_ACCEPTED:
        return None
    for index, allowance in enumerate(contract.allowances):
        if allowance.rule != finding.rule or _has_expired(allowance, today):
            continue
        if allowance.path is None or allowance.path in fields_meant(finding, project):
            return index
    return None


def _has_expired(allowance: Allowance, today: dt.date) -> bool:
    return allowance.until < today.isoformat()


def _useless(
    contract: DataContract,
    today: dt.date,
    used: Collection[tuple[str, int]],
    looked_for: Collection[str] | None,
) -> Iterator[Finding]:
    for index, allowance in enumerate(contract.allowances):
        facts = {"rule": allowance.rule, "until": allowance.until, "reason": allowance.reason}
        at = allowance.at
        if _has_expired(allowance, today):
            yield ALLOWANCE_EXPIRED.finding(at, facts, contract=contract.id)
        elif (contract.id, index) not in used and (looked_for is None or allowance.rule in looked_for):
            path = f" for {allowance.path}" if allowance.path else ""
            yield ALLOWANCE_UNUSED.finding(at, {**facts, "path": path}, contract=contract.id)
