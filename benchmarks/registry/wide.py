"""Schemas of 25 fields in each format, numbered: each can follow every other that has a lower number (BACKWARD)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from accord.schemas import SchemaType
from benchmarks.registry.schemas import MARK, Pattern, pattern

FIELDS = 25

_LISTED = 5
_CHANNELS = ("WEB", "APP", "SHOP", "PHONE")
_ADDRESS = ("street", "city", "postcode", "country")


@dataclass(frozen=True, slots=True)
class Wide:
    """One format: what gets along with all versions of lower numbers, and what gets along with none of them."""

    fitting: Pattern
    refused: Pattern


def wide(kind: SchemaType) -> Wide:
    """The schemas of one format."""
    match kind:
        case SchemaType.AVRO:
            return Wide(_avro(refused=False), _avro(refused=True))
        case SchemaType.JSON:
            return Wide(_json(refused=False), _json(refused=True))
        case SchemaType.PROTOBUF:
            return Wide(_protobuf(refused=False), _protobuf(refused=True))


def _avro(*, refused: bool) -> Pattern:
    address = [{"name": name, "type": "string"} for name in _ADDRESS]
    plain: list[dict[str, object]] = [
        {"name": name, "type": kind} for name, kind in _plain("string", "long", "double", "boolean")
    ]
    fields: list[dict[str, object]] = [
        {"name": "channel", "type": {"type": "enum", "name": "Channel", "symbols": _CHANNELS}},
        {"name": "address", "type": {"type": "record", "name": "Address", "fields": address}},
        {"name": "tags", "type": {"type": "array", "items": "string"}},
        {"name": "labels", "type": {"type": "map", "values": "string"}},
        *plain,
    ]
    added: dict[str, object] = {"name": f"note_{MARK}", "type": ["null", "string"], "default": None}
    fields.append({"name": f"note_{MARK}", "type": "string"} if refused else added)
    return pattern(
        SchemaType.AVRO,
        json.dumps({"type": "record", "name": "Order", "namespace": "com.example", "fields": fields}),
    )


def _json(*, refused: bool) -> Pattern:
    properties: dict[str, object] = {
        "channel": {"type": "string", "enum": _CHANNELS},
        "address": _closed({name: {"type": "string"} for name in _ADDRESS}),
        "tags": {"type": "array", "items": {"type": "string"}},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        **{name: {"type": kind} for name, kind in _plain("string", "integer", "number", "boolean")},
        # Longer with every number: what was valid stays valid.
        "note": {"type": "string", "maxLength": 5 if refused else int(f"1{MARK}")},
    }
    return pattern(SchemaType.JSON, json.dumps({"title": f"Order {MARK}", **_closed(properties)}))


def _closed(properties: dict[str, object]) -> dict[str, object]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _protobuf(*, refused: bool) -> Pattern:
    fields = [
        "Channel channel = 1;",
        "Address address = 2;",
        "repeated string tags = 3;",
        "map<string, string> labels = 4;",
        *(
            f"{kind} {name} = {number};"
            for number, (name, kind) in enumerate(_plain("string", "int64", "double", "bool"), _LISTED)
        ),
        f"string note_{MARK} = 1{MARK};",
    ]
    if refused:
        fields[-2] = fields[-2].replace("bool ", "string ")
    return pattern(
        SchemaType.PROTOBUF,
        "\n".join(
            (
                'syntax = "proto3";',
                "package com.example;",
                "message Order {",
                *fields,
                "}",
                "message Address {",
                *(f"string {name} = {number};" for number, name in enumerate(_ADDRESS, 1)),
                "}",
                "enum Channel {",
                *(f"{name} = {number};" for number, name in enumerate(_CHANNELS)),
                "}",
            )
        ),
    )


def _plain(*kinds: str) -> Sequence[tuple[str, str]]:
    """Twenty fields of simple types, in turns: with those before and the numbered one after them it is 25."""
    return [
        (f"{kinds[number % len(kinds)]}_{number}", kinds[number % len(kinds)])
        for number in range(FIELDS - _LISTED)
    ]
