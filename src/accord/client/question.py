"""A method that is written once, and is called in the way of its client: at once, or awaited."""

from collections.abc import Callable, Coroutine
from functools import wraps
from types import MethodType
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar, overload

from accord.client.talk import Talk

if TYPE_CHECKING:
    from accord.client.async_registry import AsyncRegistry
    from accord.client.registry import Registry

P = ParamSpec("P")
A = TypeVar("A")


class Question(Generic[P, A]):
    """Makes a method of a function that gives a talk: the client that it is called on holds the talk, in its own way.

    So it gives the answer on a client that blocks, and what to await for the answer on one that does not. All that this
    class is for is to tell a type checker so; the method itself is a plain function.
    """

    def __init__(self, talk: Callable[Concatenate[Any, P], Talk[A]]) -> None:
        @wraps(talk)
        def method(registry: "Registry | AsyncRegistry", *args: P.args, **kwargs: P.kwargs) -> object:
            return registry.hold(talk(registry, *args, **kwargs))

        self._method = method

    @overload
    def __get__(self, registry: None, owner: type) -> Callable[Concatenate[Any, P], Any]: ...
    @overload
    def __get__(self, registry: "Registry", owner: type) -> Callable[P, A]: ...
    @overload
    def __get__(self, registry: "AsyncRegistry", owner: type) -> Callable[P, Coroutine[Any, Any, A]]: ...
    def __get__(self, registry: object, owner: type) -> Callable[..., Any]:
        """Bind the method to a client, as functions are."""
        return self._method if registry is None else MethodType(self._method, registry)
