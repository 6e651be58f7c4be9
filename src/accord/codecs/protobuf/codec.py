"""The Protobuf codec: the library does the bytes; names, classes and what may be written are checked here."""

from collections.abc import Callable, Mapping
from typing import Any

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import EncodeError, Message
from google.protobuf.message_factory import GetMessageClass

from accord.codecs import framing
from accord.codecs.codec import Codec, Decode
from accord.codecs.errors import DataFault, InvalidData, InvalidEvent, ModelDoesNotFit
from accord.codecs.protobuf.binding import bind
from accord.codecs.protobuf.file import Indexes, ProtobufFile, descriptor_of
from accord.codecs.protobuf.forms import MessageForm
from accord.codecs.protobuf.matching import check_class, check_readable
from accord.codecs.protobuf.messages import parser, serializer, unwritable
from accord.codecs.protobuf.misfit import Misfit
from accord.codecs.protobuf.narrowing import without_loss
from accord.schemas import ParsedSchema, Schema

Encode = Callable[[Any], bytes]


def protobuf_codec(
    writer: Schema | ParsedSchema,
    *,
    model: type[Any] | None = None,
    reader: Schema | ParsedSchema | None = None,
    referenced: Mapping[str, Schema] | None = None,
) -> Codec[Any]:
    """See ``codec_for``. ``model`` is a generated message class, or a class that holds events.

    A class that is not generated stands for the message of its name, or else for the only one that is no part of others.
    Without a class, dicts of the first message are written, and any message of the schema is read into one.
    """
    written = ProtobufFile.of(writer, referenced or {})
    read = written if reader is None else ProtobufFile.of(reader, referenced or {})
    name = read.name_for(model)
    source = written.counterpart(name, read)
    meant = read.message(name)
    generated = model if model is not None and hasattr(model, "DESCRIPTOR") else None
    if generated is not None:
        check_class(generated, meant)
        meant = descriptor_of(generated)
        encode, decode = _generated(generated)
    else:
        encode, decode = _formed(meant, bind(model, meant))
    if reader is not None:
        source_type = written.message(source)
        check_readable(source_type, meant)
        decode = without_loss(decode, source_type, meant)
        encode, _ = _formed(source_type, bind(None, source_type))
    indexes = framing.indexed(written.indexes_of(source), b"")
    others = _refuse(written, source) if model is not None else _Dicts(written, read).decode
    return Codec(encode, decode, indexes, _indexed(decode, indexes, others))


def _generated(class_: type[Message]) -> tuple[Encode, Decode[Any]]:
    serialize = serializer(class_)
    known = {class_}

    def encode(value: Any) -> bytes:  # noqa: ANN401 -- anything may be handed in
        if value.__class__ not in known:
            _check_message(value, class_)
            known.add(value.__class__)
        try:
            return serialize(value)
        except EncodeError as error:
            raise unwritable(value, error) from error

    return encode, parser(class_)


def _check_message(value: object, class_: type[Message]) -> None:
    """See that ``value`` is what ``class_`` would be, if another pool made its class."""
    name = descriptor_of(class_).full_name
    if not isinstance(value, Message):
        raise InvalidEvent(f"a {name} is needed, and this is {type(value).__name__}")
    found = descriptor_of(type(value)).full_name
    if found != name:
        raise InvalidEvent(f"a {name} is needed, and this is a {found}")
    try:
        check_class(type(value), descriptor_of(class_))
    except ModelDoesNotFit as error:
        raise InvalidEvent(
            f"it was generated from another {name}: {'; '.join(error.problems)}", hint=error.hint
        ) from error


def _formed(type_: Descriptor, form: MessageForm) -> tuple[Encode, Decode[Any]]:
    class_ = GetMessageClass(type_)
    serialize, parse = serializer(class_), parser(class_)

    def encode(value: Any) -> bytes:  # noqa: ANN401 -- anything may be handed in
        message = class_()
        try:
            form.fill(message, value)
        except Misfit as misfit:
            raise InvalidEvent(misfit.reason, path=misfit.path) from misfit.__cause__
        except RecursionError:
            raise InvalidEvent("the value is nested too deeply, or contains itself") from None
        return serialize(message)

    def decode(data: bytes, start: int = 0, /) -> Any:  # noqa: ANN401 -- a dict, or an instance of the model
        message = parse(data, start)
        try:
            return form.read(message)
        except Misfit as misfit:
            raise InvalidData(misfit.reason, fault=misfit.fault, path=misfit.path) from misfit.__cause__

    return encode, decode


DecodeOther = Callable[[Indexes, bytes, int], Any]
"""Reads data of the message that the indexes lead to, or raises InvalidData."""


def _indexed(decode: Decode[Any], expected: bytes, decode_other: DecodeOther) -> Decode[Any]:
    length = len(expected)

    def decode_indexed(data: bytes, start: int = 0, /) -> Any:  # noqa: ANN401 -- whatever ``decode`` gives
        # No message's indexes are the beginning of another's.
        if data.startswith(expected, start):
            return decode(data, start + length)
        indexes, end = framing.read_indexes(data, start)
        if framing.indexed(indexes, b"") == expected:
            return decode(data, end)
        return decode_other(indexes, data, end)

    return decode_indexed


def _refuse(written: ProtobufFile, name: str) -> DecodeOther:
    def refuse(indexes: Indexes, _data: bytes, _start: int) -> Any:  # noqa: ANN401 -- it never returns
        raise InvalidData(
            f"the record is a {written.name_at(indexes)}, and a {name} is read here",
            fault=DataFault.NOT_READABLE_AS_CONTRACT,
        )

    return refuse


class _Dicts:
    """Reads any message of a file into a dict."""

    def __init__(self, written: ProtobufFile, read: ProtobufFile) -> None:
        self._written = written
        self._read = read
        self._known: dict[Indexes, Decode[Any]] = {}

    def decode(self, indexes: Indexes, data: bytes, start: int) -> Any:  # noqa: ANN401 -- a dict
        """The dict. Raises InvalidData."""
        decode = self._known.get(indexes)
        if decode is None:
            decode = self._known[indexes] = self._decoder(self._written.name_at(indexes))
        return decode(data, start)

    def _decoder(self, name: str) -> Decode[Any]:
        writer = self._written.message(name)
        reader = self._read.message(self._read.counterpart(name, self._written))
        check_readable(writer, reader)
        return without_loss(_formed(reader, bind(None, reader))[1], writer, reader)
