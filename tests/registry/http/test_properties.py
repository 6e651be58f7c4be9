"""Whatever Schemathesis makes of the description of the API, the answer is as described, and never a fault."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
import requests
from hypothesis import strategies as st
from schemathesis import GenerationMode

from accord.registry.http.app import operations_of
from accord.registry.http.metrics import RegistryMetrics
from accord.registry.http.operation import Operation
from accord.registry.http.server import serve
from accord.registry.log.memory import in_memory
from accord.registry.node import RegistryNode


def table() -> dict[str, Operation]:
    node = RegistryNode(in_memory(), now_ms=lambda: 0)
    operations = operations_of(node, RegistryMetrics(node.state))
    return {f"{operation.method} {operation.path}": operation for operation in operations}


OPERATIONS = table()


def made(data: st.DataObject, operation: Operation, described: Any) -> Any:
    """A case as the description of ``operation`` has it, or nearly."""
    mode = data.draw(st.sampled_from(GenerationMode))
    return data.draw(described[operation.path][operation.method].as_strategy(generation_mode=mode))


def asked(registry: Any, case: Any) -> httpx2.Response:
    """What ``registry`` answers to ``case``, sent as it goes over the wire."""
    told = case.as_transport_kwargs(base_url="http://registry")
    members = {"method", "url", "params", "json", "data", "headers"}
    request = requests.Request(**{name: told[name] for name in members & told.keys()}).prepare()
    body = request.body.encode() if isinstance(request.body, str) else request.body
    answer: httpx2.Response = registry.ask(
        f"{request.method} {request.path_url}",
        body,
        {name.lower(): value for name, value in request.headers.items()},
    )
    return answer


@pytest.mark.soak
@pytest.mark.parametrize("name", OPERATIONS)
def test_what_is_made_of_the_description_is_answered_as_described(
    name: str,
    described: Any,
    furnished: Callable[[], Any],
    conforms: Callable[..., None],
    explore: Callable[..., None],
) -> None:
    operation = OPERATIONS[name]

    def send(data: st.DataObject) -> None:
        case = made(data, operation, described)
        with furnished() as registry:
            conforms(asked(registry, case), operation, case)

    explore(send, examples=6)


@pytest.mark.soak
def test_what_is_made_of_the_description_is_answered_as_described_for_long(
    described: Any, conforms: Callable[..., None], soak: Callable[..., None]
) -> None:
    with serve() as server, requests.Session() as session:

        def send(data: st.DataObject) -> None:
            operation = data.draw(st.sampled_from(list(OPERATIONS.values())))
            case = made(data, operation, described)
            conforms(case.call(base_url=server.url, session=session), operation, case)

        soak(send, seconds=40)
