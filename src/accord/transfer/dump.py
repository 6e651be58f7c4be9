"""The dump: a registry's records as lines of JSON, in a format with a version. Pure.

    {"format": "accord-registry-dump", "version": 1, "from": "…", "at": "…", "by": "…", "exact": true}
    {"key": "…", "value": "…", "timestampMs": 1700000000000}
    {"key": "…", "value": null, "timestampMs": 1700000000000}
    {"log": "_accord"}
    {"key": "…", "value": "…", "timestampMs": 1700000000000}
    {"end": 3, "sha256": "…"}

What stands behind the line that names the second log are its records. Version 1 had no such line; where there is nothing to
put behind it, version 1 is what is written, which any Accord reads. Keys and values are the log's bytes as text; bytes that are no UTF-8 stand as ``keyBase64`` and ``valueBase64``. The last
line counts the records, so that a dump that was cut off is noticed, and ``sha256`` covers every byte before that line.
Every later version of this project reads every version of the format.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from accord.registry.log.lines import record_line, record_of
from accord.registry.log.port import Record
from accord.transfer.errors import DumpDamaged, PlaceRefused

FORMAT: Final = "accord-registry-dump"
VERSION: Final = 2

_WITHOUT_REPORTS: Final = 1
_SECOND_LOG: Final = "_accord"

_AGAIN: Final = "make the dump again, or take another copy of it"
_CHANGED: Final = "take another copy; if it was changed on purpose, take 'sha256' out of its last line"
_AS_TEXT: Final = (
    "its lines end with CR LF: something carried it as text; take another copy, as it is, byte for byte"
)


@dataclass(frozen=True, slots=True)
class DumpHeader:
    """Where a dump came from: the address, the time (ISO 8601, UTC), and the program.

    ``exact`` says that its records are the log's own, and not composed from what a registry told.
    """

    origin: str
    made_at: str
    made_by: str
    exact: bool


@dataclass(frozen=True, slots=True)
class Dump:
    """What a dump holds; ``reports`` are the records of the second log, None where it has none."""

    header: DumpHeader
    records: list[Record]
    reports: list[Record] | None = None


def write(header: DumpHeader, records: Iterable[Record], reports: Sequence[Record] = ()) -> Iterator[bytes]:
    """The lines of a dump."""
    digest = hashlib.sha256()
    line = _line(_Header.of(header, VERSION if reports else _WITHOUT_REPORTS))
    digest.update(line)
    yield line
    count = 0
    for record in records:
        count += 1
        line = record_line(record)
        digest.update(line)
        yield line
    for line in (_line(_Log(log=_SECOND_LOG)), *map(record_line, reports)) if reports else ():
        digest.update(line)
        yield line
    yield _line(_End(end=count + len(reports), sha256=digest.hexdigest()))


def is_dump(first_line: bytes) -> bool:
    """Whether a text that begins with this line is a dump, of whatever version."""
    try:
        return msgspec.json.decode(first_line, type=_Versioned).format == FORMAT
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return False


def read(name: str, lines: Iterable[bytes]) -> Dump:
    """What a dump holds that is called ``name``; every line ends with a line break.

    Raises PlaceRefused if it was written by a newer version, DumpDamaged if it is not what was written.
    """
    rest = iter(lines)
    digest = hashlib.sha256()
    first = next(rest, b"")
    header, version = _header(name, first)
    digest.update(first)
    records: list[Record] = []
    reports: list[Record] | None = None
    count = 0
    for number, line in enumerate(rest, 2):
        if line.startswith(b'{"end":'):
            hint = _AS_TEXT if first.endswith(b"\r\n") else _CHANGED
            _require_end(name, line, count, digest.hexdigest(), hint=hint)
            _require_nothing_after(name, rest)
            return Dump(header, records, reports)
        digest.update(line)
        if reports is None and version > _WITHOUT_REPORTS and line.startswith(b'{"log":'):
            _require_second_log(name, number, line)
            reports = []
            continue
        (records if reports is None else reports).append(_record(name, number, line))
        count += 1
    raise DumpDamaged(f"{name} is cut off after {count} records: its last line is missing", hint=_AGAIN)


class _Versioned(msgspec.Struct):
    format: str
    version: int


class _Header(msgspec.Struct):
    format: str
    version: int
    origin: str = msgspec.field(name="from")
    at: str
    by: str
    exact: bool

    @classmethod
    def of(cls, header: DumpHeader, version: int) -> "_Header":
        return cls(FORMAT, version, header.origin, header.made_at, header.made_by, header.exact)


class _Log(msgspec.Struct):
    log: str


class _End(msgspec.Struct):
    end: int
    # Whoever changes a dump on purpose takes it out.
    sha256: str | None = None


def _line(document: msgspec.Struct) -> bytes:
    return msgspec.json.encode(document) + b"\n"


def _header(name: str, line: bytes) -> tuple[DumpHeader, int]:
    """What the first line says, and in which version of the format. Raises PlaceRefused, DumpDamaged."""
    try:
        version = msgspec.json.decode(line, type=_Versioned).version
        if version > VERSION:
            raise PlaceRefused(
                f"{name} was written by a newer Accord: its format is {version}, and this one knows up to {VERSION}",
                hint="use the newer Accord to read it",
            )
        header = msgspec.json.decode(line, type=_Header)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise DumpDamaged(f"{name} has no header that can be read: {error}", hint=_AGAIN) from error
    return DumpHeader(header.origin, header.at, header.by, header.exact), version


def _record(name: str, number: int, line: bytes) -> Record:
    try:
        return record_of(line)
    except (msgspec.MsgspecError, ValueError) as error:
        cut_off = not line.endswith(b"\n")
        what = "is cut off in" if cut_off else "cannot be read at"
        raise DumpDamaged(f"{name} {what} line {number}: {error}", hint=_AGAIN) from error


def _require_second_log(name: str, number: int, line: bytes) -> None:
    try:
        named = msgspec.json.decode(line, type=_Log).log
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise DumpDamaged(f"{name} cannot be read at line {number}: {error}", hint=_AGAIN) from error
    if named != _SECOND_LOG:
        raise DumpDamaged(f"{name} names a log at line {number} that no registry has: '{named}'", hint=_AGAIN)


def _require_end(name: str, line: bytes, count: int, digest: str, *, hint: str) -> None:
    try:
        end = msgspec.json.decode(line, type=_End)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise DumpDamaged(f"{name} is cut off in its last line", hint=_AGAIN) from error
    if end.end != count:
        raise DumpDamaged(f"{name} holds {count} records, and its last line says {end.end}", hint=_AGAIN)
    if end.sha256 is not None and end.sha256 != digest:
        raise DumpDamaged(
            f"{name} is not what was written: its checksum does not fit",
            hint=hint,
        )


def _require_nothing_after(name: str, rest: Iterator[bytes]) -> None:
    if any(line.strip() for line in rest):
        raise DumpDamaged(f"{name} goes on after its last line", hint=_AGAIN)
