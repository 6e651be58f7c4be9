"""A registry that is no more than its answers: nothing is listened to, and nothing is sent."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import unquote

import httpx2
import msgspec

from accord.client import Patience, Registry
from accord.client.bodies import PlacedSchemaBody, ReferenceBody, SchemaRequest
from accord.schemas import Schema, SchemaId, SchemaType
from accord.streams.contract import Contract
from accord.testing.clock import VirtualClock
from accord.testing.memory_reports import KINDS, MemoryReports

ADDRESS: Final = "http://registry.in.memory"
SUBJECT_NOT_FOUND: Final = 40401
SCHEMA_NOT_FOUND: Final = 40403

Registered = tuple[str, int, Schema]


class MemoryRegistry:
    """Answers ``client``; while it is ``down``, nothing comes."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._by_id: dict[int, Registered] = {}
        self.down = False
        self.reports = MemoryReports()
        """Who was reported to read what."""
        self.transport = httpx2.MockTransport(self._answer)
        """What carries requests here."""
        self.client = self.new_client()
        """A client of it."""

    def new_client(self) -> Registry:
        """A client that remembers nothing yet."""
        return Registry(
            ADDRESS,
            transport=self.transport,
            patience=Patience(tries=1),
            clock=self._clock.monotonic,
            sleep=self._clock.pass_s,
            dice=lambda: 0.5,
        )

    def id_of(self, contract: Contract[Any]) -> SchemaId:
        """The id of a contract's schema, which is registered if it is not."""
        for schema in (contract.schema, *contract.referenced.values()):
            for reference in schema.references:
                self._place(reference.subject, contract.referenced[reference.name], reference.version)
        return self.add(contract.subject, contract.schema)

    def add(self, subject: str, schema: Schema) -> SchemaId:
        """The id of a schema, which becomes the subject's next version if it is none yet."""
        return self._place(subject, schema)

    def _place(self, subject: str, schema: Schema, version: int | None = None) -> SchemaId:
        for number, (known, its_version, registered) in self._by_id.items():
            if known == subject and (registered == schema if version is None else its_version == version):
                return SchemaId(number)
        if version is None:
            version = 1 + max(
                (each for known, each, _ in self._by_id.values() if known == subject), default=0
            )
        number = len(self._by_id) + 1
        self._by_id[number] = (subject, version, schema)
        return SchemaId(number)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        if self.down:
            raise httpx2.ConnectError("the registry was taken down by the test")
        match [unquote(part) for part in request.url.raw_path.decode().partition("?")[0].split("/")[1:]]:
            case ["schemas", "ids", number] if int(number) in self._by_id:
                return self._found(int(number))
            case ["subjects", subject] if request.method == "POST":
                asked = msgspec.json.decode(request.content, type=SchemaRequest)
                return self._first(subject, lambda _, schema: schema.text == asked.schema)
            case ["subjects", subject, "versions", "latest"]:
                newest = max((each for known, each, _ in self._by_id.values() if known == subject), default=0)
                return self._first(subject, lambda version, _: version == newest)
            case ["subjects", subject, "versions", version]:
                return self._first(subject, lambda known, _: known == int(version))
            case ["accord", "v1", endpoint] if endpoint in KINDS:
                now_ms = self._clock.now_ms()
                query = dict(reversed(request.url.params.multi_items()))
                status, body = self.reports.answer(request.method, endpoint, query, request.content, now_ms)
                return httpx2.Response(status, content=body)
        return _missing(SCHEMA_NOT_FOUND)

    def _first(self, subject: str, wanted: Callable[[int, Schema], bool]) -> httpx2.Response:
        for number, (known, version, schema) in self._by_id.items():
            if known == subject and wanted(version, schema):
                return self._found(number)
        return _missing(
            SCHEMA_NOT_FOUND
            if any(known == subject for known, _, _ in self._by_id.values())
            else SUBJECT_NOT_FOUND
        )

    def _found(self, number: int) -> httpx2.Response:
        subject, version, schema = self._by_id[number]
        body = PlacedSchemaBody(
            schema=schema.text,
            schema_type=None if schema.type is SchemaType.AVRO else schema.type,
            references=[ReferenceBody(item.name, item.subject, item.version) for item in schema.references],
            subject=subject,
            version=version,
            id=number,
        )
        return httpx2.Response(200, content=msgspec.json.encode(body))


def _missing(error_code: int) -> httpx2.Response:
    body: Mapping[str, object] = {"error_code": error_code, "message": "not in the harness's registry"}
    return httpx2.Response(404, json=body)
