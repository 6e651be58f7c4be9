"""Java classes for the Avro schemas of a project, made by Apache Avro's own compiler."""

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, cast

from accord.contracts.generate import rules
from accord.contracts.generate.files import Made, MadeFile, in_one_line
from accord.contracts.model import Project, SchemaFile
from accord.schemas import Schema, SchemaGuid, SchemaType, fingerprint, guid_of
from accord.schemas.avro.schema import AvroSchema

COMMAND: Final = "generate java"
MARK: Final = f"Made by `accord {COMMAND}`"
LOOKED_AT: Final = ("**/*.java",)

Generate = Callable[[Sequence[Path], Path], None]
"""Makes the classes of schema files, each after those it needs, in a folder."""


def java(project: Project, generate: Generate) -> Made:
    """The classes. Schemas of other formats are left out, which is said."""
    files = {file.source.path: file for file in project.schemas.values()}
    avro = [file for _, file in sorted(files.items()) if file.type is SchemaType.AVRO]
    findings = [
        rules.NO_JAVA.finding(
            file.source.at(1, 1), {"file": file.source.path, "type": file.type}, subject=file.subject
        )
        for file in files.values()
        if file.type is not SchemaType.AVRO
    ]
    if not avro:
        return Made((), tuple(findings))
    with tempfile.TemporaryDirectory(prefix="accord-java-") as folder:
        sources, classes = Path(folder) / "schemas", Path(folder) / "classes"
        sources.mkdir()
        generate([_written(text, name, sources) for name, text in _in_order(avro).items()], classes)
        found = {path.relative_to(classes).as_posix(): path for path in classes.rglob("*.java")}
        origins = _origins(avro)
        made = [
            MadeFile(name, _marked(path.read_text(encoding="utf-8"), origins.get(_type_in(name))))
            for name, path in sorted(found.items())
        ]
    return Made(tuple(made), tuple(findings))


def _in_order(files: Iterable[SchemaFile]) -> Mapping[str, str]:
    """The texts of all schemas by a name for a file, each after what it needs, each once."""
    texts: dict[str, str] = {}
    for file in files:
        for name, schema in file.referenced.items():
            texts.setdefault(schema.text, name)
        texts.setdefault(file.schema.text, file.source.path)
    return {f"{number:04}-{_plain(name)}.avsc": text for number, (text, name) in enumerate(texts.items())}


def _plain(name: str) -> str:
    return "".join(one if one.isalnum() and one.isascii() else "-" for one in name)


def _written(text: str, name: str, folder: Path) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _origins(files: Iterable[SchemaFile]) -> Mapping[str, tuple[SchemaFile, SchemaGuid]]:
    """By full name of a type the file that defines it, and the fingerprint of that."""
    found: dict[str, tuple[SchemaFile, SchemaGuid]] = {}
    for file in files:
        guid = guid_of(fingerprint(Schema(file.parsed.canonical, file.type)))
        for name, type_ in cast("AvroSchema", file.parsed).types.items():
            if type_.place is not None:
                found.setdefault(name, (file, guid))
    return found


def _type_in(path: str) -> str:
    """The type that a Java file is of: names that Java has for itself got a $ there."""
    return path.removesuffix(".java").replace("/", ".").replace("$", "")


def _marked(text: str, origin: tuple[SchemaFile, SchemaGuid] | None) -> str:
    source = "the schemas of a registry" if origin is None else in_one_line(origin[0].source.path)
    lines = [f"// {MARK} from {source}: change that, and run it again."]
    if origin is not None:
        lines.append(f"// Fingerprint: {origin[1]}")
    return "\n".join([*lines, text])
