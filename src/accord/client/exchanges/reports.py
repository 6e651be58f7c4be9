"""Reports: who reads what, what runs where, and what else is told. Accord's own part of the API."""

from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from accord.client.errors import RegistryError
from accord.client.exchanges.exchange import Exchange, query
from accord.client.http import Request, Response
from accord.client.refusals import refusal_of_reports
from accord.client.reports import Report

A = TypeVar("A")
R = TypeVar("R", bound=Report)


class _AboutReports(Exchange[A]):
    __slots__ = ()

    def refuse(self, response: Response) -> RegistryError:
        """What an answer means that is not the one asked for."""
        return refusal_of_reports(response)


@dataclass(frozen=True, slots=True)
class TellReport(_AboutReports[R], Generic[R]):
    """Keep a report, in the place of an earlier one with the same key."""

    report: R

    @property
    def request(self) -> Request:
        """What to send."""
        # What is said of time and left out is set by the registry.
        members = {
            name: value
            for name, value in msgspec.to_builtins(self.report).items()
            if value is not None or not name.endswith("AtMs")
        }
        return Request("POST", _path(type(self.report)), (), msgspec.json.encode(members))

    def read(self, body: bytes) -> R:
        """The report as it is kept."""
        return msgspec.json.decode(body, type=type(self.report))


@dataclass(frozen=True, slots=True)
class ListReports(_AboutReports[list[R]], Generic[R]):
    """The reports of a kind; of ``wanted`` members of the key, those that are not None have to be the same."""

    kind: type[R]
    wanted: tuple[tuple[str, str | None], ...] = ()

    @property
    def request(self) -> Request:
        """What to send."""
        return Request("GET", _path(self.kind), query(**dict(self.wanted)))

    def read(self, body: bytes) -> list[R]:
        """The reports."""
        # mypy takes list[self.kind] for a type that it cannot know.
        reports: list[R] = msgspec.json.decode(body, type=list[self.kind])  # type: ignore[name-defined]
        return reports


@dataclass(frozen=True, slots=True)
class ForgetReport(_AboutReports[None], Generic[R]):
    """Forget the report that has the same key as this one."""

    report: R

    @property
    def repeatable(self) -> bool:
        """No: a second call finds nothing."""
        return False

    @property
    def request(self) -> Request:
        """What to send."""
        return Request("DELETE", _path(type(self.report)), _identity(self.report))

    def read(self, body: bytes) -> None:
        """Nothing is told."""


def _path(kind: type[Report]) -> str:
    return f"/accord/v1/{kind.endpoint}"


def _identity(report: Report) -> tuple[tuple[str, str], ...]:
    members = msgspec.to_builtins(report)
    return query(**{name: members[name] for name in report.identity})
