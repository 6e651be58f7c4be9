"""``/accord/v1/readers`` and the like: who reads what, what runs where, what was verified, as it was reported."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from itertools import accumulate
from typing import Final, TypeVar

import msgspec

from accord.registry.core.contexts import Context, context_of, normalized
from accord.registry.http.errors import MalformedBody
from accord.registry.http.exchange import Endpoint, Request, Response, Streamed
from accord.registry.http.metrics import RegistryMetrics
from accord.registry.http.operation import NOT_WRITTEN, PAGE, Operation, Right
from accord.registry.http.parameters import Word
from accord.registry.http.requests import page_of, sent_in
from accord.registry.node import RegistryNode
from accord.registry.reports import reading
from accord.registry.reports.bodies import MAX_DEPTH, MAX_REPORT_BYTES
from accord.registry.reports.commands import ForgetReport, MakeReport
from accord.registry.reports.errors import ReportError, ReportNotFound, ReportRefused, ReportsFull
from accord.registry.reports.events import Reported
from accord.registry.reports.kinds import KINDS, Kind
from accord.registry.reports.state import KeptReport, Wanted

_MEANINGS: Final = {
    "service": "The name of a service.",
    "subject": "A subject.",
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

_SUBJECTS: Final = "A subject; `:.eu:` for all in the context `.eu`."

_CONTEXT: Final = Word(
    "subject", "Names the context of subjects in the body that name none, as in `:.eu:`.", ":.eu:"
)

_LARGE_BYTES: Final = 8 << 10
"""Reading a report of this size takes half a millisecond that others would wait, times those who report at once."""
_CHUNK_BYTES: Final = 256 << 10
"""A list that is longer goes out in parts of this size."""

F = TypeVar("F", bound=Callable[..., object])


class Reports:
    """Serves what was reported to one node."""

    def __init__(self, node: RegistryNode, metrics: RegistryMetrics) -> None:
        self._ledger = node.ledger
        self._metrics = metrics
        # One at a time: of many threads that read JSON, each keeps the loop waiting.
        self._reading = asyncio.Lock()
        self._looking = asyncio.Lock()

    def operations(self) -> list[Operation]:
        """What can be done, the same for each kind of report."""
        return [operation for kind in KINDS for operation in self._operations(kind)]

    def _operations(self, kind: Kind) -> Iterator[Operation]:
        path = f"/accord/v1/{kind.path}"
        meanings = {**_MEANINGS, "subject": _SUBJECTS}
        filters = tuple(Word(name, meanings[name]) for name in kind.filters)
        key = tuple(
            Word(name, _MEANINGS[name], required=reading.must_be_named(kind, name)) for name in kind.key
        )
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
                command = await self._command(kind, sent, context)
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
            f"Other members than these are kept as they are; a report may have up to {MAX_REPORT_BYTES >> 20} MiB "
            f"and {MAX_DEPTH} levels.",
        )

    def _list(self, kind: Kind, filters: tuple[Word, ...]) -> Endpoint:
        async def list_reports(request: Request) -> Response:
            named = {word.name: word.of(request) for word in filters if word.given(request)}
            found = page_of(request, await self._select(kind, reading.wanted(named)))
            if _is_long(found):
                return Streamed(_array_in_parts(found), media_type=request.media_type.decode())
            return Response(_array(found))

        return _documented(
            list_reports,
            f"List the {kind.path} that were reported: {kind.meaning}. Parameters narrow it down.",
        )

    async def _command(self, kind: Kind, sent: bytes, context: Context) -> MakeReport:
        if len(sent) <= _LARGE_BYTES:
            return _command(kind, sent, context)
        async with self._reading:
            return await asyncio.to_thread(_command, kind, sent, context)

    async def _select(self, kind: Kind, wanted: Mapping[str, Wanted]) -> list[KeptReport]:
        """The reports that are wanted; others get their turn while it is looked for them."""
        async with self._looking:
            found: list[KeptReport] = []
            for part in self._ledger.state.parts(kind, wanted):
                found += part
                await asyncio.sleep(0)
            return found

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


def _is_long(reports: list[KeptReport]) -> bool:
    lengths = accumulate(len(report.text) for report in reports)
    return any(length > _CHUNK_BYTES for length in lengths)


async def _array_in_parts(reports: list[KeptReport]) -> AsyncIterator[bytes]:
    chunk, size = [b"["], 0
    for number, report in enumerate(reports):
        chunk += (b",", report.text) if number else (report.text,)
        size += len(report.text)
        if size >= _CHUNK_BYTES:
            yield b"".join(chunk)
            chunk, size = [], 0
            # A fast reader takes it at once, and others would wait for the next part.
            await asyncio.sleep(0)
    yield b"".join((*chunk, b"]"))


def _documented(endpoint: F, words: str) -> F:
    endpoint.__doc__ = words
    return endpoint


def _gathered(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _kept(kind: Kind) -> str:
    if not kind.most:
        return ""
    return f" Of those with the same {_gathered(kind.among)}, the {kind.most} newest by {kind.dated_by} are kept."
