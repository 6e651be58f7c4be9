from pathlib import Path

import pytest

from accord.registry.log.port import Record
from accord.transfer import console
from accord.transfer.errors import DumpDamaged

KEY = b'{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}'
VALUE = b'{"subject":"s","version":1,"id":1,"schema":"\\"int\\"","deleted":false}'


@pytest.mark.parametrize(
    ("line", "record"),
    [
        (KEY + b"\t" + VALUE + b"\n", Record(KEY, VALUE, 0)),
        (KEY + b"\tnull\n", Record(KEY, None, 0)),
        (KEY + b"\t" + VALUE + b"\r\n", Record(KEY, VALUE, 0)),
        (b"CreateTime:1700000000000\t" + KEY + b"\tnull\n", Record(KEY, None, 1_700_000_000_000)),
        (b"LogAppendTime:17\tPartition:0\tOffset:4\tNO_HEADERS\t" + KEY + b"\tnull\n", Record(KEY, None, 17)),
        (b"NoTimestampType:-1\t" + KEY + b"\tnull\n", Record(KEY, None, 0)),
    ],
)
def test_a_line_is_a_record(line: bytes, record: Record) -> None:
    assert console.is_console_output(line)
    assert list(console.read("topic.txt", [line])) == [record]


def test_what_the_program_says_at_its_end_is_no_record() -> None:
    lines = [KEY + b"\tnull\n", b"\n", b"Processed a total of 1 messages\n"]
    assert list(console.read("topic.txt", lines)) == [Record(KEY, None, 0)]


@pytest.mark.parametrize("line", [VALUE, KEY + b"\t" + VALUE + b"\t" + VALUE])
def test_another_line_is_told_with_its_number(line: bytes) -> None:
    with pytest.raises(DumpDamaged, match=r"line 2 of topic\.txt") as caught:
        list(console.read("topic.txt", [KEY + b"\tnull\n", line]))
    assert "print.key=true" in caught.value.hint


@pytest.mark.parametrize("first", [b"", VALUE, b"a\tb\n", Path(__file__).read_bytes()])
def test_other_text_is_not_taken_for_it(first: bytes) -> None:
    assert not console.is_console_output(first.splitlines()[0] if first else b"")
