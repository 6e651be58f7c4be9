"""Python classes for the schemas of a project: a module for each schema file, in packages named after namespaces."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Final

from accord.contracts.generate import rules
from accord.contracts.generate.files import Made, MadeFile
from accord.contracts.generate.python.avro_types import avro_shapes, defines, named_types, root_name
from accord.contracts.generate.python.json_types import json_shapes, root_title
from accord.contracts.generate.python.module import Constant, Module, Needed
from accord.contracts.generate.python.names import (
    Kind,
    class_name,
    constant_name,
    is_identifier,
    module_name,
    package_names,
    unique,
)
from accord.contracts.generate.python.shapes import Refusal, Shapes
from accord.contracts.generate.python.words import Name
from accord.contracts.model import DataContract, Event, Project, SchemaFile
from accord.findings import Finding
from accord.schemas import Schema, SchemaType, Subject, fingerprint, guid_of

COMMAND: Final = "generate python"
MARK: Final = f"Made by `accord {COMMAND}`"
LOOKED_AT: Final = ("**/*.py",)

_NO_CLASS: Final = "the records of a topic are instances of a class, and this is no record"

Place = tuple[str, ...]
"""Where a module is: packages, and its own name."""


def python(project: Project, kind: Kind) -> Made:
    """The modules, and the packages that they are in. Protobuf files are left to protoc, which is said."""
    return _Package(project, kind).made()


@dataclass(frozen=True, slots=True)
class _Uses:
    """A schema file and the contracts that use it."""

    file: SchemaFile
    events: tuple[tuple[DataContract, Event], ...]


class _Package:
    def __init__(self, project: Project, kind: Kind) -> None:
        self._project = project
        self._kind = kind
        self._findings: list[Finding] = []
        self._uses = {use.file.source.path: use for use in _uses(project)}
        self._places: Mapping[str, Place] = dict(self._placed())

    def made(self) -> Made:
        """Everything, in order of path."""
        modules = {}
        for path, place in self._places.items():
            text = self._module(self._uses[path], place)
            if text is not None:
                modules[f"{'/'.join(place)}.py"] = text
        packages = {package for path in modules for package in PurePosixPath(path).parents}
        for package in packages:
            inside = "" if package == PurePosixPath() else f"{package}/"
            modules[f"{inside}__init__.py"] = f'# {MARK}.\n"""Events, by contract."""\n'
        files = tuple(MadeFile(path, text) for path, text in sorted(modules.items()))
        return Made(files, tuple(self._findings))

    def _placed(self) -> Iterator[tuple[str, Place]]:
        taken: dict[Place, str] = {}
        for path, use in self._uses.items():
            if use.file.type is SchemaType.PROTOBUF:
                self._findings.append(_left_to_protoc(use.file))
                continue
            place = _place(use.file)
            if place in taken:
                facts = {"file": f"{'/'.join(place)}.py", "first": taken[place], "second": path}
                self._findings.append(rules.MODULE_TWICE.finding(use.file.source.at(1, 1), facts))
                continue
            taken[place] = path
            yield path, place

    def _module(self, use: _Uses, place: Place) -> str | None:
        """The text of a module; None where something in the schema has no class."""
        file = use.file
        shapes = self._shapes(file, place)
        if use.events and not shapes.refusals and not shapes.has_class:
            shapes = replace(shapes, refusals=(Refusal("", f"what is in {file.source.path}", _NO_CLASS),))
        for refusal in shapes.refusals:
            facts = {"kind": self._kind, "what": refusal.what, "reason": refusal.reason}
            self._findings.append(
                rules.NOT_EXPRESSIBLE.finding(file.locate(refusal.place), facts, subject=file.subject)
            )
        if shapes.refusals:
            return None
        schema = Schema(file.parsed.canonical, file.type)
        return Module(
            source=file.source.path,
            mark=MARK,
            kind=self._kind,
            doc=_summary(use),
            shapes=shapes,
            schema=schema,
            fingerprint=guid_of(fingerprint(schema)),
            needed=tuple(self._needed(file, place)),
            constants=tuple(_constants(use, shapes)),
        ).text()

    def _shapes(self, file: SchemaFile, place: Place) -> Shapes:
        if file.type is SchemaType.JSON:
            return json_shapes(file.parsed, self._kind, root=_root_words(file)[1])
        return avro_shapes(file.parsed, self._kind, called=self._called(file, place))

    def _called(self, file: SchemaFile, place: Place) -> Mapping[str, Name]:
        """How the types of a file are called in its module: those of other files are imported from theirs."""
        called: dict[str, Name] = {}
        for other in self._files_needed(file).values():
            home = self._home(other, place)
            if home is not None:
                there = self._called(other, self._places[other.source.path])
                called.update({name: Name(there[name].name, home) for name in defines(other.parsed)})
        rest = [name for name in named_types(file.parsed) if name not in called]
        return {**called, **_names(rest)}

    def _files_needed(self, file: SchemaFile) -> Mapping[str, SchemaFile]:
        """By reference name the files that a schema refers to, directly or through others; not those of a registry."""
        found: dict[str, SchemaFile] = {}
        for reference in file.references:
            other = self._project.schemas.get(reference.subject)
            if other is not None and reference.name not in found:
                found.update(self._files_needed(other))
                found[reference.name] = other
        return found

    def _home(self, other: SchemaFile, place: Place) -> str | None:
        """What a module at ``place`` imports another from."""
        there = self._places.get(other.source.path)
        if there is None:
            return None
        return "." * len(place) + ".".join(there)

    def _needed(self, file: SchemaFile, place: Place) -> Iterator[Needed]:
        files = self._files_needed(file)
        direct = {reference.name: reference.subject for reference in file.references}
        for name in file.referenced:
            other = files.get(name)
            home = None if other is None else self._home(other, place)
            if other is None or home is None:
                continue
            alias = f"{constant_name([home.rpartition('.')[2]])}_SCHEMA"
            yield Needed(name, direct.get(name, Subject("")), Name("SCHEMA", home, alias), name in direct)


def _uses(project: Project) -> Iterable[_Uses]:
    """Every schema file once, in order of path: the same file may be that of several subjects."""
    files = {file.source.path: file for file in project.schemas.values()}
    events: dict[str, list[tuple[DataContract, Event]]] = {}
    for contract in project.contracts:
        for event in contract.events:
            path = event.schema.source.path
            files.setdefault(path, event.schema)
            events.setdefault(path, []).append((contract, event))
    return [_Uses(files[path], tuple(events.get(path, ()))) for path in sorted(files)]


def _place(file: SchemaFile) -> Place:
    namespace, name = _root_words(file)
    return (*package_names(namespace), module_name(name))


def _root_words(file: SchemaFile) -> tuple[str, str]:
    """The namespace and the name of a whole schema; that of its file where it has none."""
    if file.type is SchemaType.AVRO:
        name = root_name(file.parsed)
        if name is not None:
            return name.space, name.short
    else:
        space, dot, last = (title := root_title(file.parsed)).rpartition(".")
        if dot and all(map(is_identifier, title.split("."))):
            return space, last
        if title:
            return "", class_name(title)
    return "", class_name(PurePosixPath(file.source.path).stem.partition(".")[0])


def _names(full: Iterable[str]) -> Mapping[str, Name]:
    """Classes are called as their types, without the namespace."""
    found: dict[str, Name] = {}
    used: set[str] = set()
    for one in full:
        short = one.rpartition(".")[2]
        # Registries let names pass that are no identifiers.
        name = unique(short if short.isidentifier() and short.isascii() else class_name(short), used)
        used.add(name)
        found[one] = Name(name, "")
    return found


def _constants(use: _Uses, shapes: Shapes) -> Iterator[Constant]:
    used = {shape.name for shape in shapes.shapes}
    for contract, event in use.events:
        words = [contract.topic, event.name] if len(contract.events) > 1 else [contract.topic]
        name = unique(constant_name(words), used)
        used.add(name)
        key = contract.key.type if contract.key.type == "string" else "bytes"
        yield Constant(name, contract.topic, key, event.schema.subject)


def _summary(use: _Uses) -> str:
    """The docstring of the module."""
    topics = dict.fromkeys(contract.topic for contract, _ in use.events)
    if not topics:
        return f"The subject '{use.file.subject}'."
    return f"What is on the topic{'s' * (len(topics) > 1)} {', '.join(topics)}."


def _left_to_protoc(file: SchemaFile) -> Finding:
    folder = PurePosixPath(file.source.path).parent
    command = f"protoc --python_out=. --pyi_out=. -I {folder} {file.source.path}"
    return rules.LEFT_TO_PROTOC.finding(
        file.source.at(1, 1), {"file": file.source.path, "command": command}, subject=file.subject
    )
