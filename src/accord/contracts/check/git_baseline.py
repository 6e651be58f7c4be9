"""A commit as the baseline; for transitive levels also the history of the files up to it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from accord.contracts.check.baseline import Past, Terms, earlier_in
from accord.contracts.git import MOST_CHANGES, Repository
from accord.contracts.model import Project, SchemaFile
from accord.schemas import Earlier, InvalidSchema, ParsedSchema, Schema, Subject, Version, parse

_SHORT: Final = 9


@dataclass(frozen=True, slots=True)
class GitBaseline:
    """The files of a project as ``commit`` has them; ``name`` is how that was asked for, ``git:main``."""

    name: str
    project: Project
    repository: Repository
    commit: str

    def terms(self, subject: Subject) -> Terms:
        """Files ask for nothing: the contract of today does."""
        del subject
        return Terms()

    def past(self, subject: Subject, *, every: bool) -> Past:
        """What the file says in the commit, and with ``every`` whatever else it said in its history."""
        file = self.project.schemas.get(subject)
        if file is None:
            return Past()
        if not every:
            return Past((earlier_in(file, self.name),))
        older = [one for one in self._older(file) if one.texts != _texts_now(file)]
        distinct = list({one.texts: one for one in older}.values())
        read = [(one, _parsed(file, one)) for one in reversed(distinct)]
        known = [(one, schema) for one, schema in read if schema is not None]
        earlier = [
            Earlier(Version(number), schema, f"{one.path} at {one.commit[:_SHORT]}")
            for number, (one, schema) in enumerate(known, 1)
        ]
        notes = tuple(_notes(file, len(older), len(read) - len(known)))
        return Past((*earlier, earlier_in(file, self.name, len(earlier) + 1)), notes)

    def _older(self, file: SchemaFile) -> Iterator["_State"]:
        """What the file and those that it refers to said, newest first."""
        top = self.repository.prefix
        path = f"{top}{file.source.path}"
        others = self._referenced(file)
        if others:
            names = [path, *(f"{top}{other}" for other in others.values())]
            moments = [(commit, names) for commit in self.repository.commits(self.commit, names)]
        else:
            moments = [(one.commit, [one.path]) for one in self.repository.changes(self.commit, path)]
        wanted = [f"{commit}:{name}" for commit, names in moments for name in names]
        texts = iter(list(self.repository.blobs(wanted)) if wanted else ())
        for commit, names in moments:
            own, *rest = (next(texts) for _ in names)
            if own is not None:
                state = [data.decode("utf-8", "replace") if data is not None else "" for data in (own, *rest)]
                yield _State(commit, names[0].removeprefix(top), tuple(others), tuple(state))

    def _referenced(self, file: SchemaFile) -> Mapping[str, str]:
        """The paths of what the file refers to, by reference name and in order."""
        by_text = {one.source.text: one.source.path for one in self.project.schemas.values()}
        paths = {name: by_text.get(schema.text) for name, schema in file.referenced.items()}
        return {name: path for name, path in paths.items() if path is not None}


@dataclass(frozen=True, slots=True)
class _State:
    """The texts of a file and of those that it refers to, the file's own first."""

    commit: str
    path: str
    names: tuple[str, ...]
    texts: tuple[str, ...]


def _texts_now(file: SchemaFile) -> tuple[str, ...]:
    return (file.schema.text, *(schema.text for schema in file.referenced.values()))


def _parsed(file: SchemaFile, state: _State) -> ParsedSchema | None:
    """None where it was no schema then."""
    own, *others = state.texts
    referenced = {
        name: Schema(text or file.referenced[name].text, file.type)
        for name, text in zip(state.names, others, strict=True)
    }
    try:
        return parse(Schema(own, file.type), referenced={**file.referenced, **referenced}, strict=False)
    except InvalidSchema:
        return None


def _notes(file: SchemaFile, changes: int, unreadable: int) -> Iterator[str]:
    if changes >= MOST_CHANGES - 1:
        yield f"{file.subject}: of its history the last {MOST_CHANGES} changes were looked at"
    if unreadable:
        many = unreadable > 1
        yield (
            f"{file.subject}: {unreadable} earlier state{'s' * many} of {file.source.path} "
            f"{'are' if many else 'is'} no valid schema and {'were' if many else 'was'} left out"
        )
