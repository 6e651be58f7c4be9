"""The schemas that records were written with, and what to do while the registry cannot tell them.

An id that the registry does not know, asked several times, is a fault of the record. Anything else that keeps the
registry from answering is an outage: every record that needs an unknown id waits, and none is put aside. What no waiting
can mend (an answer that makes no sense, credentials that are refused) is an outage as well, and an alarm at once.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from accord.client import NotFound, Registry, RegistryError
from accord.errors import UnavailableError
from accord.schemas import Schema, SchemaGuid, SchemaId
from accord.streams.faults import BadRecord, Fault, FaultCode, Stage
from accord.streams.retry import Backoff

logger = logging.getLogger(__name__)

SCHEMA_NOT_FOUND: Final = 40403
# A follower may not know yet what the leader has just registered.
CONFIRMATIONS: Final = 3
CONFIRM_AFTER_S: Final = 0.3
UNKNOWN_FOR_S: Final = 60.0
MAX_DENIALS: Final = 10_000
ALARM_AFTER_S: Final = 30.0
BACKOFF: Final = Backoff(first_s=0.25, longest_s=15.0)


Written = SchemaId | SchemaGuid
"""How a record names the schema that it was written with."""


class RegistryWait(Exception):
    """The registry has to be asked, and cannot answer now."""

    def __init__(self, after_s: float) -> None:
        super().__init__(f"asking again in {after_s:.2f} s")
        self.after_s = after_s


@dataclass(frozen=True, slots=True)
class WriterSchema:
    """A schema, and by reference name what it refers to."""

    schema: Schema
    referenced: Mapping[str, Schema]


@dataclass(slots=True)
class _Denial:
    """The registry said that it does not know an id."""

    answers: int = 0
    until: float = 0.0


@dataclass(slots=True)
class _Outage:
    """The registry does not answer: how often in a row, since when, and when it is asked again."""

    failures: int = 0
    since: float = 0.0
    until: float = 0.0


@dataclass(slots=True)
class WriterSchemas:
    """Asks ``registry``, never more often than makes sense."""

    registry: Registry
    clock: Callable[[], float] = time.monotonic
    dice: Callable[[], float] = random.random
    _denials: dict[Written, _Denial] = field(default_factory=dict)
    _outage: _Outage = field(default_factory=_Outage)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_away(self) -> bool:
        """Whether the registry did not answer when it was asked last."""
        return self._outage.failures > 0

    def get(self, written_as: Written) -> WriterSchema:
        """The schema of an id or a GUID. Raises BadRecord if there is none, RegistryWait if nobody can tell now."""
        with self._lock:
            self._check(written_as)
        try:
            schema = (
                self.registry.schema_by_guid(written_as, patient=False)
                if isinstance(written_as, str)
                else self.registry.schema_by_id(written_as, patient=False)
            )
            written = WriterSchema(schema, self.registry.referenced_by(schema) if schema.references else {})
        except RegistryError as error:
            with self._lock:
                if isinstance(error, NotFound) and error.error_code == SCHEMA_NOT_FOUND:
                    self._deny(written_as, error)
                raise self._wait(error) from error
        with self._lock:
            self._recover()
        return written

    def _check(self, written_as: Written) -> None:
        now = self.clock()
        denial = self._denials.get(written_as)
        if denial is not None and denial.answers >= CONFIRMATIONS and now < denial.until:
            raise BadRecord(_unknown(written_as))
        if now < self._outage.until:
            raise RegistryWait(self._outage.until - now)

    def _deny(self, written_as: Written, error: NotFound) -> None:
        """The registry works, and does not know the id: ask again, or believe it for a while."""
        self._recover()
        if len(self._denials) >= MAX_DENIALS:
            self._denials.clear()
        denial = self._denials.setdefault(written_as, _Denial())
        denial.answers += 1
        if denial.answers < CONFIRMATIONS:
            raise RegistryWait(CONFIRM_AFTER_S) from error
        denial.until = self.clock() + UNKNOWN_FOR_S
        raise BadRecord(_unknown(written_as, error)) from error

    def _wait(self, error: RegistryError) -> RegistryWait:
        now = self.clock()
        if self._outage.failures == 0:
            self._outage.since = now
        self._outage.failures += 1
        wait_s = BACKOFF.wait_s(self._outage.failures, self.dice)
        self._outage.until = now + wait_s
        may_pass = isinstance(error, UnavailableError) and now - self._outage.since <= ALARM_AFTER_S
        logger.log(
            logging.WARNING if may_pass else logging.ERROR,
            "records wait for the registry: %s",
            error.message,
            extra={
                "since_s": round(now - self._outage.since, 1),
                "again_in_s": round(wait_s, 2),
                "hint": error.hint,
            },
        )
        return RegistryWait(wait_s)

    def _recover(self) -> None:
        if self._outage.failures:
            logger.info(
                "the registry answers again", extra={"after_s": round(self.clock() - self._outage.since, 1)}
            )
        self._outage = _Outage()


def _unknown(written_as: Written, error: NotFound | None = None) -> Fault:
    error = error or NotFound(f"Schema {written_as} not found", error_code=SCHEMA_NOT_FOUND)
    schema_id, schema_guid = (None, written_as) if isinstance(written_as, str) else (written_as, None)
    return Fault(Stage.VALUE, FaultCode.UNKNOWN_SCHEMA_ID, error, schema_id, schema_guid)
