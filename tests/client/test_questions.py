"""The methods of both clients, as tools see them that look at a class."""

import asyncio
import inspect
from typing import Any
from unittest.mock import create_autospec

import pytest

from accord.client import AsyncRegistry, Registry
from accord.client.question import Question
from accord.client.questions import Questions
from accord.schemas import Schema

NAMES = sorted(name for name, value in vars(Questions).items() if isinstance(value, Question))
SCHEMA = Schema('"string"')


@pytest.mark.parametrize("name", [*NAMES, "ask"])
def test_what_is_awaited_is_a_coroutine_function_and_what_blocks_is_none(name: str) -> None:
    assert inspect.iscoroutinefunction(getattr(AsyncRegistry, name))
    assert not inspect.iscoroutinefunction(getattr(Registry, name))
    assert getattr(Registry, name).__doc__ == getattr(AsyncRegistry, name).__doc__
    assert inspect.signature(getattr(Registry, name)).parameters.keys() >= {"self"}


def test_a_mock_of_a_client_is_called_as_the_client_is() -> None:
    blocking, awaited = (
        create_autospec(Registry, instance=True),
        create_autospec(AsyncRegistry, instance=True),
    )
    blocking.register.return_value = awaited.register.return_value = "registered"
    assert blocking.register("s", SCHEMA) == asyncio.run(awaited.register("s", SCHEMA)) == "registered"
    for mock in (blocking, awaited):
        with pytest.raises(TypeError):
            mock.register("s", SCHEMA, normalise=True)


def test_a_client_of_ones_own_keeps_its_own_methods() -> None:
    class Mine(Registry):
        def subjects(self, **_: Any) -> Any:
            return ["mine"]

    with Mine("http://registry.example") as client:
        assert client.subjects() == ["mine"]
