"""Everything that is wrong with the files is a finding with a place, and all of it is told in one round."""

from collections.abc import Callable, Mapping

import pytest

from accord.contracts.model import Project
from accord.schemas import CompatibilityLevel

LoadContract = Callable[..., Project]
LoadFiles = Callable[..., Project]

AVRO = '{{"type": "record", "name": "{name}", "fields": [{{"name": "x", "type": "{type}"}}]}}'


def avro(name: str, type: str = "string") -> str:
    return AVRO.format(name=name, type=type)


def told(project: Project) -> list[tuple[str, str, str]]:
    return [(finding.rule, str(finding.at), finding.message) for finding in project.findings]


A_TOPIC = "the name of a topic: letters, digits, dots, underscores and hyphens, up to 249 of them"

BLOCK_FAULTS: dict[tuple[str, ...], tuple[str, int, int, str]] = {
    ("partitons: 12",): ("UNKNOWN_KEY", 18, 7, "`partitons` is no key of the kafka block (did you mean `partitions`?)"),
    ("consumers: {billing: {feilds: [total]}}",): (
        "UNKNOWN_KEY", 18, 29, "`feilds` is no key of a consumer (`billing`) (did you mean `fields`?)",
    ),
    ("partitions: 0",): ("VALUE_INVALID", 18, 19, "`partitions` is 0, and must be a whole number above 0"),
    ("partitions: '12'",): ("VALUE_INVALID", 18, 19, '`partitions` is "12", and must be a whole number above 0'),
    ("compatibility: BACKWARDS",): (
        "VALUE_INVALID", 18, 22,
        f'`compatibility` is "BACKWARDS", and must be a compatibility level: {", ".join(CompatibilityLevel)}',
    ),
    ("dlq: {retention: two weeks}",): (
        "DURATION_INVALID", 18, 24,
        '`retention` is "two weeks", and must be a length of time such as 30s, 10m, 24h or 14d',
    ),
    ("retry: [1m, 10]",): (
        "DURATION_INVALID", 18, 19, "`retry[1]` is 10, and must be a length of time such as 30s, 10m, 24h or 14d",
    ),
    ("dlq: {topic: 'orders dead'}",): (
        "TOPIC_NAME_INVALID", 18, 20,
        f'`topic` is "orders dead", and must be {A_TOPIC}',
    ),
    ("allow: [{rule: R, until: 2027-01-31}]",): ("ALLOWANCE_INCOMPLETE", 18, 15, "this allowance has no `reason`"),
    ("allow: [{rule: R, reason: r, until: soon}]",): (
        "ALLOWANCE_INCOMPLETE", 18, 43,
        'this allowance has the until "soon", which must be a day such as 2027-01-31',
    ),
    ("consumers: {billing: {fields: [totl]}}",): (
        "UNKNOWN_FIELD", 18, 38, "`totl` is no field of OrderCreated.avsc (did you mean `total`?)",
    ),
    ("key: {field: id}",): ("UNKNOWN_FIELD", 18, 20, "`id` is no field of OrderCreated.avsc"),
    ("consumers: {billing: {versions: soon}}",): (
        "VALUE_INVALID", 18, 39, "`versions` is \"soon\", and must be a range of versions such as '>=1.0 <2'",
    ),
    ("consumers: {billing: {versions: '>=2'}}",): (
        "VERSION_NOT_COVERED", 18, 39,
        "billing copes with the versions >=2 of orders.created, and this one is 1.0.0",
    ),
    ("key: {type: avro}",): (
        "KEY_CONTRADICTORY", 18, 19, "the keys are said to be avro, and no schema file of theirs is named",
    ),
    ("key: {schema: Kye.avsc}",): ("SCHEMA_MISSING", 18, 21, "there is no schema file Kye.avsc"),
    ("examples: {Order: [{}]}",): (
        "UNKNOWN_EVENT", 18, 18, "`Order` is no event of the contract",
    ),
}  # fmt: skip


@pytest.mark.parametrize("block", BLOCK_FAULTS, ids=" ".join)
def test_what_is_wrong_in_the_block_is_told_where_it_stands(
    load_contract: LoadContract, block: tuple[str, ...]
) -> None:
    rule, line, column, message = BLOCK_FAULTS[block]

    project = load_contract(*block)

    assert told(project) == [(f"CONTRACT_{rule}", f"orders.odcs.yaml:{line}:{column}", message)]
    assert len(project.contracts) == 1


HEAD_FAULTS = {
    ("id: orders.created\n", ""): ("KEY_MISSING", "1:1", "an Open Data Contract Standard file has no `id`"),
    ("version: 1.0.0", "version: 1.0"): (
        "VALUE_INVALID", "5:10", "`version` is 1.0, and must be text; put a version such as '1.0' in quotes",
    ),
    ("v3.2.0", "v2.2.0"): (
        "VALUE_INVALID", "1:13",
        '`apiVersion` is "v2.2.0", and must be a version of the standard that is read here: v3.0.x, v3.1.x or v3.2.x',
    ),
    ("url: OrderCreated.avsc", "url: OrderCraeted.avsc"): (
        "SCHEMA_MISSING", "13:14", "there is no schema file OrderCraeted.avsc (did you mean `OrderCreated.avsc`?)",
    ),
    ("url: OrderCreated.avsc", "url: orders.odcs.yaml"): (
        "SCHEMA_FORMAT_UNKNOWN", "13:14",
        "orders.odcs.yaml is no schema file: its name ends neither in .avsc, .json nor .proto",
    ),
    ("type: implementation", "type: businessDefinition"): (
        "WITHOUT_SCHEMA", "8:5", "the event `OrderCreated` names no schema file",
    ),
    ("physicalName: orders.created", "physicalName: orders/created"): (
        "TOPIC_NAME_INVALID", "9:19",
        f'`physicalName` is "orders/created", and must be {A_TOPIC}',
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", HEAD_FAULTS, ids=lambda change: change[1].strip() or "without id")
def test_what_is_wrong_in_the_standards_part_is_told_where_it_stands(
    load_contract: LoadContract, contract: str, change: tuple[str, str]
) -> None:
    rule, place, message = HEAD_FAULTS[change]

    project = load_contract(contract=contract.replace(*change))

    assert (f"CONTRACT_{rule}", f"orders.odcs.yaml:{place}", message) in told(project)


def test_everything_is_told_in_one_round(load_files: LoadFiles, contract: str) -> None:
    block = "customProperties: [{property: kafka, vendor: accord, value: {partitons: 1, replicas: none}}]\n"

    project = load_files(
        {
            "a.odcs.yaml": contract.replace("OrderCreated.avsc", "A.avsc") + block,
            "A.avsc": avro("A", "B"),
            "B.avsc": avro("B", "A"),
            "C.avsc": avro("C", "Nowhere"),
            "D.avsc": '{"type": "record",\n "name": "D"\n "fields": []}',
            "E.avsc": avro("E", "strnig?"),
            "f.odcs.yaml": "id: [",
            "consumers/g.yaml": "service: g\nreads: [{contract: a, feilds: []}]\n",
            "H.avsc": b'{"type": "string", "doc": "\xfc"}',
            "x/I.avsc": avro("I"),
            "y/I.avsc": avro("I2"),
        }
    )

    assert {(rule, place) for rule, place, _ in told(project)} == {
        ("CONTRACT_REFERENCE_CYCLE", "A.avsc:1:66"),
        ("CONTRACT_REFERENCE_MISSING", "C.avsc:1:66"),
        ("CONTRACT_SCHEMA_INVALID", "D.avsc:3:2"),
        ("CONTRACT_REFERENCE_MISSING", "E.avsc:1:66"),
        ("CONTRACT_FILE_NOT_UTF8", "H.avsc:1:28"),
        ("CONTRACT_UNKNOWN_KEY", "a.odcs.yaml:14:62"),
        ("CONTRACT_VALUE_INVALID", "a.odcs.yaml:14:86"),
        ("CONTRACT_DOCUMENT_INVALID", "f.odcs.yaml:2:1"),
        ("CONTRACT_UNKNOWN_KEY", "consumers/g.yaml:2:23"),
        ("CONTRACT_SUBJECT_TWICE", "y/I.avsc:1:1"),
    }


def test_an_invalid_schema_is_told_with_the_line_as_it_stands(load_files: LoadFiles) -> None:
    text = '{"type": "record", "name": "D",\n  "fields": [{"name": "x", "type": "int", "default": "no"}]}'

    [finding] = load_files({"D.avsc": text}).findings

    assert finding.at is not None
    assert (finding.at.line, finding.at.column) == (2, 54)
    assert finding.at.excerpt == '  "fields": [{"name": "x", "type": "int", "default": "no"}]}'


@pytest.mark.parametrize(
    ("path", "text", "place"),
    [
        ("d.proto", 'syntax = "proto3";\nmessage D {\n  strnig x = 1;\n}', "3:3"),
        ("d.schema.json", '{"type": "object",\n "properties": {"x": {"type": "strnig"}}}', "2:31"),
        ("d.schema.json", '{"type": "object",\n "properties": {"x": }}', "2:22"),
    ],
)
def test_invalid_schemas_of_each_format_have_a_place(
    load_files: LoadFiles, path: str, text: str, place: str
) -> None:
    [(rule, at, _)] = told(load_files({path: text}))

    assert (rule, at) == ("CONTRACT_SCHEMA_INVALID", f"{path}:{place}")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: 1\na: 2\n", "2:1"),
        ("a: [1, 2\nb: 3", "2:2"),
        ("a: &a [*a]\n", "1:4"),
        ("a: !!python/object:os.system x", "1:4"),
        ("? [a]\n: b\n", "1:3"),
        ("a: 1\n---\nb: 2\n", "2:1"),
        ("a: \x00", "1:1"),
        ("\ta: 1", "1:1"),
        ("[" * 20_000, "1:1"),
    ],
    ids=["key twice", "unclosed", "endless", "tag", "list as key", "two documents", "nul", "tab", "deep"],
)
def test_what_is_no_yaml_is_a_finding(load_files: LoadFiles, text: str, place: str) -> None:
    [(rule, at, _)] = told(load_files({"a.odcs.yaml": text}))

    assert rule == "CONTRACT_DOCUMENT_INVALID"
    if len(text) < 1000:
        assert at == f"a.odcs.yaml:{place}"


def test_a_bomb_of_aliases_is_a_finding(load_files: LoadFiles) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]

    [(rule, _, message)] = told(load_files({"a.odcs.yaml": "\n".join(lines)}))

    assert rule == "CONTRACT_DOCUMENT_INVALID"
    assert "more than 50,000 values" in message


def test_two_contracts_for_one_topic_or_with_one_id_are_told(
    load_files: LoadFiles, contract: str, order: str
) -> None:
    project = load_files(
        {
            "a.odcs.yaml": contract,
            "b.odcs.yaml": contract,
            "c.odcs.yaml": contract.replace("physicalName: orders.created", "physicalName: orders.changed"),
            "OrderCreated.avsc": order,
        }
    )

    assert [(rule, at) for rule, at, _ in told(project)] == [
        ("CONTRACT_ID_TWICE", "b.odcs.yaml:3:5"),
        ("CONTRACT_TOPIC_TWICE", "b.odcs.yaml:9:19"),
        ("CONTRACT_ID_TWICE", "c.odcs.yaml:3:5"),
    ]
    assert [one.topic for one in project.contracts] == ["orders.created", "orders.changed"]


def test_a_second_topic_in_a_contract_is_told(load_contract: LoadContract, contract: str) -> None:
    other = (
        "  - name: OrderShipped\n    physicalName: orders.shipped\n"
        "    authoritativeDefinitions: [{type: implementation, url: OrderCreated.avsc}]\n"
    )

    assert [rule for rule, _, _ in told(load_contract(contract=contract + other))] == [
        "CONTRACT_SEVERAL_TOPICS"
    ]


def test_a_second_block_is_told(load_contract: LoadContract, contract: str) -> None:
    block = "  - {property: kafka, vendor: accord, value: {}}\n"

    project = load_contract(contract=f"{contract}customProperties:\n{block * 2}")

    assert [(rule, at) for rule, at, _ in told(project)] == [
        ("CONTRACT_BLOCK_TWICE", "orders.odcs.yaml:16:5")
    ]


def test_a_retention_that_contradicts_itself_is_told(load_contract: LoadContract, contract: str) -> None:
    promised = contract + "slaProperties: [{property: retention, value: 7, unit: d}]\n"

    assert load_contract("config: {retention.ms: 604800000}", contract=promised).findings == ()
    [(rule, at, message)] = told(load_contract("config: {retention.ms: 1000}", contract=promised))
    assert (rule, at) == ("CONTRACT_RETENTION_CONTRADICTORY", "orders.odcs.yaml:19:30")
    assert message == (
        "`retention.ms` is 1000 here, and the retention in `slaProperties` is 7 d, which is 604800000"
    )


@pytest.mark.parametrize(
    "promise", ["value: 7, unit: fortnights", "value: many, unit: d", "value: -1, unit: d", "value: 1d d"]
)
def test_a_promise_that_is_no_length_of_time_is_told(
    load_contract: LoadContract, contract: str, promise: str
) -> None:
    project = load_contract(contract=f"{contract}slaProperties: [{{property: retention, {promise}}}]\n")

    assert [rule for rule, _, _ in told(project)] == ["CONTRACT_DURATION_INVALID"]


def test_a_role_that_kafka_cannot_be_told_is_a_warning(load_contract: LoadContract, contract: str) -> None:
    [finding] = load_contract(contract=f"{contract}roles: [{{role: billing, access: sometimes}}]\n").findings

    assert (finding.rule, finding.severity) == ("CONTRACT_ROLE_WITHOUT_EFFECT", "warning")


def test_a_schema_that_is_to_name_its_subject_has_a_name(load_contract: LoadContract, contract: str) -> None:
    files: Mapping[str, str] = {
        "Order.json": '{"type": "object", "properties": {"order_id": {"type": "string"}}}'
    }

    project = load_contract(
        "subjectNaming: RecordNameStrategy",
        contract=contract.replace("OrderCreated.avsc", "Order.json"),
        files=files,
    )

    assert "CONTRACT_EVENT_WITHOUT_NAME" in [rule for rule, _, _ in told(project)]


@pytest.mark.parametrize(
    "value", ["12", "[]", "null", "text", "{schema: 1}", "{schema: [1, [], {}]}", "{customProperties: [1]}"]
)
def test_whatever_stands_there_nothing_is_raised(load_files: LoadFiles, value: str) -> None:
    head = "apiVersion: v3.2.0\nkind: DataContract\n" if value[0] == "{" else ""

    project = load_files({"a.odcs.yaml": f"{head}{value[1:-1] if head else value}\n"})

    assert project.contracts == ()


def test_a_key_that_looks_like_a_number_is_a_key(load_contract: LoadContract) -> None:
    project = load_contract("consumers: {12: {groups: [7]}}")

    assert told(project) == [
        (
            "CONTRACT_VALUE_INVALID",
            "orders.odcs.yaml:18:33",
            "`groups[0]` is 7, and must be text that is not empty",
        )
    ]
