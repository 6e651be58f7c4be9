"""A registry as the baseline: its versions, its level, and what else it goes by."""

from collections.abc import Collection, Sequence
from functools import cached_property

from accord.client import Config, NotFound, RegisteredSchema, Registry
from accord.contracts.check.baseline import Past, Terms
from accord.contracts.many import ask_of_each
from accord.contracts.model import Project
from accord.schemas import (
    CompatibilityPolicy,
    Earlier,
    InvalidSchema,
    Metadata,
    Subject,
    Version,
    parse,
)


class RegistryBaseline:
    """The subjects of a registry that is called ``name``, as in ``registry:prod``. Raises RegistryError when asked.

    What is known of ``subjects`` is asked for all at once, as soon as anything is.
    """

    project: Project | None = None

    def __init__(self, registry: Registry, name: str, subjects: Collection[Subject] = ()) -> None:
        self.name = name
        self._registry = registry
        self._subjects = subjects

    def terms(self, subject: Subject) -> Terms:
        """What is configured for the subject, or for everything."""
        config = self._config(subject)
        is_lenient = config.compatibility_policy == CompatibilityPolicy.LENIENT
        policy = CompatibilityPolicy.LENIENT if is_lenient else CompatibilityPolicy.STRICT
        return Terms(config.compatibility, policy, config.validate_fields is True)

    def past(self, subject: Subject, *, every: bool) -> Past:
        """The newest version, or every one; where the registry compares within groups, those of the same group."""
        config = self._config(subject)
        chosen: Sequence[RegisteredSchema]
        if every or config.compatibility_group:
            stored = self._all(subject)
            group = [one for one in stored if _same_group(config, one.schema.metadata)]
            chosen = group if every else group[-1:]
        else:
            newest = self._newest(subject)
            chosen = [] if newest is None else [newest]
        notes = []
        earlier = []
        for one in chosen:
            try:
                earlier.append(self._earlier(one))
            except InvalidSchema as error:
                notes.append(f"{subject}: version {one.version} of {self.name} was left out: {error.message}")
        return Past(tuple(earlier), tuple(notes))

    def _earlier(self, one: RegisteredSchema) -> Earlier:
        schema = one.schema
        referenced = self._registry.referenced_by(schema, subject=one.subject) if schema.references else {}
        parsed = parse(schema, referenced=referenced, strict=False)
        return Earlier(one.version, parsed, f"version {one.version} ({self.name})", schema.metadata)

    def _config(self, subject: Subject) -> Config:
        return self._configs[subject] if subject in self._configs else self._ask_config(subject)

    def _newest(self, subject: Subject) -> RegisteredSchema | None:
        return self._newest_ones[subject] if subject in self._newest_ones else self._ask_newest(subject)

    @cached_property
    def _configs(self) -> dict[Subject, Config]:
        return ask_of_each(self._ask_config, self._subjects)

    @cached_property
    def _newest_ones(self) -> dict[Subject, RegisteredSchema | None]:
        return ask_of_each(self._ask_newest, self._subjects)

    def _ask_newest(self, subject: Subject) -> RegisteredSchema | None:
        try:
            return self._registry.latest(subject)
        except NotFound:
            return None

    def _all(self, subject: Subject) -> Sequence[RegisteredSchema]:
        try:
            numbers: Sequence[Version] = self._registry.versions(subject)
        except NotFound:
            return []
        return [self._registry.version(subject, number) for number in numbers]

    def _ask_config(self, subject: Subject) -> Config:
        try:
            return self._registry.config(subject, default_to_global=True)
        except NotFound:
            return Config()


def _same_group(config: Config, metadata: Metadata | None) -> bool:
    """Whether a version is in the group that a schema of a file would come into: it has the configured metadata alone."""
    group = config.compatibility_group
    if not group:
        return True
    own = (config.override_metadata, config.default_metadata)
    mine = next((one.properties[group] for one in own if one and group in one.properties), None)
    return mine == (metadata.properties.get(group) if metadata else None)
