"""Logs of everything that the command line runs: text for people, JSON for machines.

Libraries log with ``logging``; fields given with ``extra={...}`` come out as fields of their own. What logs is not held up:
nothing is imported for it, and a line takes some microseconds.
"""

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, Literal

LogFormat = Literal["text", "json"]

_COLOURS: Final = {"debug": 2, "warning": 33, "error": 31, "critical": 31}
_OF_EVERY_RECORD: Final = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"}
_BREAKS_WORDS: Final = frozenset(" ='\"")


def configure(*, log_format: LogFormat, verbosity: int) -> None:
    """Send every log record of this process to stderr.

    ``verbosity`` is -1 (errors only), 0 (what an operator wants to know) or 1 (everything).
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if log_format == "json" else _Text(colours=sys.stderr.isatty()))
    if verbosity == 0:
        # That a registry is asked again matters to whoever looks after a service; a command says what came of it.
        handler.addFilter(lambda record: record.levelno > logging.INFO or not _is_of_client(record))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel({-1: logging.ERROR, 0: logging.INFO}.get(verbosity, logging.DEBUG))
    for noisy in ("httpx2", "httpcore2", "asyncio", "urllib3"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _is_of_client(record: logging.LogRecord) -> bool:
    return record.name.startswith("accord.client")


class _Text(logging.Formatter):
    """``2026-03-01T12:00:00.000000Z [info     ] what happened                  [logger] name=value``."""

    def __init__(self, *, colours: bool) -> None:
        super().__init__()
        self._colours = colours

    def format(self, record: logging.LogRecord) -> str:
        level = record.levelname.lower()
        shown = f"{level:9}"
        if self._colours and level in _COLOURS:
            shown = f"\x1b[{_COLOURS[level]}m{shown}\x1b[0m"
        line = f"{_time(record)} [{shown}] {record.getMessage():30} [{record.name}]"
        for name, value in sorted(_fields(record).items()):
            line += f" {name}={_word(value)}"
        return "\n".join(part for part in (line, self._trace(record)) if part)

    def _trace(self, record: logging.LogRecord) -> str:
        raised = self.formatException(record.exc_info) if record.exc_info else ""
        return "\n".join(part for part in (raised, record.stack_info) if part)


class _Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "event": record.getMessage(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "time": _time(record),
        }
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            told["stack"] = record.stack_info
        # A field cannot stand for what every line tells.
        return json.dumps({**told, **_fields(record), **told}, default=repr)


def _time(record: logging.LogRecord) -> str:
    return f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def _fields(record: logging.LogRecord) -> Mapping[str, object]:
    return {name: value for name, value in vars(record).items() if name not in _OF_EVERY_RECORD}


def _word(value: object) -> str:
    """The value as one word, so that every field can be told from the next."""
    if isinstance(value, str) and value.isprintable() and not _BREAKS_WORDS & set(value):
        return value
    return repr(value)
