from pathlib import Path

import pytest

from accord.transfer.address import (
    Address,
    FileAddress,
    SqliteAddress,
    TopicAddress,
    UrlAddress,
    parse_address,
)
from accord.transfer.errors import PlaceRefused


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("-", FileAddress(None)),
        ("backup.jsonl", FileAddress(Path("backup.jsonl"))),
        ("/var/backups/with:colon.jsonl", FileAddress(Path("/var/backups/with:colon.jsonl"))),
        ("C:\\backup.jsonl", FileAddress(Path("C:\\backup.jsonl"))),
        ("sqlite:registry.db", SqliteAddress(Path("registry.db"))),
        ("kafka://a:9092", TopicAddress("a:9092", "_schemas")),
        ("kafka://a:9092,b:9093/", TopicAddress("a:9092,b:9093", "_schemas")),
        ("kafka://[::1]:9092/_schemas_new", TopicAddress("[::1]:9092", "_schemas_new")),
        ("http://127.0.0.1:8081/", UrlAddress("http://127.0.0.1:8081")),
        ("https://host/registry", UrlAddress("https://host/registry")),
    ],
)
def test_an_address_says_what_kind_of_place_it_is(text: str, address: Address) -> None:
    assert parse_address(text) == address
    assert parse_address(str(address)) == address


def test_credentials_are_not_shown() -> None:
    address = parse_address("https://user:secret@host:8081/path")

    assert address == UrlAddress("https://user:secret@host:8081/path")
    assert str(address) == "https://host:8081/path"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "sqlite:PATH"),
        ("redis:x", "kafka://HOST:PORT/TOPIC"),
        ("sqlite:", "sqlite:PATH"),
        ("kafka:a:9092", "kafka://HOST:PORT"),
        ("kafka://", "kafka://HOST:PORT"),
        ("kafka://a/topic", "kafka://HOST:PORT"),
        ("kafka://a:9092/topic/more", "kafka://HOST:PORT"),
        ("http://", "http://HOST:PORT"),
        ("http://[::1", "http://HOST:PORT"),
        ("http://host:99999", "http://HOST:PORT"),
        ("backup:1.jsonl", "./backup:1.jsonl"),
    ],
)
def test_another_one_is_refused_with_the_forms_there_are(text: str, hint: str) -> None:
    with pytest.raises(PlaceRefused) as caught:
        parse_address(text)
    assert hint in caught.value.hint
