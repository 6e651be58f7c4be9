"""What is registered already: what others write, and what readers read with whose own schema nobody knows."""

from collections.abc import Mapping
from contextlib import suppress

from accord.client import NotFound, Registry
from accord.contracts.many import ask_of_each
from accord.contracts.model import Project, SchemaFile, SourceFile
from accord.schemas import InvalidSchema, Subject, parse


def latest_schemas(project: Project, registry: Registry) -> Mapping[Subject, SchemaFile]:
    """The newest registered version of each subject that the project writes or reads, under words for its file.

    Raises RegistryError.
    """
    subjects = dict.fromkeys((*project.schemas, *(claim.subject for claim in project.claims)))

    def newest(subject: Subject) -> SchemaFile | None:
        with suppress(NotFound, InvalidSchema):
            newest = registry.latest(subject)
            schema = newest.schema
            referenced = registry.referenced_by(schema, subject=subject) if schema.references else {}
            parsed = parse(schema, referenced=referenced, strict=False)
            words = SourceFile(f"{subject} version {newest.version}", schema.text)
            return SchemaFile(words, subject, schema, parsed, referenced=referenced)
        return None

    found = ask_of_each(newest, subjects)
    return {subject: file for subject, file in found.items() if file is not None}
