"""Where a registry has the schemas of a project, and which versions stand for what they refer to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from accord.client import NotFound, Registry
from accord.contracts.model import SchemaFile
from accord.schemas import Reference, Schema, Subject, Version


class Needed(NamedTuple):
    """What a schema refers to, and the version that stands for it; None: one that is yet to be registered."""

    name: str
    subject: Subject
    version: Version | None


@dataclass(frozen=True, slots=True)
class Standing:
    """The version that a subject has a schema as; None: it has it not, or not with the references of now.

    ``missing`` is a subject that it refers to, and neither the project nor the registry has it.
    """

    version: Version | None
    needs: tuple[Needed, ...] = ()
    missing: Subject | None = None

    @property
    def waits_for(self) -> Subject | None:
        """A subject that it refers to and that gets a new version first."""
        return next((needed.subject for needed in self.needs if needed.version is None), None)


def standing_of(files: Iterable[SchemaFile], registry: Registry) -> dict[Subject, Standing]:
    """Where each of the files is; they come after those that they refer to. Raises RegistryError."""
    standing: dict[Subject, Standing] = {}
    for file in files:
        needs = tuple(_needs(file, standing, registry))
        version = None
        if all(one.version is not None for one in needs):
            version = _version(file.subject, with_references(file.schema, needs), registry)
        missing = (one.subject for one in needs if one.version is None and one.subject not in standing)
        standing[file.subject] = Standing(version, needs, next(missing, None))
    return standing


def with_references(schema: Schema, needs: Iterable[Needed]) -> Schema:
    """The schema as it is registered; every version is known."""
    references = (Reference(one.name, one.subject, one.version) for one in needs if one.version is not None)
    return replace(schema, references=tuple(references))


def _needs(file: SchemaFile, known: dict[Subject, Standing], registry: Registry) -> Iterator[Needed]:
    for reference in file.references:
        if reference.subject in known:
            version = known[reference.subject].version
        else:
            # A copy of what somebody else registered: its version is that with this text, or the newest.
            copy = file.referenced.get(reference.name)
            version = _version(reference.subject, copy, registry) if copy else None
            version = version or _newest(reference.subject, registry)
        yield Needed(reference.name, reference.subject, version)


def _version(subject: Subject, schema: Schema, registry: Registry) -> Version | None:
    try:
        return registry.lookup(subject, schema).version
    except NotFound:
        return None


def _newest(subject: Subject, registry: Registry) -> Version | None:
    try:
        versions = registry.versions(subject)
    except NotFound:
        return None
    return versions[-1] if versions else None
