"""The JSON Schema codec: both directions, compiled once."""

from collections.abc import Callable, Mapping
from typing import Any

from accord.codecs.codec import Codec, plain_codec
from accord.codecs.errors import DataFault, InvalidData, InvalidEvent
from accord.codecs.jsonschema.fit import check_fit
from accord.codecs.jsonschema.instances import reader_of, writer_of
from accord.codecs.jsonschema.places import root_of
from accord.codecs.jsonschema.reach import is_settled
from accord.codecs.jsonschema.text import check_numbers, check_range, text_of, tree_of
from accord.codecs.jsonschema.validation import Refusal, Tree, Validator
from accord.schemas import JsonDocuments, ParsedSchema, Schema, json_documents, parse

Value = Any
"""An instance of the model, or a JSON value where there is none."""


def json_codec(
    writer: Schema | ParsedSchema,
    *,
    model: type | None,
    reader: Schema | ParsedSchema | None,
    referenced: Mapping[str, Schema],
) -> Codec[Any]:
    """Encode as the writer's schema allows; decode what it allows, and what the reader's does if there is one.

    Raises InvalidSchema or ModelDoesNotFit.
    """
    written = json_documents(_parsed(writer, referenced))
    read = json_documents(_parsed(reader, referenced)) if reader is not None else written
    if model is not None:
        check_fit(model, root_of(read))
    return plain_codec(_encoder(written, model if reader is None else None), _decoder(written, read, model))


def _parsed(schema: Schema | ParsedSchema, referenced: Mapping[str, Schema]) -> ParsedSchema:
    return parse(schema, referenced=referenced, strict=False) if isinstance(schema, Schema) else schema


def _encoder(schema: JsonDocuments, model: type | None) -> Callable[[Value], bytes]:
    validator, root = Validator(schema, formats=True), root_of(schema)
    tree_for = writer_of(model, root) if model is not None else _unchanged
    is_sure_of_numbers = model is not None and is_settled(model, root)

    def encode(value: Value) -> bytes:
        try:
            tree = tree_for(value)
            # First the text: it is never too deep for the validator.
            text = text_of(tree)
            if not validator.takes(tree):
                raise validator.refusal_of(tree)
            if not is_sure_of_numbers:
                check_numbers(tree)
            if model is None:
                check_range(text)
        except Refusal as refusal:
            raise InvalidEvent(refusal.reason, path=refusal.path.removeprefix(".")) from refusal.__cause__
        return text

    return encode


def _decoder(written: JsonDocuments, read: JsonDocuments, model: type | None) -> Callable[..., Value]:
    validator = Validator(written, formats=False)
    expected = None if read == written else Validator(read, formats=False)
    instance_of = reader_of(model, root_of(read)) if model is not None else None

    def decode(data: bytes, start: int = 0) -> Value:
        body = data[start:] if start else data
        tree = tree_of(body)
        if not validator.takes(tree):
            raise _invalid(validator, tree, DataFault.MALFORMED)
        if expected is not None and not expected.takes(tree):
            raise _invalid(expected, tree, DataFault.NOT_READABLE_AS_CONTRACT)
        return tree if instance_of is None else instance_of(body)

    return decode


def _unchanged(value: Tree) -> Tree:
    return value


def _invalid(validator: Validator, tree: Tree, fault: DataFault) -> InvalidData:
    refusal = validator.refusal_of(tree)
    return InvalidData(refusal.reason, fault=fault, path=refusal.path)
