"""Everything of a project put together, in the order in which one thing needs another."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from accord.contracts.loading import rules
from accord.contracts.loading.assembly import Assembly
from accord.contracts.loading.claims import read_claims
from accord.contracts.loading.documents import Document, DocumentFault, read_document
from accord.contracts.loading.envelope import Envelope
from accord.contracts.loading.files import Files
from accord.contracts.loading.sharing import contradictory_dead_letters
from accord.contracts.loading.validation import claims_faults, contract_faults
from accord.contracts.loading.wanting import unknown_fields
from accord.contracts.model import Claim, DataContract, Project, ProjectSettings, SchemaFile
from accord.contracts.tree import Tree
from accord.findings import Finding
from accord.schemas import Subject

_DEFAULTS: Final = ProjectSettings()


def load(tree: Tree, *, settings: ProjectSettings = _DEFAULTS) -> Project:
    """What the files of ``tree`` say, and everything that is wrong with them; bad files raise nothing."""
    with _uncollected():
        return _loaded(tree, settings)


def _loaded(tree: Tree, settings: ProjectSettings) -> Project:
    findings: list[Finding] = []
    files = Files(tree, settings)
    assembly = Assembly(files, settings, list(_envelopes(files, settings, findings)))
    contracts, schemas = assembly.contracts(), assembly.schemas()
    claims = tuple(_claims(files, contracts, schemas, findings))
    for contract in contracts:
        findings += unknown_fields(contract)
    findings += contradictory_dead_letters(contracts)
    found = (*files.findings, *findings, *assembly.findings)
    return Project(contracts, schemas, claims, tuple(sorted(dict.fromkeys(found), key=_place)), settings)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector: of all that loading makes next to nothing is garbage.

    Looking for it again and again takes nearly as long as loading itself.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _envelopes(files: Files, settings: ProjectSettings, findings: list[Finding]) -> Iterator[Envelope]:
    topics: dict[str, str] = {}
    ids: dict[str, str] = {}
    for path in files.contracts:
        document = _document(files, path, findings)
        if document is None:
            continue
        envelope = Envelope(document, settings)
        if isinstance(document.value, dict) and not envelope.is_about_kafka:
            continue
        findings += contract_faults(document)
        other = topics.setdefault(envelope.topic, path) if envelope.topic else path
        if ids.setdefault(envelope.id, path) != path and envelope.id:
            facts = {"id": envelope.id, "other": ids[envelope.id]}
            findings.append(rules.ID_TWICE.finding(document.locate("/id"), facts, contract=envelope.id))
        if other != path:
            facts = {"topic": envelope.topic, "other": other}
            at = document.locate("/schema/0/physicalName")
            findings.append(rules.TOPIC_TWICE.finding(at, facts, contract=envelope.id))
        elif envelope.topic:
            yield envelope


def _claims(
    files: Files,
    contracts: tuple[DataContract, ...],
    schemas: dict[Subject, SchemaFile],
    findings: list[Finding],
) -> Iterator[Claim]:
    for path in files.claims:
        document = _document(files, path, findings)
        # Other programs have folders of that name as well.
        if (
            document is None
            or not isinstance(document.value, dict)
            or not {"service", "reads"} & set(document.value)
        ):
            continue
        findings += claims_faults(document)
        for claimed, wrong in read_claims(document, contracts, schemas):
            findings += wrong
            yield from claimed


def _document(files: Files, path: str, findings: list[Finding]) -> Document | None:
    source = files.source(path)
    if source is None:
        return None
    try:
        return read_document(source)
    except DocumentFault as fault:
        facts = {"kind": "JSON" if path.endswith(".json") else "YAML", "told": fault.message}
        findings.append(rules.DOCUMENT_INVALID.finding(source.at(fault.line, fault.column), facts))
        return None


def _place(finding: Finding) -> tuple[str, int, int, str]:
    at = finding.at
    return (at.file, at.line, at.column, finding.rule) if at else ("", 0, 0, finding.rule)
