import re
from collections.abc import Callable, Mapping
from functools import cache
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import pytest
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
)
from grpc_tools import protoc

from accord.schemas.protobuf.descriptors.field_values import json_name

Compile: TypeAlias = Callable[..., FileDescriptorProto]

BUNDLED = Path(protoc.__file__).parent / "_proto"
# What a registered schema is called in a descriptor.
NAME = "default"


@pytest.fixture(scope="session")
def compile_file() -> Compile:
    """The descriptor that protoc makes of a text; ``files`` are the texts that it may import, by path.

    JSON names that follow from the names of fields are left out, the messages that groups and maps bring along stand
    behind those of the text, and proto2 is said where the text says it.
    """
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
        proto = FileDescriptorSet.FromString((Path(folder) / "out").read_bytes()).file[0]
        if re.search(r"""syntax = ['"]proto2""", text):
            proto.syntax = "proto2"
        return _as_written(proto)


def _as_written(proto: FileDescriptorProto) -> FileDescriptorProto:
    for message in proto.message_type:
        _arrange(message)
    for field in proto.extension:
        _forget_json_name(field)
    return proto


def _arrange(message: DescriptorProto) -> None:
    for field in (*message.field, *message.extension):
        _forget_json_name(field)
    groups = {one.type_name.rpartition(".")[2] for one in message.field if one.type == one.TYPE_GROUP}
    brought = [one.options.map_entry or one.name in groups for one in message.nested_type]
    nested = [one for _, one in sorted(zip(brought, message.nested_type, strict=True), key=itemgetter(0))]
    del message.nested_type[:]
    message.nested_type.extend(nested)
    for one in message.nested_type:
        _arrange(one)


def _forget_json_name(field: FieldDescriptorProto) -> None:
    if field.json_name == json_name(field.name):
        field.ClearField("json_name")
