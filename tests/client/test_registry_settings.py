"""Settings as people write them: what they mean, and what makes no sense."""

import dataclasses
from typing import Any

import pytest

from accord.client import AsyncRegistry, Caching, Patience, Registry, RegistrySettings
from accord.errors import ConfigurationError

URL = "http://registry.example"

ADDRESSES: list[tuple[Any, tuple[str, ...], tuple[str, str] | None]] = [
    ("http://a:8081", ("http://a:8081",), None),
    ("https://a/api/registry/", ("https://a/api/registry",), None),
    ("http://a:8081,https://b:8082 , http://c/x/,", ("http://a:8081", "https://b:8082", "http://c/x"), None),
    (["http://a", "http://b/"], ("http://a", "http://b"), None),
    (["http://a", "http://b,http://c"], ("http://a", "http://b", "http://c"), None),
    ("http://a,http://a/", ("http://a",), None),
    ("http://[::1]:8081", ("http://[::1]:8081",), None),
    ("http://user:pass@a:8081", ("http://a:8081",), ("user", "pass")),
    ("http://us%40er:p%2Ca%3Ass@a,http://b", ("http://a", "http://b"), ("us@er", "p,a:ss")),
    ("http://user:pa,ss@a,http://user:pa,ss@b", ("http://a", "http://b"), ("user", "pa,ss")),
]


@pytest.mark.parametrize(("written", "urls", "auth"), ADDRESSES)
def test_addresses_mean(written: Any, urls: tuple[str, ...], auth: tuple[str, str] | None) -> None:
    settings = RegistrySettings(written)
    assert (settings.urls, settings.auth) == (urls, auth)


def test_credentials_that_are_given_win_over_those_in_the_address() -> None:
    assert RegistrySettings("http://user:pass@a", auth=("me", "mine")).auth == ("me", "mine")


NO_ADDRESSES: list[tuple[Any, str]] = [
    ("localhost:8081", "'localhost:8081'"),
    ("http://a,localhost:8081", "'http://a,localhost:8081'"),
    ("ftp://a", "'ftp://a'"),
    ("http://", "'http://'"),
    ("http:///path", "'http:///path'"),
    ("http://a:port", "'http://a:…'"),
    ("http://a?x=1", "'http://a?x=1'"),
    ("", "no address"),
    ([], "no address"),
    ("http://user:secret@", "'http://'"),
    ("http://user:secret", "'http://user:…'"),
    ("user:secret@a:8081", "'a:8081'"),
    ("http://user:sec/ret@a:x", "'http://a:…'"),
    ("http://u:secret@a,http://u:another@b", "different credentials"),
    ("http://a..b", "'http://a..b'"),
    ("http://user:12/sec@host", "'http://host'"),
    ("http://host/sec@ret", "'http://ret'"),
    (f"http://{'a' * 64}.b", "no address"),
    ("http://a\ud800", "no address"),
]


@pytest.mark.parametrize(("written", "told"), NO_ADDRESSES)
def test_what_is_no_address_is_told_without_secrets(written: Any, told: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        RegistrySettings(written)
    assert told in caught.value.message
    assert caught.value.hint
    assert "sec" not in caught.value.message + caught.value.hint.replace("special", "")


NONSENSE: list[tuple[dict[str, Any], str]] = [
    ({"auth": ("u", "secret"), "token": "secret"}, "both a user name and a token"),
    ({"auth": ("u:v", "secret")}, "colon"),
    ({"token": ""}, "empty"),
    ({"token": "Bearer secret"}, "holds a space"),
    ({"token": "secret\nsecret"}, "line break"),
    ({"key_file": "key.pem"}, "no certificate"),
    ({"key_password": "secret"}, "no certificate"),
    ({"ca_file": "ca.pem", "verify": False}, "both verify and files"),
    ({"certificate_file": "c.pem", "verify": False}, "both verify and files"),
    ({"proxy": "proxy:3128"}, "'proxy:3128' is no address of a proxy"),
    ({"proxy": "http://user:secret@"}, "no address of a proxy"),
    ({"timeout_s": 0}, "within 0 s"),
    ({"timeout_s": float("nan")}, "within nan s"),
    ({"timeout_s": float("inf")}, "within inf s"),
    ({"auth": "secret"}, "not a user name and a password"),
    ({"auth": ("user", None)}, "not a user name and a password"),
    ({"auth": ("user", "secret\ud800")}, "not a user name and a password"),
    ({"token": b"secret"}, "no text, but of the type bytes"),
]


@pytest.mark.parametrize(("options", "told"), NONSENSE)
def test_what_makes_no_sense_is_told_without_secrets(options: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigurationError, match=told) as caught:
        RegistrySettings(URL, **options)
    assert caught.value.hint
    assert "secret" not in caught.value.message + caught.value.hint


def test_a_token_excludes_credentials_in_the_address_too() -> None:
    with pytest.raises(ConfigurationError, match="both a user name and a token"):
        RegistrySettings("http://user:pass@a", token="t")


def test_the_line_break_after_a_token_from_a_file_is_no_part_of_it() -> None:
    assert RegistrySettings(URL, token="t-1\n").token == "t-1"


def test_nothing_secret_is_shown() -> None:
    settings = RegistrySettings(
        "http://user:secret@a",
        certificate_file="client.pem",
        key_password="secret",
        proxy="http://user:secret@proxy:3128",
    )
    assert "secret" not in repr(settings)
    assert "http://a" in repr(settings)
    assert "secret" not in repr(RegistrySettings(URL, token="secret"))
    assert "secret" not in str(settings.url)


def test_settings_can_be_made_of_settings() -> None:
    settings = dataclasses.replace(RegistrySettings("http://user:pass@a", ca_file="ca.pem"), timeout_s=1.0)
    assert (settings.urls, settings.auth, settings.ca_file) == (("http://a",), ("user", "pass"), "ca.pem")


OUT_OF_BOUNDS: list[tuple[Any, dict[str, float], str]] = [
    (Caching, {"capacity": -1}, "capacity of -1"),
    (Caching, {"latest_ttl_s": -1.0}, "latest_ttl_s of -1"),
    (Caching, {"lookup_ttl_s": float("nan")}, "lookup_ttl_s of nan"),
    (Patience, {"tries": 0}, "asked 0 times"),
    (Patience, {"first_wait_s": -0.1}, "first_wait_s"),
    (Patience, {"longest_wait_s": float("inf")}, "longest_wait_s"),
    (Patience, {"longest_retry_after_s": float("nan")}, "longest_retry_after_s"),
]


@pytest.mark.parametrize(("kind", "options", "told"), OUT_OF_BOUNDS)
def test_what_is_out_of_bounds_is_told(kind: Any, options: dict[str, float], told: str) -> None:
    with pytest.raises(ConfigurationError, match=told) as caught:
        kind(**options)
    assert caught.value.hint


@pytest.mark.parametrize("client", [Registry, AsyncRegistry])
def test_what_belongs_into_settings_is_not_said_beside_them(client: Any) -> None:
    settings = RegistrySettings(URL)
    for options in ({"auth": ("u", "p")}, {"verify": True}, {"timeout_s": 1.0}):
        with pytest.raises(ConfigurationError, match="stand"):
            client(settings, **options)
