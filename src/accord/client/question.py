"""A method that is written once, and is called in the way of its client: at once, or awaited."""

import inspect
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar, overload

from accord.client.talk import Talk

if TYPE_CHECKING:
    from accord.client.async_registry import AsyncRegistry
    from accord.client.registry import Registry

P = ParamSpec("P")
A = TypeVar("A")


class Question(Generic[P, A]):
    """Stands for a method, made of a function that gives a talk, which each kind of client holds in its own way.

    It gives the answer on a client that blocks, and what to await for the answer on one that does not; this class tells a
    type checker so. The methods themselves are plain functions of each kind of client: see ``answer_questions``.
    """

    def __init__(self, talk: Callable[Concatenate[Any, P], Talk[A]]) -> None:
        self.talk = talk

    @overload
    def __get__(self, registry: None, owner: type) -> Callable[Concatenate[Any, P], Any]: ...
    @overload
    def __get__(self, registry: "Registry", owner: type) -> Callable[P, A]: ...
    @overload
    def __get__(self, registry: "AsyncRegistry", owner: type) -> Callable[P, Coroutine[Any, Any, A]]: ...
    def __get__(self, registry: object, owner: type) -> Callable[..., Any]:
        """Nothing is asked of what is no client yet."""
        raise AttributeError(f"{owner.__name__} is no client of a registry")


def answer_questions(client: type) -> None:
    """Give a kind of client its methods: coroutine functions if it holds talks so, so that tools see what they are."""
    make = _awaited if inspect.iscoroutinefunction(getattr(client, "_hold", None)) else _blocking
    for kind in client.__mro__[1:]:
        for name, question in vars(kind).items():
            if isinstance(question, Question):
                setattr(client, name, make(question.talk))


def _blocking(talk: Callable[Concatenate[Any, P], Talk[A]]) -> Callable[Concatenate["Registry", P], A]:
    @wraps(talk)
    def method(self: "Registry", /, *args: P.args, **kwargs: P.kwargs) -> A:
        return self._hold(talk(self, *args, **kwargs))

    return method


def _awaited(
    talk: Callable[Concatenate[Any, P], Talk[A]],
) -> Callable[Concatenate["AsyncRegistry", P], Coroutine[Any, Any, A]]:
    @wraps(talk)
    async def method(self: "AsyncRegistry", /, *args: P.args, **kwargs: P.kwargs) -> A:
        return await self._hold(talk(self, *args, **kwargs))

    return method
