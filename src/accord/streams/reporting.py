"""Telling the registry who reads what: once, beside the start and never in its way.

What a consumer reads is seen in its contracts, so nothing is counted and no record is looked at. A registry that takes no
reports, or none from us, is no reason to worry anybody.
"""

import logging
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from weakref import WeakKeyDictionary

import msgspec

from accord.client import (
    Patience,
    ReaderReport,
    Registry,
    RegistryRefused,
    ReportedSchema,
    ReportsUnsupported,
    exchanges,
)
from accord.errors import AccordError, ConfigurationError
from accord.streams.contract import Contract
from accord.streams.mapped_fields import mapped_fields

logger = logging.getLogger(__name__)

ONCE: Final = Patience(tries=1)
CLOSE_WITHIN_S: Final = 1.0


def observed(contracts: Iterable[Contract[Any]], *, service: str, group: str) -> tuple[ReaderReport, ...]:
    """What a member of ``group`` that reads by these contracts is seen to read."""
    return tuple(
        ReaderReport(
            service=service,
            subject=contract.subject,
            origin="observed",
            groups=(group,),
            fields=mapped_fields(contract),
            schema=ReportedSchema.of(contract.schema),
        )
        for contract in contracts
    )


class Reporting:
    """Tells ``registry`` what a member of ``group`` reads, on a thread of its own that ends when it is done.

    ``service`` is its name, or else the group's. Without contracts nothing is told. Raises ConfigurationError.
    """

    def __init__(
        self,
        registry: Registry,
        contracts: Sequence[Contract[Any]],
        *,
        service: str | None,
        group: str,
    ) -> None:
        self._registry = registry
        self._contracts = contracts
        self._service = _name(service, group)
        self._group = group
        self._thread: threading.Thread | None = None
        self._began = 0.0

    def start(self) -> None:
        """Begin; nobody has to wait for it."""
        if self._contracts:
            self._began = time.monotonic()
            thread = threading.Thread(target=self._run, name="accord-readers", daemon=True)
            try:
                thread.start()
            except RuntimeError as error:
                # There may be no more threads; the consumer has its own by now.
                logger.debug("the registry was not told who reads what: %s", error)
            else:
                self._thread = thread

    def close(self) -> None:
        """Give what is on its way a moment to arrive, counted from the start; a registry that does not answer keeps nobody.

        So an application of many groups waits for one moment, and one that has been running for long for none.
        """
        if self._thread is not None:
            self._thread.join(max(0.0, self._began + CLOSE_WITHIN_S - time.monotonic()))

    def _run(self) -> None:
        try:
            tell(self._registry, observed(self._contracts, service=self._service, group=self._group))
        except AccordError as error:
            logger.debug("the registry was not told who reads what: %s", error.message)
        except Exception as error:  # noqa: BLE001 -- what is wrong with a report is no matter to who handles records
            logger.debug("the registry was not told who reads what: %r", error)


@dataclass(slots=True)
class _Told:
    """What a client of a registry was used to tell, by service and subject."""

    reports: dict[tuple[str, str], ReaderReport] = field(default_factory=dict)
    takes_none: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def tell(self, registry: Registry, reports: Iterable[ReaderReport]) -> None:
        """Tell what was not told yet; where some is refused, the rest all the same. Raises RegistryError, and ClientClosed."""
        refused: RegistryRefused | None = None
        # Whoever comes later has to know what came before, also where that is still on its way.
        with self.lock:
            for report in reports:
                place = report.service, report.subject
                known = self.reports.get(place)
                whole = report if known is None else _both(known, report)
                if whole == known or self.takes_none:
                    continue
                try:
                    registry.ask(exchanges.TellReport(whole), patience=ONCE)
                except ReportsUnsupported:
                    self.takes_none = True
                    raise
                except RegistryRefused as error:
                    refused = error
                else:
                    self.reports[place] = whole
        if refused is not None:
            raise refused


def tell(registry: Registry, reports: Iterable[ReaderReport]) -> None:
    """Tell a registry what was not told yet by this client of it. Raises RegistryError, and ClientClosed."""
    _told_to(registry).tell(registry, reports)


_everywhere: Final[WeakKeyDictionary[Registry, _Told]] = WeakKeyDictionary()
_meeting: Final = threading.Lock()


def _told_to(registry: Registry) -> _Told:
    with _meeting:
        return _everywhere.setdefault(registry, _Told())


def _name(service: str | None, group: str) -> str:
    if service is not None and not service.strip():
        raise ConfigurationError(
            "a service has a name", hint="leave it out, and the consumer group stands for it"
        )
    return service or group


def _both(one: ReaderReport, other: ReaderReport) -> ReaderReport:
    """Two consumers of one service that read the same subject."""
    fields = None if one.fields is None or other.fields is None else (*one.fields, *other.fields)
    return msgspec.structs.replace(
        one,
        groups=tuple(sorted({*one.groups, *other.groups})),
        fields=None if fields is None else tuple(dict.fromkeys(fields)),
        # Two programs, two schemas: the fields say what is common.
        schema=one.schema if one.schema == other.schema else None,
    )
