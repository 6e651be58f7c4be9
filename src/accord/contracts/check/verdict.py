"""The check: every schema of a project against what was there before, and who is hit."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from accord.contracts.check import rules
from accord.contracts.check.absence import gone_subjects
from accord.contracts.check.affected import ChangedSubject
from accord.contracts.check.baseline import Baseline, Past
from accord.contracts.check.impact import impact
from accord.contracts.check.places import place_of
from accord.contracts.check.promises import broken_promises
from accord.contracts.check.result import CheckResult, State, SubjectResult
from accord.contracts.check.sameness import says_the_same, title_of
from accord.contracts.known import KnownReader
from accord.contracts.loading.rules import UNKNOWN_FIELD, VERSION_NOT_COVERED
from accord.contracts.loading.versions import covers
from accord.contracts.model import DataContract, Project, SchemaFile
from accord.findings import Affected, Finding, Location, Severity
from accord.schemas import (
    CompatibilityLevel,
    Deployment,
    DeployOrder,
    Earlier,
    InvalidSchema,
    Subject,
    check_compatibility,
)


def check(
    project: Project,
    baseline: Baseline,
    *,
    readers: Sequence[KnownReader] = (),
    default_level: CompatibilityLevel = CompatibilityLevel.BACKWARD,
) -> CheckResult:
    """Compare every schema and every contract of ``project`` with ``baseline``, and tell which ``readers`` are hit.

    The level is the contract's; for a schema without one the baseline's, and ``default_level`` where that has none.
    Raises RegistryError or ConfigurationError where the baseline cannot be read.
    """
    return _Check(project, baseline, readers, default_level).result()


class _Check:
    def __init__(
        self,
        project: Project,
        baseline: Baseline,
        readers: Sequence[KnownReader],
        default_level: CompatibilityLevel,
    ) -> None:
        self._project = project
        self._baseline = baseline
        self._default_level = default_level
        self._contracts = dict(_contracts_by_subject(project))
        self._readers: dict[Subject, list[KnownReader]] = {}
        for reader in readers:
            self._readers.setdefault(reader.subject, []).append(reader)
        before = baseline.project
        self._gone = () if before is None else gone_subjects(project, before)
        self._renamed = dict(_renamed(project, baseline, self._gone))

    def result(self) -> CheckResult:
        subjects = tuple(map(self._subject, self._project.schemas.values()))
        found = (
            *self._wrong_in_files(subjects),
            *(finding for one in subjects for finding in one.findings),
            *self._files(),
            *self._versions(),
        )
        notes = (
            *_notes_on_breaks(subjects, self._readers),
            *self._readers_gone(subjects),
            *(note for one in subjects for note in one.notes),
        )
        return CheckResult(self._baseline.name, subjects, found, notes)

    def _subject(self, file: SchemaFile) -> SubjectResult:
        contract = self._contracts.get(file.subject)
        terms = self._baseline.terms(file.subject)
        level = _level_of(file, contract) or terms.level or self._default_level
        past = self._past(file, every=False)
        if past.earlier and self._is_unchanged(file, contract, past.earlier[-1]):
            return SubjectResult(file, "unchanged", level, past.earlier)
        # What every version was takes long to find out, and of most schemas nobody has to know.
        if level.transitive:
            past = self._past(file, every=True)
        state: State = "changed" if past.earlier else "new"
        try:
            return self._compared(file, level, past, state, contract)
        except InvalidSchema as error:
            finding = rules.NOT_COMPARED.finding(
                place_of(file, ""),
                {"told": error.message},
                subject=file.subject,
                contract=contract.id if contract else "",
            )
            return SubjectResult(file, state, level, past.earlier, findings=(finding,), notes=past.notes)

    def _wrong_in_files(self, subjects: Iterable[SubjectResult]) -> Iterator[Finding]:
        """What loading found, without the fields that a schema has no more, which are told with who reads them."""
        told = {
            (finding.contract or finding.subject, finding.path)
            for one in subjects
            for finding in one.findings
            if finding.rule == rules.READER_FIELD_REMOVED.id
        }
        for finding in self._project.findings:
            contract = self._contracts.get(Subject(finding.subject))
            is_key = contract is not None and contract.key.field == finding.path
            owner = contract.id if contract else finding.subject
            if finding.rule != UNKNOWN_FIELD.id or is_key or (owner, finding.path) not in told:
                yield finding

    def _past(self, file: SchemaFile, *, every: bool) -> Past:
        subject = self._renamed.get(file.subject, file.subject)
        return self._baseline.past(subject, every=every)

    def _is_unchanged(self, file: SchemaFile, contract: DataContract | None, newest: Earlier) -> bool:
        """Whether there is nothing to compare: the same schema, held to no more than before."""
        if newest.schema is not file.parsed and not says_the_same(file.parsed, newest.schema):
            return False
        before = self._baseline.project
        if before is None or contract is None:
            return True
        old = next((one for one in before.contracts if one.id == contract.id), None)
        return old is None or _level_of(file, old) == _level_of(file, contract)

    def _compared(
        self,
        file: SchemaFile,
        level: CompatibilityLevel,
        past: Past,
        state: State,
        contract: DataContract | None,
    ) -> SubjectResult:
        terms = self._baseline.terms(file.subject)
        report = check_compatibility(
            file.parsed,
            past.earlier,
            level=level,
            policy=terms.policy,
            validate_fields=terms.validate_fields,
            metadata=file.schema.metadata,
        )
        readers = self._readers.get(file.subject, ())
        impacts = tuple(
            impact(file.parsed, past.earlier, reader, policy=terms.policy)
            for reader in readers
            if past.earlier or reader.schema is not None
        )
        told = ChangedSubject(file, contract.id if contract else "", report, impacts)
        return SubjectResult(
            file, state, level, past.earlier, report, impacts, tuple(told.findings()), past.notes
        )

    def _files(self) -> Iterator[Finding]:
        """What is wrong with contracts as wholes, and with files that are gone or have another name."""
        before = self._baseline.project
        if before is None:
            return
        yield from broken_promises(self._project, before)
        for now, then in self._renamed.items():
            file, old = self._project.schemas[now], before.schemas[then]
            facts = {"before": then, "subject": now, "file": old.source.path}
            yield rules.SUBJECT_RENAMED.finding(Location(file.source.path, 1, 1), facts, subject=now)
        for subject in self._gone:
            if subject not in self._renamed.values():
                yield self._removed(before.schemas[subject])

    def _versions(self) -> Iterator[Finding]:
        """Readers of a registry that do not cope with the contract's version; those of files are told by loading."""
        declared = {(one.subject, one.reader.service) for one in self._project.claims}
        for subject, contract in self._contracts.items():
            declared.update((subject, one.service) for one in contract.readers)
            for reader in self._readers.get(subject, ()):
                is_told = (subject, reader.service) in declared
                if is_told or reader.versions is None or covers(reader.versions, contract.version):
                    continue
                facts = {
                    "service": reader.service,
                    "versions": reader.versions,
                    "contract": contract.id,
                    "version": contract.version,
                }
                finding = VERSION_NOT_COVERED.finding(
                    contract.locate("/version"), facts, subject=subject, contract=contract.id
                )
                yield replace(finding, affected=(Affected(reader.service, reader.fields or ()),))

    def _readers_gone(self, subjects: Iterable[SubjectResult]) -> Iterator[str]:
        """A sentence for each reader of a changed subject that the files named before, and that nobody names now."""
        before = self._baseline.project
        if before is None:
            return
        for one in subjects:
            if one.state != "changed":
                continue
            subject = one.file.subject
            now = {reader.service for reader in self._readers.get(subject, ())}
            for service in dict.fromkeys(_declared(before, self._renamed.get(subject, subject))):
                if service not in now:
                    yield f"{subject}: {service} read it at {self._baseline.name} and is not looked at: no file names it now"

    def _removed(self, file: SchemaFile) -> Finding:
        readers = self._readers.get(file.subject, ())
        rule = rules.READER_SUBJECT_REMOVED if readers else rules.SUBJECT_REMOVED
        services = [reader.service for reader in readers]
        facts = {"file": file.source.path, "subject": file.subject, "readers": ", ".join(services)}
        finding = rule.finding(Location(file.source.path, 1, 1), facts, subject=file.subject)
        hit = tuple(Affected(one.service, one.fields or (), "reads the subject") for one in readers)
        return replace(finding, affected=hit)


def _contracts_by_subject(project: Project) -> Iterator[tuple[Subject, DataContract]]:
    for contract in project.contracts:
        for event in contract.events:
            yield event.schema.subject, contract
        if contract.key.schema is not None:
            yield contract.key.schema.subject, contract


def _declared(project: Project, subject: Subject) -> Iterator[str]:
    """The services that the files of a project name as readers of a subject."""
    for claim in project.claims:
        if claim.subject == subject:
            yield claim.reader.service
    for name, contract in _contracts_by_subject(project):
        if name == subject:
            yield from (reader.service for reader in contract.readers)


def _level_of(file: SchemaFile, contract: DataContract | None) -> CompatibilityLevel | None:
    if contract is None:
        return None
    key = contract.key.schema
    return contract.key.compatibility if key and key.subject == file.subject else contract.compatibility


def _renamed(
    project: Project, baseline: Baseline, missing: Iterable[Subject]
) -> Iterator[tuple[Subject, Subject]]:
    """The new names of subjects that are gone, where exactly one new subject says the same or is called the same."""
    before = baseline.project
    if before is None:
        return
    new = [file for subject, file in project.schemas.items() if subject not in before.schemas]
    for subject in missing:
        old = before.schemas[subject]
        title = title_of(old.parsed)
        same = [file for file in new if says_the_same(file.parsed, old.parsed)] or [
            file for file in new if file.type is old.type and title_of(file.parsed) == title is not None
        ]
        if len(same) == 1:
            new.remove(same[0])
            yield same[0].subject, subject


def _notes_on_breaks(
    subjects: Iterable[SubjectResult], readers: Mapping[Subject, Sequence[KnownReader]]
) -> Iterator[str]:
    """A sentence for each subject with a break that touches no known reader, and one for who is upgraded first."""
    for one in subjects:
        breaks = [finding for finding in one.findings if finding.severity is Severity.ERROR]
        untouched = [finding for finding in breaks if not finding.affected]
        if untouched:
            known = [reader.service for reader in readers.get(one.file.subject, ())]
            many = f"{len(untouched)} of {len(breaks)} breaks" if len(breaks) > 1 else "the break"
            touch, have = ("touches", "has") if len(untouched) == 1 else ("touch", "have")
            whom = (
                f"{touch} none of its known readers ({', '.join(known)})"
                if known
                else f"{have} no known reader"
            )
            yield f"{one.file.subject}: {many} {whom}"
        if one.deployment is not None and one.state == "changed" and not _is_too_easy(one, one.deployment):
            yield f"{one.file.subject}: {one.deployment.advice}"


def _is_too_easy(one: SubjectResult, deployment: Deployment) -> bool:
    """Whether any order is said to be fine, as far as the level goes, and a known reader runs into the change."""
    is_any = deployment.order is DeployOrder.EITHER_ORDER
    return is_any and any(reader.is_hit for reader in one.impacts)
