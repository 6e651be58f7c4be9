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
        (KEY + b"\t{\t" + VALUE[1:] + b"\n", Record(KEY, b"{\t" + VALUE[1:], 0)),
        (b"CreateTime:5\tsource:proxy,a:b\t" + KEY + b"\tnull\n", Record(KEY, None, 5)),
    ],
)
def test_a_line_is_a_record(line: bytes, record: Record) -> None:
    assert console.is_console_output([line])
    assert console.read("topic.txt", [line]).records == [record]


def test_a_key_that_is_no_json_is_a_key() -> None:
    assert console.read("topic.txt", [b"stray\t{}\n"]).records == [Record(b"stray", b"{}", 0)]


def test_what_the_program_says_beside_its_records_is_none() -> None:
    warning = b"[2026-01-31 12:00:00,000] WARN [Consumer clientId=console] Connection lost (org.apache)\n"
    lines = [
        warning,
        b"null\t{}\n",
        KEY + b"\tnull\n",
        b"\n",
        b"CreateTime:7\t" + KEY + b"\t{}\n",
        b"Processed a total of 3 messages\n",
    ]

    assert console.is_console_output(lines)
    printed = console.read("topic.txt", lines)

    assert printed.records == [Record(KEY, None, 0), Record(KEY, b"{}", 7)]
    assert (printed.without_key, printed.timed) == (1, True)


def test_a_count_that_is_another_one_is_told() -> None:
    with pytest.raises(DumpDamaged, match="says that it holds 2 messages, and there are 1"):
        console.read("topic.txt", [KEY + b"\tnull\n", b"Processed a total of 2 messages\n"])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (VALUE, "is no key and value with a tab between them: '{\"subject"),
        (b"CreateTime:5\ta:b\t" + KEY, "has 'a:b' where its key should be"),
    ],
)
def test_another_line_is_told_with_its_number_and_its_column(line: bytes, words: str) -> None:
    with pytest.raises(DumpDamaged, match=r"line 2 of topic\.txt") as caught:
        console.read("topic.txt", [KEY + b"\tnull\n", line])
    assert words in caught.value.message
    assert "print.key=true" in caught.value.hint


@pytest.mark.parametrize("text", [b"", VALUE, b"a\tb\n", Path(__file__).read_bytes()])
def test_other_text_is_not_taken_for_it(text: bytes) -> None:
    assert not console.is_console_output(text.splitlines())
