"""A schema together with the files that it needs, and what the Protobuf library makes of them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Final

from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool

from accord.schemas.protobuf.descriptors.files import describe
from accord.schemas.protobuf.descriptors.known_files import (
    META_PATH,
    known_definitions,
    known_files,
    library_descriptors,
)
from accord.schemas.protobuf.descriptors.maps import with_maps
from accord.schemas.protobuf.descriptors.option_setter import OptionSetter
from accord.schemas.protobuf.model import File, Import
from accord.schemas.protobuf.resolution import Definitions, uses_in

OWN_PATH: Final = "default"
"""The name that the schema's own file has in descriptors: a registered schema has none."""


class FileSet:
    """The file ``own`` of a schema, and by path those it refers to; the known files need not be among them.

    Both are as they are written; in ``definitions`` the messages for the entries of maps are maps.
    """

    def __init__(self, own: File, referenced: Mapping[str, File]) -> None:
        self.own = own
        self.referenced = referenced
        others = {path: with_maps(file) for path, file in referenced.items()}
        self.definitions = Definitions(with_maps(own), others, known_definitions())

    def file(self, path: str) -> File | None:
        """The file at ``path``; None if it is not there."""
        if path == OWN_PATH:
            return self.own
        return self.referenced.get(path) or known_files().get(path)

    @cached_property
    def descriptor(self) -> FileDescriptorProto:
        """The descriptor of the schema's own file, with custom options as far as somebody defines them.

        It depends on the files that it imports or uses, as far as they are there.
        """
        setter = OptionSetter(self.definitions, self.pool)
        return describe(OWN_PATH, self._with_imports(OWN_PATH), self._as_written, setter)

    @cached_property
    def descriptors(self) -> tuple[FileDescriptorProto, ...]:
        """Descriptors of all files that are needed, without custom options, each after those that it needs itself."""
        return tuple(self._described())

    @cached_property
    def pool(self) -> DescriptorPool | None:
        """The files as types of the library; None if it refuses one of them."""
        pool = DescriptorPool()
        try:
            for proto in self.descriptors:
                pool.Add(proto)
            pool.FindFileByName(OWN_PATH)
        except (TypeError, KeyError):
            return None
        return pool

    @cached_property
    def _as_written(self) -> Definitions:
        return Definitions(self.own, self.referenced, known_definitions())

    def _described(self) -> Iterator[FileDescriptorProto]:
        own = self._with_imports(OWN_PATH)
        begun = {OWN_PATH: replace(own, imports=(*own.imports, Import(META_PATH)))}
        # A chain of imports may be longer than Python's stack is deep.
        waiting = [OWN_PATH]
        while waiting:
            path = waiting[-1]
            following = next((one.path for one in begun[path].imports if one.path not in begun), None)
            if following is not None:
                begun[following] = self._with_imports(following)
                waiting.append(following)
                continue
            waiting.pop()
            if path in library_descriptors() and path not in self.referenced:
                yield library_descriptors()[path]
            else:
                yield describe(path, begun[path], self._as_written, OptionSetter(self.definitions))

    def _with_imports(self, path: str) -> File:
        """The file at ``path`` with imports of all that it imports or uses, once, and of nothing that is not there."""
        file = self.file(path) or File()
        imports = {one.path: one for one in file.imports}
        for use in uses_in(file):
            found = self._as_written.type(use.type.name, use.scope)
            if found is not None:
                other = found.path or OWN_PATH
                imports.setdefault(other, Import(other))
        there = (one for one in imports.values() if one.path != path and self.file(one.path) is not None)
        return replace(file, imports=tuple(there))
