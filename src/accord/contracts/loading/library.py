"""The schema files of a project: which refer to which, and what each of them says."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from posixpath import dirname, join, normpath
from typing import Final
from urllib.parse import urljoin

from accord.contracts.loading import rules
from accord.contracts.loading.documents import json_place
from accord.contracts.loading.files import Files, format_of
from accord.contracts.loading.references import EMPTY, PRIMITIVES, Outline, Use, beside, outline
from accord.contracts.loading.validation import near
from accord.contracts.model import ProjectSettings, SourceFile
from accord.findings import Finding, Location
from accord.schemas import InvalidSchema, ParsedSchema, Schema, SchemaType, parse
from accord.schemas.json_source import JsonSource

_LINE_AND_COLUMN: Final = re.compile(r"line (\d+), column (\d+): ")
_WORDS: Final = {
    SchemaType.AVRO: "Avro schema",
    SchemaType.JSON: "JSON Schema",
    SchemaType.PROTOBUF: "Protobuf file",
}
_WHAT: Final = {SchemaType.AVRO: "the type", SchemaType.JSON: "the schema", SchemaType.PROTOBUF: "the import"}


class Library:
    """Parses schema files with what they refer to, each once; ``findings`` tell what is wrong with them."""

    def __init__(self, files: Files, settings: ProjectSettings, paths: Iterable[str]) -> None:
        self.findings: list[Finding] = []
        self._files = files
        self._roots = tuple(path.strip("/") for path in (*settings.paths, *settings.pulled))
        self._outlines: dict[str, Outline] = {}
        self._needs: dict[str, Mapping[str, str] | None] = {}
        self._resolved: dict[str, list[tuple[Use, str | None]]] = {}
        self._parsed: dict[str, ParsedSchema | None] = {}
        self._circles: set[frozenset[str]] = set()
        self._by_name: dict[tuple[SchemaType, str], list[str]] = {}
        self._by_inner_name: dict[str, list[str]] = {}
        for path in sorted({*paths, *files.pulled}):
            self._index(path)

    def parse(self, path: str) -> ParsedSchema | None:
        """The schema in a file; None where it, or what it refers to, is not valid."""
        if path not in self._parsed:
            self._parsed[path] = self._parse(path)
        return self._parsed[path]

    def needs(self, path: str) -> Mapping[str, str] | None:
        """The files that a file refers to, directly or through others, by reference name; each after what it needs."""
        if path not in self._needs:
            self._settle(path)
        return self._needs[path]

    def uses(self, path: str) -> Iterator[tuple[str, str]]:
        """By reference name the files that a file refers to directly."""
        needed = self.needs(path) or {}
        own = {target for _, target in self._targets(path)}
        return ((name, target) for name, target in needed.items() if target in own)

    def referenced(self, path: str) -> dict[str, Schema]:
        """The schemas that a file refers to, directly or through others, by reference name and in order."""
        found = {}
        for name, needed in (self.needs(path) or {}).items():
            schema = self.schema(needed)
            if schema is not None:
                found[name] = schema
        return found

    def schema(self, path: str) -> Schema | None:
        """What stands in a file, unchecked."""
        source, kind = self._files.source(path), format_of(path)
        return None if source is None or kind is None else Schema(source.text, kind)

    def _index(self, path: str) -> None:
        kind, found = format_of(path), self._outline(path)
        if kind is not None and found.root is not None:
            self._by_name.setdefault((kind, found.root), []).append(path)
        for name in found.inner:
            self._by_inner_name.setdefault(name, []).append(path)

    def _outline(self, path: str) -> Outline:
        if path not in self._outlines:
            schema = self.schema(path)
            self._outlines[path] = EMPTY if schema is None else outline(schema.text, schema.type)
        return self._outlines[path]

    def _settle(self, path: str) -> None:
        """Find out what a file needs, after what each of those needs; a chain of files may be as long as it likes."""
        way: list[str] = []
        waiting = [path]
        while waiting:
            here = waiting[-1]
            if here in self._needs:
                waiting.pop()
            elif way and way[-1] == here:
                self._needs[way.pop()] = self._together(here)
            else:
                way.append(here)
                for _, target in self._targets(here):
                    if target in way:
                        self._tell_circle(way[way.index(target) :])
                    elif target is not None:
                        waiting.append(target)

    def _together(self, path: str) -> Mapping[str, str] | None:
        """What a file needs, all of whose targets are settled; None where one is missing or lies in a circle with it."""
        needed: dict[str, str] = {}
        for use, target in self._targets(path):
            inner = None if target is None else self._needs.get(target)
            if target is None or inner is None:
                return None
            needed.update(inner)
            self._add(needed, use, target)
        return needed

    def _targets(self, path: str) -> list[tuple[Use, str | None]]:
        """The file that each use means; None where there is none, which is told once."""
        if path not in self._resolved:
            self._resolved[path] = [(use, self._resolve(path, use)) for use in self._outline(path).uses]
        return self._resolved[path]

    def _add(self, needed: dict[str, str], use: Use, target: str) -> None:
        if format_of(target) is not SchemaType.AVRO:
            needed[use.name] = target
        elif target not in needed.values():
            # One file may define several of the names; it is given once, by the name of its outermost type.
            needed[self._outline(target).root or use.name] = target

    def _resolve(self, path: str, use: Use) -> str | None:
        target = self._target(path, use)
        if isinstance(target, str):
            return target
        at = self._at(path, use)
        if target:
            files = " and ".join(target)
            self.findings.append(
                rules.REFERENCE_AMBIGUOUS.finding(at, {"name": use.name, "files": files}, path=use.name)
            )
        else:
            kind = format_of(path) or SchemaType.AVRO
            known = [name for other, name in self._by_name if other is kind] + list(self._by_inner_name)
            slip = near(use.name.rpartition(".")[2], PRIMITIVES) if kind is SchemaType.AVRO else ""
            facts = {"what": _WHAT[kind], "name": use.name, "near": slip or near(use.name, known)}
            self.findings.append(rules.REFERENCE_MISSING.finding(at, facts))
        return None

    def _target(self, path: str, use: Use) -> str | Sequence[str] | None:
        kind = format_of(path)
        if kind is SchemaType.AVRO:
            return self._only(self._by_name.get((kind, use.name)) or self._by_inner_name.get(use.name) or [])
        if kind is SchemaType.JSON:
            return self._json_target(path, use.name)
        return next((one for one in self._places(path, use.name) if one in self._files.known), None)

    def _json_target(self, path: str, name: str) -> str | Sequence[str] | None:
        base = self._outline(path).root
        for uri in (name, urljoin(base, name) if base else name):
            found = self._by_name.get((SchemaType.JSON, uri.removesuffix("#")))
            if found:
                return self._only(found)
        places = (beside(path, name), *self._places(path, name))
        return next((one for one in places if one in self._files.known), None)

    def _only(self, paths: Sequence[str]) -> str | Sequence[str]:
        """The file that is meant; all of them where they do not say the same."""
        texts = {schema.text if schema else "" for schema in map(self.schema, paths)}
        return paths[0] if len(texts) == 1 else paths

    def _places(self, path: str, name: str) -> Iterator[str]:
        """Where an import may lead: below the folders of the project, or those around the file, the nearest first."""
        folder = dirname(path)
        while folder:
            yield normpath(join(folder, name))
            folder = dirname(folder)
        for root in self._roots:
            yield normpath(join(root, name))
        yield normpath(name)

    def _at(self, path: str, use: Use) -> Location:
        source = self._files.source(path)
        if source is None:
            return Location(path, 1, 1)
        line, column = (
            JsonSource(source.text).position(use.pointer) if use.pointer else (use.line, use.column)
        )
        return source.at(line, column, len(use.name) + 2)

    def _tell_circle(self, circle: Sequence[str]) -> None:
        if frozenset(circle) in self._circles:
            return
        self._circles.add(frozenset(circle))
        first = circle.index(min(circle))
        ordered = (*circle[first:], *circle[:first])
        path, following = ordered[0], (*ordered, ordered[0])[1]
        use = next(use for use, target in self._targets(path) if target == following)
        facts = {"circle": " -> ".join((*ordered, path))}
        self.findings.append(rules.REFERENCE_CYCLE.finding(self._at(path, use), facts))

    def _parse(self, path: str) -> ParsedSchema | None:
        schema, source = self.schema(path), self._files.source(path)
        if schema is None or source is None or self.needs(path) is None:
            return None
        if any(self.parse(needed) is None for needed in (self.needs(path) or {}).values()):
            return None
        try:
            return parse(schema, referenced=self.referenced(path))
        except InvalidSchema as error:
            self.findings.append(_invalid(source, schema.type, error))
            return None


def _invalid(source: SourceFile, type: SchemaType, error: InvalidSchema) -> Finding:
    told, at = error.message, _LINE_AND_COLUMN.match(error.message)
    if at is not None:
        line, column = int(at[1]), int(at[2])
        told = told[at.end() :]
    elif error.path:
        line, column = JsonSource(source.text).position(error.path)
    else:
        line, column = json_place(error)
    facts = {"format": _WORDS[type], "told": f"{told}; {error.hint}" if error.hint else told}
    return rules.SCHEMA_INVALID.finding(source.at(line, column), facts, path=error.path)
