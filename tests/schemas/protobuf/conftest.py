from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet
from grpc_tools import protoc

Compile: TypeAlias = Callable[..., FileDescriptorProto]

BUNDLED = Path(protoc.__file__).parent / "_proto"
# What a registered schema is called in a descriptor.
NAME = "default"


@pytest.fixture(scope="session")
def compile_file() -> Compile:
    """The descriptor that protoc makes of a text; ``files`` are the texts that it may import, by path."""
    return _compiled


@pytest.fixture(scope="session")
def bundled_file() -> Callable[[str], str]:
    """The text of a file that comes with protoc."""
    return lambda path: (BUNDLED / path).read_text(encoding="utf-8")


def _compiled(text: str, files: Mapping[str, str] | None = None) -> FileDescriptorProto:
    return _cached(text, tuple((files or {}).items()))


@cache
def _cached(text: str, files: tuple[tuple[str, str], ...]) -> FileDescriptorProto:
    with TemporaryDirectory() as folder:
        for path, written in ((NAME, text), *files):
            place = Path(folder) / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(written, encoding="utf-8")
        status = protoc.main(
            [
                "protoc",
                f"--proto_path={folder}",
                f"--proto_path={BUNDLED}",
                "--experimental_editions",
                "--retain_options",
                f"--descriptor_set_out={folder}/out",
                NAME,
            ]
        )
        if status:
            raise ValueError(f"protoc does not take:\n{text}")
        return FileDescriptorSet.FromString((Path(folder) / "out").read_bytes()).file[0]
