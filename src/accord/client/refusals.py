"""From an answer that is not the one asked for to the error it means. Pure."""

from typing import Final

import msgspec

from accord.client.bodies import ErrorBody, deployment_of, findings_of
from accord.client.errors import (
    IncompatibleSchema,
    NotFound,
    RegistryError,
    RegistryRefused,
    RegistryUnavailable,
    ReportsUnsupported,
    Unauthorized,
)
from accord.client.http import Response, shown

TRY_AGAIN: Final = frozenset({408, 429, 500, 502, 503, 504})
INCOMPATIBLE: Final = frozenset({409, 40901})
NOT_FOUND: Final = range(40401, 40500)
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})

SHOWN_BYTES: Final = 200


def refusal(response: Response) -> RegistryError:
    """The error; an answer that no registry gives is never taken for a verdict about a schema."""
    body = _body(response)
    if response.status in {401, 403}:
        return Unauthorized(
            f"the registry refuses access ({response.status}): {body.message}",
            error_code=body.error_code,
            hint=body.hint or "check the credentials, and what they are allowed to do",
        )
    if response.status == 409 and body.error_code in INCOMPATIBLE:  # noqa: PLR2004 -- Conflict
        return IncompatibleSchema(
            body.message,
            error_code=body.error_code,
            findings=findings_of(body.findings),
            messages=body.messages,
            deployment=deployment_of(body.deployment),
            hint=body.hint or "see the findings for what each reader would run into",
        )
    if response.status == 404 and body.error_code in NOT_FOUND:  # noqa: PLR2004 -- Not Found
        return NotFound(body.message, error_code=body.error_code, hint=body.hint)
    if response.status >= 500 or response.status in TRY_AGAIN:  # noqa: PLR2004 -- the server's fault
        return RegistryUnavailable(
            f"the registry cannot answer now ({response.status}): {body.message}",
            error_code=body.error_code,
            hint=body.hint or "try again; if it lasts, look at the registry's own log",
        )
    if response.status in REDIRECTS and "location" in response.headers:
        return _elsewhere(response)
    if response.status not in {400, 405, 409, 413, 415, 422}:
        return not_a_registry(response)
    return RegistryRefused(body.message, error_code=body.error_code, hint=body.hint)


def refusal_of_reports(response: Response) -> RegistryError:
    """The error, where the path itself may be unknown: only Accord's registry takes reports."""
    error = refusal(response)
    if response.status not in {404, 405} or isinstance(error, NotFound):
        return error
    return ReportsUnsupported(
        f"the registry takes no reports ({response.status}): it knows schemas alone",
        error_code=error.error_code,
        hint="Accord's registry takes them: run one with 'accord serve', or check the registry's address",
    )


def not_a_registry(response: Response, reason: str = "") -> RegistryUnavailable:
    """Somebody answers at the address, and it is not a schema registry (or a proxy before it says no)."""
    start = response.body[:SHOWN_BYTES].decode(errors="replace")
    return RegistryUnavailable(
        f"the answer is not a schema registry's ({reason or response.status}): {start!r}",
        hint="check the registry's address, path included, and what proxies stand before it",
    )


def _elsewhere(response: Response) -> RegistryUnavailable:
    place = shown(response.headers["location"].partition("?")[0][:SHOWN_BYTES])
    return RegistryUnavailable(
        f"the registry's address sends whoever asks to {place} ({response.status})",
        hint="if the registry is there, give the address that this one begins with; a page to log in on is none",
    )


def _body(response: Response) -> ErrorBody:
    try:
        return msgspec.json.decode(response.body, type=ErrorBody)
    except (msgspec.DecodeError, RecursionError):
        return ErrorBody(0, response.body[:SHOWN_BYTES].decode(errors="replace"))
