from collections.abc import Callable

import pytest

from accord.contracts.model import Project
from accord.schemas import Schema, SchemaType, Subject

LoadFiles = Callable[..., Project]

MONEY = '{"type": "record", "name": "Money", "namespace": "com.example", "fields": [{"name": "cents", "type": "long"}]}'
LINE = '{"type": "record", "name": "Line", "namespace": "com.example", "fields": [{"name": "price", "type": "Money"}]}'
ORDER = (
    '{"type": "record", "name": "Order", "namespace": "com.example", "fields": ['
    '{"name": "lines", "type": {"type": "array", "items": "Line"}}, {"name": "total", "type": "com.example.Money"}]}'
)


def test_what_a_schema_refers_to_comes_complete_and_in_order(load_files: LoadFiles) -> None:
    project = load_files({"Order.avsc": ORDER, "a/Line.avsc": LINE, "b/Money.avsc": MONEY})

    assert project.findings == ()
    order = project.schemas[Subject("Order-value")]
    assert list(order.referenced.items()) == [
        ("com.example.Money", Schema(MONEY)),
        ("com.example.Line", Schema(LINE)),
    ]
    assert {one.name: one.subject for one in order.references} == {
        "com.example.Line": "Line-value",
        "com.example.Money": "Money-value",
    }


def test_a_reference_of_a_reference_is_none_of_its_own(load_files: LoadFiles) -> None:
    order = ORDER.replace(', {"name": "total", "type": "com.example.Money"}', "")

    schemas = load_files({"Order.avsc": order, "Line.avsc": LINE, "Money.avsc": MONEY}).schemas

    assert [one.name for one in schemas[Subject("Order-value")].references] == ["com.example.Line"]
    assert list(schemas[Subject("Order-value")].referenced) == ["com.example.Money", "com.example.Line"]


def test_a_type_inside_of_another_files_schema_is_found(load_files: LoadFiles) -> None:
    holder = '{"type": "record", "name": "Holder", "fields": [{"name": "money", "type": MONEY}]}'.replace(
        "MONEY", MONEY
    )
    user = (
        '{"type": "record", "name": "User", "fields": [{"name": "a", "type": "com.example.Money"}, '
        '{"name": "b", "type": "Holder"}]}'
    )

    project = load_files({"Holder.avsc": holder, "User.avsc": user})

    assert project.findings == ()
    assert [one.name for one in project.schemas[Subject("User-value")].references] == ["Holder"]


def test_a_type_that_two_files_define_is_told(load_files: LoadFiles) -> None:
    project = load_files({"Line.avsc": LINE, "a/Money.avsc": MONEY, "b/Moneys.avsc": MONEY + "\n"})

    [finding] = project.findings
    assert finding.rule == "CONTRACT_REFERENCE_AMBIGUOUS"
    assert finding.message == "`com.example.Money` is defined by a/Money.avsc and b/Moneys.avsc"


def test_two_files_that_say_the_same_are_as_good_as_one(load_files: LoadFiles) -> None:
    project = load_files({"Line.avsc": LINE, "a/Money.avsc": MONEY, "b/Moneys.avsc": MONEY})

    assert project.findings == ()
    assert project.schemas[Subject("Line-value")].references[0].subject == "Money-value"


def test_a_missing_type_is_told_with_what_is_like_it(load_files: LoadFiles) -> None:
    line = LINE.replace('"Money"', '"Monye"')

    [finding] = load_files({"Line.avsc": line, "Money.avsc": MONEY}).findings

    assert finding.message == (
        "the type `com.example.Monye` is defined by no file of the project (did you mean `com.example.Money`?)"
    )


def test_a_slip_in_a_primitive_is_told_as_one(load_files: LoadFiles) -> None:
    [finding] = load_files({"Money.avsc": MONEY.replace("long", "lnog")}).findings

    assert finding.message.endswith("(did you mean `long`?)")


def test_a_circle_is_told_once(load_files: LoadFiles) -> None:
    one = '{"type": "record", "name": "One", "fields": [{"name": "x", "type": "Two"}]}'
    two = '{"type": "record", "name": "Two", "fields": [{"name": "x", "type": "Three"}]}'
    three = '{"type": "record", "name": "Three", "fields": [{"name": "x", "type": "One"}]}'
    outside = '{"type": "record", "name": "Outside", "fields": [{"name": "x", "type": "Two"}]}'

    project = load_files({"c.avsc": one, "b.avsc": two, "a.avsc": three, "0.avsc": outside})

    [finding] = project.findings
    assert (
        finding.message == "these files refer to each other in a circle: a.avsc -> c.avsc -> b.avsc -> a.avsc"
    )
    assert project.schemas == {}


def test_two_circles_are_told_both(load_files: LoadFiles) -> None:
    def record(name: str, *others: str) -> str:
        fields = ", ".join(f'{{"name": "f{at}", "type": "{other}"}}' for at, other in enumerate(others))
        return f'{{"type": "record", "name": "{name}", "fields": [{fields}]}}'

    project = load_files(
        {
            "a.avsc": record("A", "B", "C", "D"),
            "b.avsc": record("B", "A"),
            "c.avsc": record("C", "A"),
            "d.avsc": record("D", "E"),
            "e.avsc": record("E", "D"),
            "f.avsc": record("F"),
        }
    )

    assert [finding.message.partition(": ")[2] for finding in project.findings] == [
        "a.avsc -> b.avsc -> a.avsc",
        "a.avsc -> c.avsc -> a.avsc",
        "d.avsc -> e.avsc -> d.avsc",
    ]
    assert list(project.schemas) == ["f-value"]


def test_a_chain_of_files_may_be_longer_than_the_stack(load_files: LoadFiles) -> None:
    links = {
        f"{at:04}.avsc": f'{{"type": "record", "name": "R{at}", "fields": [{{"name": "x", "type": "R{at + 1}"}}]}}'
        for at in range(1500)
    }

    [finding] = load_files(links).findings

    assert finding.message.startswith("the type `R1500` is defined by no file of the project")


def test_a_type_may_refer_to_itself(load_files: LoadFiles) -> None:
    node = '{"type": "record", "name": "Node", "fields": [{"name": "next", "type": ["null", "Node"]}]}'

    assert load_files({"Node.avsc": node}).findings == ()


@pytest.mark.parametrize(
    ("reference", "other"),
    [
        ("Money.json", '{"type": "object", "properties": {"cents": {"type": "integer"}}}'),
        ("./Money.json#", '{"type": "object", "properties": {"cents": {"type": "integer"}}}'),
        ("Money.json#/$defs/euro", '{"$defs": {"euro": {"type": "integer"}}}'),
        ("https://example.com/money", '{"$id": "https://example.com/money", "type": "object"}'),
    ],
)
def test_a_json_schema_refers_to_a_file_or_an_id(load_files: LoadFiles, reference: str, other: str) -> None:
    order = '{"type": "object", "properties": {"total": {"$ref": "%s"}, "own": {"$ref": "#/$defs/x"}}, "$defs": {"x": {}}}'

    project = load_files({"s/Order.json": order % reference, "s/Money.json": other})

    assert project.findings == ()
    [found] = project.schemas[Subject("Order-value")].references
    assert (found.name, found.subject) == (reference.partition("#")[0], "Money-value")


def test_a_missing_json_schema_is_told_where_it_is_named(load_files: LoadFiles) -> None:
    order = '{"type": "object",\n "properties": {"total": {"$ref": "Money.json"}}}'

    [finding] = load_files({"Order.json": order}).findings

    assert finding.rule == "CONTRACT_REFERENCE_MISSING"
    assert str(finding.at) == "Order.json:2:35"


PROTO = 'syntax = "proto3";\npackage shop;\n/* import "no.proto"; */ // import "neither.proto";\n'


@pytest.mark.parametrize(
    ("folder", "path"),
    [
        ("", "common/money.proto"),
        ("protos/", "protos/common/money.proto"),
        ("protos/orders/", "protos/common/money.proto"),
    ],
)
def test_an_import_is_found_below_the_folders_around(load_files: LoadFiles, folder: str, path: str) -> None:
    order = (
        PROTO + 'import "common/money.proto";\nimport "google/protobuf/timestamp.proto";\n'
        "message Order { shop.Money total = 1; google.protobuf.Timestamp at = 2; }\n"
    )
    money = PROTO + "message Money { int64 cents = 1; }\n"

    project = load_files({f"{folder}order.proto": order, path: money})

    assert project.findings == ()
    found = project.schemas[Subject("order-value")]
    assert found.referenced == {"common/money.proto": Schema(money, SchemaType.PROTOBUF)}
    assert [(one.name, one.subject) for one in found.references] == [("common/money.proto", "money-value")]


def test_a_missing_import_is_told_where_it_stands(load_files: LoadFiles) -> None:
    [finding] = load_files({"order.proto": PROTO + 'import "money.proto";\nmessage Order {}\n'}).findings

    assert (finding.rule, str(finding.at)) == ("CONTRACT_REFERENCE_MISSING", "order.proto:4:8")


def test_what_others_own_is_referred_to_and_is_no_part_of_the_project(load_files: LoadFiles) -> None:
    project = load_files({"Line.avsc": LINE, "pulled/com.example.Money.avsc": MONEY})

    assert project.findings == ()
    assert list(project.schemas) == ["Line-value"]
    [reference] = project.schemas[Subject("Line-value")].references
    assert (reference.name, reference.subject) == ("com.example.Money", "com.example.Money")


def test_fields_of_what_is_referred_to_are_known(load_files: LoadFiles) -> None:
    claim = "service: s\nreads: [{contract: Order, fields: [lines.price.cents, total.cents, total.euros]}]\n"

    project = load_files(
        {"Order.avsc": ORDER, "Line.avsc": LINE, "Money.avsc": MONEY, "consumers/s.yaml": claim}
    )

    assert [finding.message for finding in project.findings] == [
        "`total.euros` is no field of Order.avsc (did you mean `total.cents`?)"
    ]
