"""Imports: that they are there and in use, and that nothing is used without one."""

from collections.abc import Iterator

from accord.schemas.protobuf import rules
from accord.schemas.protobuf.checks.lone import lone
from accord.schemas.protobuf.checks.used_options import extensions_used
from accord.schemas.protobuf.comparison.difference import ProtobufDifference
from accord.schemas.protobuf.model import ImportKind
from accord.schemas.protobuf.resolution import uses_in
from accord.schemas.protobuf.schema import ProtobufSchema


def of_imports(schema: ProtobufSchema) -> Iterator[ProtobufDifference]:
    """One for each import that is not there, twice there or not in use, and each file that ought to be imported."""
    used = {path: name for path, name in _used(schema) if path}
    seen: set[str] = set()
    for one in schema.file.imports:
        if one.path in seen:
            facts = {"where": "the file", "problem": f"it imports `{one.path}` twice"}
            yield lone(rules.DECLARATION_NOT_ALLOWED, "", facts)
        elif schema.files.file(one.path) is None:
            yield lone(rules.IMPORT_NOT_FOUND, "", {"file": one.path})
        elif one.kind is ImportKind.PLAIN and not used.keys() & _brought_by(schema, one.path):
            yield lone(rules.IMPORT_UNUSED, "", {"file": one.path})
        seen.add(one.path)
    visible = {path for one in schema.file.imports for path in _brought_by(schema, one.path)}
    for path in sorted(used.keys() - visible):
        problem = f"it uses `{used[path]}` of `{path}`, which it does not import"
        yield lone(rules.DECLARATION_NOT_ALLOWED, "", {"where": "the file", "problem": problem})


def _used(schema: ProtobufSchema) -> Iterator[tuple[str, str]]:
    """The path and the name of everything that the text uses."""
    for use in uses_in(schema.file):
        found = schema.definitions.type(use.type.name, use.scope)
        if found is not None:
            yield found.path, found.name
    for added in extensions_used(schema):
        yield added.path, added.name


def _brought_by(schema: ProtobufSchema, path: str) -> set[str]:
    """The file at ``path`` and those that it imports for others to use."""
    brought = {path}
    waiting = [path]
    while waiting:
        file = schema.files.file(waiting.pop())
        further = [] if file is None else [one for one in file.paths(ImportKind.PUBLIC) if one not in brought]
        brought.update(further)
        waiting += dict.fromkeys(further)
    return brought
