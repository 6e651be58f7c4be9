"""``/accord/v1/readers`` and the like: who reads what, what runs where, what was verified, as it was reported."""

from collections.abc import Callable, Iterator
from typing import Final, TypeVar

import msgspec

from accord.registry.core.contexts import Context, context_of, normalized
from accord.registry.http.errors import MalformedBody
from accord.registry.http.exchange import Endpoint, Request, Response
from accord.registry.http.metrics import RegistryMetrics
from accord.registry.http.operation import NOT_WRITTEN, PAGE, Operation, Right
from accord.registry.http.parameters import Word
from accord.registry.http.requests import in_time, page_of, sent_in
from accord.registry.node import RegistryNode
from accord.registry.reports import reading
from accord.registry.reports.bodies import MAX_REPORT_BYTES
from accord.registry.reports.commands import ForgetReport, MakeReport
from accord.registry.reports.errors import ReportError, ReportNotFound, ReportRefused, ReportsFull
from accord.registry.reports.events import Reported
from accord.registry.reports.kinds import KINDS, Kind
from accord.registry.reports.state import KeptReport

_MEANINGS: Final = {
    "service": "The name of a service.",
    "subject": "A subject; `:.eu:` for all in the context `.eu`, where several are listed.",
    "origin": "`claim` for what a service says itself, `observed` for what its client reported.",
    "environment": "Where it runs.",
    "version": "The version of the service.",
    "consumer": "The name of a service that reads.",
    "consumerVersion": "The version of that service.",
    "fingerprint": "The GUID of the schema that was verified.",
    "id": "The name of a rollout.",
    "contract": "The id of a contract.",
    "rule": "The id of a rule.",
    "state": "`running`, `done` or `rolled back`.",
    "path": "A field by its dotted name; none for the whole contract.",
}

_CONTEXT: Final = Word(
    "subject", "Names the context of subjects in the body that name none, as in `:.eu:`.", ":.eu:"
)

F = TypeVar("F", bound=Callable[..., object])


class Reports:
    """Serves what was reported to one node."""

    def __init__(self, node: RegistryNode, metrics: RegistryMetrics) -> None:
        self._ledger = node.ledger
        self._metrics = metrics

    def operations(self) -> list[Operation]:
        """What can be done, the same for each kind of report."""
        return [operation for kind in KINDS for operation in self._operations(kind)]

    def _operations(self, kind: Kind) -> Iterator[Operation]:
        path = f"/accord/v1/{kind.path}"
        filters = tuple(Word(name, _MEANINGS[name]) for name in kind.filters)
        key = filters[: len(kind.key)]
        yield Operation(
            "POST",
            path,
            self._report(kind),
            kind.body,
            query=(_CONTEXT,),
            body=kind.body,
            errors=(ReportRefused, ReportsFull, *NOT_WRITTEN),
            asks_for=Right.REPORT,
        )
        yield Operation("GET", path, self._list(kind, filters), list[kind.body], query=(*filters, *PAGE))  # type: ignore[name-defined]  # known when it runs
        yield Operation(
            "DELETE",
            path,
            self._forget(kind, key),
            None,
            query=key,
            errors=(ReportRefused, ReportNotFound, *NOT_WRITTEN),
            status=204,
            asks_for=Right.REPORT,
        )

    def _report(self, kind: Kind) -> Endpoint:
        async def report(request: Request) -> Response:
            try:
                context = context_of(normalized(_CONTEXT.of(request)))
                sent = await sent_in(request, limit_bytes=MAX_REPORT_BYTES)
                command = await in_time(sent, lambda: _command(kind, sent, context))
                made = await self._ledger.execute(command)
            except ReportError:
                self._metrics.reported(kind.word, "refused")
                raise
            self._metrics.reported(kind.word, "kept")
            return Response(b"".join(event.text for event in made if isinstance(event, Reported)))

        return _documented(
            report,
            f"Report a {kind.word}: {kind.meaning}.\n\n"
            f"It takes the place of one with the same {_gathered(kind.key)}.{_kept(kind)} "
            f"Other members than these are kept as they are; a report may have up to {MAX_REPORT_BYTES >> 20} MiB.",
        )

    def _list(self, kind: Kind, filters: tuple[Word, ...]) -> Endpoint:
        async def list_reports(request: Request) -> Response:
            named = {word.name: word.of(request) for word in filters if word.given(request)}
            found = page_of(request, self._ledger.state.select(kind, reading.wanted(named)))
            return Response(_array(found))

        return _documented(
            list_reports,
            f"List the {kind.path} that were reported: {kind.meaning}. Parameters narrow it down.",
        )

    def _forget(self, kind: Kind, key: tuple[Word, ...]) -> Endpoint:
        async def forget(request: Request) -> Response:
            named = {word.name: word.of(request) for word in key if word.given(request)}
            await self._ledger.execute(ForgetReport(kind, reading.key_of(kind, named)))
            return Response(status=204)

        return _documented(forget, f"Forget a {kind.word}. The whole key must be named.")


def _command(kind: Kind, sent: bytes, context: Context) -> MakeReport:
    try:
        return MakeReport.of(kind, reading.read(kind, sent, context=context))
    except RecursionError as error:
        raise MalformedBody("the body is nested too deeply", hint="send less depth") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedBody(f"the body is no JSON: {error}", hint="send a JSON object") from error


def _array(reports: list[KeptReport]) -> bytes:
    return b"[" + b",".join(report.text for report in reports) + b"]"


def _documented(endpoint: F, words: str) -> F:
    endpoint.__doc__ = words
    return endpoint


def _gathered(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _kept(kind: Kind) -> str:
    if not kind.most:
        return ""
    return f" Of those with the same {_gathered(kind.among)}, the {kind.most} newest by {kind.dated_by} are kept."
