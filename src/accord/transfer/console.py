"""What ``kafka-console-consumer --property print.key=true`` prints of a ``_schemas`` topic. Pure.

A record is a line: the key, a tab, the value, and ``null`` for a value that is none. With ``print.timestamp=true`` the
time stands before that (``CreateTime:1700000000000``); without it nobody knows, and it is taken to be 0.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from accord.registry.log.port import Record
from accord.transfer.errors import DumpDamaged

_TIMESTAMP: Final = re.compile(rb"(?:CreateTime|LogAppendTime|NoTimestampType):(-?[0-9]+)")
_BESIDE: Final = re.compile(rb"(?:Partition|Offset):[0-9]+|NO_HEADERS")
_LAST_WORDS: Final = re.compile(rb"Processed a total of [0-9]+ messages")


def is_console_output(first_line: bytes) -> bool:
    """Whether a text that begins with this line may be such an output."""
    return b"\t" in first_line and b'"keytype"' in first_line


def read(name: str, lines: Iterable[bytes]) -> Iterator[Record]:
    """The records of an output that is called ``name``. Raises DumpDamaged for a line that is no record."""
    for number, line in enumerate(lines, 1):
        text = line.rstrip(b"\r\n")
        if not text or _LAST_WORDS.fullmatch(text):
            continue
        timestamp_ms, fields = _fields(text)
        if len(fields) != _KEY_AND_VALUE:
            raise DumpDamaged(
                f"line {number} of {name} is no key and value with a tab between them",
                hint="print the topic with kafka-console-consumer --from-beginning --property print.key=true",
            )
        key, value = fields
        yield Record(key, None if value == b"null" else value, timestamp_ms)


_KEY_AND_VALUE: Final = 2


def _fields(line: bytes) -> tuple[int, list[bytes]]:
    timestamp_ms = 0
    fields = line.split(b"\t")
    while fields:
        told = _TIMESTAMP.fullmatch(fields[0])
        if told:
            timestamp_ms = max(0, int(told[1]))
        elif not _BESIDE.fullmatch(fields[0]):
            break
        fields = fields[1:]
    return timestamp_ms, fields
