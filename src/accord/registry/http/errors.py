"""What goes wrong between HTTP and the registry, and the one table that gives every error its status and code.

AccordError
└── HttpError
    ├── MalformedBody, BodyMissing, BodyTooLarge, UnsupportedMediaType    about what came in
    └── PathNotFound, MalformedContext, MethodNotAllowed, NotAcceptable   about what was asked for
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple, TypeAlias

import msgspec

from accord.errors import AccordError
from accord.findings import to_json
from accord.registry.core import errors as core
from accord.registry.http.bodies import ErrorAnswer
from accord.registry.http.exchange import Response
from accord.registry.log.port import LogFailed, LogInDoubt
from accord.registry.reports import errors as reports
from accord.registry.workers import Busy, TooMuchWork
from accord.schemas import InvalidSchema


class HttpError(AccordError):
    """The request itself is not one that can be answered; ``headers`` go with the answer."""

    headers: Mapping[str, str] = {}


class MalformedBody(HttpError):
    """The body is no JSON, or not of the shape that this path takes."""


class BodyMissing(HttpError):
    """There is no body, and there must be one."""

    def __init__(self) -> None:
        super().__init__("the body must not be null", hint="send a JSON object")


class BodyTooLarge(HttpError):
    """The body is longer than the registry takes."""

    headers: Mapping[str, str] = {"connection": "close"}

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(
            "HTTP 413 Request Entity Too Large", hint=f"a body may have up to {limit_bytes >> 20} MiB"
        )


class UnsupportedMediaType(HttpError):
    """The body is of a kind that the registry does not read."""

    def __init__(self) -> None:
        super().__init__(
            "HTTP 415 Unsupported Media Type",
            hint="send Content-Type: application/vnd.schemaregistry.v1+json",
        )


class NotAcceptable(HttpError):
    """The asker takes no kind of answer that the registry gives."""

    def __init__(self) -> None:
        super().__init__(
            "HTTP 406 Not Acceptable", hint="send Accept: application/vnd.schemaregistry.v1+json"
        )


class MalformedContext(HttpError):
    """The name of a context before a path is none."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"'{name}' is no name of a context", hint="write it without colons: /contexts/.eu/subjects"
        )


class PathNotFound(HttpError):
    """Nothing is served under this path."""

    def __init__(self) -> None:
        super().__init__("HTTP 404 Not Found", hint="check the path, and that an id or a number is one")


class MethodNotAllowed(HttpError):
    """The path is there, the method is not."""

    def __init__(self, allowed: Iterable[str]) -> None:
        names = ", ".join(allowed)
        super().__init__("HTTP 405 Method Not Allowed", hint=f"this path takes {names}")
        self.headers = {"allow": names}


class Code(NamedTuple):
    """How an error is told over HTTP."""

    status: int
    error_code: int


Codes: TypeAlias = Mapping[type[AccordError], Code]

CODES: Final[Codes] = {
    MalformedBody: Code(400, 400),
    MalformedContext: Code(400, 400),
    PathNotFound: Code(404, 404),
    MethodNotAllowed: Code(405, 405),
    NotAcceptable: Code(406, 406),
    BodyTooLarge: Code(413, 413),
    UnsupportedMediaType: Code(415, 415),
    BodyMissing: Code(422, 422),
    core.SubjectNotFound: Code(404, 40401),
    core.VersionNotFound: Code(404, 40402),
    core.SchemaNotFound: Code(404, 40403),
    core.SubjectAlreadyDeleted: Code(404, 40404),
    core.SubjectNotSoftDeleted: Code(404, 40405),
    core.VersionAlreadyDeleted: Code(404, 40406),
    core.VersionNotSoftDeleted: Code(404, 40407),
    core.ConfigNotFound: Code(404, 40408),
    core.ModeNotFound: Code(404, 40409),
    core.IncompatibleSchema: Code(409, 40901),
    core.EmptySchema: Code(422, 42201),
    core.UnknownSchemaType: Code(422, 42201),
    core.WrongVersion: Code(422, 42201),
    core.SchemaRefused: Code(422, 42201),
    InvalidSchema: Code(422, 42201),
    core.InvalidVersion: Code(422, 42202),
    core.InvalidLevel: Code(422, 42203),
    core.InvalidMode: Code(422, 42204),
    core.NotInImportMode: Code(422, 42205),
    core.ImportNeedsId: Code(422, 42205),
    core.ImportNeedsEmptiness: Code(422, 42205),
    core.IdTaken: Code(422, 42205),
    core.IdsExhausted: Code(422, 42205),
    core.VersionTaken: Code(422, 42205),
    core.ReadOnly: Code(422, 42205),
    core.ModesFixed: Code(422, 42205),
    core.LogEndsElsewhere: Code(422, 42205),
    core.NotServed: Code(422, 42205),
    core.ReferenceExists: Code(422, 42206),
    core.InvalidSubject: Code(422, 42208),
    core.InvalidRuleSet: Code(422, 42210),
    core.ContextNotEmpty: Code(422, 42211),
    reports.ReportNotFound: Code(404, 40490),
    reports.ReportRefused: Code(422, 42290),
    reports.ReportsFull: Code(422, 42291),
    TooMuchWork: Code(422, 42201),
    Busy: Code(503, 503),
    LogFailed: Code(500, 50001),
    LogInDoubt: Code(500, 50002),
}

LEGACY_CODES: Final[Codes] = {**CODES, core.IncompatibleSchema: Code(409, 409)}
"""As Confluent's registry had them before 8.1; some clients still look for the number 409 in the body."""

_HEADERS: Final[Mapping[type[AccordError], Mapping[str, str]]] = {Busy: {"retry-after": "2"}}

FAULT: Final = Code(500, 500)
"""What is told of an error that nobody foresaw."""


def code_of(error: type[AccordError], codes: Codes = CODES) -> Code:
    """How errors of this class are told."""
    return next((codes[known] for known in error.__mro__ if known in codes), FAULT)


def answer(error: AccordError, codes: Codes = CODES) -> Response:
    """The answer that tells ``error``."""
    code = code_of(type(error), codes)
    body = ErrorAnswer(code.error_code, error.message, error.hint)
    if isinstance(error, core.SchemaRefused):
        body.findings = [to_json(finding) for finding in error.findings]
    if isinstance(error, core.IncompatibleSchema):
        body.findings = [to_json(finding) for finding in error.verdict.findings]
        body.findings_left_out = error.verdict.left_out
        body.deployment = error.verdict.deployment
    headers = error.headers if isinstance(error, HttpError) else _HEADERS.get(type(error))
    return Response(msgspec.json.encode(body), code.status, headers)


def answer_fault() -> Response:
    """The answer to a request that hit a fault of ours."""
    body = {
        "error_code": FAULT.error_code,
        "message": "Internal Server Error",
        "hint": "the log of the registry says more under this X-Request-ID",
    }
    return Response(msgspec.json.encode(body), FAULT.status)
