"""What an application reads and writes, as an AsyncAPI 3 document. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from accord.streams.asyncapi_parts import KEYS, SPECIFICATION, Document, message, operation, server
from accord.streams.contract import Contract
from accord.streams.groups import Group
from accord.streams.handlers import Handler


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
                    told = _operation(action, topic, of_topic, handler, channels)
                    operations[f"{group.name}.{handler.function.__name__}.{action}.{topic}"] = told
    return {
        "asyncapi": SPECIFICATION,
        "info": {"title": title, "version": version},
        "servers": {
            f"broker-{number}": server(host, registry_url)
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
    names = []
    for contract in contracts:
        names.append(contract.model.__name__)
        channel["messages"].setdefault(names[-1], _message(contract, names[-1]))
    told = operation(action, topic, names, groups=[handler.group] if action == "receive" else ())
    if documentation := (handler.function.__doc__ or "").strip():
        told["description"] = documentation
    return told


def _message(contract: Contract[Any], name: str) -> Document:
    return message(
        contract.parsed,
        name=name,
        event=contract.event,
        key=KEYS[contract.key],
        topic=contract.topic,
        subject=contract.subject,
    )
