"""What it means that a request brought no answer, in words."""

import ssl
from collections.abc import Iterator
from typing import Final, NamedTuple

import httpx2

from accord.client.errors import RegistryUnavailable, UnusableAnswer
from accord.client.settings import RegistrySettings
from accord.client.talk import Send, Unanswered


class AnswerTooLong(Exception):
    """More came than the request takes."""


TROUBLES: Final = (httpx2.RequestError, OSError, UnicodeError, AnswerTooLong)
"""What sending can raise: the library lets some errors of TLS through as they are, and names that cannot be looked up."""

_BEFORE_SENDING: Final = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    UnicodeError,
)
# OpenSSL's numbers: the name, or the number of the address, is not in the certificate.
_NOT_ITS_NAME: Final = frozenset({62, 64})
_EXPIRED: Final = 10


class _Told(NamedTuple):
    message: str
    hint: str


def unanswered(trouble: Exception, send: Send, settings: RegistrySettings) -> Unanswered:
    """The trouble as an outcome."""
    if isinstance(trouble, AnswerTooLong):
        return Unanswered(_too_long(send), sent=True)
    tls = next((error for error in _chain(trouble) if isinstance(error, ssl.SSLError)), None)
    told = _of_tls(tls, send.url, settings) if tls is not None else _of_http(trouble, send.url, settings)
    error = RegistryUnavailable(told.message, hint=told.hint)
    error.__cause__ = trouble
    return Unanswered(error, sent=not isinstance(trouble, _BEFORE_SENDING))


def _too_long(send: Send) -> UnusableAnswer:
    return UnusableAnswer(
        f"the registry's answer at {send.url} is longer than {send.request.answer_limit_bytes} bytes",
        hint="check the registry's address; if it is right, ask for less",
    )


def _of_tls(error: ssl.SSLError, url: str, settings: RegistrySettings) -> _Told:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _Told(
            f"the registry's certificate at {url} is not trusted: {error.verify_message}",
            _remedy(error.verify_code),
        )
    if "ALERT" not in (error.reason or ""):
        return _Told(
            f"nobody speaks TLS at {url}: {error}",
            "check the port; if the registry speaks plain HTTP, its address begins with http://",
        )
    if settings.certificate_file is None:
        hint = "it may want to know who we are: give certificate_file and key_file"
    else:
        hint = "it may not trust our certificate: use one that an authority which it trusts has signed"
    return _Told(f"the registry at {url} refuses TLS: {error}", hint)


def _remedy(verify_code: int) -> str:
    if verify_code in _NOT_ITS_NAME:
        return "use a name of the registry that is in its certificate, or have one made for this name"
    if verify_code == _EXPIRED:
        return "the registry needs a new certificate"
    return "give the certificate of the authority that signed it as ca_file"


def _of_http(trouble: Exception, url: str, settings: RegistrySettings) -> _Told:
    if isinstance(trouble, TimeoutError):
        told = f"the whole answer is not there within {settings.longest_try_s:g} s"
    elif isinstance(trouble, httpx2.TimeoutException):
        told = f"nothing comes within {settings.timeout_s:g} s ({type(trouble).__name__})"
    else:
        told = f"{type(trouble).__name__}: {trouble}" if str(trouble) else type(trouble).__name__
    return _Told(f"the registry at {url} does not answer: {told}", _advice(trouble, url, settings))


def _advice(trouble: Exception, url: str, settings: RegistrySettings) -> str:
    if settings.proxy is not None and isinstance(trouble, _BEFORE_SENDING):
        return "check the proxy's address and what it lets through, and the registry's address"
    if isinstance(trouble, TimeoutError):
        return "if it is only slow, give a longer timeout_s"
    if isinstance(trouble, (*_BEFORE_SENDING, httpx2.TimeoutException)):
        return "check the address, and that the registry runs"
    if url.startswith("http:"):
        return "if it never answers and the port speaks TLS, the registry's address begins with https://"
    return "if it never answers, it may want a certificate that it trusts: certificate_file and key_file"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
