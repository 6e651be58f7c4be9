"""The Protobuf schema of a generated class: the file that it was generated from, as .proto text."""

import base64

from google.protobuf.descriptor_pb2 import FileDescriptorProto

from accord.codecs.errors import ModelDoesNotFit
from accord.codecs.protobuf.file import descriptor_of
from accord.schemas import InvalidSchema, Schema, SchemaType, parse


def derive_schema(model: type) -> Schema:
    """The schema of the whole file, which may have more messages, and only imports that every registry knows.

    Raises ModelDoesNotFit for a class that was not generated: the order of its fields is no promise, and the numbers of a
    Protobuf schema are one.
    """
    if not hasattr(model, "DESCRIPTOR"):
        raise ModelDoesNotFit(
            f"no Protobuf schema follows from {model.__qualname__}",
            ["its fields have no numbers, and must keep those that they are given once"],
            hint="give the .proto text instead: contract(..., schema=..., format=SchemaType.PROTOBUF)",
        )
    proto = FileDescriptorProto()
    descriptor_of(model).file.CopyToProto(proto)
    serialized = base64.b64encode(proto.SerializeToString()).decode()
    try:
        text = parse(Schema(serialized, SchemaType.PROTOBUF)).canonical
    except InvalidSchema as error:
        raise ModelDoesNotFit(
            f"no schema follows from {model.__qualname__} alone",
            [error.message],
            hint="its file imports others: register those first, then give Schema(text, SchemaType.PROTOBUF, references)",
        ) from error
    return Schema(text, SchemaType.PROTOBUF)
