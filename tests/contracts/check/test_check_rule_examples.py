"""The examples of the rules of checks are what they say: the bad change is told, the good one is not."""

from collections.abc import Iterable

import pytest
from tests.contracts.check.order_files import Files, MemoryTree, contract

from accord.contracts.check import FilesBaseline, check, rules
from accord.contracts.known import KnownReader
from accord.contracts.loading import load
from accord.contracts.rules import ContractRule
from accord.schemas import Subject

SUBJECT = Subject("orders.created-value")
RECORD = '{{"type": "record", "name": "OrderCreated", "fields": [{}]}}'
LEVEL = {"CONTRACT_READER_LOSES_RECORDS": "FORWARD"}
READERS = (
    KnownReader("billing", SUBJECT, "claim", fields=("currency",)),
    KnownReader("audit", SUBJECT, "observed"),
)


def sides(change: str) -> tuple[list[str], list[str]]:
    """The lines before the change, and after it."""
    lines = change.splitlines()
    return [line[1:] for line in lines if line[0] in " -"], [line[1:] for line in lines if line[0] in " +"]


def files_of(lines: Iterable[str], level: str, *, is_about_contracts: bool) -> Files:
    """A project with these lines where they belong: fields, a line of a contract, names of files."""
    block: list[str] = [] if any("compatibility" in line for line in lines) else [f"compatibility: {level}"]
    fields, schemas, topic, partitions = ['{"name": "order_id", "type": "string"}'], [], "orders.created", "6"
    path = None if is_about_contracts else "orders.odcs.yaml"
    for line in lines:
        text = line.strip().rstrip(",")
        if text.startswith("{"):
            fields.append(text)
        elif text.endswith(".avsc"):
            schemas.append(text)
        elif text.endswith(".odcs.yaml"):
            path = text
        elif text.startswith("physicalName"):
            topic = text.rpartition(" ")[2]
        elif text.startswith("partitions"):
            partitions = text.rpartition(" ")[2]
        elif text != "kafka:":
            block.append(text)
    event = RECORD.format(", ".join(fields))
    told = contract(*block, topic=topic, file="../" * (path or "").count("/") + "OrderCreated.avsc").replace(
        "partitions: 6", f"partitions: {partitions}"
    )
    return {
        "OrderCreated.avsc": event,
        **({path: told} if path else {}),
        **{path: event.replace('"OrderCreated"', '"Event"') for path in schemas},
    }


def found(rule: ContractRule, change: str) -> set[str]:
    level = LEVEL.get(rule.id, "BACKWARD")
    is_about_contracts = rule is rules.REMOVED
    before, after = (
        load(MemoryTree(files_of(lines, level, is_about_contracts=is_about_contracts)))
        for lines in sides(change)
    )
    needs_reader = rule is rules.READER_SUBJECT_REMOVED
    known = KnownReader("refunds", Subject("OrderCreated-value"), "claim")
    readers = (*READERS, known) if needs_reader else READERS
    result = check(after, FilesBaseline("git:main", before), readers=readers)
    return {finding.rule for finding in result.findings}


# Its bad example would fill a page.
SHOWN = [rule for rule in rules.RULES if rule is not rules.NOT_COMPARED]


@pytest.mark.parametrize("rule", SHOWN, ids=lambda rule: rule.id)
def test_the_bad_change_is_told(rule: ContractRule) -> None:
    assert rule.id in found(rule, rule.bad)


@pytest.mark.parametrize("rule", SHOWN, ids=lambda rule: rule.id)
def test_the_good_change_is_not(rule: ContractRule) -> None:
    assert rule.id not in found(rule, rule.good)
