"""The whole REST API in this process: never a fault, and every refusal is told as JSON with its code."""

import asyncio
import json
from collections.abc import Sequence
from functools import cache
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Message

from accord.registry.http.app import create_app, operations_of
from accord.registry.http.metrics import RegistryMetrics
from accord.registry.log.memory import in_memory
from accord.registry.node import RegistryNode
from accord.schemas.catalogue import RULES
from accord.schemas.json_text import JsonValue
from fuzz.mutations import as_bytes, as_text, mixed, mutated_bytes, mutated_json, mutated_text
from fuzz.target import Target, Wrong

_MEDIA_TYPE: Final = "application/vnd.schemaregistry.v1+json"
_REQUESTS: Final = mixed((8, mutated_json), (2, mutated_text), (1, mutated_bytes))
_MOST_REQUESTS: Final = 8
_VALUES: Final = ("s", "1", "-1", "latest", "%3A.eu%3As", "x")
_QUERIES: Final = ("", "?deleted=true", "?normalize=true&permanent=true", "?verbose=true&format=resolved")

_REPORTS: Final[Sequence[tuple[str, str, JsonValue]]] = (
    (
        "readers",
        "service=s&subject=t&origin=claim",
        {"service": "s", "subject": "t", "origin": "claim", "fields": ["a.b"], "schema": {"schema": "{}"}},
    ),
    (
        "deployments",
        "service=s&environment=e&version=1",
        {"service": "s", "environment": "e", "version": "1", "reads": [{"subject": "t"}], "deployedAtMs": 5},
    ),
    (
        "verifications",
        "consumer=s&consumerVersion=1&subject=t&fingerprint=f",
        {"consumer": "s", "consumerVersion": "1", "subject": "t", "fingerprint": "f", "ok": False},
    ),
    (
        "rollouts",
        "id=r",
        {
            "id": "r",
            "subject": "t",
            "fingerprint": "f",
            "state": "done",
            "steps": [{"name": "a", "state": "b"}],
        },
    ),
    (
        "exemptions",
        "contract=c&rule=R",
        {"contract": "c", "rule": "R", "reason": "so", "until": "2026-12-31", "by": None},
    ),
)

Asked = tuple[str, str, dict[str, str], bytes]
"""Method, path with query, headers, body."""


def talk(data: bytes) -> None:
    """Send some requests to an empty registry, one after the other."""
    asyncio.run(_talk(_requests(data)))


async def _talk(requests: Sequence[Asked]) -> None:
    node = RegistryNode(in_memory(), now_ms=lambda: 0)
    await node.start()
    app = create_app(node)
    try:
        for asked in requests:
            await _ask(app, asked)
    finally:
        await node.close()


async def _ask(app: ASGIApp, asked: Asked) -> None:
    method, target, headers, body = asked
    path, _, query = target.partition("?")
    raw = as_bytes(path)
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote_to_bytes(raw).decode("utf-8", "replace"),
        "raw_path": raw,
        "query_string": as_bytes(query),
        "root_path": "",
        "headers": [(as_bytes(name.lower()), as_bytes(value)) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("registry", 80),
    }
    incoming = [{"type": "http.request", "body": body, "more_body": False}]
    outgoing: list[Message] = []

    async def receive() -> Message:
        return incoming.pop() if incoming else await asyncio.Future()

    async def send(message: Message) -> None:
        outgoing.append(message)

    await app(scope, receive, send)
    _check(method, outgoing)


def _check(method: str, messages: Sequence[Message]) -> None:
    status = messages[0]["status"]
    told = b"".join(message.get("body", b"") for message in messages[1:])
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Wrong(f"answered {status}: {told[:200]!r}")
    if status >= HTTPStatus.BAD_REQUEST and method != "HEAD":
        error = json.loads(told)
        if not isinstance(error["error_code"], int) or not isinstance(error["message"], str):
            raise Wrong(f"answered {told[:200]!r}")


def _requests(data: bytes) -> Sequence[Asked]:
    """Of an input, which is JSON, as many requests as can be made out."""
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        # Whatever it is, it will do as a body.
        told = [["POST", "/subjects/s/versions", {"content-type": _MEDIA_TYPE}, as_text(data)]]
    found = []
    for one in (told if isinstance(told, list) else [])[:_MOST_REQUESTS]:
        match one:
            case [str(method), str(target), dict(headers), body]:
                # A server takes no other names for methods, and no other headers.
                named = {key: str(value) for key, value in headers.items() if key}
                found.append((method if method.isalpha() else "GET", f"/{target[1:]}", named, _body(body)))
    return found


def _body(body: JsonValue) -> bytes:
    return as_bytes(body if isinstance(body, str) else "" if body is None else json.dumps(body))


@cache
def _seeds() -> Sequence[bytes]:
    node = RegistryNode(in_memory(), now_ms=lambda: 0)
    operations = operations_of(node, RegistryMetrics(node.state))
    headers = {"content-type": _MEDIA_TYPE}
    stories = []
    for number, rule in enumerate(RULES):
        kind = {"schemaType": rule.example.type.value}
        old, new = (kind | {"schema": text} for text in (rule.example.old, rule.example.new))
        operation = operations[number % len(operations)]
        target = operation.path
        for segment in operation.segments:
            target = target.replace(f"{{{segment.name}}}", _VALUES[number % len(_VALUES)])
        stories.append(
            [
                ["PUT", "/config", headers, {"compatibility": rule.example.level.value}],
                ["POST", "/subjects/s/versions", headers, old],
                [operation.method, target + _QUERIES[number % len(_QUERIES)], headers, new],
                ["POST", "/subjects/s/versions", headers, new],
                ["GET", "/subjects/s/versions/latest", {"accept": "*/*"}, None],
            ]
        )
    stories += [_story_of_reports(*one) for one in _REPORTS]
    return tuple(as_bytes(json.dumps(story)) for story in stories)


def _story_of_reports(path: str, key: str, report: JsonValue) -> list[JsonValue]:
    headers: JsonValue = {"content-type": _MEDIA_TYPE}
    return [
        ["POST", f"/accord/v1/{path}", headers, report],
        ["POST", f"/contexts/.eu/accord/v1/{path}", headers, report],
        ["GET", f"/accord/v1/{path}?{key}&limit=1", {}, None],
        ["DELETE", f"/accord/v1/{path}?{key}", {}, None],
        ["POST", "/accord/v1/log/_accord?after=2", headers, {"records": [{"key": "{}", "timestampMs": 1}]}],
        ["GET", "/accord/v1/log/_accord", {}, None],
    ]


TARGETS: Final = (Target("rest", talk, _seeds, _REQUESTS),)
