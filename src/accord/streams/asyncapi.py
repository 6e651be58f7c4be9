"""What an application reads and writes, as an AsyncAPI 3 document. Pure.

https://www.asyncapi.com/docs/reference/specification/v3.0.0, with the Kafka bindings 0.5.0.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from accord.schemas import SchemaType
from accord.streams.contract import Contract, SubjectNaming
from accord.streams.groups import Group
from accord.streams.handlers import Handler

BINDINGS: Final = "0.5.0"

_CONTENT_TYPES: Final = {
    SchemaType.AVRO: "application/vnd.apache.avro",
    SchemaType.JSON: "application/json",
    SchemaType.PROTOBUF: "application/vnd.google.protobuf",
}
_SCHEMA_FORMATS: Final = {
    SchemaType.AVRO: "application/vnd.apache.avro;version=1.9.0",
    SchemaType.JSON: "application/schema+json;version=draft-07",
    SchemaType.PROTOBUF: "application/vnd.google.protobuf;version=3",
}
_KEYS: Final = {"string": {"type": "string"}, "bytes": {"type": "string", "format": "binary"}}

Document = dict[str, Any]
"""A JSON object."""


def asyncapi(
    groups: Iterable[Group], *, title: str, version: str, brokers: str, registry_url: str
) -> Document:
    """The document: a channel for each topic, an operation for each topic that a handler reads or writes."""
    channels: dict[str, Document] = {}
    operations: dict[str, Document] = {}
    for group in groups:
        for handler in group.handlers:
            for action, contracts in (("receive", handler.contracts), ("send", handler.publishes)):
                for topic, of_topic in _by_topic(contracts).items():
                    operation = _operation(action, topic, of_topic, handler, channels)
                    operations[f"{group.name}.{handler.function.__name__}.{action}.{topic}"] = operation
    return {
        "asyncapi": "3.0.0",
        "info": {"title": title, "version": version},
        "servers": {
            f"broker-{number}": {
                "host": host.strip(),
                "protocol": "kafka",
                "bindings": {
                    "kafka": {
                        "schemaRegistryUrl": registry_url,
                        "schemaRegistryVendor": "confluent",
                        "bindingVersion": BINDINGS,
                    }
                },
            }
            for number, host in enumerate(brokers.split(","), 1)
        },
        "channels": channels,
        "operations": operations,
    }


def _by_topic(contracts: Iterable[Contract[Any]]) -> Mapping[str, list[Contract[Any]]]:
    found: dict[str, list[Contract[Any]]] = {}
    for contract in contracts:
        found.setdefault(contract.topic, []).append(contract)
    return found


def _operation(
    action: str,
    topic: str,
    contracts: Iterable[Contract[Any]],
    handler: Handler,
    channels: dict[str, Document],
) -> Document:
    channel = channels.setdefault(topic, {"address": topic, "messages": {}})
    messages = []
    for contract in contracts:
        name = contract.model.__name__
        channel["messages"].setdefault(name, _message(contract))
        messages.append({"$ref": f"#/channels/{topic}/messages/{name}"})
    operation: Document = {
        "action": action,
        "channel": {"$ref": f"#/channels/{topic}"},
        "messages": messages,
    }
    if documentation := (handler.function.__doc__ or "").strip():
        operation["description"] = documentation
    if action == "receive":
        group = {"type": "string", "enum": [handler.group]}
        operation["bindings"] = {"kafka": {"groupId": group, "bindingVersion": BINDINGS}}
    return operation


def _message(contract: Contract[Any]) -> Document:
    kind = contract.schema.type
    binding: Document = {
        "key": _KEYS[contract.key],
        "schemaIdLocation": "payload",
        "schemaIdPayloadEncoding": "confluent",
        "bindingVersion": BINDINGS,
    }
    if naming := _naming(contract):
        binding["schemaLookupStrategy"] = naming.value
    return {
        "name": contract.event or contract.model.__name__,
        "contentType": _CONTENT_TYPES[kind],
        "payload": {"schemaFormat": _SCHEMA_FORMATS[kind], "schema": _payload(contract)},
        "bindings": {"kafka": binding},
        "x-subject": contract.subject,
    }


def _payload(contract: Contract[Any]) -> Any:  # noqa: ANN401 -- JSON
    if contract.schema.type is SchemaType.PROTOBUF:
        return contract.parsed.canonical
    return json.loads(contract.parsed.formatted("resolved"))


def _naming(contract: Contract[Any]) -> SubjectNaming | None:
    if contract.subject == f"{contract.topic}-value":
        return SubjectNaming.TOPIC
    if contract.subject == contract.event:
        return SubjectNaming.RECORD
    if contract.subject == f"{contract.topic}-{contract.event}":
        return SubjectNaming.TOPIC_RECORD
    return None
