"""Changes to a JSON Schema that people make, and who may be upgraded first after each; the tests validate every one."""

from typing import Final

from accord.schemas.changes import Change
from accord.schemas.deploy_order import DeployOrder
from accord.schemas.model import CompatibilityPolicy

_LENIENT: Final = CompatibilityPolicy.LENIENT


def _order(*properties: str, more: str = "") -> str:
    return f'{{"type": "object", "properties": {{{", ".join(properties)}}}{more}}}'


def _note(schema: str) -> str:
    return _order(f'"note": {schema}')


def _status(*values: str) -> str:
    listed = ", ".join(f'"{value}"' for value in values)
    return _order(f'"status": {{"type": "string", "enum": [{listed}]}}')


def _branches(keyword: str, *types: str) -> str:
    listed = ", ".join(f'{{"type": "{one}"}}' for one in types)
    return _note(f'{{"{keyword}": [{listed}]}}')


_ID: Final = '"id": {"type": "string"}'
_CODE: Final = '"discount_code": {"type": "string"}'
_RENAMED: Final = '"voucher": {"type": "string"}'
_CODE_ANYTHING: Final = '"discount_code": true'
_CODE_WITH_DEFAULT: Final = '"discount_code": {"type": "string", "default": ""}'
_NEEDS_CODE: Final = ', "required": ["discount_code"]'
_CLOSED: Final = ', "additionalProperties": false'
_STRINGS: Final = ', "additionalProperties": {"type": "string"}'

_PROPERTIES: Final = (
    Change(
        "an optional property is added to an open object",
        _order(_ID),
        _order(_ID, _CODE),
        DeployOrder.PRODUCERS_FIRST,
        "An old document may hold anything under its name, so new consumers may refuse it.",
    ),
    Change(
        "an optional property is added to an open object, policy LENIENT",
        _order(_ID),
        _order(_ID, _CODE),
        DeployOrder.EITHER_ORDER,
        "Nothing guards against old documents that hold another value under its name.",
        _LENIENT,
    ),
    Change(
        "an optional property that may be anything is added to an open object",
        _order(_ID),
        _order(_ID, _CODE_ANYTHING),
        DeployOrder.EITHER_ORDER,
    ),
    Change(
        "an optional property is added to a closed object",
        _order(_ID, more=_CLOSED),
        _order(_ID, _CODE, more=_CLOSED),
        DeployOrder.CONSUMERS_FIRST,
    ),
    Change(
        "an optional property is added to a closed object, policy LENIENT",
        _order(_ID, more=_CLOSED),
        _order(_ID, _CODE, more=_CLOSED),
        DeployOrder.EITHER_ORDER,
        "Old consumers refuse every new document that holds it: upgrade the consumers first.",
        _LENIENT,
    ),
    Change(
        "an optional string is added to an object whose other properties are strings",
        _order(_ID, more=_STRINGS),
        _order(_ID, _CODE, more=_STRINGS),
        DeployOrder.EITHER_ORDER,
    ),
    Change(
        "a required property is added to an open object",
        _order(_ID),
        _order(_ID, _CODE, more=_NEEDS_CODE),
        DeployOrder.PRODUCERS_FIRST,
    ),
    Change(
        "a required property is added to a closed object",
        _order(_ID, more=_CLOSED),
        _order(_ID, _CODE, more=_NEEDS_CODE + _CLOSED),
        DeployOrder.NO_SAFE_ORDER,
    ),
    Change(
        "a required property with a default is added to a closed object",
        _order(_ID, more=_CLOSED),
        _order(_ID, _CODE_WITH_DEFAULT, more=_NEEDS_CODE + _CLOSED),
        DeployOrder.CONSUMERS_FIRST,
        "To JSON Schema a default is a remark: new consumers have to fill it in before they validate old documents.",
    ),
    Change(
        "an optional property is removed from an open object",
        _order(_ID, _CODE),
        _order(_ID),
        DeployOrder.CONSUMERS_FIRST,
        "A new document may hold anything under its name, so old consumers may refuse it.",
    ),
    Change(
        "an optional property is removed from an open object, policy LENIENT",
        _order(_ID, _CODE),
        _order(_ID),
        DeployOrder.EITHER_ORDER,
        "Nothing guards against new documents that hold another value under its name.",
        _LENIENT,
    ),
    Change(
        "an optional property is removed from a closed object",
        _order(_ID, _CODE, more=_CLOSED),
        _order(_ID, more=_CLOSED),
        DeployOrder.PRODUCERS_FIRST,
    ),
    Change(
        "an optional property of an open object is renamed",
        _order(_ID, _CODE),
        _order(_ID, _RENAMED),
        DeployOrder.NO_SAFE_ORDER,
    ),
    Change(
        "an optional property of an open object is renamed, policy LENIENT",
        _order(_ID, _CODE),
        _order(_ID, _RENAMED),
        DeployOrder.EITHER_ORDER,
        "Every reader passes over the values that stand under the other name, and no error says so.",
        _LENIENT,
    ),
    Change(
        "an optional property becomes required",
        _order(_ID, _CODE),
        _order(_ID, _CODE, more=_NEEDS_CODE),
        DeployOrder.PRODUCERS_FIRST,
    ),
    Change(
        "a required property becomes optional",
        _order(_ID, _CODE, more=_NEEDS_CODE),
        _order(_ID, _CODE),
        DeployOrder.CONSUMERS_FIRST,
    ),
    Change("an open object is closed", _order(_ID), _order(_ID, more=_CLOSED), DeployOrder.PRODUCERS_FIRST),
    Change(
        "an open object is closed, policy LENIENT",
        _order(_ID),
        _order(_ID, more=_CLOSED),
        DeployOrder.EITHER_ORDER,
        "New consumers refuse old documents with properties that are not described.",
        _LENIENT,
    ),
    Change("a closed object is opened", _order(_ID, more=_CLOSED), _order(_ID), DeployOrder.CONSUMERS_FIRST),
)

_VALUES: Final = (
    Change(
        "an enum gets a value",
        _status("OPEN", "PAID"),
        _status("OPEN", "PAID", "VOID"),
        DeployOrder.CONSUMERS_FIRST,
    ),
    Change(
        "an enum loses a value",
        _status("OPEN", "PAID", "VOID"),
        _status("OPEN", "PAID"),
        DeployOrder.PRODUCERS_FIRST,
    ),
    Change(
        "an upper limit is raised, or dropped",
        _note('{"type": "string", "maxLength": 4}'),
        _note('{"type": "string", "maxLength": 8}'),
        DeployOrder.CONSUMERS_FIRST,
    ),
    Change(
        "an upper limit is lowered, or added",
        _note('{"type": "string", "maxLength": 8}'),
        _note('{"type": "string", "maxLength": 4}'),
        DeployOrder.PRODUCERS_FIRST,
    ),
    Change(
        "a pattern changes",
        _note('{"type": "string", "pattern": "^[A-Z]*$"}'),
        _note('{"type": "string", "pattern": "^[0-9]*$"}'),
        DeployOrder.NO_SAFE_ORDER,
    ),
    Change(
        "integer becomes number",
        _note('{"type": "integer"}'),
        _note('{"type": "number"}'),
        DeployOrder.CONSUMERS_FIRST,
    ),
    Change(
        "number becomes integer",
        _note('{"type": "number"}'),
        _note('{"type": "integer"}'),
        DeployOrder.PRODUCERS_FIRST,
    ),
    Change(
        "integer becomes string",
        _note('{"type": "integer"}'),
        _note('{"type": "string"}'),
        DeployOrder.NO_SAFE_ORDER,
    ),
    Change(
        "a type may be null as well",
        _note('{"type": "string"}'),
        _note('{"type": ["string", "null"]}'),
        DeployOrder.CONSUMERS_FIRST,
    ),
    Change(
        "a type may not be null any more",
        _note('{"type": ["string", "null"]}'),
        _note('{"type": "string"}'),
        DeployOrder.PRODUCERS_FIRST,
    ),
    Change(
        "a list that may hold anything is limited to strings",
        _note('{"type": "array"}'),
        _note('{"type": "array", "items": {"type": "string"}}'),
        DeployOrder.PRODUCERS_FIRST,
    ),
    Change(
        "a format is added, or changes",
        _note('{"type": "string"}'),
        _note('{"type": "string", "format": "email"}'),
        DeployOrder.EITHER_ORDER,
        "Formats are not compared: validators that check them refuse what does not fit.",
    ),
)

_COMBINATIONS: Final = (
    Change(
        "oneOf or anyOf gets another branch",
        _branches("oneOf", "string", "integer"),
        _branches("oneOf", "string", "integer", "null"),
        DeployOrder.CONSUMERS_FIRST,
        "A value that two branches of a oneOf take is refused: the new one must not overlap with the others.",
    ),
    Change(
        "oneOf or anyOf loses a branch",
        _branches("oneOf", "string", "integer", "null"),
        _branches("oneOf", "string", "integer"),
        DeployOrder.PRODUCERS_FIRST,
    ),
    Change(
        "anyOf becomes oneOf",
        _branches("anyOf", "number", "integer"),
        _branches("oneOf", "number", "integer"),
        DeployOrder.PRODUCERS_FIRST,
    ),
    Change(
        "a part is moved into definitions and referred to",
        _note('{"type": "string"}'),
        _order(
            '"note": {"$ref": "#/definitions/Note"}', more=', "definitions": {"Note": {"type": "string"}}'
        ),
        DeployOrder.EITHER_ORDER,
    ),
    Change(
        "a title, a description, a default or an example changes",
        _order(_ID),
        _order(_ID, more=', "title": "Order", "description": "What somebody bought."'),
        DeployOrder.EITHER_ORDER,
    ),
)

CHANGES: Final = (*_PROPERTIES, *_VALUES, *_COMBINATIONS)
