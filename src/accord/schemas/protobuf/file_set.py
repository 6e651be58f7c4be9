"""A schema together with the files that it needs, and what the Protobuf library makes of them."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final

from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool

from accord.schemas.protobuf.descriptors import describe
from accord.schemas.protobuf.known_files import META_PATH, known_definitions, known_files, library_descriptors
from accord.schemas.protobuf.model import File
from accord.schemas.protobuf.option_setter import OptionSetter
from accord.schemas.protobuf.resolution import Definitions, uses_in

OWN_PATH: Final = "default"
"""The name that the schema's own file has in descriptors: a registered schema has none."""


class FileSet:
    """The file ``own`` of a schema, and by path those it refers to; the known files need not be among them."""

    def __init__(self, own: File, referenced: Mapping[str, File]) -> None:
        self.own = own
        self.referenced = referenced
        self.definitions = Definitions(own, referenced, known_definitions())

    def file(self, path: str) -> File | None:
        """The file at ``path``; None if it is not there."""
        if path == OWN_PATH:
            return self.own
        return self.referenced.get(path) or known_files().get(path)

    @cached_property
    def descriptor(self) -> FileDescriptorProto:
        """The descriptor of the schema's own file, with custom options as far as somebody defines them."""
        return describe(OWN_PATH, self.own, self.definitions, OptionSetter(self.definitions, self.pool))

    @cached_property
    def descriptors(self) -> tuple[FileDescriptorProto, ...]:
        """Descriptors of all files that are needed, without custom options, each after those that it needs itself.

        Imports of files that are not there are left out, and files that are used and not imported are added.
        """
        return tuple(self._descriptors_of(OWN_PATH, set()))

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

    def _descriptors_of(self, path: str, seen: set[str]) -> Iterator[FileDescriptorProto]:
        file = self.file(path)
        if path in seen or file is None:
            return
        seen.add(path)
        needed = self._needed_by(path, file)
        for other in needed:
            yield from self._descriptors_of(other, seen)
        if path in library_descriptors() and path not in self.referenced:
            yield library_descriptors()[path]
            return
        proto = describe(path, file, self.definitions, OptionSetter(self.definitions))
        _depend_on(proto, needed)
        yield proto

    def _needed_by(self, path: str, file: File) -> list[str]:
        """The paths of the files that are there and that the file at ``path`` imports or uses."""
        needed = [one.path for one in file.imports]
        for use in uses_in(file):
            found = self.definitions.type(use.type.name, use.scope)
            if found is not None:
                needed.append(found.path or OWN_PATH)
        if path == OWN_PATH:
            needed.append(META_PATH)
        return [one for one in dict.fromkeys(needed) if one != path and self.file(one) is not None]


def _depend_on(proto: FileDescriptorProto, paths: list[str]) -> None:
    public = {proto.dependency[index] for index in proto.public_dependency}
    for name in ("dependency", "public_dependency", "weak_dependency", "option_dependency"):
        proto.ClearField(name)
    proto.dependency.extend(paths)
    proto.public_dependency.extend(index for index, path in enumerate(paths) if path in public)
