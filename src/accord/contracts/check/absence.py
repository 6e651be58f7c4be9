"""What was there before and is there no more: taken away, and not only unreadable for now."""

from collections.abc import Collection, Iterator, Sequence

from accord.contracts.model import DataContract, Project
from accord.findings import Severity
from accord.schemas import Subject


def gone_subjects(project: Project, before: Project) -> Sequence[Subject]:
    """The subjects that ``project`` has no more, without those whose files cannot be read at the moment."""
    unreadable = set(_unreadable(project, before))
    return [
        subject for subject in before.schemas if subject not in project.schemas and subject not in unreadable
    ]


def gone_contracts(project: Project, before: Project, kept: Collection[str]) -> Iterator[DataContract]:
    """The contracts that are not among those ``kept``, by id, and whose files are not broken either."""
    broken = _broken(project)
    return (one for one in before.contracts if one.id not in kept and one.source.path not in broken)


def _broken(project: Project) -> Collection[str]:
    """The files with errors: what they say may be missing from the project."""
    return {one.at.file for one in project.findings if one.at is not None and one.severity is Severity.ERROR}


def _unreadable(project: Project, before: Project) -> Iterator[Subject]:
    """Subjects of files that are broken, whose contracts are, or that refer to any such."""
    broken = _broken(project)
    if not broken:
        return
    files = {subject for subject, file in before.schemas.items() if file.source.path in broken}
    for contract in before.contracts:
        if contract.source.path in broken:
            files.update(event.schema.subject for event in contract.events)
            files.update([contract.key.schema.subject] if contract.key.schema else [])
    found, waiting = set(files), list(files)
    while waiting:
        needed = waiting.pop()
        users = (
            subject
            for subject, file in before.schemas.items()
            if subject not in found and any(one.subject == needed for one in file.references)
        )
        for subject in list(users):
            found.add(subject)
            waiting.append(subject)
    yield from found
