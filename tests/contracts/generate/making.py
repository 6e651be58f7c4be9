"""Projects in the making."""

from collections.abc import Mapping
from typing import Final

from accord.contracts.model import DataContract, Event, FileReference, Project, SchemaFile, SourceFile
from accord.schemas import Schema, SchemaType, Subject, parse

TYPES: Final = {".avsc": SchemaType.AVRO, ".json": SchemaType.JSON, ".proto": SchemaType.PROTOBUF}


def schema_file(path: str, text: str, *, needs: Mapping[str, SchemaFile] | None = None) -> SchemaFile:
    """A schema file, its subject named after it; ``needs`` are the files it refers to, by reference name."""
    needs = needs or {}
    stem, _, ending = path.rpartition("/")[2].rpartition(".")
    schema = Schema(text, TYPES[f".{ending}"])
    referenced: dict[str, Schema] = {}
    for name, file in needs.items():
        referenced.update(file.referenced)
        referenced[name] = file.schema
    return SchemaFile(
        SourceFile(path, text),
        Subject(f"{stem}-value"),
        schema,
        parse(schema, referenced=referenced),
        tuple(FileReference(name, file.subject) for name, file in needs.items()),
        referenced,
    )


def project_of(*files: SchemaFile, topics: Mapping[str, SchemaFile] | None = None) -> Project:
    """A project of these files, with a contract for each of the topics."""
    topics = topics or {}
    contracts = tuple(
        DataContract(
            SourceFile(f"contracts/{topic}.odcs.yaml", f"id: {topic}\n"),
            id=topic,
            name=topic,
            version="1.0.0",
            status="active",
            topic=topic,
            events=(Event("Event", file),),
        )
        for topic, file in topics.items()
    )
    return Project(contracts, {file.subject: file for file in (*files, *topics.values())})
