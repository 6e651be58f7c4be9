"""The parts of an AsyncAPI 3 document that say the same whoever writes it: an application, or a project's contracts. Pure.

https://www.asyncapi.com/docs/reference/specification/v3.0.0, with the Kafka bindings 0.5.0.
"""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final
from urllib.parse import unquote

from accord.schemas import ParsedSchema, SchemaType, json_documents
from accord.streams.contract import SubjectNaming

SPECIFICATION: Final = "3.0.0"
BINDINGS: Final = "0.5.0"
KEYS: Final = {"string": {"type": "string"}, "bytes": {"type": "string", "format": "binary"}}
"""The keys of records as JSON Schema says them."""

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

Document = dict[str, Any]
"""A JSON object."""


def server(host: str, registry_url: str | None) -> Document:
    """A broker, and the registry that has the schemas of its records."""
    told: Document = {"host": host.strip(), "protocol": "kafka"}
    if registry_url is not None:
        binding = {"schemaRegistryUrl": registry_url, "schemaRegistryVendor": "confluent"}
        told["bindings"] = {"kafka": {**binding, "bindingVersion": BINDINGS}}
    return told


def message(
    parsed: ParsedSchema, *, name: str, event: str | None, key: Document, topic: str, subject: str
) -> Document:
    """The message called ``name`` of a topic: its schema, its key, and where the registry has it."""
    binding: Document = {
        "key": key,
        "schemaIdLocation": "payload",
        "schemaIdPayloadEncoding": "confluent",
        "bindingVersion": BINDINGS,
    }
    if naming := _naming(topic, subject, event):
        binding["schemaLookupStrategy"] = naming.value
    at = f"{reference(topic, name)['$ref']}/payload/schema"
    return {
        "name": event or name,
        "contentType": _CONTENT_TYPES[parsed.type],
        "payload": {"schemaFormat": _SCHEMA_FORMATS[parsed.type], "schema": _payload(parsed, at)},
        "bindings": {"kafka": binding},
        "x-subject": subject,
    }


def operation(action: str, topic: str, messages: Iterable[str], *, groups: Iterable[str] = ()) -> Document:
    """What somebody does with the messages of a topic: ``send``, or ``receive`` in one of ``groups``."""
    told: Document = {
        "action": action,
        "channel": reference(topic),
        "messages": [reference(topic, name) for name in messages],
    }
    names = list(groups)
    if names:
        group = {"type": "string", "enum": names}
        told["bindings"] = {"kafka": {"groupId": group, "bindingVersion": BINDINGS}}
    return told


def reference(topic: str, message: str | None = None) -> dict[str, str]:
    """A reference to the channel of a topic, or to one of its messages."""
    channel = f"#/channels/{_step(topic)}"
    return {"$ref": channel if message is None else f"{channel}/messages/{_step(message)}"}


def _step(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _payload(parsed: ParsedSchema, at: str) -> Any:  # noqa: ANN401 -- JSON
    if parsed.type is SchemaType.PROTOBUF:
        return parsed.canonical
    if parsed.type is SchemaType.JSON:
        return _inlined(parsed, at)
    return json.loads(parsed.formatted("resolved"))


def _inlined(parsed: ParsedSchema, at: str) -> Any:  # noqa: ANN401 -- JSON
    """A JSON Schema with all that it refers to; in a document, references are to places of the document."""
    documents = json_documents(parsed)
    others = sorted(uri for uri in documents.texts if uri != documents.root)
    places = {documents.root: at, **{uri: f"{at}/definitions/{_step(_word(uri))}" for uri in others}}
    whole = _redirected(documents.texts[documents.root], places)
    if not others or not isinstance(whole, dict):
        return whole
    further = {_word(uri): _redirected(documents.texts[uri], places) for uri in others}
    return {**whole, "definitions": {**whole.get("definitions", {}), **further}}


def _word(uri: str) -> str:
    return uri.rpartition("://")[2].replace("/", ".")


def _redirected(node: Any, places: Mapping[str, str]) -> Any:  # noqa: ANN401 -- JSON
    if isinstance(node, dict):
        return {
            key: _place(value, places)
            if key == "$ref" and isinstance(value, str)
            else _redirected(value, places)
            for key, value in node.items()
            if key not in ("$id", "$schema") or not isinstance(value, str)
        }
    if isinstance(node, list):
        return [_redirected(one, places) for one in node]
    return float(node) if isinstance(node, Decimal) else node


def _place(target: str, places: Mapping[str, str]) -> str:
    uri, _, pointer = target.partition("#")
    return f"{places[uri]}{unquote(pointer)}" if uri in places else target


def _naming(topic: str, subject: str, event: str | None) -> SubjectNaming | None:
    if subject == f"{topic}-value":
        return SubjectNaming.TOPIC
    if subject == event:
        return SubjectNaming.RECORD
    if subject == f"{topic}-{event}":
        return SubjectNaming.TOPIC_RECORD
    return None
