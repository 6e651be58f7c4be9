"""What is registered already: what readers read with whose own schema nobody knows."""

from collections.abc import Mapping
from contextlib import suppress

from accord.client import NotFound, Registry
from accord.contracts.model import Project
from accord.schemas import InvalidSchema, ParsedSchema, Subject, parse


def latest_schemas(project: Project, registry: Registry) -> Mapping[Subject, ParsedSchema]:
    """The newest registered version of each subject of the project that has one. Raises RegistryError."""
    found = {}
    for subject in project.schemas:
        with suppress(NotFound, InvalidSchema):
            newest = registry.latest(subject).schema
            referenced = registry.referenced_by(newest, subject=subject) if newest.references else {}
            found[subject] = parse(newest, referenced=referenced, strict=False)
    return found
