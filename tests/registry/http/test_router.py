"""Which operation a path means."""

import asyncio
from typing import Any

import pytest

from accord.registry.http.app import operations_of
from accord.registry.http.errors import MalformedContext, MethodNotAllowed, PathNotFound
from accord.registry.http.exchange import Request
from accord.registry.http.metrics import RegistryMetrics
from accord.registry.http.router import NOWHERE, Resource, Router
from accord.registry.log.memory import in_memory
from accord.registry.node import RegistryNode

NODE = RegistryNode(in_memory(), now_ms=lambda: 0)
OPERATIONS = operations_of(NODE, RegistryMetrics(NODE.state))


def asked(target: str, method: str = "GET") -> Request:
    path, _, query = target.encode("latin-1").partition(b"?")

    async def receive() -> Any:
        pytest.fail("no body is read to find a resource")

    return Request({"method": method, "raw_path": path, "query_string": query, "headers": []}, receive)


def found(target: str) -> tuple[Resource, Request]:
    router = Router(OPERATIONS)
    first, again = asked(target), asked(target)
    resource = router.find(first)
    # What was found before is kept; it must be the same.
    assert router.find(again) is resource
    assert (again.route, again.segments, again.query) == (first.route, first.segments, first.query)
    return resource, first


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: f"{one.method} {one.path}")
def test_the_path_of_an_operation_leads_to_it(operation: Any) -> None:
    names = {segment.name: f"a {segment.name}" for segment in operation.segments}
    resource, request = found(operation.path.format(**names).replace(" ", "%20"))

    assert resource.operations[operation.method] is operation
    assert (request.route, request.segments) == (operation.path, names)


@pytest.mark.parametrize(
    ("target", "route", "segments", "query"),
    [
        ("/subjects/", "/subjects", {}, b""),
        ("/subjects/a%2Fb/versions", "/subjects/{subject}/versions", {"subject": "a/b"}, b""),
        ("/subjects/a+b%2525", "/subjects/{subject}", {"subject": "a+b%25"}, b""),
        ("/schemas/ids/1?a=b", "/schemas/ids/{id}", {"id": "1"}, b"a=b"),
        ("/config/versions", "/config/{subject}", {"subject": "versions"}, b""),
        ("/contexts/.eu", "/contexts/{context}", {"context": ".eu"}, b""),
        ("/contexts/.eu/", "/contexts/{context}", {"context": ".eu"}, b""),
        ("/contexts/.eu/subjects/s", "/subjects/{subject}", {"subject": ":.eu:s"}, b""),
        ("/contexts/eu/subjects/a%2Fb", "/subjects/{subject}", {"subject": ":.eu:a/b"}, b""),
        ("/contexts/.eu/config", "/config/{subject}", {"subject": ":.eu:"}, b""),
        ("/contexts/.eu/schemas/ids/1", "/schemas/ids/{id}", {"id": "1"}, b"subject=%3A.eu%3A"),
        ("/contexts/.eu/subjects?deleted=true", "/subjects", {}, b"deleted=true&subjectPrefix=%3A.eu%3A"),
        ("", "/", {}, b""),
        ("/", "/", {}, b""),
        ("//", "/", {}, b""),
    ],
)
def test_a_path_leads_somewhere(target: str, route: str, segments: dict[str, str], query: bytes) -> None:
    _, request = found(target)

    assert (request.route, request.segments, request.query) == (route, segments, query)


@pytest.mark.parametrize(
    "target",
    [
        "/nope",
        "*",
        "subjects",
        "//subjects",
        "/subjects//versions",
        "/subjects/s//",
        "/subject%73",
        "/schemas/ids",
        "/schemas/ids/1/versions/1",
        "/SUBJECTS",
        "/{subject}",
    ],
)
def test_another_path_leads_nowhere(target: str) -> None:
    resource, request = found(target)

    assert resource is NOWHERE
    assert request.route == "unmatched"
    with pytest.raises(PathNotFound):
        asyncio.run(resource.other(asked(target, "OPTIONS")))


def test_a_method_that_is_not_there_is_told_those_that_are() -> None:
    resource, _ = found("/subjects/s/versions")

    told = asyncio.run(resource.other(asked("/", "OPTIONS")))
    with pytest.raises(MethodNotAllowed) as refusal:
        asyncio.run(resource.other(asked("/", "PATCH")))

    assert told.headers == {"allow": "POST, GET, HEAD, OPTIONS"}
    assert refusal.value.headers == {"allow": "POST, GET, HEAD, OPTIONS"}


def test_a_context_with_a_colon_in_its_name_is_refused() -> None:
    with pytest.raises(MalformedContext):
        found("/contexts/a:b/subjects")


def test_what_is_kept_of_paths_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accord.registry.http.router._MOST_KEPT", 10)
    router = Router(OPERATIONS)

    for number in range(25):
        router.find(asked(f"/schemas/ids/{number}"))
        router.find(asked(f"/nope/{number}"))
    router.find(asked(f"/subjects/{'s' * 1000}"))

    assert len(router._known) == 5
