"""What a Confluent registry was recorded to answer, read by the exchanges; see ../shared/conformance.

The recording belongs to no release of Accord: where it is absent, this is skipped.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec
import pytest

from accord.client import IncompatibleSchema, NotFound, RegistryError, RegistryUnavailable, exchanges
from accord.client.bodies import SchemaRequest
from accord.client.config import ConfigChange, Mode
from accord.client.exchanges import Exchange
from accord.client.http import Response
from accord.schemas import (
    Metadata,
    Reference,
    RuleSet,
    Schema,
    SchemaGuid,
    SchemaId,
    SchemaType,
    Subject,
    Version,
)

RECORDING = Path(__file__).parents[3] / "shared" / "conformance" / "sequences.jsonl"
pytestmark = pytest.mark.skipif(not RECORDING.is_file(), reason="no recording in ../shared/conformance")

NAME = "([^/?]+)"
NUMBER = r"(\d+|latest)"


def schema_of(body: dict[str, Any]) -> Schema:
    references = tuple(
        Reference(item["name"], Subject(item["subject"]), Version(item["version"]))
        for item in body.get("references", ())
    )
    return Schema(
        body["schema"],
        SchemaType(body.get("schemaType", "AVRO")),
        references,
        msgspec.convert(body.get("metadata"), Metadata | None),
        msgspec.convert(body.get("ruleSet"), RuleSet | None),
    )


def version_of(text: str) -> Any:
    return "latest" if text == "latest" else Version(int(text))


Maker = Callable[[list[str], dict[str, str], Any], Exchange[Any]]

MAKERS: list[tuple[str, str, Maker]] = [
    ("POST", f"/subjects/{NAME}/versions", lambda at, q, body: exchanges.RegisterSchema(Subject(at[0]), schema_of(body), "normalize" in q, body.get("id"), body.get("version"))),
    ("POST", f"/subjects/{NAME}", lambda at, q, body: exchanges.LookUpSchema(Subject(at[0]), schema_of(body), "normalize" in q)),
    ("POST", f"/compatibility/subjects/{NAME}/versions", lambda at, _, body: exchanges.CheckCompatibility(Subject(at[0]), schema_of(body))),
    ("POST", f"/compatibility/subjects/{NAME}/versions/{NUMBER}", lambda at, _, body: exchanges.CheckCompatibility(Subject(at[0]), schema_of(body), version_of(at[1]))),
    ("GET", "/subjects", lambda _, q, __: exchanges.ListSubjects(q.get("subjectPrefix"), "deleted" in q)),
    ("GET", f"/subjects/{NAME}/versions", lambda at, q, _: exchanges.ListVersions(Subject(at[0]), "deleted" in q, "deletedOnly" in q)),
    ("GET", f"/subjects/{NAME}/versions/{NUMBER}", lambda at, q, _: exchanges.GetVersion(Subject(at[0]), version_of(at[1]), "deleted" in q)),
    ("GET", f"/subjects/{NAME}/versions/{NUMBER}/referencedby", lambda at, _, __: exchanges.ListReferrers(Subject(at[0]), version_of(at[1]))),
    ("DELETE", f"/subjects/{NAME}", lambda at, q, _: exchanges.DeleteSubject(Subject(at[0]), "permanent" in q)),
    ("DELETE", f"/subjects/{NAME}/versions/{NUMBER}", lambda at, q, _: exchanges.DeleteVersion(Subject(at[0]), version_of(at[1]), "permanent" in q)),
    ("GET", r"/schemas/ids/(\d+)", lambda at, q, _: exchanges.GetSchemaById(SchemaId(int(at[0])), q.get("subject"))),
    ("GET", r"/schemas/ids/(\d+)/versions", lambda at, q, _: exchanges.ListPlaces(SchemaId(int(at[0])), q.get("subject"), "deleted" in q)),
    ("GET", f"/schemas/guids/{NAME}", lambda at, _, __: exchanges.GetSchemaByGuid(SchemaGuid(at[0]))),
    ("GET", "/schemas", lambda _, q, __: exchanges.ListSchemas(q.get("subjectPrefix"), "deleted" in q, "latestOnly" in q, int(q.get("offset", 0)), int(q["limit"]) if "limit" in q else None)),
    ("GET", f"/config(?:/{NAME})?", lambda at, q, _: exchanges.GetConfig(scope(at), "defaultToGlobal" in q)),
    ("PUT", f"/config(?:/{NAME})?", lambda at, _, body: exchanges.SetConfig(msgspec.convert(body, ConfigChange), scope(at))),
    ("DELETE", f"/config(?:/{NAME})?", lambda at, _, __: exchanges.DeleteConfig(scope(at))),
    ("GET", f"/mode(?:/{NAME})?", lambda at, q, _: exchanges.GetMode(scope(at), "defaultToGlobal" in q)),
    ("PUT", f"/mode(?:/{NAME})?", lambda at, q, body: exchanges.SetMode(Mode(body["mode"]), scope(at), "force" in q)),
    ("DELETE", f"/mode(?:/{NAME})?", lambda at, q, _: exchanges.DeleteMode(scope(at), "recursive" in q)),
    ("GET", "/contexts", lambda _, q, __: exchanges.ListContexts(q.get("contextPrefix"))),
    ("DELETE", f"/contexts/{NAME}", lambda at, _, __: exchanges.DeleteContext(at[0])),
]  # fmt: skip


def scope(at: list[str]) -> Subject | None:
    return Subject(at[0]) if at[0] else None


def steps() -> Iterator[dict[str, Any]]:
    """Every recorded step, with words for its tokens."""
    if not RECORDING.is_file():
        return
    text = RECORDING.read_text(encoding="utf-8")
    text = re.sub(r'"deleted": ?"\$any"', '"deleted":true', text)
    text = re.sub(r'"\$(id\d+(\+\d+)?|ts|any)"', "17", text)
    text = re.sub(r"\$id\d+(\+\d+)?", "17", text)
    text = re.sub(r"\$guid\d+", "5f3c1c9e-0000-0000-0000-000000000000", text)
    text = text.replace("{p}", "p-").replace("{c}", "c").replace("{u}", "U")
    for line in text.splitlines():
        yield from json.loads(line)["steps"]


def exchange_for(step: dict[str, Any]) -> Exchange[Any] | None:
    """The exchange that would have made this call, if one would."""
    if step["headers"] or isinstance(step["body"], dict) != (step["method"] in {"POST", "PUT"}):
        return None
    parts = urlsplit(step["path"])
    wanted = dict(parse_qsl(parts.query, keep_blank_values=True))
    for method, pattern, make in MAKERS:
        match = re.fullmatch(pattern, parts.path)
        if match and method == step["method"]:
            at = [unquote(group) if group else "" for group in match.groups()]
            try:
                exchange = make(at, wanted, step["body"])
            except (LookupError, TypeError, ValueError, msgspec.ValidationError):
                return None  # The call was wrong on purpose.
            request = exchange.request
            same = unquote(request.path) == unquote(parts.path)
            return exchange if same and dict(request.query) == wanted else None
    return None


CALLS = [(exchange, step) for step in steps() if (exchange := exchange_for(step)) is not None]


def test_every_exchange_meets_what_was_recorded() -> None:
    met = Counter(type(exchange).__name__ for exchange, _ in CALLS)
    known = set(exchanges.__all__)
    # The levels alone are asked and answered as parts of GetConfig and SetConfig; no other registry takes reports.
    reports = {"TellReport", "ListReports", "ForgetReport"}
    assert set(met) == known - {"Exchange", "GetCompatibility", "SetCompatibility"} - reports
    assert met.total() > 500


def test_a_confluent_registrys_answers_are_understood() -> None:
    for exchange, step in CALLS:
        response = Response(step["status"], json.dumps(step["response"]).encode())
        if response.ok:
            exchange.interpret(response)
            continue
        with pytest.raises(RegistryError) as caught:
            exchange.interpret(response)
        assert caught.value.error_code == step["response"]["error_code"]
        assert isinstance(caught.value, RegistryUnavailable) == (step["status"] >= 500)
        assert isinstance(caught.value, NotFound) == (step["status"] == 404)
        assert isinstance(caught.value, IncompatibleSchema) == (step["status"] == 409)


def test_what_is_sent_is_what_was_sent_then() -> None:
    for exchange, step in CALLS:
        if isinstance(exchange, exchanges.RegisterSchema | exchanges.LookUpSchema):
            assert told(json.loads(exchange.request.body or b"")) == told(step["body"])


def told(body: dict[str, Any]) -> dict[str, Any]:
    """What a body says, however it says it."""
    known = {name: body[name] for name in SchemaRequest.__struct_encode_fields__ if name in body}
    if not known.get("references"):
        known.pop("references", None)
    return {"schemaType": "AVRO", **known}
