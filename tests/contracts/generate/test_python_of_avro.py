"""Classes that are made of Avro schemas: what they are called, and that they write and read what the schema says."""

import datetime as dt
import inspect
import json
import sys
from collections.abc import Callable
from decimal import Decimal
from types import ModuleType
from typing import Any, Final

import msgspec
import pydantic
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.codecs.test_avro_properties import Types, fastavro_bytes, records, value_of
from tests.contracts.generate.making import project_of, schema_file

import accord
import accord.testing
from accord.contracts.generate import Made
from accord.contracts.generate.python import KINDS, Kind, python
from accord.schemas import Reference, Schema, Version, fingerprint, guid_of

ImportMade = Callable[[Made, str], ModuleType]

ORDER: Final = {
    "type": "record",
    "name": "OrderCreated",
    "namespace": "com.example.events",
    "doc": "A customer has placed an order.",
    "fields": [
        {"name": "order_id", "type": "string", "doc": "Never given again."},
        {"name": "total", "type": {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}},
        {"name": "created_at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "discount_code", "type": ["null", "string"], "default": None},
    ],
}


def text(fields: list[Any], name: str = "Thing", **more: Any) -> str:
    return json.dumps({"type": "record", "name": name, "fields": fields, **more})


def thing(kind: Kind, import_made: ImportMade, *fields: dict[str, Any]) -> ModuleType:
    """The module of a record with these fields."""
    file = schema_file("schemas/thing.avsc", text(list(fields)))
    return import_made(python(project_of(topics={"things": file}), kind), "thing")


@pytest.mark.parametrize("kind", KINDS)
def test_a_contract_is_ready_to_be_used(kind: Kind, import_made: ImportMade) -> None:
    file = schema_file("schemas/OrderCreated.avsc", json.dumps(ORDER))

    made = python(project_of(topics={"orders.created": file}), kind)

    assert [one.path for one in made.files] == [
        "__init__.py",
        "com/__init__.py",
        "com/example/__init__.py",
        "com/example/events/__init__.py",
        "com/example/events/order_created.py",
    ]
    module = import_made(made, "com.example.events.order_created")
    orders: accord.Contract[Any] = module.ORDERS_CREATED
    assert (orders.topic, orders.subject, orders.model) == (
        "orders.created",
        "OrderCreated-value",
        module.OrderCreated,
    )
    event = module.OrderCreated(
        order_id="o-1", total=Decimal("9.50"), created_at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    )
    assert orders.codec.decode(orders.codec.encode(event)) == event
    assert event.discount_code is None
    assert module.OrderCreated.__doc__ == "A customer has placed an order."


@pytest.mark.parametrize(
    ("kind", "base"), [("msgspec", msgspec.Struct), ("pydantic", pydantic.BaseModel), ("dataclass", object)]
)
def test_a_class_is_of_the_kind_that_is_asked_for(kind: Kind, base: type, import_made: ImportMade) -> None:
    module = thing(kind, import_made, {"name": "id", "type": "string"})

    assert module.Thing.__bases__ == (base,)
    with pytest.raises((AttributeError, pydantic.ValidationError)):
        module.Thing(id="a").id = "b"


def test_a_module_says_what_it_was_made_of() -> None:
    file = schema_file("schemas/OrderCreated.avsc", json.dumps(ORDER, indent=2))

    made = python(project_of(file), "msgspec").files[-1].text

    guid = guid_of(fingerprint(Schema(file.parsed.canonical)))
    assert made.startswith(
        "# Made by `accord generate python` from schemas/OrderCreated.avsc: change that, and run it again.\n"
        f"# Fingerprint: {guid}\n"
    )
    assert f'FINGERPRINT: Final = "{guid}"' in made
    assert '"""Never given again."""' in made


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_that_is_embedded_is_the_canonical_text(kind: Kind, import_made: ImportMade) -> None:
    odd = text(
        [{"name": "id", "type": "string", "doc": "\"quoted\" 'twice' \\ and\nfar  away\t" + "x" * 200}]
    )
    file = schema_file("schemas/thing.avsc", odd)

    module = import_made(python(project_of(file), kind), "thing")

    assert file.parsed.canonical == module.SCHEMA.text


@pytest.mark.parametrize("kind", KINDS)
def test_types_of_other_files_are_imported_from_their_modules(kind: Kind, import_made: ImportMade) -> None:
    address = schema_file("a.avsc", text([{"name": "city", "type": "string"}], "Address", namespace="geo"))
    order = schema_file(
        "b.avsc",
        text([{"name": "to", "type": "geo.Address"}], "Order", namespace="shop"),
        needs={"geo.Address": address},
    )

    made = python(project_of(address, topics={"orders": order}), kind)
    module = import_made(made, "shop.order")

    assert module.Address.__module__.endswith(".geo.address")
    event = module.Order(to=module.Address(city="Rome"))
    codec = module.ORDERS.codec
    assert codec.decode(codec.encode(event)) == event
    [reference] = module.SCHEMA.references
    assert (reference.name, reference.subject) == ("geo.Address", "a-value")


def test_the_registry_finds_the_schema_that_is_embedded(import_made: ImportMade) -> None:
    """Whatever white space the file has that was registered, and whichever version a reference leads to."""
    address = schema_file(
        "address.avsc", text([{"name": "city", "type": "string"}], "Address", namespace="geo")
    )
    order = schema_file(
        "order.avsc",
        json.dumps(json.loads(text([{"name": "to", "type": "geo.Address"}], "Order")), indent=4),
        needs={"geo.Address": address},
    )
    module = import_made(python(project_of(address, topics={"orders": order}), "msgspec"), "order")
    with accord.testing.registry() as server, server.client() as registry:
        registry.register(address.subject, address.schema)
        reference = Reference("geo.Address", address.subject, Version(1))
        registered = registry.register("order-value", Schema(order.source.text, references=(reference,)))

        found = registry.lookup(module.ORDERS.subject, module.ORDERS.schema)

    assert (found.id, found.version) == (registered.id, 1)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("type_", "default", "expected"),
    [
        ("string", "a \"b\" 'c' \\", "a \"b\" 'c' \\"),
        ("double", 1, 1.0),
        ("bytes", "\u00ff", b"\xff"),
        (["null", "string"], None, None),
        (["string", "null"], "x", "x"),
        ({"type": "array", "items": "long"}, [], []),
        ({"type": "array", "items": "long"}, [1, 2], [1, 2]),
        ({"type": "map", "values": "string"}, {"a": "b"}, {"a": "b"}),
        ({"type": "int", "logicalType": "date"}, 1, dt.date(1970, 1, 2)),
        ({"type": "int", "logicalType": "time-millis"}, 1000, dt.time(0, 0, 1)),
        ({"type": "bytes", "logicalType": "decimal", "precision": 4, "scale": 2}, "\u0001", Decimal("0.01")),
        (
            {"type": "long", "logicalType": "timestamp-micros"},
            1,
            dt.datetime(1970, 1, 1, 0, 0, 0, 1, dt.UTC),
        ),
        (
            {"type": "long", "logicalType": "local-timestamp-millis"},
            0,
            dt.datetime(1970, 1, 1),  # noqa: DTZ001 -- a local moment
        ),
    ],
)
def test_defaults_of_the_schema_are_those_of_the_class(
    kind: Kind, type_: Any, default: Any, expected: Any, import_made: ImportMade
) -> None:
    module = thing(kind, import_made, {"name": "f", "type": type_, "default": default})

    value = module.Thing().f

    assert (value, type(value)) == (expected, type(expected))
    assert module.THINGS.codec.decode(module.THINGS.codec.encode(module.Thing())) == module.Thing()


@pytest.mark.parametrize("kind", KINDS)
def test_defaults_may_be_symbols_and_records(kind: Kind, import_made: ImportMade) -> None:
    status = {"type": "enum", "name": "Status", "symbols": ["NEW", "OLD"]}
    money = {"type": "record", "name": "Money", "fields": [{"name": "cents", "type": "long"}]}
    module = thing(
        kind,
        import_made,
        {"name": "status", "type": status, "default": "OLD"},
        {"name": "price", "type": money, "default": {"cents": 3}},
        {"name": "prices", "type": {"type": "array", "items": "Money"}, "default": [{"cents": 4}]},
    )

    assert module.Thing() == module.Thing(
        status=module.Status.OLD, price=module.Money(cents=3), prices=[module.Money(cents=4)]
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_may_contain_itself(kind: Kind, import_made: ImportMade) -> None:
    module = thing(
        kind,
        import_made,
        {"name": "next", "type": ["null", "Thing"], "default": None},
        {"name": "others", "type": {"type": "map", "values": "Thing"}, "default": {}},
    )
    event = module.Thing(next=module.Thing(), others={"a": module.Thing()})

    assert module.THINGS.codec.decode(module.THINGS.codec.encode(event)) == event


@pytest.mark.parametrize("kind", KINDS)
def test_a_union_of_records_tells_them_apart_by_class(kind: Kind, import_made: ImportMade) -> None:
    card = {"type": "record", "name": "Card", "fields": [{"name": "id", "type": "string"}]}
    cash = {"type": "record", "name": "Cash", "fields": [{"name": "id", "type": "string"}]}
    module = thing(kind, import_made, {"name": "by", "type": [card, cash, "string"]})
    codec = module.THINGS.codec

    for by in (module.Card(id="1"), module.Cash(id="2"), "3"):
        event = module.Thing(by=by)
        again = codec.decode(codec.encode(event))
        assert (again, type(again.by)) == (event, type(by))


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_may_be_called_like_its_type(kind: Kind, import_made: ImportMade) -> None:
    """A class body's own names hide those of the module, in annotations too."""
    day = {"type": "int", "logicalType": "date"}
    module = thing(
        kind,
        import_made,
        {"name": "date", "type": ["null", day], "default": None},
        {"name": "str", "type": "string", "default": ""},
        {"name": "other", "type": day},
        {"name": "list", "type": {"type": "array", "items": "string"}, "default": []},
        {"name": "more", "type": {"type": "array", "items": "string"}, "default": []},
    )
    event = module.Thing(other=dt.date(2026, 1, 2), date=dt.date(2026, 1, 1))

    assert module.THINGS.codec.decode(module.THINGS.codec.encode(event)) == event


@pytest.mark.parametrize("kind", ["msgspec", "pydantic"])
@pytest.mark.parametrize(
    ("name", "attribute"),
    [("class", "class_"), ("__a", "a"), ("Thing", "Thing_"), ("_b", None), ("json", None), ("None", "None_")],
)
def test_a_field_that_python_cannot_name_has_another_attribute(
    kind: Kind, name: str, attribute: str | None, import_made: ImportMade
) -> None:
    module = thing(kind, import_made, {"name": name, "type": "string"}, {"name": "z", "type": "int"})
    codec = module.THINGS.codec
    attribute = attribute or {"_b": {"pydantic": "b"}, "json": {"pydantic": "json_"}}[name].get(kind, name)

    event = module.Thing(**{attribute: "x", "z": 1})

    assert codec.decode(codec.encode(event)) == event
    assert accord.codecs.codec_for(module.SCHEMA).decode(codec.encode(event)) == {name: "x", "z": 1}


def test_dataclasses_have_no_other_names_and_say_so() -> None:
    file = schema_file("schemas/thing.avsc", text([{"name": "class", "type": "string"}]))

    made = python(project_of(file), "dataclass")

    [finding] = made.findings
    assert finding.rule == "GENERATE_TYPE_NOT_EXPRESSIBLE"
    assert "no dataclass class can hold the field 'class' of Thing" in finding.message
    assert finding.at is not None
    assert finding.at.file == "schemas/thing.avsc"
    assert made.files == ()


@pytest.mark.parametrize("symbols", [["None", "A"], ["mro"], ["_a"], ["name"]])
def test_symbols_that_cannot_be_members_stay_strings(symbols: list[str], import_made: ImportMade) -> None:
    enum = {"type": "enum", "name": "Odd", "symbols": symbols}
    module = thing("msgspec", import_made, {"name": "odd", "type": enum, "default": symbols[0]})

    assert module.Thing().odd == symbols[0]
    assert module.THINGS.codec.decode(module.THINGS.codec.encode(module.Thing())) == module.Thing()


def test_types_of_the_same_short_name_are_told_apart(import_made: ImportMade) -> None:
    def part(space: str) -> Any:
        return {
            "type": "record",
            "name": "Part",
            "namespace": space,
            "fields": [{"name": "x", "type": "int"}],
        }

    module = thing("msgspec", import_made, {"name": "a", "type": part("a")}, {"name": "b", "type": part("b")})

    assert module.Thing(a=module.Part(x=1), b=module.Part2(x=2)).b.x == 2


def test_a_constant_and_a_class_of_one_name_are_told_apart(import_made: ImportMade) -> None:
    file = schema_file("schemas/sku.avsc", text([{"name": "x", "type": "int"}], "SKU"))

    module = import_made(python(project_of(topics={"sku": file}), "msgspec"), "sku")

    assert module.SKU2.model is module.SKU


@pytest.mark.parametrize(
    "doc",
    [
        'ends with "',
        "ends with \\",
        'has """ inside',
        "",
        "  ",
        "\n",
        "a\n\n  b\n",
        "\u202e turned",
        "\x00",
        "{x} %s",
        "é €",
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_any_documentation_can_be_written(kind: Kind, doc: str, import_made: ImportMade) -> None:
    file = schema_file("schemas/thing.avsc", text([{"name": "x", "type": "int", "doc": doc}], doc=doc))

    module = import_made(python(project_of(topics={"things": file}), kind), "thing")

    assert module.Thing(x=1).x == 1
    if doc.strip() and doc.isprintable():
        assert module.Thing.__doc__ == doc


def test_a_path_cannot_leave_its_comment() -> None:
    file = schema_file("schemas/a\nraise SystemExit.avsc", text([]))

    head = python(project_of(file), "msgspec").files[-1].text.splitlines()[:2]

    assert "\\nraise SystemExit" in head[0]
    assert head[1].startswith("# Fingerprint: ")


@pytest.mark.parametrize(
    "schema", ['"string"', '{"type":"enum","name":"E","symbols":["A"]}', '["null","long"]']
)
def test_what_is_no_record_has_no_contract(schema: str, import_made: ImportMade) -> None:
    file = schema_file("schemas/thing.avsc", schema)

    [finding] = python(project_of(topics={"things": file}), "msgspec").findings

    assert "this is no record" in finding.message
    module = import_made(python(project_of(file), "msgspec"), "e" if "enum" in schema else "thing")
    assert file.parsed.canonical == module.SCHEMA.text


def test_two_files_for_one_module_are_a_finding() -> None:
    one = schema_file("v1/thing.avsc", text([]))
    two = schema_file("v2/thing2.avsc", text([]))

    made = python(project_of(one, two), "msgspec")

    assert [finding.rule for finding in made.findings] == ["GENERATE_MODULE_MADE_TWICE"]


def test_protobuf_is_left_to_its_compiler() -> None:
    made = python(
        project_of(schema_file("schemas/order.proto", 'syntax = "proto3"; message Order { string id = 1; }')),
        "msgspec",
    )

    assert made.files == ()
    [finding] = made.findings
    assert finding.severity == "info"
    assert "protoc --python_out=. --pyi_out=. -I schemas schemas/order.proto" in finding.message


def test_what_is_made_is_always_the_same() -> None:
    file = schema_file("schemas/OrderCreated.avsc", json.dumps(ORDER))

    assert python(project_of(topics={"a": file}), "msgspec") == python(
        project_of(topics={"a": file}), "msgspec"
    )


@st.composite
def records_and_values(draw: st.DrawFn) -> tuple[str, Any]:
    """The text of a record's schema, and a value of it."""
    types = Types()
    node = records(draw, types, 2)
    return types.text(node), value_of(draw, types, node)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(case=records_and_values())
def test_the_codec_of_a_class_that_was_made_writes_what_fastavro_writes(
    kind: Kind, case: tuple[str, Any]
) -> None:
    schema, value = case
    file = schema_file("schemas/t0.avsc", schema)
    source = python(project_of(topics={"things": file}), kind).files[-1].text
    module = ModuleType("made_for_one_example")
    sys.modules[module.__name__] = module
    exec(compile(source, "made.py", "exec"), module.__dict__)  # noqa: S102 -- that it runs is what is tested
    codec = module.THINGS.codec
    expected = fastavro_bytes(schema, value)

    event = codec.decode(expected)

    assert isinstance(event, module.T0)
    assert codec.encode(event) == expected


@pytest.mark.parametrize(
    "doc", ['"""', '"', 'ends "', "ends \\", '\\"', 'a """" b', 'x""', '"""\\', 'a"\nb c"', '\\"""']
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_doc_is_the_docstring_whatever_quotes_and_backslashes_it_has(
    kind: Kind, doc: str, import_made: ImportMade
) -> None:
    text = json.dumps(
        {
            "type": "record",
            "name": "Order",
            "doc": doc,
            "fields": [{"name": "id", "type": "string", "doc": doc}],
        }
    )
    module = import_made(python(project_of(schema_file("order.avsc", text)), kind), "order")
    assert inspect.getdoc(module.Order) == doc


def test_a_type_is_imported_by_the_name_that_its_own_module_gave_it(import_made: ImportMade) -> None:
    first = schema_file(
        "first.avsc",
        '{"type": "record", "name": "First", "fields": ['
        '{"name": "code", "type": {"type": "fixed", "name": "Thing", "namespace": "a", "size": 2}},'
        '{"name": "thing", "type": {"type": "record", "name": "Thing", "namespace": "b", "fields": []}}]}',
    )
    second = schema_file(
        "second.avsc",
        '{"type": "record", "name": "Second", "fields": [{"name": "thing", "type": "b.Thing", "default": {}}]}',
        needs={"First": first},
    )
    seconds = import_made(python(project_of(first, topics={"seconds": second}), "msgspec"), "second").SECONDS
    event = seconds.model()
    assert seconds.codec.decode(seconds.codec.encode(event)) == event
