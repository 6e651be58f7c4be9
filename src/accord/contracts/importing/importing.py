"""The files of a project, made of what a registry and a cluster have."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from accord.client import NotFound, Registry
from accord.contracts.importing.subjects import Found, Place, found_schemas, paths_of, place_of
from accord.contracts.importing.topics import FoundTopic, put_together
from accord.contracts.importing.writing import Draft, contract_text, settings_text
from accord.contracts.loading.files import stem_of
from accord.contracts.loading.names import subject_of_file
from accord.schemas import CompatibilityLevel, Subject

FOLDER: Final = "contracts"
SCHEMAS: Final = f"{FOLDER}/schemas"
SETTINGS: Final = "accord.toml"


@dataclass(frozen=True, slots=True)
class Imported:
    """Files by path, among them accord.toml; ``notes`` say what they cannot say, or what a plan would still do.

    ``subjects`` are those that accord.toml has to tell, by file.
    """

    files: Mapping[str, str]
    notes: tuple[str, ...]
    subjects: Mapping[str, str]


def import_project(
    registry: Registry, topics: Sequence[FoundTopic] | None, *, environment: Mapping[str, str]
) -> Imported:
    """Write down everything that is there; ``environment`` says where it is, as accord.toml has it.

    Raises RegistryError.
    """
    schemas, notes = found_schemas(registry.schemas(latest_only=True))
    return _Importing(schemas, _Levels(registry), topics, environment, list(notes)).done()


class _Levels:
    """The levels of a registry's subjects; it remembers which have none of their own."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self.default = registry.compatibility()
        self.inherited: set[str] = set()

    def own(self, subject: str) -> CompatibilityLevel | None:
        try:
            return self._registry.config(subject).compatibility
        except NotFound:
            return None

    def of(self, subject: str) -> CompatibilityLevel:
        level = self.own(subject)
        if level is None:
            self.inherited.add(subject)
        return level or self.default


class _Importing:
    def __init__(
        self,
        schemas: Sequence[Found],
        levels: _Levels,
        topics: Sequence[FoundTopic] | None,
        environment: Mapping[str, str],
        notes: list[str],
    ) -> None:
        self._schemas = schemas
        self._levels = levels
        self._environment = environment
        self._notes = notes
        self._paths = paths_of(schemas, SCHEMAS)
        self._topics = None if topics is None else {topic.name: topic for topic in put_together(topics)}
        names = None if topics is None else [topic.name for topic in topics]
        self._places = {found.subject: place_of(found, names) for found in schemas}

    def done(self) -> Imported:
        files, told = {}, set[Subject]()
        for topic, members in sorted(self._by_topic().items()):
            draft = self._draft(topic, members)
            path = f"{FOLDER}/{topic}.odcs.yaml"
            files[path] = contract_text(draft, path)
            told |= {found.subject for found, _ in members}
        subjects = {}
        for found in self._schemas:
            path = self._paths[found.subject]
            files[path] = found.text
            if found.subject not in told and subject_of_file(stem_of(path)) != found.subject:
                subjects[path] = found.subject
        files[SETTINGS] = settings_text([FOLDER], subjects, self._environment)
        self._tell_rest()
        return Imported(dict(sorted(files.items())), tuple(self._notes), subjects)

    def _by_topic(self) -> dict[str, list[tuple[Found, Place]]]:
        """The subjects of each topic that gets a contract: one with a value's schema."""
        by_topic: dict[str, list[tuple[Found, Place]]] = {}
        for found in self._schemas:
            place = self._places[found.subject]
            if place is not None:
                by_topic.setdefault(place.topic, []).append((found, place))
        return {
            topic: members
            for topic, members in by_topic.items()
            if any(place.part == "value" for _, place in members)
            and (self._topics is None or topic in self._topics)
        }

    def _draft(self, topic: str, members: Sequence[tuple[Found, Place]]) -> Draft:
        values = [(found, place) for found, place in members if place.part == "value"]
        naming = values[0][1].naming
        kept = [found for found, place in values if place.naming == naming]
        for found, place in values:
            if place.naming != naming:
                self._notes.append(
                    f"{found.subject} is named otherwise than {kept[0].subject}: it is no event of the contract"
                )
        levels = {found.subject: self._levels.of(found.subject) for found in kept}
        if len(set(levels.values())) > 1:
            said = ", ".join(f"{subject} {level}" for subject, level in levels.items())
            self._notes.append(f"the events of {topic} have several levels, and a contract has one: {said}")
        key = next((found for found, place in members if place.part == "key"), None)
        key_level = self._levels.own(f"{topic}-key") if key is None else self._levels.of(key.subject)
        return Draft(
            topic,
            list(self._events(kept)),
            levels[kept[0].subject],
            naming if naming != "TopicNameStrategy" and len(kept) == 1 else None,
            None if key is None else self._paths[key.subject],
            key_level or CompatibilityLevel.NONE,
            None if self._topics is None else self._topics[topic],
        )

    def _events(self, members: Sequence[Found]) -> Iterator[tuple[str, str]]:
        short = [(found.event or found.subject).rpartition(".")[2] or found.subject for found in members]
        for found, name in zip(members, short, strict=True):
            alone = short.count(name) == 1
            yield name if alone else found.event or found.subject, self._paths[found.subject]

    def _tell_rest(self) -> None:
        if self._levels.inherited:
            several = ", ".join(sorted(self._levels.inherited))
            self._notes.append(
                f"no level of their own have {several}: the registry's, {self._levels.default}, is written down, and a "
                "plan sets it"
            )
        with_schemas = {place.topic for place in self._places.values() if place and place.part == "value"}
        for name in sorted(self._topics or ()):
            if name not in with_schemas:
                self._notes.append(f"the topic {name} has no schema in the registry, so it has no contract")
