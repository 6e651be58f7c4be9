"""Whatever JSON Schema or Protobuf file is sent, likely or odd: it is registered or refused with a reason, and reads back."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from accord.registry.log.memory import MemoryLog

NAMES = st.sampled_from(["id", "note", "a", "", "ü", "$ref", "type", "next", "0"])
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([2**64, -1.5, 1e400, 0.1, "x", "", "a" * 300]),
)
REFERENCES = st.sampled_from(
    [
        "#",
        "#/definitions/id",
        "#/$defs/a",
        "#a",
        "#/nowhere",
        "other.json",
        "http://a.test/b.json",
        "urn:x",
        "%zz",
        "#/%7E",
        "//",
    ]
)
DRAFTS = st.sampled_from(
    [
        "http://json-schema.org/draft-04/schema#",
        "http://json-schema.org/draft-06/schema",
        "http://json-schema.org/draft-07/schema#",
        "https://json-schema.org/draft/2019-09/schema",
        "https://json-schema.org/draft/2020-12/schema",
        "nothing",
        7,
    ]
)
TYPES = st.sampled_from(
    ["null", "boolean", "integer", "number", "string", "array", "object", "any", 1, [], ["x"]]
)


def keywords(inner: SearchStrategy[Any]) -> SearchStrategy[dict[str, Any]]:
    """A schema object: most keywords as they should be, some with anything."""
    several = st.lists(inner, max_size=3)
    named = st.dictionaries(NAMES, inner, max_size=3)
    likely = st.fixed_dictionaries(
        {},
        optional={
            "$schema": DRAFTS,
            "$id": st.sampled_from(["a.json", "#a", "http://a.test/", ""]),
            "$anchor": st.just("a"),
            "$ref": REFERENCES,
            "type": TYPES | st.lists(TYPES, max_size=3),
            "enum": st.lists(SCALARS, max_size=3),
            "const": SCALARS,
            "default": SCALARS,
            "properties": named,
            "patternProperties": st.dictionaries(st.sampled_from(["^a", "[", "(a+)+$"]), inner, max_size=2),
            "required": st.lists(NAMES, max_size=3),
            "additionalProperties": inner,
            "definitions": named,
            "$defs": named,
            "items": inner | several,
            "prefixItems": several,
            "additionalItems": inner,
            "oneOf": several,
            "anyOf": several,
            "allOf": several,
            "not": inner,
            "if": inner,
            "dependencies": st.dictionaries(NAMES, inner | st.lists(NAMES, max_size=2), max_size=2),
            "maximum": SCALARS,
            "exclusiveMaximum": SCALARS,
            "multipleOf": SCALARS,
            "maxLength": SCALARS,
            "pattern": st.sampled_from(["^a", "[", "(?<a>b)", "\\p{L}", "a{1,100000}"]),
            "confluent:tags": st.lists(st.sampled_from(["PII", 1]), max_size=2),
        },
    )
    return likely | st.dictionaries(
        st.sampled_from(["items", "required", "properties", "oneOf", "$ref", "not"]), SCALARS
    )


JSON_SCHEMAS = st.recursive(st.booleans() | SCALARS | keywords(st.booleans()), keywords, max_leaves=5).map(
    json.dumps
) | st.sampled_from(
    ["{", "[" * 100_000, '{"not":' * 3000 + "{}" + "}" * 3000, '{"items":' * 300 + "{}" + "}" * 300, "{} {}"]
)

WORDS = st.sampled_from(
    [
        "message",
        "M",
        "N",
        "{",
        "}",
        "enum",
        "E",
        "oneof",
        "o",
        "string",
        "int32",
        "map<string,M>",
        "=",
        "1",
        "-2",
        ";",
        "0x7fffffff",
        "536870912",
        '"a"',
        "'\\x41'",
        "[packed=true]",
        "reserved",
        "1..max",
        "to",
        "max",
        "extend",
        "import",
        "option",
        "(a.b).c",
        "repeated",
        "optional",
        "required",
        "group",
        "service",
        "rpc",
        "returns",
        "(",
        ")",
        "/*",
        "//",
        "syntax",
        "package",
        "a.b",
        "edition",
        "\x00",
        "é",
        "extensions",
        "stream",
        "default",
        "nan",
        "{a:1}",
        "\n",
    ]
)
FIELDS = st.builds(
    "{}{} {} = {}{};".format,
    st.sampled_from(["", "", "repeated ", "optional ", "required "]),
    st.sampled_from(["int32", "string", "M", "N", ".a.M", "E", "map<string, N>", "map<M, int32>", "a.b.C"]),
    st.sampled_from(["a", "b", "message", "A"]),
    st.sampled_from(["1", "2", "2", "3", "0", "-1", "19000", "0x10", "99999999999"]),
    st.sampled_from(["", "", " [deprecated = true]", " [default = 5]", ' [json_name = "x", (y) = {z: [1]}]']),
)
PARTS = st.one_of(
    FIELDS,
    FIELDS,
    st.lists(FIELDS, max_size=2).map(lambda fields: f"oneof o {{ {' '.join(fields)} }}"),
    st.lists(FIELDS, max_size=2).map(lambda fields: f"message N {{ {' '.join(fields)} }}"),
    st.sampled_from(
        ["enum E { A = 0; B = 1; }", "reserved 5 to 9, 11;", 'reserved "x";', "extensions 100 to max;", ";"]
    ),
)
FILES = st.builds(
    "{} {} {} {}".format,
    st.sampled_from(
        ['syntax = "proto3";', 'syntax = "proto2";', "", 'edition = "2023";', 'syntax = "proto4";']
    ),
    st.sampled_from(["", "package a;", "package a; package b;"]),
    st.sampled_from(
        ["", 'import "google/protobuf/timestamp.proto";', 'import "x.proto";', 'option java_package = "j";']
    ),
    st.lists(PARTS, max_size=4).map(lambda parts: f"message M {{ {' '.join(parts)} }} message N {{}}"),
)
PROTOBUF_FILES = (
    FILES
    | st.lists(WORDS, max_size=12).map(" ".join)
    | st.text(max_size=10)
    | st.sampled_from(
        [
            "message M {" * 2000,
            "message M { optional group G = 1 {" * 500,
            "option a = {" * 2000,
            "CgNhLmI=",
            "AAAA",
        ]
    )
)


# A format is loaded when it is first needed.
@pytest.mark.soak
@settings(deadline=None)
@given(texts=st.tuples(JSON_SCHEMAS, JSON_SCHEMAS))
def test_a_json_schema_is_registered_or_refused_and_reads_back(
    in_process: Any, texts: tuple[str, str]
) -> None:
    send_and_read_back(in_process, "JSON", texts)


# A format is loaded when it is first needed.
@pytest.mark.soak
@settings(deadline=None)
@given(texts=st.tuples(PROTOBUF_FILES, PROTOBUF_FILES))
def test_a_protobuf_file_is_registered_or_refused_and_reads_back(
    in_process: Any, texts: tuple[str, str]
) -> None:
    send_and_read_back(in_process, "PROTOBUF", texts)


def send_and_read_back(in_process: Any, schema_type: str, texts: tuple[str, str]) -> None:
    with in_process(MemoryLog()) as registry:
        for text, normalize in zip(texts, ("false", "true"), strict=True):
            body = {"schema": text, "schemaType": schema_type}
            verdict = registry.ask("POST /compatibility/subjects/s/versions/latest?verbose=true", body)
            assert verdict.status_code == 200, verdict.text
            answer = registry.ask(f"POST /subjects/s/versions?normalize={normalize}", body)
            assert answer.status_code in {200, 409, 422}, answer.text
            if answer.status_code == 200:
                told = answer.json()
                again = registry.ask(
                    f"POST /subjects/s?normalize={normalize}", {**body, "schema": told["schema"]}
                )
                assert (again.status_code, again.json()["id"]) == (200, told["id"])
                for form in ("", "serialized", "ignore_extensions", "resolved"):
                    read = registry.ask(f"GET /schemas/ids/{told['id']}?format={form}&findTags=*")
                    assert read.status_code == 200, read.text
