"""The text of one module: the classes of a schema file, its schema, and the contracts that use it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Final

from accord.contracts.generate.files import in_one_line
from accord.contracts.generate.python.dialects import docstring, written
from accord.contracts.generate.python.names import RESERVED, Kind
from accord.contracts.generate.python.shapes import Class, Shapes
from accord.contracts.generate.python.words import Name, Scope, quoted
from accord.schemas import Schema, SchemaGuid

_WIDTH: Final = 100


@dataclass(frozen=True, slots=True)
class Constant:
    """A contract as code: what it is called, its topic, keys and subject."""

    name: str
    topic: str
    key: str
    subject: str


@dataclass(frozen=True, slots=True)
class Needed:
    """A schema that another one refers to, by reference name: where it is, and under which subject it is registered.

    ``is_direct`` tells that the schema itself refers to it, not one that it needs.
    """

    name: str
    subject: str
    schema: Name
    is_direct: bool


@dataclass(frozen=True, slots=True)
class Module:
    """All that a module says. ``schema`` has the canonical text, of which ``fingerprint`` is the GUID."""

    source: str
    mark: str
    kind: Kind
    doc: str
    shapes: Shapes
    schema: Schema
    fingerprint: SchemaGuid
    needed: tuple[Needed, ...] = ()
    constants: tuple[Constant, ...] = ()

    def text(self) -> str:
        """The source of the module."""
        scope = Scope(self._taken())
        body = "\n".join(self._body(scope)) + "\n"
        return "\n".join([*self._head(), *scope.imports(), "", body])

    def _taken(self) -> frozenset[str]:
        names = {*RESERVED, *(constant.name for constant in self.constants)}
        for shape in self.shapes.shapes:
            names.add(shape.name)
            names |= {one.attribute for one in shape.attributes} if isinstance(shape, Class) else set()
        return frozenset(names)

    def _head(self) -> Iterator[str]:
        yield f"# {self.mark} from {in_one_line(self.source)}: change that, and run it again."
        yield f"# Fingerprint: {self.fingerprint}"
        yield "# fmt: off"
        yield from docstring(self.doc)
        yield ""
        yield "from __future__ import annotations"
        yield ""

    def _body(self, scope: Scope) -> Iterator[str]:
        for shape in self.shapes.shapes:
            yield ""
            yield from written(shape, self.kind, scope)
            yield ""
        yield ""
        yield from self._schema(scope)
        for constant in self.constants:
            yield ""
            yield from self._contract(constant, scope)

    def _schema(self, scope: Scope) -> Iterator[str]:
        final = scope.name(Name("Final", "typing"))
        accord = "accord.schemas"
        kind = f"{scope.name(Name('SchemaType', accord))}.{self.schema.type.name}"
        direct = [one for one in self.needed if one.is_direct]
        yield f"SCHEMA: {final} = {scope.name(Name('Schema', accord))}("
        *parts, last = _parts(self.schema.text)
        yield from (f"    {quoted(part)}" for part in parts)
        yield f"    {quoted(last)},"
        yield f"    {kind},"
        if direct:
            yield "    # -1 is the newest version; a producer takes the one that `referenced` has."
            reference, subject, version = (
                scope.name(Name(one, accord)) for one in ("Reference", "Subject", "Version")
            )
            yield "    ("
            for one in direct:
                yield f"        {reference}({quoted(one.name)}, {subject}({quoted(one.subject)}), {version}(-1)),"
            yield "    ),"
        yield ")"
        yield f"FINGERPRINT: {final} = {quoted(self.fingerprint)}"

    def _contract(self, constant: Constant, scope: Scope) -> Iterator[str]:
        final = scope.name(Name("Final", "typing"))
        root = self.shapes.root
        assert isinstance(root, Name)  # noqa: S101 -- a contract has a class: the caller sees to it
        yield f"{constant.name}: {final} = {scope.name(Name('contract', 'accord'))}("
        yield f"    {quoted(constant.topic)},"
        yield f"    {scope.name(root)},"
        yield "    schema=SCHEMA,"
        if constant.key != "string":
            yield f"    key={quoted(constant.key)},"
        if constant.subject != f"{constant.topic}-value":
            yield f"    subject={quoted(constant.subject)},"
        if self.needed:
            yield "    referenced={"
            yield from (f"        {quoted(one.name)}: {scope.name(one.schema)}," for one in self.needed)
            yield "    },"
        yield ")"


def _parts(text: str) -> Sequence[str]:
    """The text in pieces that fit a line; white space stays where it is."""
    parts = wrap(
        text,
        _WIDTH,
        drop_whitespace=False,
        replace_whitespace=False,
        expand_tabs=False,
        break_on_hyphens=False,
    )
    return parts if "".join(parts) == text else [text]
