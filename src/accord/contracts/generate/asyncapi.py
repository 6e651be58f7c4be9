"""The contracts of a project as one AsyncAPI 3 document.

What AsyncAPI and its Kafka bindings 0.5.0 have no word for stands in members that begin with ``x-accord-``: the level of
compatibility, the dead letter topic, principals, and the fields that readers need.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import urlsplit, urlunsplit

from accord.contracts.generate.files import Made, MadeFile
from accord.contracts.model import DataContract, DeclaredReader, Event, Project
from accord.schemas import Schema, SchemaType, fingerprint, guid_of
from accord.streams.asyncapi_parts import (
    BINDINGS,
    KEYS,
    SPECIFICATION,
    Document,
    message,
    operation,
    server,
)
from accord.streams.event_names import event_name

COMMAND: Final = "generate asyncapi"
MARK: Final = f"Made by `accord {COMMAND}`"
LOOKED_AT: Final = ("asyncapi.yaml", "asyncapi.json")

Notation: TypeAlias = Literal["yaml", "json"]


@dataclass(frozen=True, slots=True)
class About:
    """What the document says of itself. ``registries`` are the addresses of registries by environment."""

    title: str = ""
    version: str = ""
    registries: Mapping[str, str] | None = None


def asyncapi(project: Project, about: About, notation: Notation) -> Made:
    """The document of all contracts, as a file."""
    contracts = sorted(project.contracts, key=lambda contract: contract.topic)
    if not contracts:
        return Made((), notes=("there is no contract, so there is nothing to tell about topics",))
    document = _document(contracts, project, about)
    return Made((MadeFile(f"asyncapi.{notation}", _text(document, notation, _fingerprint(contracts))),))


def _text(document: Document, notation: Notation, made_of: str) -> str:
    head = f"{MARK} from the contracts of this project: change those, and run it again."
    if notation == "json":
        marked = {"x-accord-made": head, "x-accord-fingerprint": made_of, **document}
        return json.dumps(marked, indent=2, ensure_ascii=False) + "\n"
    import yaml  # noqa: PLC0415 -- only who writes YAML waits for it

    body = yaml.dump(document, Dumper=_dumper(yaml), sort_keys=False, allow_unicode=True, width=110)
    return f"# {head}\n# Fingerprint: {made_of}\n{body}"


def _dumper(yaml: Any) -> Any:  # noqa: ANN401 -- the module, and a class of it
    """Writes what stands in two places twice: readers of documents know no anchors."""

    class Plain(yaml.SafeDumper):  # type: ignore[misc]  # the module is handed in
        def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 -- its signature
            return True

    return Plain


def _fingerprint(contracts: Iterable[DataContract]) -> str:
    """Stands for all that the contracts and their schemas say."""
    texts = [event.schema.parsed.canonical for contract in contracts for event in contract.events]
    texts += [contract.source.text for contract in contracts]
    return guid_of(fingerprint(Schema("\n".join(texts))))


def _document(contracts: list[DataContract], project: Project, about: About) -> Document:
    servers, of_contract = _servers(contracts, about.registries or {})
    document: Document = {"asyncapi": SPECIFICATION, "info": _info(contracts, about)}
    if servers:
        document["servers"] = servers
    document["channels"] = {
        contract.topic: _channel(contract, of_contract.get(contract.topic, ())) for contract in contracts
    }
    document["operations"] = {
        name: told for contract in contracts for name, told in _operations(contract, project)
    }
    return document


def _info(contracts: list[DataContract], about: About) -> Document:
    alone = contracts[0] if len(contracts) == 1 else None
    info: Document = {
        "title": about.title or (alone.name if alone else "Contracts"),
        "version": about.version or (alone.version if alone else "1.0.0"),
    }
    if alone and alone.description:
        info["description"] = alone.description
    owners = sorted({contract.owner for contract in contracts if contract.owner})
    if len(owners) == 1:
        info["contact"] = {"name": owners[0]}
    if owners:
        info["tags"] = [{"name": owner} for owner in owners]
    return info


def _servers(
    contracts: Iterable[DataContract], registries: Mapping[str, str]
) -> tuple[dict[str, Document], Mapping[str, list[str]]]:
    """The servers by name, and which of them have which topic."""
    servers: dict[str, Document] = {}
    of_topic: dict[str, list[str]] = {}
    for contract in contracts:
        for environment, hosts in sorted(contract.servers.items()):
            for host in hosts.split(","):
                told = server(host, _public(registries.get(environment)))
                name = _server_name(environment, told, servers)
                servers[name] = told
                of_topic.setdefault(contract.topic, []).append(name)
    return servers, of_topic


def _server_name(environment: str, told: Document, known: Mapping[str, Document]) -> str:
    stem = "".join(one if one.isalnum() and one.isascii() else "-" for one in environment)
    number = 1
    while known.get(f"{stem}-{number}", told) != told:
        number += 1
    return f"{stem}-{number}"


def _public(url: str | None) -> str | None:
    """The address without whoever may use it."""
    if url is None:
        return None
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _channel(contract: DataContract, servers: Iterable[str]) -> Document:
    channel: Document = {"address": contract.topic, "title": contract.name}
    if contract.description:
        channel["description"] = contract.description
    names = list(dict.fromkeys(servers))
    if names:
        channel["servers"] = [{"$ref": f"#/servers/{name}"} for name in names]
    channel["messages"] = {event.name: _message(contract, event) for event in contract.events}
    tags = [word for word in (contract.owner, contract.domain) if word]
    if tags:
        channel["tags"] = [{"name": word} for word in dict.fromkeys(tags)]
    channel["bindings"] = {"kafka": _binding(contract)}
    channel["x-accord-contract"] = {"id": contract.id, "version": contract.version, "status": contract.status}
    channel["x-accord-compatibility"] = str(contract.compatibility)
    if letters := contract.dead_letters:
        told = {"topic": letters.topic, "retentionMs": letters.retention_ms, "partitions": letters.partitions}
        channel["x-accord-dlq"] = {key: value for key, value in told.items() if value is not None}
    if contract.roles:
        channel["x-accord-principals"] = [
            {"principal": f"User:{role.name}", "access": role.access} for role in contract.roles
        ]
    return channel


def _binding(contract: DataContract) -> Document:
    binding: Document = {"topic": contract.topic}
    if contract.partitions is not None:
        binding["partitions"] = contract.partitions
    if contract.replicas is not None:
        binding["replicas"] = contract.replicas
    if contract.config:
        binding["topicConfiguration"] = {
            key: _configured(key, value) for key, value in sorted(contract.config.items())
        }
    return {**binding, "bindingVersion": BINDINGS}


def _configured(key: str, value: str) -> object:
    if key == "cleanup.policy":
        return [one.strip() for one in value.split(",")]
    return int(value) if value.lstrip("-").isdigit() else value


def _message(contract: DataContract, event: Event) -> Document:
    told = message(
        event.schema.parsed,
        name=event.name,
        event=event_name(event.schema.schema, event.schema.referenced),
        key=_key(contract),
        topic=contract.topic,
        subject=event.schema.subject,
    )
    told["title"] = event.name
    # Other formats spell values in their own way, which no validator of examples knows.
    if event.examples and event.schema.type is SchemaType.JSON:
        told["examples"] = [{"payload": dict(example)} for example in event.examples]
    if contract.key.field:
        told["x-accord-key-field"] = contract.key.field
    return told


def _key(contract: DataContract) -> Document:
    plain = KEYS.get(contract.key.type)
    if plain is not None or contract.key.schema is None:
        return dict(plain or KEYS["bytes"])
    return {**KEYS["bytes"], "x-accord-subject": contract.key.schema.subject}


def _operations(contract: DataContract, project: Project) -> Iterator[tuple[str, Document]]:
    names = [event.name for event in contract.events]
    for role in contract.roles:
        if role.access == "write":
            told = operation("send", contract.topic, names)
            yield f"{role.name}.send.{contract.topic}", {**told, "x-accord-principal": f"User:{role.name}"}
    for reader in _readers(contract, project):
        told = operation("receive", contract.topic, names, groups=reader.groups)
        if reader.fields is not None:
            told["x-accord-fields"] = list(reader.fields)
        if reader.versions:
            told["x-accord-versions"] = reader.versions
        yield f"{reader.service}.receive.{contract.topic}", told


def _readers(contract: DataContract, project: Project) -> Iterator[DeclaredReader]:
    """Everybody who reads the topic, once: a service's own claim counts more than what the contract says of it."""
    claims = [claim.reader for claim in project.claims if claim.topic == contract.topic]
    said = [DeclaredReader(role.name) for role in contract.roles if role.access == "read"]
    found = {reader.service: reader for reader in (*said, *contract.readers, *claims)}
    yield from (found[service] for service in sorted(found))
