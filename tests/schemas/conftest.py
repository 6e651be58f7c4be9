from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from grpc_tools import protoc

MessageClass: TypeAlias = Callable[..., type[Message]]


@pytest.fixture(scope="session")
def message_class() -> MessageClass:
    """The class of the runtime for a message of a file, by default its first, as protoc understands the file."""
    return class_of


@pytest.fixture(scope="session")
def protoc_takes() -> Callable[[str], bool]:
    """Whether protoc takes a file."""
    return is_taken


def is_taken(text: str) -> bool:
    try:
        compiled(text)
    except ValueError:
        return False
    return True


@cache
def class_of(text: str, name: str = "") -> type[Message]:
    files = compiled(text).file
    pool = DescriptorPool()
    for file in files:
        pool.Add(file)
    main = files[-1]
    full = ".".join(filter(None, (main.package, name or main.message_type[0].name)))
    return GetMessageClass(pool.FindMessageTypeByName(full))


@cache
def compiled(text: str) -> FileDescriptorSet:
    """The file and what it imports, which is first; protoc writes on stderr what it does not take."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "a.proto").write_text(text, encoding="utf-8")
        bundled = Path(protoc.__file__).parent / "_proto"
        status = protoc.main(
            [
                "protoc",
                f"--proto_path={folder}",
                f"--proto_path={bundled}",
                "--include_imports",
                f"--descriptor_set_out={folder}/out",
                "a.proto",
            ]
        )
        if status:
            raise ValueError(f"protoc does not take:\n{text}")
        return FileDescriptorSet.FromString((Path(folder) / "out").read_bytes())
