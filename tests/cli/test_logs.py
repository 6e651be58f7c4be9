"""What a log line looks like, for people and for machines."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from accord.cli import logs

TOLD = logging.getLogger("accord.test")


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers, root.level = handlers, level


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, ""),
        ({"status": 200, "path": "/subjects"}, " path=/subjects status=200"),
        ({"path": "/a b"}, " path='/a b'"),
        ({"path": "x\ny"}, " path='x\\ny'"),
        ({"path": "a=b"}, " path='a=b'"),
        ({"list": [1, "a"], "nothing": None}, " list=[1, 'a'] nothing=None"),
    ],
)
def test_a_line_for_people_ends_with_its_fields(
    capsys: pytest.CaptureFixture[str], fields: dict[str, Any], shown: str
) -> None:
    logs.configure(log_format="text", verbosity=0)

    TOLD.info("served %s", "it", extra=fields)

    time, rest = said(capsys).rstrip("\n").split(" ", 1)
    assert time.endswith("Z")
    assert rest == f"[info     ] {'served it':30} [accord.test]{shown}"


def test_a_line_for_machines_is_one_object_whatever_the_fields(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(log_format="json", verbosity=0)

    TOLD.warning("late\nly", extra={"status": 200, "what": {1}, "event": "forged", "half": "\ud800"})

    line = said(capsys)
    assert line.count("\n") == 1
    told = json.loads(line)
    assert told.pop("time").endswith("Z")
    assert told == {
        "event": "late\nly",
        "level": "warning",
        "logger": "accord.test",
        "status": 200,
        "what": "{1}",
        "half": "\ud800",
    }


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_what_was_raised_and_where_is_told_with_it(
    capsys: pytest.CaptureFixture[str], log_format: logs.LogFormat
) -> None:
    logs.configure(log_format=log_format, verbosity=0)

    try:
        int("odd")
    except ValueError:
        TOLD.exception("failed", stack_info=True)

    told = said(capsys)
    text = told if log_format == "text" else "\n".join(map(str, json.loads(told).values()))
    assert "failed" in text
    assert "ValueError: invalid literal for int() with base 10: 'odd'" in text
    assert "Traceback (most recent call last):" in text
    assert "Stack (most recent call last):" in text


def test_what_libraries_whisper_is_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(log_format="text", verbosity=1)

    logging.getLogger("httpx2").info("HTTP Request")
    TOLD.debug("this is")

    told = said(capsys)
    assert "this is" in told
    assert "HTTP Request" not in told


def test_what_the_client_of_the_registry_tries_is_told_only_to_who_asks(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for verbosity in (0, 1):
        logs.configure(log_format="text", verbosity=verbosity)
        logging.getLogger("accord.client.asking").info("the registry is asked again")
        logging.getLogger("accord.client.asking").warning("it is not what it was")
        told = capsys.readouterr().err
        assert ("asked again" in told) == (verbosity == 1)
        assert "it is not what it was" in told
