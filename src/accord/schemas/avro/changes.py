"""Changes to an Avro schema that people make, and who may be upgraded first after each; the tests decode every one."""

from typing import Final

from accord.schemas.changes import Change
from accord.schemas.deploy_order import DeployOrder


def _order(*fields: str, name: str = "Order", more: str = "") -> str:
    return f'{{"type": "record", "name": "{name}"{more}, "fields": [{", ".join(fields)}]}}'


def _field(name: str, type_: str, more: str = "") -> str:
    return f'{{"name": "{name}", "type": {type_}{more}}}'


def _status(*symbols: str, more: str = "") -> str:
    listed = ", ".join(f'"{symbol}"' for symbol in symbols)
    return _order(_field("status", f'{{"type": "enum", "name": "Status", "symbols": [{listed}]{more}}}'))


def _at(type_: str) -> str:
    return _order(_field("at", type_))


_ID: Final = _field("id", '"string"')
_NOTE: Final = _field("note", '["null", "string"]', ', "default": null')
_EMAIL: Final = _field("email", '"string"')
_UNKNOWN: Final = ', "default": "UNKNOWN"'

_FIELDS: Final = (
    Change(
        "a field with a default is added",
        _order(_ID),
        _order(_ID, _NOTE),
        DeployOrder.EITHER_ORDER,
        "For old records a new reader takes the default.",
    ),
    Change(
        "a field without a default is added", _order(_ID), _order(_ID, _EMAIL), DeployOrder.PRODUCERS_FIRST
    ),
    Change(
        "a field with a default is removed",
        _order(_ID, _NOTE),
        _order(_ID),
        DeployOrder.EITHER_ORDER,
        "For new records an old reader takes the default.",
    ),
    Change(
        "a field without a default is removed",
        _order(_ID, _EMAIL),
        _order(_ID),
        DeployOrder.CONSUMERS_FIRST,
    ),
    Change(
        "a field gets a default, or loses it",
        _order(_field("note", '"string"')),
        _order(_field("note", '"string"', ', "default": ""')),
        DeployOrder.EITHER_ORDER,
        "A default counts once a schema without the field comes along.",
    ),
    Change(
        "a field is renamed, the old name is an alias",
        _order(_ID, _field("total", '"long"')),
        _order(_ID, _field("amount", '"long"', ', "aliases": ["total"]')),
        DeployOrder.CONSUMERS_FIRST,
    ),
    Change(
        "a field with a default is renamed, the old name is an alias",
        _order(_ID, _field("total", '"long"', ', "default": 0')),
        _order(_ID, _field("amount", '"long"', ', "default": 0, "aliases": ["total"]')),
        DeployOrder.EITHER_ORDER,
        "Old readers take the default for every new record: upgrade the consumers first.",
    ),
    Change(
        "a field is renamed without an alias",
        _order(_ID, _field("total", '"long"')),
        _order(_ID, _field("amount", '"long"')),
        DeployOrder.NO_SAFE_ORDER,
    ),
    Change(
        "a field with a default is renamed without an alias",
        _order(_ID, _field("total", '"long"', ', "default": 0')),
        _order(_ID, _field("amount", '"long"', ', "default": 0')),
        DeployOrder.EITHER_ORDER,
        "Every reader takes the default for the records of the others: the values are lost.",
    ),
    Change("the fields change places", _order(_ID, _EMAIL), _order(_EMAIL, _ID), DeployOrder.EITHER_ORDER),
)

_TYPES: Final = (
    Change("int becomes long", _at('"int"'), _at('"long"'), DeployOrder.CONSUMERS_FIRST),
    Change("long becomes int", _at('"long"'), _at('"int"'), DeployOrder.PRODUCERS_FIRST),
    Change("float becomes double", _at('"float"'), _at('"double"'), DeployOrder.CONSUMERS_FIRST),
    Change(
        "string becomes bytes, or bytes string",
        _at('"string"'),
        _at('"bytes"'),
        DeployOrder.EITHER_ORDER,
        "Bytes that are not UTF-8 are no string: a reader of strings stops at such a record.",
    ),
    Change("long becomes string", _at('"long"'), _at('"string"'), DeployOrder.NO_SAFE_ORDER),
    Change(
        "a list becomes a map",
        _at('{"type": "array", "items": "string"}'),
        _at('{"type": "map", "values": "string"}'),
        DeployOrder.NO_SAFE_ORDER,
    ),
    Change(
        "a logical type changes its unit",
        _at('{"type": "long", "logicalType": "timestamp-millis"}'),
        _at('{"type": "long", "logicalType": "timestamp-micros"}'),
        DeployOrder.EITHER_ORDER,
        "The numbers decode and mean something else to readers that go by their own schema, those in Java among them.",
    ),
    Change(
        "a type may be null as well",
        _at('"long"'),
        _at('["null", "long"]'),
        DeployOrder.CONSUMERS_FIRST,
    ),
    Change(
        "a type may not be null any more",
        _at('["null", "long"]'),
        _at('"long"'),
        DeployOrder.PRODUCERS_FIRST,
    ),
    Change(
        "a union gets another branch",
        _at('["null", "long"]'),
        _at('["null", "long", "string"]'),
        DeployOrder.CONSUMERS_FIRST,
    ),
    Change(
        "a union loses a branch",
        _at('["null", "long", "string"]'),
        _at('["null", "long"]'),
        DeployOrder.PRODUCERS_FIRST,
    ),
    Change(
        "a fixed gets another size",
        _at('{"type": "fixed", "name": "Digest", "size": 2}'),
        _at('{"type": "fixed", "name": "Digest", "size": 4}'),
        DeployOrder.NO_SAFE_ORDER,
    ),
)

_SYMBOLS: Final = (
    Change(
        "an enum gets a symbol",
        _status("OPEN", "PAID"),
        _status("OPEN", "PAID", "VOID"),
        DeployOrder.CONSUMERS_FIRST,
    ),
    Change(
        "an enum with a default gets a symbol",
        _status("UNKNOWN", "PAID", more=_UNKNOWN),
        _status("UNKNOWN", "PAID", "VOID", more=_UNKNOWN),
        DeployOrder.EITHER_ORDER,
        "Old readers take the default for the new symbol.",
    ),
    Change(
        "an enum loses a symbol",
        _status("OPEN", "PAID", "VOID"),
        _status("OPEN", "PAID"),
        DeployOrder.PRODUCERS_FIRST,
    ),
    Change(
        "an enum with a default loses a symbol",
        _status("UNKNOWN", "PAID", "VOID", more=_UNKNOWN),
        _status("UNKNOWN", "PAID", more=_UNKNOWN),
        DeployOrder.EITHER_ORDER,
        "For old records with the symbol a new reader takes the default.",
    ),
    Change(
        "the symbols of an enum change places",
        _status("OPEN", "PAID"),
        _status("PAID", "OPEN"),
        DeployOrder.EITHER_ORDER,
    ),
)

_NAMES: Final = (
    Change(
        "a record is renamed, the old name is an alias",
        _order(_ID),
        _order(_ID, name="Purchase", more=', "aliases": ["Order"]'),
        DeployOrder.CONSUMERS_FIRST,
    ),
    Change(
        "a record is renamed without an alias",
        _order(_ID),
        _order(_ID, name="Purchase"),
        DeployOrder.NO_SAFE_ORDER,
    ),
    Change(
        "a record moves to another namespace",
        _order(_ID, name="shop.Order"),
        _order(_ID, name="billing.Order"),
        DeployOrder.EITHER_ORDER,
        "Some readers compare full names: see AVRO_NAMESPACE_CHANGED.",
    ),
    Change(
        "documentation or another property changes",
        _order(_ID),
        _order(_ID, more=', "doc": "What somebody bought.", "owner": "shop"'),
        DeployOrder.EITHER_ORDER,
    ),
)

CHANGES: Final = (*_FIELDS, *_TYPES, *_SYMBOLS, *_NAMES)
