"""What went wrong with a record, and what follows from it. Pure.

| what | then |
|---|---|
| its bytes, its key, its schema: a fault of the record | put aside at once |
| the registry does not answer | wait; never a dead letter |
| the handler fails | again, up to a number of tries; then put aside |
| the handler says Permanent, or what ``Retry.permanent`` names | put aside at once |
| the handler meets something that is away for now (UnavailableError, or what ``Retry.retryable`` names) | again, without limit |
| a wrong setting, a client of no further use | stop |
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from accord.codecs import InvalidData
from accord.errors import ConfigurationError, UnavailableError
from accord.kafka import ClientFailed
from accord.streams.errors import Permanent
from accord.streams.retry import Retry


class Stage(StrEnum):
    """Where a record failed."""

    KEY = "key"
    VALUE = "value"
    HANDLER = "handler"


class FaultCode(StrEnum):
    """Why a record was put aside, where the bytes are not to blame (those have ``DataFault``)."""

    KEY_NOT_UTF8 = "KEY_NOT_UTF8"
    UNKNOWN_SCHEMA_ID = "UNKNOWN_SCHEMA_ID"
    UNUSABLE_SCHEMA = "UNUSABLE_SCHEMA"
    UNEXPECTED_EVENT = "UNEXPECTED_EVENT"
    DECODER_FAILED = "DECODER_FAILED"
    HANDLER_FAILED = "HANDLER_FAILED"
    HANDLER_SAID_PERMANENT = "HANDLER_SAID_PERMANENT"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a record is put aside; ``schema_id`` or ``schema_guid`` is what it names its schema by, if it does."""

    stage: Stage
    code: str
    error: BaseException
    schema_id: int | None = None
    schema_guid: str | None = None


class BadRecord(Exception):
    """The record itself is at fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(text_of(fault.error))
        self.fault = fault


@dataclass(frozen=True, slots=True)
class PutAside:
    """Write it to the dead-letter topic."""

    fault: Fault


@dataclass(frozen=True, slots=True)
class TryAgain:
    """Handle it again after so many seconds; ``unlimited`` tries are not counted."""

    after_s: float
    unlimited: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """Handle nothing any more; the record stays as it is."""

    error: BaseException


Verdict = PutAside | TryAgain | Stop


def handler_verdict(
    error: Exception,
    *,
    attempts: int,
    waits: int,
    retry: Retry,
    dice: Callable[[], float],
    schema_id: int | None = None,
) -> Verdict:
    """What follows from a handler's failure: its ``attempts``-th on this record, after ``waits`` that do not count."""
    if isinstance(error, ConfigurationError | ClientFailed):
        return Stop(error)
    if isinstance(error, (Permanent, *retry.permanent)):
        return PutAside(Fault(Stage.HANDLER, FaultCode.HANDLER_SAID_PERMANENT, error, schema_id))
    if isinstance(error, (UnavailableError, *retry.retryable)):
        return TryAgain(retry.backoff.wait_s(attempts + waits, dice), unlimited=True)
    if attempts >= retry.tries:
        return PutAside(Fault(Stage.HANDLER, FaultCode.HANDLER_FAILED, error, schema_id))
    return TryAgain(retry.backoff.wait_s(attempts, dice))


def text_of(error: BaseException) -> str:
    """What an error says; its class's name if it cannot even say that."""
    try:
        return str(error)
    except Exception:  # noqa: BLE001 -- whoever wrote the class, the record must get where it goes
        return f"a {type(error).__qualname__} that cannot be put into words"


def data_fault(error: InvalidData, *, schema_id: int | None = None, schema_guid: str | None = None) -> Fault:
    """A fault of the value's bytes."""
    return Fault(Stage.VALUE, error.fault, error, schema_id, schema_guid)
