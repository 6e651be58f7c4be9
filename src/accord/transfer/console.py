"""What ``kafka-console-consumer --property print.key=true`` prints of a ``_schemas`` topic. Pure.

A record is a line: the key, a tab, the value, and ``null`` for what is none. With ``print.timestamp=true`` the time stands
before that (``CreateTime:1700000000000``); without it nobody knows, and it is taken to be 0. Partition, offset and headers
may stand there, too. What the program says before its first record, and how many there were, is understood.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from accord.registry.log.port import Record
from accord.transfer.errors import DumpDamaged
from accord.transfer.words import shown

_TIMESTAMP: Final = re.compile(rb"(?:CreateTime|LogAppendTime|NoTimestampType):(-?[0-9]+)")
_BESIDE: Final = re.compile(rb"(?:Partition|Offset):[0-9]+|NO_HEADERS")
_LAST_WORDS: Final = re.compile(rb"Processed a total of ([0-9]+) messages")
_NONE: Final = b"null"
_AGAIN: Final = "print the topic with kafka-console-consumer --from-beginning --property print.key=true"


@dataclass(slots=True)
class Printed:
    """What was printed: the records, how many had no key, and whether any of them said when it was written."""

    records: list[Record] = field(default_factory=list)
    without_key: int = 0
    timed: bool = False


def is_console_output(lines: Iterable[bytes]) -> bool:
    """Whether a text of these lines may be such an output."""
    return any(b"\t" in line and b'"keytype"' in line for line in lines)


def read(name: str, lines: Iterable[bytes]) -> Printed:
    """What stands in an output that is called ``name``.

    Raises DumpDamaged for a line that is no record, or if the program printed another number of them.
    """
    printed = Printed()
    messages = 0
    for number, line in enumerate(lines, 1):
        text = line.rstrip(b"\r\n")
        last_words = _LAST_WORDS.fullmatch(text)
        if last_words and int(last_words[1]) != messages:
            raise DumpDamaged(
                f"{name} says that it holds {int(last_words[1]):,} messages, and there are {messages:,}",
                hint="print the topic again",
            )
        # Before the first record the program may have had something to say.
        if not text or last_words or (messages == 0 and b"\t" not in text):
            continue
        messages += 1
        _take(printed, f"line {number} of {name}", text)
    return printed


def _take(printed: Printed, place: str, line: bytes) -> None:
    timestamp_ms, line, timed = _without_columns_before(line)
    key, tab, value = line.partition(b"\t")
    if not tab:
        raise DumpDamaged(f"{place} is no key and value with a tab between them: {shown(key)!r}", hint=_AGAIN)
    if not key.startswith(b"{") and b'"keytype"' in value.partition(b"\t")[0]:
        # Headers are printed as they are.
        key, tab, value = value.partition(b"\t")
        if not tab:
            raise DumpDamaged(
                f"{place} has {shown(line.partition(bytes([9]))[0])!r} where its key should be",
                hint=f"{_AGAIN}, and nothing but print.timestamp=true beside",
            )
    printed.timed = printed.timed or timed
    if key == _NONE:
        printed.without_key += 1
        return
    printed.records.append(Record(key, None if value == _NONE else value, timestamp_ms))


def _without_columns_before(line: bytes) -> tuple[int, bytes, bool]:
    """The time, the rest of the line, and whether the time is told."""
    timestamp_ms, timed = 0, False
    while True:
        column, _, rest = line.partition(b"\t")
        told = _TIMESTAMP.fullmatch(column)
        if told:
            timestamp_ms, timed = max(0, int(told[1])), True
        elif not _BESIDE.fullmatch(column):
            return timestamp_ms, line, timed
        line = rest
