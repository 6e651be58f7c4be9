"""Structured logging for everything that the command line runs: text for people, JSON for machines."""

import logging
import sys
from typing import Literal

import structlog

LogFormat = Literal["text", "json"]


def configure(*, log_format: LogFormat, verbosity: int) -> None:
    """Send every log record of this process to stderr.

    ``verbosity`` is -1 (errors only), 0 (what an operator wants to know) or 1 (everything). Fields given with
    ``extra={...}`` come out as fields of their own.
    """
    shared: list[structlog.types.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    ]
    final: list[structlog.types.Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if log_format == "json":
        final += [structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer()]
    else:
        final += [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                timestamp_key="time",
                exception_formatter=structlog.dev.plain_traceback,
            )
        ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=final))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel({-1: logging.ERROR, 0: logging.INFO}.get(verbosity, logging.DEBUG))
    for noisy in ("httpx2", "httpcore2", "asyncio", "urllib3"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
