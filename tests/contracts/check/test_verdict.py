"""Every schema of a project against what was there before, and who is hit."""

import json
from collections.abc import Sequence
from typing import Protocol

import pytest
from tests.contracts.check.order_files import CURRENCY, ID, TOTAL, Files, Load, MakeTree, contract, record

from accord.contracts.check import CheckResult, FilesBaseline, check, verdict
from accord.contracts.check.earlier_files import earlier_project
from accord.contracts.known import KnownReader
from accord.contracts.loading import load
from accord.contracts.readers import known_readers
from accord.findings import Finding, Location, Severity
from accord.schemas import CompatibilityLevel, InvalidSchema, Subject

SUBJECT = Subject("orders.created-value")
BEFORE = {"OrderCreated.avsc": record(ID, TOTAL, CURRENCY), "orders.odcs.yaml": contract()}
BILLING = KnownReader("billing", SUBJECT, "claim", fields=("order_id", "currency"))
ANALYTICS = KnownReader("analytics", SUBJECT, "contract")


class Check(Protocol):
    def __call__(
        self, now: Files, before: Files = BEFORE, *, readers: Sequence[KnownReader] = ()
    ) -> CheckResult: ...


@pytest.fixture
def checked(loaded: Load) -> Check:
    """Check files against those that were there before."""

    def check_files(
        now: Files, before: Files = BEFORE, *, readers: Sequence[KnownReader] = ()
    ) -> CheckResult:
        return check(loaded(now), FilesBaseline("git:main", loaded(before)), readers=readers)

    return check_files


def place_of(finding: Finding) -> Location:
    assert finding.at is not None
    return finding.at


def hit(finding: Finding) -> list[tuple[str, tuple[str, ...]]]:
    assert finding.affected is not None
    return [(one.reader, one.fields) for one in finding.affected]


def rules_of(result: CheckResult) -> list[str]:
    return [finding.rule for finding in result.findings]


def test_what_has_not_changed_is_compared_with_nothing(checked: Check) -> None:
    result = checked(BEFORE, readers=[BILLING])
    assert result.compatible
    assert result.findings == ()
    assert [one.state for one in result.subjects] == ["unchanged"]
    assert result.checked == "1 schema against git:main, none new or changed"


def test_a_break_is_told_with_its_place_and_who_is_hit(checked: Check) -> None:
    now = {**BEFORE, "OrderCreated.avsc": record(ID, TOTAL, ("currency", "long"))}
    result = checked(now, readers=[ANALYTICS, BILLING])
    [finding] = result.findings
    assert (finding.rule, finding.severity) == ("AVRO_TYPE_CHANGED", Severity.ERROR)
    assert (finding.subject, finding.contract) == (SUBJECT, "orders.created")
    assert str(place_of(finding)) == "OrderCreated.avsc:4:34"
    assert (place_of(finding).excerpt.strip(), place_of(finding).width) == (
        '{"name": "currency", "type": "long"}',
        6,
    )
    assert hit(finding) == [
        ("analytics", ("currency",)), ("billing", ("currency",)),
    ]  # fmt: skip
    assert not result.compatible


def test_a_break_that_no_known_reader_touches_says_so(checked: Check) -> None:
    now = {**BEFORE, "OrderCreated.avsc": record(ID, ("total", "string"), CURRENCY)}
    result = checked(now, readers=[BILLING])
    assert rules_of(result) == ["AVRO_TYPE_CHANGED"]
    assert result.findings[0].affected == ()
    assert f"{SUBJECT}: the break touches none of its known readers (billing)" in result.notes


def test_a_break_without_any_known_reader_says_so(checked: Check) -> None:
    now = {**BEFORE, "OrderCreated.avsc": record(ID, ("total", "string"), CURRENCY)}
    assert f"{SUBJECT}: the break has no known reader" in checked(now).notes


def test_a_reader_of_which_only_the_group_is_known_reads_everything(checked: Check) -> None:
    now = {**BEFORE, "OrderCreated.avsc": record(ID, ("total", "string"), CURRENCY)}
    [finding] = checked(
        now, readers=[KnownReader("audit", SUBJECT, "observed", groups=("audit-1",))]
    ).findings
    assert [who for who, _ in hit(finding)] == ["audit"]


def test_a_field_that_a_reader_needs_is_missed_although_the_level_lets_it_go(checked: Check) -> None:
    now = {**BEFORE, "OrderCreated.avsc": record(ID, TOTAL)}
    result = checked(now, readers=[BILLING])
    [finding] = result.findings
    assert finding.rule == "CONTRACT_READER_FIELD_REMOVED"
    assert finding.path == "currency"
    assert [who for who, _ in hit(finding)] == ["billing"]
    assert result.subjects[0].report is not None
    assert result.subjects[0].report.compatible


def test_a_field_that_goes_on_under_another_name_is_told_with_it(checked: Check) -> None:
    renamed = record(ID, TOTAL, CURRENCY).replace('"currency"', '"currency_code", "aliases": ["currency"]')
    result = checked({**BEFORE, "OrderCreated.avsc": renamed}, readers=[BILLING])
    assert rules_of(result) == ["CONTRACT_READER_FIELD_REMOVED"]
    assert "it is called `currency_code` now" in result.findings[0].message
    assert place_of(result.findings[0]).line == 4


def test_a_reader_that_must_be_upgraded_first_is_named(checked: Check) -> None:
    before = {**BEFORE, "OrderCreated.avsc": record(ID, ("total", "int"), CURRENCY)}
    totals = KnownReader("totals", SUBJECT, "claim", fields=("total",))
    result = checked(BEFORE, before, readers=[BILLING, totals])
    [finding] = result.findings
    assert (finding.rule, finding.severity) == ("CONTRACT_READER_NEEDS_UPGRADE", Severity.WARNING)
    assert "totals cannot read what the new schema writes" in finding.message
    assert [who for who, _ in hit(finding)] == ["totals"]
    assert result.compatible
    assert any("Upgrade every consumer first" in note for note in result.notes)


def test_a_reader_that_would_lose_old_records_is_named(checked: Check) -> None:
    forward = {"orders.odcs.yaml": contract("compatibility: FORWARD")}
    now = {"OrderCreated.avsc": record(ID, TOTAL, CURRENCY, ("email", "string")), **forward}
    result = checked(now, {**BEFORE, **forward}, readers=[BILLING, ANALYTICS])
    assert rules_of(result) == ["CONTRACT_READER_LOSES_RECORDS"]
    assert [who for who, _ in hit(result.findings[0])] == ["analytics"]


def test_the_readers_of_the_contract_and_of_claims_are_known(checked: Check, loaded: Load) -> None:
    consumers = "consumers: {billing: {groups: [billing-v1], fields: [order_id, currency]}}"
    now = {
        "OrderCreated.avsc": record(ID, TOTAL, ("currency", "long")),
        "orders.odcs.yaml": contract(consumers),
    }
    [finding] = checked(now, readers=known_readers(loaded(now), None)).findings
    assert hit(finding) == [("billing", ("currency",))]


def test_a_change_of_a_file_that_others_refer_to_is_theirs_too(checked: Check) -> None:
    customer = record(("city", "string"), name="Customer")
    order = record(ID, ("customer", "shop.Customer"))
    before = {"Customer.avsc": customer, "OrderCreated.avsc": order}
    now = {**before, "Customer.avsc": record(("city", "long"), name="Customer")}
    result = checked(now, before)
    assert {(one.rule, one.subject) for one in result.findings} == {
        ("AVRO_TYPE_CHANGED", "Customer-value"), ("AVRO_TYPE_CHANGED", "OrderCreated-value"),
    }  # fmt: skip
    own, using = sorted(map(place_of, result.findings), key=lambda at: at.file)
    assert (own.file, own.excerpt[own.column - 1 :][: own.width]) == ("Customer.avsc", '"long"')
    assert (using.file, using.excerpt[using.column - 1 :][: using.width]) == (
        "OrderCreated.avsc",
        '"shop.Customer"',
    )


def test_without_a_contract_the_level_is_the_one_that_is_asked_for(loaded: Load) -> None:
    before, now = {"A.avsc": record(ID)}, {"A.avsc": record(ID, TOTAL)}
    for level, compatible in ((CompatibilityLevel.BACKWARD, False), (CompatibilityLevel.FORWARD, True)):
        baseline = FilesBaseline("dir:before", loaded(before))
        assert check(loaded(now), baseline, default_level=level).compatible is compatible


def test_a_new_schema_has_nothing_to_be_compared_with(checked: Check) -> None:
    result = checked({**BEFORE, "Refund.avsc": record(ID, name="Refund")})
    assert {one.file.subject: one.state for one in result.subjects}[Subject("Refund-value")] == "new"
    assert result.compatible


def test_a_schema_that_is_gone_is_told(checked: Check) -> None:
    before = {**BEFORE, "Refund.avsc": record(ID, name="Refund")}
    assert rules_of(checked(BEFORE, before)) == ["CONTRACT_SUBJECT_REMOVED"]
    reader = KnownReader("refunds", Subject("Refund-value"), "observed")
    result = checked(BEFORE, before, readers=[reader])
    assert rules_of(result) == ["CONTRACT_READER_SUBJECT_REMOVED"]
    assert [who for who, _ in hit(result.findings[0])] == ["refunds"]


@pytest.mark.parametrize("file", ["deep/down/OrderCreated.avsc", "shop/OrderCreated.avsc"])
def test_a_file_in_another_folder_is_the_same_subject(checked: Check, file: str) -> None:
    before = {"OrderCreated.avsc": record(ID, TOTAL)}
    result = checked({file: record(ID, ("total", "string"))}, before)
    assert rules_of(result) == ["AVRO_TYPE_CHANGED"]
    assert place_of(result.findings[0]).file == file


def test_a_file_with_another_name_is_compared_with_what_it_was(checked: Check) -> None:
    before = {"OrderCreated.avsc": record(ID, TOTAL)}
    result = checked({"Placed.avsc": record(ID, ("total", "string"))}, before)
    assert rules_of(result) == ["AVRO_TYPE_CHANGED", "CONTRACT_SUBJECT_RENAMED"]


def test_a_file_that_the_contract_calls_otherwise_keeps_its_subject(checked: Check) -> None:
    now = {"Placed.avsc": BEFORE["OrderCreated.avsc"], "orders.odcs.yaml": contract(file="Placed.avsc")}
    assert checked(now).findings == ()


@pytest.mark.parametrize(
    ("before", "after", "rules"),
    [
        ("compatibility: FULL", "compatibility: BACKWARD", ["CONTRACT_COMPATIBILITY_LOWERED"]),
        ("compatibility: BACKWARD_TRANSITIVE", "compatibility: BACKWARD", ["CONTRACT_COMPATIBILITY_LOWERED"]),
        ("compatibility: BACKWARD", "compatibility: FORWARD", ["CONTRACT_COMPATIBILITY_LOWERED"]),
        ("compatibility: BACKWARD", "compatibility: FULL_TRANSITIVE", []),
        ("dlq: {topic: orders.created-dlq}", "", ["CONTRACT_DEAD_LETTERS_REMOVED"]),
        ("key: {type: string, field: order_id}", "key: {type: string, field: currency}", ["CONTRACT_KEY_CHANGED"]),
        ("key: {type: string}", "", []),
    ],
)  # fmt: skip
def test_what_a_contract_takes_back_is_told(
    checked: Check, before: str, after: str, rules: list[str]
) -> None:
    was = {**BEFORE, "orders.odcs.yaml": contract(*filter(None, [before]))}
    now = {**BEFORE, "orders.odcs.yaml": contract(*filter(None, [after]))}
    result = checked(now, was)
    assert rules_of(result) == rules
    assert {finding.contract for finding in result.findings} <= {"orders.created"}
    assert all(
        place_of(finding).file == "orders.odcs.yaml" and place_of(finding).line > 1
        for finding in result.findings
    )


@pytest.mark.parametrize(
    ("count", "rule"), [(12, "CONTRACT_PARTITIONS_ADDED"), (3, "CONTRACT_PARTITIONS_REMOVED")]
)
def test_another_number_of_partitions_is_told(checked: Check, count: int, rule: str) -> None:
    now = {**BEFORE, "orders.odcs.yaml": contract().replace("partitions: 6", f"partitions: {count}")}
    [finding] = checked(now).findings
    assert finding.rule == rule
    assert place_of(finding).excerpt.strip() == f"partitions: {count}"


def test_another_topic_is_told(checked: Check) -> None:
    result = checked({**BEFORE, "orders.odcs.yaml": contract(topic="orders.placed")})
    assert "CONTRACT_TOPIC_CHANGED" in rules_of(result)


def test_what_is_wrong_with_the_files_themselves_is_told_as_well(tree: MakeTree, loaded: Load) -> None:
    now = load(tree({**BEFORE, "Broken.avsc": '{"type": "record"'}))
    result = check(now, FilesBaseline("git:main", loaded(BEFORE)))
    assert [place_of(finding).file for finding in result.findings] == ["Broken.avsc"]
    assert not result.compatible


@pytest.mark.parametrize("more", [{}, {"note.odcs.yaml": "x"}])
def test_what_was_there_is_read_again_only_as_far_as_it_changed(
    tree: MakeTree, loaded: Load, more: dict[str, str]
) -> None:
    others = {f"More{number}.avsc": record(ID, name=f"More{number}") for number in range(3)}
    was, now = {**BEFORE, **others}, {**BEFORE, **others, "OrderCreated.avsc": record(ID)}
    project = loaded(now)
    before = earlier_project(project, tree({**now, **more}), tree(was))
    assert before.schemas[SUBJECT].schema.text == was["OrderCreated.avsc"]
    assert before.contracts[0].events[0].schema is before.schemas[SUBJECT]
    assert before.schemas[Subject("More1-value")] is project.schemas[Subject("More1-value")]


def test_files_that_belonged_together_only_then_are_all_read_again(tree: MakeTree, loaded: Load) -> None:
    customer = record(("city", "string"), name="Customer")
    was = {"Customer.avsc": customer, "OrderCreated.avsc": record(ID, ("customer", "shop.Customer"))}
    now = {**was, "OrderCreated.avsc": record(ID)}
    before = earlier_project(loaded(now), tree(now), tree(was))
    assert set(before.schemas) == {"Customer-value", "OrderCreated-value"}
    assert before.findings == ()


def test_a_contract_that_is_gone_is_told_and_takes_no_promise_along(checked: Check) -> None:
    bare = {"OrderCreated.avsc": BEFORE["OrderCreated.avsc"]}
    result = checked(bare)
    assert "CONTRACT_REMOVED" in rules_of(result)
    assert not result.compatible


def test_a_contract_with_another_id_for_the_same_topic_is_held_to_what_it_was(checked: Check) -> None:
    was = {**BEFORE, "orders.odcs.yaml": contract("compatibility: FULL")}
    renamed = contract("compatibility: NONE").replace("id: orders.created", "id: orders")
    assert rules_of(checked({**BEFORE, "orders.odcs.yaml": renamed}, was)) == [
        "CONTRACT_COMPATIBILITY_LOWERED"
    ]


def test_a_reader_that_does_not_cope_with_the_version_is_told(checked: Check) -> None:
    now = {**BEFORE, "orders.odcs.yaml": contract().replace("version: 1.0.0", "version: 2.0.0")}
    reader = KnownReader("billing", SUBJECT, "claim", fields=("order_id",), versions=">=1.0 <2")
    [finding] = checked(now, readers=[reader]).findings
    assert finding.rule == "CONTRACT_VERSION_NOT_COVERED"
    assert hit(finding) == [("billing", ("order_id",))]
    assert place_of(finding).excerpt == "version: 2.0.0"


@pytest.mark.parametrize("broken", ["Customer.avsc", "orders.odcs.yaml", "OrderCreated.avsc"])
def test_what_cannot_be_read_is_not_taken_for_gone(tree: MakeTree, loaded: Load, broken: str) -> None:
    before = {
        "Customer.avsc": record(("city", "string"), name="Customer"),
        "OrderCreated.avsc": record(ID, ("customer", "shop.Customer")),
        "orders.odcs.yaml": contract(),
    }
    now = load(tree({**before, broken: "{"}))
    result = check(now, FilesBaseline("git:main", loaded(before)))
    told = {rule for rule in rules_of(result) if rule.endswith(("_REMOVED", "_RENAMED"))}
    assert told == set()
    assert not result.compatible


def test_two_schemas_without_a_name_are_not_taken_for_one(checked: Check) -> None:
    before = {"a.json": '{"type": "object", "properties": {"a": {"type": "string"}}}'}
    now = {"b.json": '{"type": "object", "properties": {"b": {"type": "string"}}}'}
    assert rules_of(checked(now, before)) == ["CONTRACT_SUBJECT_REMOVED"]


def test_what_cannot_be_compared_passes_nothing(checked: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_deep(*_: object, **__: object) -> None:
        raise InvalidSchema("the two nest too deep within each other")

    monkeypatch.setattr(verdict, "check_compatibility", too_deep)
    result = checked({**BEFORE, "OrderCreated.avsc": record(ID, TOTAL)})
    assert rules_of(result) == ["CONTRACT_SCHEMA_NOT_COMPARED"]
    assert not result.compatible


RENAMED = record(ID, TOTAL, ("currency_code", "string"))


def test_a_new_field_that_may_be_an_old_one_renamed_hits_those_who_read_that(checked: Check) -> None:
    result = checked({**BEFORE, "OrderCreated.avsc": RENAMED}, readers=[BILLING])
    assert rules_of(result) == ["AVRO_FIELD_WITHOUT_DEFAULT", "CONTRACT_READER_FIELD_REMOVED"]
    assert [hit(finding) for finding in result.findings] == [[("billing", ("currency",))]] * 2
    assert not [note for note in result.notes if "known reader" in note]


def test_a_new_field_is_no_rename_of_one_that_nobody_misses(checked: Check) -> None:
    orders = KnownReader("search", SUBJECT, "claim", fields=("order_id",))
    result = checked({**BEFORE, "OrderCreated.avsc": RENAMED}, readers=[orders])
    assert [hit(finding) for finding in result.findings] == [[]]
    assert f"{SUBJECT}: the break touches none of its known readers (search)" in result.notes


CLAIM = "service: billing\nreads:\n  - {contract: orders.created, fields: [order_id, %s]}\n"


@pytest.mark.parametrize(
    ("field", "told"),
    [("currency", ["CONTRACT_READER_FIELD_REMOVED"]), ("curency", ["CONTRACT_UNKNOWN_FIELD"])],
)
def test_a_field_that_a_claim_names_and_that_goes_is_told_once(
    tree: MakeTree, loaded: Load, field: str, told: list[str]
) -> None:
    now = {**BEFORE, "OrderCreated.avsc": record(ID, TOTAL), "consumers/billing.yaml": CLAIM % field}
    project = load(tree(now))
    result = check(project, FilesBaseline("git:main", loaded(BEFORE)), readers=known_readers(project, None))
    assert rules_of(result) == told
    assert not result.compatible


def test_a_key_that_a_field_is_missing_for_is_told_besides(tree: MakeTree, loaded: Load) -> None:
    keyed = contract("key: {field: currency}")
    before = {**BEFORE, "orders.odcs.yaml": keyed}
    project = load(tree({**before, "OrderCreated.avsc": record(ID, TOTAL)}))
    result = check(project, FilesBaseline("git:main", loaded(before)), readers=[BILLING])
    assert rules_of(result) == ["CONTRACT_UNKNOWN_FIELD", "CONTRACT_READER_FIELD_REMOVED"]


def test_a_reader_that_the_same_change_takes_away_is_told(checked: Check) -> None:
    told = contract("consumers: {billing: {fields: [order_id, currency]}, search: {fields: [order_id]}}")
    left = contract("consumers: {search: {fields: [order_id]}}")
    before = {**BEFORE, "orders.odcs.yaml": told}
    now = {"OrderCreated.avsc": record(ID, TOTAL), "orders.odcs.yaml": left}
    result = checked(now, before, readers=[KnownReader("search", SUBJECT, "contract", fields=("order_id",))])
    assert result.compatible
    note = f"{SUBJECT}: billing read it at git:main and is not looked at: no file names it now"
    assert [one for one in result.notes if "not looked at" in one] == [note]
    assert note not in checked({**before, "orders.odcs.yaml": left}, before).notes


@pytest.mark.parametrize(
    ("name", "rule"), [("iso", "PROTOBUF_NUMBER_REUSED"), ("currency_code", "PROTOBUF_JSON_NAME_CHANGED")]
)
def test_a_field_of_a_message_that_goes_on_under_another_name_is_told_with_it(
    checked: Check, name: str, rule: str
) -> None:
    def orders(field: str) -> Files:
        text = f'syntax = "proto3";\nmessage OrderCreated {{\n  string order_id = 1;\n  string {field} = 2;\n}}\n'
        return {"OrderCreated.proto": text, "orders.odcs.yaml": contract(file="OrderCreated.proto")}

    result = checked(orders(name), orders("currency"), readers=[BILLING])
    assert rules_of(result) == [rule, "CONTRACT_READER_FIELD_REMOVED"]
    assert f"it is called `{name}` now" in result.findings[1].message
    assert [hit(finding) for finding in result.findings] == [[("billing", ("currency",))]] * 2


def test_a_property_that_is_gone_is_told_once(checked: Check) -> None:
    def orders(*names: str) -> Files:
        properties = {name: {"type": "string"} for name in names}
        text = json.dumps({"type": "object", "properties": properties, "required": names})
        return {"OrderCreated.json": text, "orders.odcs.yaml": contract(file="OrderCreated.json")}

    result = checked(orders("order_id"), orders("order_id", "currency"), readers=[BILLING])
    assert rules_of(result) == ["CONTRACT_READER_FIELD_REMOVED"]


def test_no_order_is_called_free_where_a_known_reader_waits_for_its_upgrade(checked: Check) -> None:
    def orders(kind: str) -> Files:
        text = (
            f'syntax = "proto3";\nmessage OrderCreated {{\n  string order_id = 1;\n  {kind} total = 2;\n}}\n'
        )
        return {"OrderCreated.proto": text, "orders.odcs.yaml": contract(file="OrderCreated.proto")}

    totals = KnownReader("totals", SUBJECT, "claim", fields=("total",))
    result = checked(orders("int64"), orders("int32"), readers=[totals])
    assert rules_of(result) == ["CONTRACT_READER_NEEDS_UPGRADE"]
    assert not [note for note in result.notes if "any order" in note]
    orders_only = KnownReader("search", SUBJECT, "claim", fields=("order_id",))
    untouched = checked(orders("int64"), orders("int32"), readers=[orders_only])
    assert [note for note in untouched.notes if "any order" in note]
