"""Addresses as people write them: several in one string, with or without credentials in them."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from accord.client.http import shown
from accord.errors import ConfigurationError

Credentials = tuple[str, str]
"""A user name and a password."""

_WEB: Final = ("http://", "https://")
# A password may hold a comma, so only one before the next address separates.
_SEPARATOR: Final = re.compile(r"\s*,\s*(?=https?://)")


class Address(NamedTuple):
    """An address that can be shown, and the credentials that stood in it."""

    url: str
    credentials: Credentials | None


def parse_addresses(written: str | Iterable[str]) -> tuple[tuple[str, ...], Credentials | None]:
    """The addresses of one registry, and the credentials that one of them holds. Raises ConfigurationError."""
    addresses = [parse_address(text, what="registry") for text in _texts(written)]
    if not addresses:
        raise ConfigurationError(
            "no address of a registry is set", hint="give one, such as http://127.0.0.1:8081"
        )
    held = list(dict.fromkeys(address.credentials for address in addresses if address.credentials))
    if len(held) > 1:
        raise ConfigurationError(
            "the addresses of the registry hold different credentials",
            hint="they are nodes of one registry: write the credentials once",
        )
    return tuple(dict.fromkeys(address.url for address in addresses)), held[0] if held else None


def parse_address(text: str, *, what: str) -> Address:
    """One address of a ``what``. Raises ConfigurationError, which shows no credentials."""
    if not text.startswith(_WEB):
        raise ConfigurationError(
            f"'{shown(text)}' is no address of a {what}", hint="it starts with http:// or https://"
        )
    import httpx2  # noqa: PLC0415 -- who asks no registry does not wait for it

    try:
        address = httpx2.URL(text.rstrip("/"))
        # As it will be looked up: with parts that are not empty and not too long.
        address.raw_host.decode().encode("idna")
    except (httpx2.InvalidURL, UnicodeError):
        address = httpx2.URL()
    # With an @ in the path, what stands before it was most likely meant as credentials.
    misread = "," in address.netloc.decode() or b"@" in address.raw_path
    if not address.host or misread or address.query or address.fragment:
        raise ConfigurationError(
            f"'{shown(text)}' is no address of a {what}",
            hint="it is http:// or https://, a host, a port if it is not the usual one, and a path if there is one; "
            "several are separated by commas, and what is special in a password is percent-encoded",
        )
    credentials = (address.username, address.password) if address.userinfo else None
    return Address(str(address.copy_with(username=None, password=None)), credentials)


def _texts(written: str | Iterable[str]) -> Iterator[str]:
    for text in [written] if isinstance(written, str) else written:
        yield from (part for part in _SEPARATOR.split(text.strip().rstrip(",")) if part)
