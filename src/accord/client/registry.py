"""The synchronous driver: sends exchanges, tries again where that is harmless, and remembers what never changes."""

import logging
import random
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Final, Literal, Self, TypeVar

import httpx2

from accord.client import exchanges
from accord.client.errors import RegistryUnavailable
from accord.client.exchanges import Exchange, RegisteredSchema, Verdict
from accord.client.flights import SingleFlight
from accord.client.http import Response
from accord.errors import ConfigurationError
from accord.schemas import CompatibilityLevel, Schema, SchemaId, Subject, Version

logger = logging.getLogger(__name__)

A = TypeVar("A")

MEDIA_TYPE: Final = "application/vnd.schemaregistry.v1+json"
HEADERS: Final = {
    "Accept": f"{MEDIA_TYPE}, application/json",
    "Content-Type": MEDIA_TYPE,
    # Without it some registries leave out what their oldest clients do not know.
    "Confluent-Accept-Unknown-Properties": "true",
}


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a question is asked, and how long to wait in between: at random up to a limit that doubles."""

    tries: int = 4
    first_wait_s: float = 0.1
    longest_wait_s: float = 2.0

    def wait_s(self, tries_so_far: int, dice: Callable[[], float]) -> float:
        """The wait before the next try; ``dice`` gives a number from 0 to 1."""
        limit = min(self.longest_wait_s, self.first_wait_s * 2.0 ** (tries_so_far - 1))
        return limit * dice()


ONCE: Final = Patience(tries=1)


class Registry:
    """A schema registry that speaks Confluent's REST API, at ``url`` (http or https, with a path if it has one).

    ``auth`` is a user name and a password; ``verify`` says how to check the server's certificate. Safe to share between
    threads. Every method raises RegistryError: NotFound, IncompatibleSchema, Unauthorized, RegistryRefused, or
    RegistryUnavailable when no usable answer came within ``timeout_s`` a try and ``patience``.
    """

    def __init__(
        self,
        url: str,
        *,
        auth: tuple[str, str] | None = None,
        verify: ssl.SSLContext | bool = True,
        timeout_s: float = 5.0,
        patience: Patience | None = None,
        transport: httpx2.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        dice: Callable[[], float] = random.random,
    ) -> None:
        if not url.startswith(("http://", "https://")):
            raise ConfigurationError(
                f"'{url}' is no address of a registry", hint="it starts with http:// or https://"
            )
        address = httpx2.URL(url.rstrip("/"))
        if address.userinfo:
            # Credentials in the address work, and are kept out of logs and messages.
            auth = auth or (address.username, address.password)
            address = address.copy_with(username=None, password=None)
        self.url = str(address)
        self._client = httpx2.Client(
            auth=auth, verify=verify, timeout=timeout_s, transport=transport, headers=HEADERS
        )
        self._patience = patience or Patience()
        self._sleep = sleep
        self._dice = dice
        self._schemas: SingleFlight[SchemaId, Schema] = SingleFlight()
        self._registered: SingleFlight[tuple[Subject, Schema], RegisteredSchema] = SingleFlight()
        self._versions: SingleFlight[exchanges.GetVersion, RegisteredSchema] = SingleFlight()

    def register(self, subject: str, schema: Schema, *, normalize: bool = False) -> RegisteredSchema:
        """Make ``schema`` the subject's next version, unless it has it already. Raises IncompatibleSchema."""
        subject = Subject(subject)
        done = self.ask(exchanges.RegisterSchema(subject, schema, normalize))
        if done.version is None:
            return self.lookup(subject, schema, normalize=normalize)
        registered = RegisteredSchema(subject, done.version, done.id, schema, done.guid)
        self._registered.put((subject, schema), registered)
        return registered

    def lookup(self, subject: str, schema: Schema, *, normalize: bool = False) -> RegisteredSchema:
        """Where the subject has this schema; remembered. Raises NotFound if it has not."""
        subject = Subject(subject)
        return self._registered.get(
            (subject, schema), lambda: self.ask(exchanges.LookUpSchema(subject, schema, normalize))
        )

    def schema_by_id(self, schema_id: SchemaId, *, patient: bool = True) -> Schema:
        """The schema that an id stands for; remembered for ever. Without patience it is asked for once."""
        patience = self._patience if patient else ONCE
        return self._schemas.get(
            schema_id, lambda: self.ask(exchanges.GetSchemaById(schema_id), patience=patience)
        )

    def referenced_by(self, schema: Schema) -> Mapping[str, Schema]:
        """Every schema that ``schema`` needs, directly or through others, each after what it needs itself."""
        needed: dict[str, Schema] = {}
        for reference in schema.references:
            question = exchanges.GetVersion(reference.subject, reference.version)
            found = self._versions.get(question, partial(self.ask, question))
            needed |= self.referenced_by(found.schema)
            needed[reference.name] = found.schema
        return needed

    def version(self, subject: str, version: int) -> RegisteredSchema:
        """One version of a subject."""
        return self.ask(exchanges.GetVersion(Subject(subject), Version(version)))

    def latest(self, subject: str) -> RegisteredSchema:
        """The newest version of a subject."""
        return self.ask(exchanges.GetVersion(Subject(subject)))

    def versions(self, subject: str) -> list[Version]:
        """The numbers of a subject's versions."""
        return self.ask(exchanges.ListVersions(Subject(subject)))

    def subjects(self) -> list[Subject]:
        """The names of all subjects."""
        return self.ask(exchanges.ListSubjects())

    def check_compatibility(
        self, subject: str, schema: Schema, *, version: Version | Literal["latest"] | None = None
    ) -> Verdict:
        """Whether ``schema`` may become the next version: for all versions that the level asks for, or for one."""
        return self.ask(exchanges.CheckCompatibility(Subject(subject), schema, version))

    def compatibility(self, subject: str | None = None) -> CompatibilityLevel:
        """The level that counts for a subject, or the global one."""
        return self.ask(exchanges.GetCompatibility(Subject(subject) if subject else None))

    def set_compatibility(self, subject: str | None, level: CompatibilityLevel) -> CompatibilityLevel:
        """Change the level of a subject, or with None the global one."""
        return self.ask(exchanges.SetCompatibility(level, Subject(subject) if subject else None))

    def delete_subject(self, subject: str, *, permanent: bool = False) -> list[Version]:
        """Hide a subject, or erase one that is hidden; answers the versions that went."""
        return self.ask(exchanges.DeleteSubject(Subject(subject), permanent))

    def delete_version(self, subject: str, version: int, *, permanent: bool = False) -> Version:
        """Hide a version, or erase one that is hidden."""
        return self.ask(exchanges.DeleteVersion(Subject(subject), Version(version), permanent))

    def ask(self, exchange: Exchange[A], *, patience: Patience | None = None) -> A:
        """Have one exchange with the registry; what can be repeated is tried again while it is unavailable."""
        patience = patience or self._patience
        tries = 1
        while True:
            try:
                return exchange.interpret(self._send(exchange))
            except RegistryUnavailable as error:
                if not exchange.repeatable or tries >= patience.tries:
                    raise
                wait_s = patience.wait_s(tries, self._dice)
                logger.info("the registry is asked again", extra={"reason": error.message, "wait_s": wait_s})
            self._sleep(wait_s)
            tries += 1

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _send(self, exchange: Exchange[A]) -> Response:
        request = exchange.request
        try:
            answer = self._client.request(
                request.method,
                self.url + request.path,
                params=dict(request.query),
                content=request.body,
            )
        except httpx2.TransportError as error:
            raise RegistryUnavailable(
                f"the registry at {self.url} does not answer: {type(error).__name__}: {error}",
                hint="check the address, and that the registry runs",
            ) from error
        return Response(answer.status_code, answer.content)
