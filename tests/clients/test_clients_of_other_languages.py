"""Clients that services of other languages use, unchanged, against a running registry."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any, Final

import pytest
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.schema_registry.json_schema import JSONDeserializer
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.json_format import MessageToDict
from google.protobuf.message_factory import GetMessages
from grpc_tools import protoc

from accord.registry.http.server import serve

pytestmark = [pytest.mark.clients, pytest.mark.timeout(900)]

SCHEMAS: Final = Path(__file__).parent / "schemas"
ORDER: Final = {"id": "o-1", "customer": {"name": "Ada"}, "cents": 250}
REFERENCES: Final = {
    "AVRO": "shop.Customer",
    "JSON": "https://shop.example/customer.json",
    "PROTOBUF": "customer.proto",
}
FINDINGS: Final = {
    "AVRO": "TYPE_MISMATCH",
    "JSON": "TYPE_CHANGED",
    "PROTOBUF": "FIELD_SCALAR_KIND_CHANGED",
}
# The error of each client, and whether it carries the code: KafkaJS' has the status and the message only.
ERRORS: Final = {
    "node": ("RestError", True),
    "kafkajs": ("ResponseError", False),
    "go": ("*sr.ResponseError", True),
    "rust": ("SRCError", True),
}


@pytest.fixture(scope="module", params=ERRORS)
def told(request: pytest.FixtureRequest, tell: Callable[[str, str], Any]) -> Iterator[Any]:
    with serve() as server:
        yield tell(request.param, server.url)


@pytest.fixture(params=REFERENCES)
def schema_type(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def subject(schema_type: str) -> str:
    return f"orders-{schema_type.lower()}-value"


def test_it_registers_and_looks_up(told: Any, schema_type: str) -> None:
    first = told.rest(f"/subjects/{subject(schema_type)}/versions/1")
    customer = told.rest(f"/subjects/customer-{schema_type.lower()}/versions/1")

    assert first["schemaType"] == schema_type
    assert first["references"] == [
        {"name": REFERENCES[schema_type], "subject": f"customer-{schema_type.lower()}", "version": 1}
    ]
    assert told.step(schema_type, "referenced")["id"] == customer["id"]
    assert told.step(schema_type, "registered")["id"] == first["id"]
    # KafkaJS' client leaves references out when it looks a schema up, and so finds only one that has none.
    found = customer if told.client == "kafkajs" else first
    assert told.step(schema_type, "looked up")["id"] == found["id"]
    assert told.step(schema_type, "looked up").get("version", 1) == 1


def test_it_evolves(told: Any, schema_type: str) -> None:
    second = told.rest(f"/subjects/{subject(schema_type)}/versions/2")

    assert "discount_code" in second["schema"]
    assert told.rest(f"/subjects/{subject(schema_type)}/versions") == [1, 2]
    evolved = told.step(schema_type, "evolved")
    assert (evolved["id"], evolved["latest"]) == (second["id"], second["id"])
    assert evolved.get("version", 2) == 2
    first = told.rest(f"/subjects/{subject(schema_type)}/versions/1")
    assert evolved.get("first", first["id"]) == first["id"]


def test_it_is_refused_in_words_that_its_error_carries(told: Any, schema_type: str) -> None:
    error, has_code = ERRORS[told.client]
    refused = told.step(schema_type, "refused")

    assert (refused["error"], refused.get("status", 409)) == (error, 409)
    assert refused.get("code") == (40901 if has_code else None)
    assert f'incompatible with an earlier schema for subject "{subject(schema_type)}"' in refused["message"]
    assert FINDINGS[schema_type] in refused["message"]
    assert "oldSchemaVersion: 2" in refused["message"]
    assert told.steps.get((schema_type, "checked"), {}).get("compatible", False) is False


def test_it_is_told_what_is_not_there(told: Any, schema_type: str) -> None:
    error, has_code = ERRORS[told.client]
    missed = told.step(schema_type, "missed")

    assert (missed["error"], missed.get("status", 404)) == (error, 404)
    assert missed.get("code") == (40401 if has_code else None)
    assert "Subject 'nothing-value' not found." in missed["message"]


def test_it_reads_by_id(told: Any, schema_type: str) -> None:
    second = told.rest(f"/subjects/{subject(schema_type)}/versions/2")
    read = told.step(schema_type, "read")

    if "schema" in read:
        assert read["schema"] == told.rest(f"/schemas/ids/{second['id']}")["schema"]
    else:  # The client keeps the text to itself: it wrote with what it read.
        written = bytes.fromhex(read["bytes"])
        assert written[:5] == b"\0" + second["id"].to_bytes(4)
        assert b"SPRING" in written


def test_what_it_wrote_is_read_with_the_next_version(told: Any, schema_type: str) -> None:
    first = told.rest(f"/subjects/{subject(schema_type)}/versions/1")
    written = bytes.fromhex(told.step(schema_type, "wrote")["bytes"])
    # Only Avro fills in the default of what the writer did not know.
    added = {"discount_code": "none"} if schema_type == "AVRO" else {}

    assert written[:5] == b"\0" + first["id"].to_bytes(4)
    assert told.step(schema_type, "decoded")["value"] == ORDER | added


def test_what_it_wrote_is_read_by_the_client_of_another_language(
    told: Any, schema_type: str, python_reads: Callable[..., Any]
) -> None:
    written = bytes.fromhex(told.step(schema_type, "wrote")["bytes"])
    if (told.client, schema_type) == ("kafkajs", "PROTOBUF"):
        # KafkaJS' client leaves out the place of the message behind the id: what it writes only it can read.
        written = written[:5] + b"\0" + written[5:]

    assert python_reads(told.url, schema_type, written) == ORDER


def test_a_serializer_that_sends_descriptors_is_understood(
    tell: Callable[[str, str], Any], python_reads: Callable[..., Any]
) -> None:
    with serve() as server:
        told = tell("node", server.url)
        written = bytes.fromhex(told.step("PROTOBUF", "described")["bytes"])
        registered = told.rest("/subjects/described-value/versions/1")

        assert written[:5] == b"\0" + registered["id"].to_bytes(4)
        assert registered["references"] == [
            {"name": "customer.proto", "subject": "customer.proto", "version": 1}
        ]
        # A descriptor names types in full.
        assert registered["schema"].replace(".shop.", "") == told.step("PROTOBUF", "read")["schema"]
        customer = told.rest("/subjects/customer.proto/versions/1")
        assert customer["id"] == told.step("PROTOBUF", "referenced")["id"]
        assert python_reads(server.url, "PROTOBUF", written) == ORDER


def test_with_legacy_codes_a_refusal_has_a_name_in_go(tell: Callable[[str, str], Any]) -> None:
    with _legacy_registry() as url:
        refused = tell("go", url).step("AVRO", "refused")

    assert (refused["code"], refused["known"]) == (409, "INCOMPATIBLE_SCHEMA")


@contextmanager
def _legacy_registry() -> Iterator[str]:
    command = [sys.executable, "-m", "accord.cli", "serve", "--port", "0", "--log", "memory:"]
    with subprocess.Popen(
        [*command, "--legacy-error-codes"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        said = ""
        try:
            for line in process.stdout:
                said += line
                if told := re.search(r"serving (http://\S+) from", line):
                    yield told[1]
                    break
            else:
                pytest.fail(f"accord serve ended before it served:\n{said}")
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def python_reads(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str, bytes], Any]:
    """Read bytes with confluent-kafka's deserializer of a schema type."""
    compiled = tmp_path_factory.mktemp("compiled") / "set"
    included = resources.files("grpc_tools") / "_proto"
    arguments = [f"-I{SCHEMAS / 'protobuf'}", f"-I{included}", "--include_imports", f"-o{compiled}"]
    assert protoc.main(["protoc", *arguments, "order.proto"]) == 0
    order = GetMessages(FileDescriptorSet.FromString(compiled.read_bytes()).file)["shop.Order"]

    def read(url: str, schema_type: str, written: bytes) -> Any:
        context = SerializationContext(f"orders-{schema_type.lower()}", MessageField.VALUE)
        with SchemaRegistryClient({"url": url}) as client:
            if schema_type == "AVRO":
                return AvroDeserializer(client)(written, context)
            if schema_type == "JSON":
                return JSONDeserializer(None, schema_registry_client=client)(written, context)
            reader = ProtobufDeserializer(order, {"use.deprecated.format": False}, client)
            return MessageToDict(reader(written, context), preserving_proto_field_name=True)

    return read
