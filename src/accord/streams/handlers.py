"""Functions that handle events: what they take, what they give, and what is checked when they are declared.

Nothing here runs anything: an ``App`` does, and ``accord.testing``.
"""

import inspect
import typing
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from types import NoneType, UnionType
from typing import Any, Final, get_args, get_origin

from accord.errors import ConfigurationError
from accord.kafka import Headers, RawRecord
from accord.streams.contract import Contract
from accord.streams.dedupe import digest, record_id
from accord.streams.record import Record
from accord.streams.retry_topics import RetryTopics

EVENT_ID: Final = "accord-event-id"
"""The header that an event is known by which a handler's work has made: the same however often that was done."""

KeyOf = Callable[[Any], str | bytes | None] | str
"""The key of an event to be published: a function of it, or the name of its field."""

HeaderValues = Iterable[tuple[str, bytes | str | None]]


@dataclass(frozen=True, slots=True)
class Output:
    """An event to be published."""

    contract: Contract[Any]
    event: object
    key: str | bytes | None
    headers: Sequence[tuple[str, bytes | str | None]] = ()


@dataclass(slots=True)
class Context:
    """What a handler can know beside the event; ask for it with a second parameter."""

    record: Record[Any]
    group: str
    handler: "Handler" = field(repr=False)
    way: RetryTopics = field(repr=False)
    """The retry topics of the record's topic, if there are any."""
    outputs: list[Output] = field(default_factory=list, repr=False)
    """What was sent so far."""
    _origin: RawRecord | None = field(default=None, repr=False)

    @property
    def origin(self) -> RawRecord:
        """The record as it was at first, before it went through retry topics."""
        if self._origin is None:
            self._origin = self.way.past(self.record.raw).record
        return self._origin

    @property
    def key(self) -> str | bytes | None:
        """The record's key."""
        return self.record.key

    @property
    def headers(self) -> Headers:
        """The record's own headers, in order."""
        return self.origin.headers

    @property
    def attempt(self) -> int:
        """Which try this is, from 1, in all topics that it went through."""
        return self.record.attempt

    @property
    def record_id(self) -> str:
        """What the record is called, however often it is delivered: a handler may keep it with its own work."""
        return record_id(self.origin)

    def send(
        self,
        contract: Contract[Any],
        event: object,
        *,
        key: str | bytes | None = None,
        headers: HeaderValues = (),
    ) -> None:
        """Publish an event, like one that is returned, once the handler has succeeded; None is a tombstone.

        The key is the record's own unless said otherwise. Raises ConfigurationError if ``publishes`` does not name the contract.
        """
        if contract not in self.handler.publishes:
            raise ConfigurationError(
                f"{self.handler.name} sends to '{contract.topic}', and did not say that it publishes there",
                hint="name the contract in publishes=: then it is checked before the first record",
            )
        self.outputs.append(Output(contract, event, self.key if key is None else key, tuple(headers)))


@dataclass(frozen=True, slots=True, eq=False)
class Handler:
    """A function, and which events of a group it handles. Make it with ``handler``."""

    function: Callable[..., Any]
    contracts: tuple[Contract[Any], ...]
    group: str
    publishes: tuple[Contract[Any], ...]
    key: KeyOf | None
    is_async: bool
    wants_context: bool
    takes_tombstones: bool

    @property
    def name(self) -> str:
        """What the function is called."""
        return str(getattr(self.function, "__qualname__", repr(self.function)))

    def call(self, context: Context) -> Any:  # noqa: ANN401 -- whatever the function gives
        """Run the function; an asynchronous one is to be awaited."""
        value = context.record.value
        return self.function(value, context) if self.wants_context else self.function(value)

    def outputs(self, context: Context, returned: object) -> Sequence[Output]:
        """What is to be published: what was sent, and then what was returned. Raises ConfigurationError."""
        outputs = context.outputs
        if returned is not None:
            events = returned if isinstance(returned, list | tuple) else (returned,)
            outputs = [*outputs, *(self._output(context, event) for event in events)]
        if not outputs:
            return ()
        known_by = record_id(context.origin)
        return [
            Output(
                output.contract,
                output.event,
                output.key,
                (
                    *output.headers,
                    (EVENT_ID, digest(self.group, known_by, output.contract.topic, str(place)).hex()),
                ),
            )
            for place, output in enumerate(outputs)
        ]

    def _output(self, context: Context, event: object) -> Output:
        contract = next((item for item in self.publishes if isinstance(event, item.model)), None)
        if contract is None:
            expected = ", ".join(item.model.__name__ for item in self.publishes) or "nothing"
            raise ConfigurationError(
                f"{self.name} has returned {type(event).__name__}, and publishes {expected}",
                hint="name the contract of what is returned in publishes=",
            )
        return Output(contract, event, self._key(context, event))

    def _key(self, context: Context, event: object) -> str | bytes | None:
        if self.key is None:
            return context.key
        if isinstance(self.key, str):
            key: str | bytes | None = getattr(event, self.key)
            return key
        return self.key(event)


def handler(
    function: Callable[..., Any],
    contracts: Sequence[Contract[Any]],
    *,
    group: str,
    publishes: Contract[Any] | Sequence[Contract[Any]] = (),
    key: KeyOf | None = None,
) -> Handler:
    """A handler of the events of ``contracts`` for ``group``. Raises ConfigurationError if its signature does not fit."""
    if not contracts:
        raise ConfigurationError(
            f"{_name(function)} handles no events", hint="name a contract: @app.on(ORDERS, group=...)"
        )
    if not group.strip():
        raise ConfigurationError(f"{_name(function)} belongs to no group", hint="give the group a name")
    published = (publishes,) if isinstance(publishes, Contract) else tuple(publishes)
    hints = _hints(function)
    parameters = _parameters(function)
    event_hint = hints.get(parameters[0])
    _check_events(function, contracts, event_hint)
    _check_published(function, contracts, published, key, hints.get("return", NoneType))
    return Handler(
        function=function,
        contracts=tuple(contracts),
        group=group,
        publishes=published,
        key=key,
        is_async=inspect.iscoroutinefunction(inspect.unwrap(function))
        or inspect.iscoroutinefunction(getattr(function, "__call__", None)),  # noqa: B004 -- whether it is a coroutine
        wants_context=len(parameters) > 1,
        takes_tombstones=NoneType in _members(event_hint),
    )


def _name(function: Callable[..., Any]) -> str:
    return str(getattr(function, "__qualname__", repr(function)))


def _parameters(function: Callable[..., Any]) -> list[str]:
    """The names of the parameters that are given: the event, and perhaps the context."""
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise ConfigurationError(
            f"{_name(function)} is a generator, which is never run", hint="return a list of events instead"
        )
    parameters = inspect.signature(function).parameters.values()
    given = [item for item in parameters if item.kind in (item.POSITIONAL_ONLY, item.POSITIONAL_OR_KEYWORD)]
    needed = [item for item in given if item.default is item.empty]
    forced = [
        item.name for item in parameters if item.kind is item.KEYWORD_ONLY and item.default is item.empty
    ]
    if not given or len(needed) > 2 or forced:  # noqa: PLR2004 -- the event and the context
        raise ConfigurationError(
            f"{_name(function)} cannot be called with an event and a context",
            hint="write def handle(event), or def handle(event, context: accord.Context)",
        )
    return [item.name for item in given[: max(1, len(needed))]]


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    try:
        return typing.get_type_hints(function)
    except (NameError, TypeError):
        # Of classes that are not known at run time nothing can be checked, and of callable objects nothing is told.
        return {}


def _members(hint: Any) -> tuple[Any, ...]:  # noqa: ANN401 -- a type hint
    if get_origin(hint) in (typing.Union, UnionType):
        return get_args(hint)
    return (hint,)


def _is_class(hint: Any) -> bool:  # noqa: ANN401 -- a type hint
    # `Any` is a class in the eyes of Python 3.11 and later.
    return isinstance(hint, type) and hint not in (Any, object)


def _check_events(function: Callable[..., Any], contracts: Sequence[Contract[Any]], hint: Any) -> None:  # noqa: ANN401
    taken = _members(hint)
    if hint is None or not all(map(_is_class, taken)):
        return
    for contract in contracts:
        if not any(issubclass(contract.model, member) for member in taken):
            raise ConfigurationError(
                f"{_name(function)} takes {', '.join(member.__name__ for member in taken)}, and '{contract.topic}' "
                f"carries {contract.model.__name__}",
                hint="take what the contract carries, or name another contract",
            )


def _check_published(
    function: Callable[..., Any],
    contracts: Sequence[Contract[Any]],
    published: Sequence[Contract[Any]],
    key: KeyOf | None,
    returned: Any,  # noqa: ANN401 -- a type hint
) -> None:
    classes = [contract.model for contract in published]
    if len(set(classes)) < len(classes):
        raise ConfigurationError(
            f"two contracts that {_name(function)} publishes carry the same class",
            hint="what is returned goes to the contract of its class; send the others with context.send",
        )
    if not published and _is_class(returned) and returned is not NoneType:
        raise ConfigurationError(
            f"{_name(function)} returns {returned.__name__}, and publishes nothing",
            hint="name the contract of what is returned in publishes=, or return None",
        )
    kinds = {contract.key for contract in contracts} | {contract.key for contract in published}
    if published and key is None and len(kinds) > 1:
        raise ConfigurationError(
            f"{_name(function)} publishes with the keys of what it handles, and these are of another kind",
            hint="say what the key is: key='order_id', or a function of the event",
        )
