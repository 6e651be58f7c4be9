"""How to reach a schema registry."""

import os
import re
import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from accord.client.addresses import Credentials, parse_address, parse_addresses
from accord.errors import ConfigurationError

_BEARER: Final = re.compile(r"[!-~]+")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")

TIMEOUT_S: Final = 5.0
_LONGEST_TIMEOUT_S: Final = 86_400

File = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class RegistrySettings:
    """Where a registry is, who we are to it, and whom we trust. Raises ConfigurationError where that makes no sense.

    ``url`` is its address (http or https, with a path if it has one), or those of several nodes of one registry: a list,
    or one string with commas. The first is asked first.

    ``auth`` is a user name and a password, which may stand in the address instead. ``token`` is a bearer token, or a
    function that gives the one that is good now; it is called before every request, in any thread.

    ``ca_file`` holds the certificates of the authorities to trust instead of the system's. ``certificate_file`` and
    ``key_file`` (not needed if the first holds both) say who we are by TLS; ``key_password`` opens the key. All are PEM.
    ``verify`` takes the place of these files: a context of your own, or False, which trusts anybody.

    ``proxy`` is the address of an HTTP proxy, with its credentials if it wants any; without it the environment counts
    (HTTP_PROXY, HTTPS_PROXY, NO_PROXY). ``timeout_s`` is the longest wait in one try for each of: a connection, being
    allowed to send, and the next part of the answer; twice as long, and the whole try is given up.
    """

    # Not shown, like all that may hold something secret; ``urls`` are the addresses without credentials.
    url: str | Iterable[str] = field(repr=False)
    auth: Credentials | None = field(default=None, repr=False, kw_only=True)
    token: str | Callable[[], str] | None = field(default=None, repr=False, kw_only=True)
    ca_file: File | None = field(default=None, kw_only=True)
    certificate_file: File | None = field(default=None, kw_only=True)
    key_file: File | None = field(default=None, kw_only=True)
    key_password: str | None = field(default=None, repr=False, kw_only=True)
    verify: ssl.SSLContext | bool = field(default=True, kw_only=True)
    proxy: str | None = field(default=None, repr=False, kw_only=True)
    timeout_s: float = field(default=TIMEOUT_S, kw_only=True)
    urls: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        urls, credentials = parse_addresses(self.url)
        for name, value in (("url", urls), ("urls", urls), ("auth", self.auth or credentials)):
            object.__setattr__(self, name, value)
        self._check_identity()
        self._check_tls()
        if self.proxy is not None:
            parse_address(self.proxy, what="proxy")
        if not 0 < self.timeout_s <= _LONGEST_TIMEOUT_S:
            raise ConfigurationError(
                f"a registry cannot answer within {self.timeout_s} s",
                hint=f"give a timeout_s above 0, and at most {_LONGEST_TIMEOUT_S} (a day)",
            )

    @classmethod
    def of(
        cls,
        url: "RegistrySettings | str | Iterable[str]",
        *,
        auth: Credentials | None = None,
        verify: ssl.SSLContext | bool | None = None,
        timeout_s: float | None = None,
    ) -> "RegistrySettings":
        """The settings as they are, or made of addresses and what else is said."""
        if not isinstance(url, RegistrySettings):
            return cls(
                url,
                auth=auth,
                verify=True if verify is None else verify,
                timeout_s=TIMEOUT_S if timeout_s is None else timeout_s,
            )
        beside = {"auth": auth, "verify": verify, "timeout_s": timeout_s}
        said = [name for name, value in beside.items() if value is not None]
        if said:
            raise ConfigurationError(
                f"{' and '.join(said)} stand beside settings", hint="say it in RegistrySettings(...)"
            )
        return url

    @property
    def longest_try_s(self) -> float:
        """When a try is given up, even if parts of an answer keep coming."""
        return 2 * self.timeout_s

    def current_token(self) -> str:
        """The bearer token that is good now. Raises ConfigurationError, and whatever its function raises."""
        if self.token is None:
            raise ConfigurationError("there is no token for the registry", hint="give token")
        return bearer(self.token() if callable(self.token) else self.token)

    def _check_identity(self) -> None:
        if self.auth is not None and self.token is not None:
            raise ConfigurationError(
                "there are both a user name and a token for the registry",
                hint="it takes one of them: remove auth (or the credentials in the address), or token",
            )
        if self.auth is not None and not _is_sendable(self.auth):
            raise ConfigurationError(
                "auth is not a user name and a password, which are texts",
                hint="give auth=(user name, password)",
            )
        if self.auth is not None and ":" in self.auth[0]:
            raise ConfigurationError(
                "the user name for the registry holds a colon, which HTTP does not allow",
                hint="give auth=(user name, password)",
            )
        if self.token is not None and not callable(self.token):
            object.__setattr__(self, "token", bearer(self.token))

    def _check_tls(self) -> None:
        if self.certificate_file is None and (self.key_file is not None or self.key_password is not None):
            raise ConfigurationError(
                "there is a key for the registry and no certificate", hint="give certificate_file too"
            )
        if self.verify is not True and (self.ca_file is not None or self.certificate_file is not None):
            raise ConfigurationError(
                "both verify and files say how to speak TLS with the registry",
                hint="load the files into the context that you pass as verify, or leave verify out",
            )


def bearer(token: object) -> str:
    """The token as it is sent. Raises ConfigurationError, which does not show it, if it cannot be sent."""
    if not isinstance(token, str):
        raise ConfigurationError(
            f"the token for the registry is no text, but of the type {type(token).__name__}",
            hint="give a text, or a function that gives one",
        )
    token = token.strip()
    if not _BEARER.fullmatch(token):
        raise ConfigurationError(
            "the token for the registry is empty, or holds a space, a line break or a character beyond ASCII",
            hint="give the token alone, without the word Bearer",
        )
    return token


def _is_sendable(auth: object) -> bool:
    match auth:
        case (str(), str()):
            return not _SURROGATE.search(auth[0] + auth[1])
        case _:
            return False
