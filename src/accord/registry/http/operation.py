"""What the API can do, as data: routes, the description of the API and tests are made from the same rows."""

import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Literal, TypeAlias

from accord.errors import AccordError
from accord.registry.http.errors import (
    BodyMissing,
    BodyTooLarge,
    MalformedBody,
    MalformedContext,
    NotAcceptable,
    UnsupportedMediaType,
)
from accord.registry.http.exchange import Endpoint
from accord.registry.http.parameters import IN_PATH, LIMIT, OFFSET, Parameter, Segment
from accord.registry.log.port import LogFailed, LogInDoubt
from accord.registry.workers import Busy, TooMuchWork

Method: TypeAlias = Literal["GET", "POST", "PUT", "DELETE"]


class Right(StrEnum):
    """What somebody must be allowed to do, to be answered.

    REPORT is for those who only read schemas: what a service says of itself changes nothing for others.
    """

    READ = "read"
    WRITE = "write"
    REPORT = "report"


PAGE: Final = (OFFSET, LIMIT)
NOT_WRITTEN: Final = (LogFailed, LogInDoubt)
"""What may happen to whatever is written."""
TOO_HARD: Final = (TooMuchWork, Busy)
"""What may happen wherever schemas are read or compared."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path.

    ``query`` are the parameters that it reads, ``body`` is the type of what is sent, ``answer`` that of what comes back
    (None: nothing), ``otherwise`` that of answers with another status, ``errors`` are those that the API's users must
    expect. ``media_type`` is the kind of its answer where the asker has no choice. What is ``recalled`` depends on the
    state and on the question's path, query and Accept alone. ``asks_for`` is the right that it needs where its method does
    not say: GET reads, everything else writes. What it is for is what ``endpoint`` says of itself.
    """

    method: Method
    path: str
    endpoint: Endpoint
    answer: Any
    query: tuple[Parameter, ...] = ()
    body: Any = None
    errors: tuple[type[AccordError], ...] = ()
    status: int = 200
    media_type: str = ""
    otherwise: Mapping[int, Any] = field(default_factory=dict)
    recalled: bool = False
    asks_for: Right | None = None

    @property
    def right(self) -> Right:
        """What the asker must be allowed to do."""
        return self.asks_for or (Right.READ if self.method == "GET" else Right.WRITE)

    @property
    def id(self) -> str:
        """What to call it: ``getSubjectsBySubjectVersions``."""
        words = re.findall(r"\w+", re.sub(r"{(\w+)}", r"by/\1", self.path))
        return self.method.lower() + "".join(word.capitalize() for word in words or ["root"])

    @property
    def topic(self) -> str:
        """What it is about: the module of its endpoint."""
        return self.endpoint.__module__.rpartition(".")[2]

    @property
    def summary(self) -> str:
        """What it is for."""
        return (self.endpoint.__doc__ or "").partition("\n")[0].rstrip(".")

    @property
    def details(self) -> str:
        """What else there is to know about it."""
        return inspect.cleandoc((self.endpoint.__doc__ or "").partition("\n")[2])

    @property
    def segments(self) -> tuple[Segment, ...]:
        """What is filled into the path."""
        return tuple(IN_PATH[name] for name in re.findall(r"{(\w+)}", self.path))

    @property
    def refusals(self) -> tuple[type[AccordError], ...]:
        """Every error that an asker may get: its own, and those that come with what is asked and how."""
        parameters = (*self.segments, *self.query)
        of_parameters = (one.refusal for one in parameters if one.refusal is not None)
        of_body = () if self.body is None else _OF_BODIES
        of_answer = () if self.media_type else (NotAcceptable,)
        # Nothing follows the context before it.
        of_context = () if self.path == "/" else (MalformedContext,)
        return tuple(dict.fromkeys((*self.errors, *of_parameters, *of_body, *of_answer, *of_context)))


_OF_BODIES: Final = (MalformedBody, BodyMissing, BodyTooLarge, UnsupportedMediaType)
