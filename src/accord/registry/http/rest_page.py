"""The reference page of the REST API, made from its description."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from accord.registry.http.errors import Codes
from accord.registry.http.media_types import BODY_TYPES, JSON_TYPES
from accord.registry.http.openapi import Json, Refusal, document, refusals
from accord.registry.http.operation import Operation


def rest_page(operations: Sequence[Operation], codes: Codes) -> str:
    """What ``operations`` take and answer, in Markdown."""
    described = document(operations, codes)
    parts = ["# REST API\n", _introduction(described), *_general(operations, codes)]
    topics = {topic["name"]: topic["description"] for topic in described["tags"]}
    for topic, members in groupby(operations, key=lambda operation: operation.topic):
        parts.append(f"## {topic.capitalize()}\n\n{_code(topics[topic])}\n")
        for operation in members:
            told = described["paths"][operation.path][operation.method.lower()]
            parts.append("\n".join(_operation(operation, told, refusals(operation, codes))))
    parts.append("## Types\n\nWhat is not marked as needed may be left out.\n")
    parts += [_type(name, schema) for name, schema in described["components"]["schemas"].items()]
    return "\n".join(parts)


_OF_THE_REGISTRY: Final = 1000
"""Codes from here on tell what the registry found; those below are HTTP's own and tell of the request itself."""


def _introduction(described: Json) -> str:
    kinds = ", ".join(f"`{kind}`" for kind in JSON_TYPES)
    others = ", ".join(f"`{kind}`" for kind in BODY_TYPES if kind not in JSON_TYPES)
    return (
        f"{described['info']['description']}\n\n"
        "A registry tells all of this in OpenAPI 3.1 under `/openapi.json`.\n\n"
        f"Bodies and answers are JSON under one of {kinds}; the first is what an answer has if the asker does not choose "
        f"with `Accept`. A body may also come as {others}.\n\n"
        "An error is an [ErrorAnswer](#erroranswer). Its code begins with the status that it has.\n"
    )


def _general(operations: Sequence[Operation], codes: Codes) -> Iterator[str]:
    told = {
        (refusal.status, code): meaning
        for operation in operations
        for refusal in refusals(operation, codes)
        for code, meaning in refusal.meanings.items()
        if code < _OF_THE_REGISTRY
    }
    yield "These codes tell of the request itself, whatever it asks for:\n\n| code | meaning |\n|---|---|"
    yield "\n".join(f"| {code} | {_code(meaning)} |" for (_, code), meaning in sorted(told.items())) + "\n"


def _operation(operation: Operation, told: Json, refused: Sequence[Refusal]) -> Iterator[str]:
    yield f"### `{operation.method} {operation.path}`\n"
    yield f"{told['summary']}.\n"
    if "description" in told:
        yield f"{_code(told['description'])}\n"
    if "parameters" in told:
        yield "| parameter | in | type | meaning |\n|---|---|---|---|"
        for one in told["parameters"]:
            yield f"| `{one['name']}` | {one['in']} | {_kind(one['schema'])} | {one['description']} |"
        yield ""
    yield f"Whoever asks must have the right to {operation.right}.\n"
    if "requestBody" in told:
        yield f"Takes {_content(told['requestBody'])}."
    for status, answer in told["responses"].items():
        if int(status) not in {refusal.status for refusal in refused}:
            yield f"Answers {status}{' with ' + _content(answer) if 'content' in answer else ''}."
    yield ""
    errors = [item for refusal in refused for item in refusal.meanings.items() if item[0] >= _OF_THE_REGISTRY]
    if errors:
        yield "| code | meaning |\n|---|---|"
        yield from (f"| {code} | {_code(meaning)} |" for code, meaning in errors)
        yield ""


def _content(message: Json) -> str:
    media_type, content = next(iter(message["content"].items()))
    return _kind(content["schema"]) + ("" if media_type in JSON_TYPES else f" as `{media_type}`")


def _type(name: str, schema: Json) -> str:
    parts = [f"### {name}\n", f"{_code(schema.get('description', ''))}\n"]
    if "enum" in schema:
        parts.append(f"{_kind(schema)}\n")
    if "properties" in schema:
        parts.append("| member | type | |\n|---|---|---|")
        required = schema.get("required", [])
        for member, kind in schema["properties"].items():
            words = "needed" if member in required else kind.get("description", "")
            parts.append(f"| `{member}` | {_kind(_if_given(kind))} | {words} |")
        parts.append("")
    return "\n".join(parts)


def _if_given(member: Json) -> Json:
    """``member`` without the null that says the same as leaving it out."""
    choices = [choice for choice in member.get("anyOf", ()) if choice != {"type": "null"}]
    if "default" in member and member["default"] is None and choices:
        return {"anyOf": choices}
    return member


def _kind(schema: Json) -> str:
    """The type that ``schema`` describes, in words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_kind(choice) for choice in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{word}`" for word in schema["enum"])
    match schema.get("type"):
        case "array":
            return f"list of {_kind(schema['items'])}"
        case "object":
            return f"map of {_kind(schema.get('additionalProperties', {}))}"
        case None:
            return str(schema.get("title", "any JSON"))
        case kind:
            return str(kind)


def _code(text: str) -> str:
    """``text`` with code marked as Markdown marks it."""
    return re.sub(r"``(.+?)``", r"`\1`", text)
