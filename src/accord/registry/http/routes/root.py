"""What clients ask of the server itself: is somebody there, and who."""

from importlib.metadata import version
from typing import Final

import msgspec

from accord.registry.http.bodies import answer
from accord.registry.http.exchange import Request, Response
from accord.registry.http.operation import Operation, Right

# A registry without Kafka has no cluster id to tell; clients only compare it.
_CLUSTERS: Final = {"kafka-cluster": "accord-embedded", "schema-registry-cluster": "schema-registry"}


class Empty(msgspec.Struct):
    """Nothing."""


class Scope(msgspec.Struct):
    """Where a registry belongs."""

    path: list[str]
    clusters: dict[str, str]


class ServerId(msgspec.Struct):
    """Which registry this is."""

    scope: Scope
    id: str


class ServerVersion(msgspec.Struct, rename="camel"):
    """Which software answers; ``compatible_with`` is the version of Confluent's registry that it agrees with."""

    version: str
    commit_id: str
    compatible_with: str


class ServerKind(msgspec.Struct):
    """What kind of server this is."""

    attributes: list[str]


def operations() -> list[Operation]:
    """What can be asked."""
    return [
        Operation("GET", "/", read, Empty),
        Operation("POST", "/", read, Empty, asks_for=Right.READ),
        Operation("GET", "/v1/metadata/id", server_id, ServerId),
        Operation("GET", "/v1/metadata/version", server_version, ServerVersion),
        Operation("GET", "/v1/metadata/deployment", deployment, ServerKind),
        # No topic is tied to subjects here. An empty answer makes clients derive the subject from the topic's name.
        Operation("GET", "/associations/subjects/{subject}", no_associations, list[object]),
        Operation("GET", "/associations/resources/{resource}", no_associations, list[object]),
        Operation("GET", "/associations/resources/{namespace}/{name}", no_associations, list[object]),
    ]


async def read(request: Request) -> Response:  # noqa: ARG001 -- an endpoint's signature
    """See whether somebody answers."""
    return answer(Empty())


async def server_id(request: Request) -> Response:  # noqa: ARG001
    """Tell which registry this is."""
    return answer(ServerId(Scope([], _CLUSTERS), ""))


async def server_version(request: Request) -> Response:  # noqa: ARG001
    """Tell which software answers."""
    return answer(ServerVersion(version("accord-kafka"), "", "8.1.5"))


async def deployment(request: Request) -> Response:  # noqa: ARG001
    """Tell what kind of server this is."""
    return answer(ServerKind([]))


async def no_associations(request: Request) -> Response:  # noqa: ARG001
    """List the associations of topics with subjects, of which there are none."""
    return answer([])
