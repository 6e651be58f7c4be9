"""Registries that run, as sources and as targets: this project's own server, asked as any other is."""

import json
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import httpx2
import pytest

from accord.client import Registry, RegistryUnavailable, Unauthorized
from accord.client.exchanges import Exchange
from accord.registry.core.ids import StoredVersion
from accord.registry.core.state import RegistryState
from accord.registry.http.server import serve
from accord.registry.log import records
from accord.registry.log.port import START, Record
from accord.transfer.doctor import examine
from accord.transfer.errors import PlaceRefused, TargetDiffers, UnknownShape
from accord.transfer.ports import Row
from accord.transfer.rest.comparison import differences
from accord.transfer.rest.exchanges import ExtendLog, Perhaps, TellLog, TellVersion
from accord.transfer.rest.source import RegistrySource
from accord.transfer.rest.states import served, state_of
from accord.transfer.rest.target import RegistryTarget, batches

INT, LONG, TEXT = '"int"', '"long"', '"string"'
MONEY = '{"type":"record","name":"Money","fields":[{"name":"cents","type":"long"}]}'
ORDER = '{"type":"record","name":"Order","fields":[{"name":"total","type":"Money"}]}'
TO_MONEY = [{"name": "Money", "subject": "money", "version": 1}]
NOW = 1_800_000_000_000


class Plain(Registry):
    """A registry that gives no log, as any but an Accord one."""

    def ask(self, exchange: Exchange[Any], **choices: Any) -> Any:
        if isinstance(exchange, TellLog):
            return None
        return super().ask(exchange, **choices)


Ask = Callable[..., Any]
C = TypeVar("C", bound=Registry | httpx2.Client)

_open: list[Registry | httpx2.Client] = []


@pytest.fixture(autouse=True)
def all_closed() -> Iterator[None]:
    yield
    while _open:
        _open.pop().close()


def closed_later(client: C) -> C:
    _open.append(client)
    return client


@pytest.fixture
def url() -> Iterator[str]:
    with serve() as server:
        yield server.url


@pytest.fixture
def other_url() -> Iterator[str]:
    with serve() as server:
        yield server.url


def asking(url: str) -> Ask:
    client = closed_later(httpx2.Client(base_url=url, verify=False))

    def ask(line: str, body: object = None) -> Any:
        method, path = line.split(" ", 1)
        answer = client.request(method, path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    return ask


@pytest.fixture
def rich(url: str) -> str:
    """A registry with something of everything that can be moved."""
    ask = asking(url)
    ask("PUT /config", {"compatibility": "NONE"})
    ask("POST /subjects/zoo%2Fkeeper/versions", {"schema": INT})
    ask("POST /subjects/gone/versions", {"schema": LONG})
    ask("DELETE /subjects/gone")
    ask("POST /subjects/money/versions", {"schema": MONEY})
    ask("POST /subjects/a-order/versions", {"schema": ORDER, "references": TO_MONEY})
    rules = {
        "domainRules": [{"name": "r", "kind": "CONDITION", "mode": "WRITE", "type": "CEL", "expr": "true"}]
    }
    ask(
        "POST /subjects/a-order/versions",
        {"schema": TEXT, "metadata": {"properties": {"owner": "billing"}}, "ruleSet": rules},
    )
    ask("DELETE /subjects/a-order/versions/1")
    ask("PUT /config/%3A.eu%3A", {"compatibility": "NONE"})
    ask("POST /subjects/%3A.eu%3Amoney/versions", {"schema": LONG})
    ask("POST /subjects/%3A.eu%3Amoney/versions", {"schema": MONEY})
    ask("PUT /config/a-order", {"compatibility": "FULL", "normalize": True, "compatibilityGroup": "major"})
    ask("PUT /config/nickname", {"alias": "money"})
    ask("PUT /config/%3A.eu%3A", {"compatibility": "FORWARD"})
    ask("PUT /mode/%3A.eu%3A", {"mode": "READONLY"})
    ask("PUT /mode/a-order", {"mode": "READONLY_OVERRIDE"})
    return url


def source(url: str) -> RegistrySource:
    return RegistrySource(closed_later(Plain(url)), name=url, now_ms=lambda: NOW)


def target(url: str, *, force: bool = False, registry: Registry | None = None) -> RegistryTarget:
    return RegistryTarget(registry or closed_later(Plain(url)), name=url, now_ms=lambda: NOW, force=force)


def state(url: str, watcher: Any) -> RegistryState:
    return state_of(source(url).read(watcher).records, watcher)


def versions(state: RegistryState) -> list[StoredVersion]:
    return [stored for versions in state.subjects.values() for stored in versions.values()]


def test_an_export_says_all_that_a_registry_tells(rich: str, watcher: Any) -> None:
    row = source(rich).read(watcher)
    found = state_of(row.records, watcher)

    assert not row.exact
    assert {(one.subject, one.version, one.content.id, one.deleted) for one in versions(found)} == {
        ("zoo/keeper", 1, 1, False),
        ("gone", 1, 2, True),
        ("money", 1, 3, False),
        ("a-order", 1, 4, True),
        ("a-order", 2, 5, False),
        (":.eu:money", 1, 1, False),
        (":.eu:money", 2, 2, False),
    }
    rich_version = found.subjects["a-order"][2].content.schema  # type: ignore[index]  # plain words are names too
    assert rich_version.metadata is not None
    assert rich_version.rule_set is not None
    told = asking(rich)("GET /subjects/a-order/versions/2")
    assert found.subjects["a-order"][2].content.guid == told["guid"]  # type: ignore[index]
    assert found.subjects["a-order"][2].registered_at_ms == told["ts"]  # type: ignore[index]
    configs = {str(scope): config.level for scope, config in found.configs.items()}
    assert configs == {"None": "NONE", "a-order": "FULL", "nickname": "BACKWARD", ":.eu:": "FORWARD"}
    assert found.configs["a-order"].compatibility_group == "major"  # type: ignore[index]
    assert found.configs["nickname"].alias == "money"  # type: ignore[index]
    assert found.modes == {"a-order": "READONLY_OVERRIDE", ":.eu:": "READONLY"}
    assert found.contexts == {".", ".eu"}
    assert (watcher.warnings, watcher.losses) == ([], [])


def test_what_is_referred_to_comes_first(url: str, watcher: Any) -> None:
    ask = asking(url)
    ask("POST /subjects/other/versions", {"schema": ORDER.replace('"Money"', '"long"')})
    ask("POST /subjects/money/versions", {"schema": MONEY})
    # The id of the first is that of the second: it comes first by its id, and refers to what comes later.
    ask("PUT /mode/orders", {"mode": "IMPORT"})
    ask("POST /subjects/orders/versions", {"schema": ORDER, "references": TO_MONEY, "id": 0, "version": 1})

    keys = [json.loads(record.key) for record in source(url).read(watcher).records]

    order = [key["subject"] for key in keys if key["keytype"] == "SCHEMA"]
    assert order == ["money", "orders", "other"]


def test_a_registry_is_moved_to_another_one_whole(rich: str, other_url: str, watcher: Any) -> None:
    taken = target(other_url).take(source(rich).read(watcher), watcher)

    assert (taken.written, taken.found, taken.what) == (7, 0, "versions")
    assert taken.differences == ()
    wanted, found = state(rich, watcher), state(other_url, watcher)
    assert list(differences(wanted, found)) == list(differences(found, wanted)) == []
    assert asking(other_url)("GET /mode") == {"mode": "READWRITE"}
    assert (watcher.warnings, watcher.losses) == ([], [])


def test_what_is_there_already_is_left_as_it_is(rich: str, other_url: str, watcher: Any) -> None:
    target(other_url).take(source(rich).read(watcher), watcher)
    before = list(source(other_url).read(watcher).records)

    taken = target(other_url).take(source(rich).read(watcher), watcher)

    assert (taken.written, taken.found, taken.differences) == (0, 7, ())
    assert list(source(other_url).read(watcher).records) == before


def test_an_accord_registry_gives_its_own_records(rich: str, watcher: Any) -> None:
    ask = asking(rich)
    ask("DELETE /subjects/zoo%2Fkeeper")
    ask("DELETE /subjects/zoo%2Fkeeper?permanent=true")

    registry = closed_later(Registry(rich))
    row = RegistrySource(registry, name=rich, now_ms=lambda: NOW).read(watcher)
    given = list(row.records)

    assert row.exact
    keys = [json.loads(record.key) for record in given if record.value is None]
    assert {"keytype": "SCHEMA", "subject": "zoo/keeper", "version": 1, "magic": 1} in keys
    assert not list(differences(state_of(given, watcher), state(rich, watcher)))


def accord(url: str, kind: type[Registry] = Registry) -> RegistryTarget:
    return RegistryTarget(closed_later(kind(url)), name=url, now_ms=lambda: NOW)


def log_of(url: str, watcher: Any) -> list[Record]:
    registry = closed_later(Registry(url))
    return list(RegistrySource(registry, name=url, now_ms=lambda: NOW).read(watcher).records)


def test_an_export_of_one_accord_registry_imported_into_another_is_identical(
    rich: str, other_url: str, watcher: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accord.transfer.rest.target.BATCH", 3)
    asking(rich)("DELETE /subjects/zoo%2Fkeeper")
    asking(rich)("DELETE /subjects/zoo%2Fkeeper?permanent=true")
    exported = log_of(rich, watcher)

    taken = accord(other_url).take(Row(exported), watcher)

    assert (taken.written, taken.found, taken.differences) == (len(exported), 0, ())
    assert log_of(other_url, watcher) == exported
    again = accord(other_url).take(Row(exported), watcher)
    assert (again.written, again.found, again.differences) == (0, len(exported), ())
    for question in QUESTIONS:
        assert asking(other_url)(f"GET {question}") == asking(rich)(f"GET {question}")


@pytest.fixture
def of_all_types(url: str) -> str:
    """A registry with Avro, JSON Schemas and Protobuf that refer to each other within their types."""
    ask = asking(url)
    ask("POST /subjects/money/versions", {"schema": MONEY})
    ask("POST /subjects/order/versions", {"schema": ORDER, "references": TO_MONEY})
    json_money = '{"type":"object","properties":{"cents":{"type":"integer"}},"additionalProperties":false}'
    json_order = '{"type":"object","properties":{"total":{"$ref":"money.json"}},"additionalProperties":false}'
    refers = [{"name": "money.json", "subject": "money-json", "version": 1}]
    ask("POST /subjects/money-json/versions", {"schemaType": "JSON", "schema": json_money})
    ask(
        "POST /subjects/order-json/versions",
        {"schemaType": "JSON", "schema": json_order, "references": refers},
    )
    proto = 'syntax = "proto3"; message '
    refers = [{"name": "money.proto", "subject": "money-proto", "version": 1}]
    ask(
        "POST /subjects/money-proto/versions?normalize=true",
        {"schemaType": "PROTOBUF", "schema": f"{proto} Money {{ string c = 2; int64 cents = 1; }}"},
    )
    for field in ("", "string id = 2;"):
        text = f'{proto} Order {{ Money total = 1; {field} }} import "money.proto";'
        ask(
            "POST /subjects/order-proto/versions",
            {"schemaType": "PROTOBUF", "schema": text, "references": refers},
        )
    ask("DELETE /subjects/order-proto/versions/1")
    return url


QUESTIONS = ("/schemas?subjectPrefix=:*:&deleted=true", "/contexts", "/subjects?deleted=true")


def test_schemas_of_all_types_are_moved_over_any_registrys_api(
    of_all_types: str, other_url: str, watcher: Any
) -> None:
    taken = target(other_url).take(source(of_all_types).read(watcher), watcher)

    assert (taken.written, taken.found, taken.differences) == (7, 0, ())
    wanted, found = state(of_all_types, watcher), state(other_url, watcher)
    assert list(differences(wanted, found)) == list(differences(found, wanted)) == []
    for question in ("/schemas/ids/4", "/schemas/ids/7?format=serialized"):
        one, other = asking(of_all_types)(f"GET {question}"), asking(other_url)(f"GET {question}")
        assert {**one, "ts": 0} == {**other, "ts": 0}
    assert (watcher.warnings, watcher.losses) == ([], [])


def test_schemas_of_all_types_are_moved_as_the_records_that_they_are(
    of_all_types: str, other_url: str, watcher: Any
) -> None:
    exported = log_of(of_all_types, watcher)
    accord(other_url).take(Row(exported), watcher)

    assert log_of(other_url, watcher) == exported
    for question in QUESTIONS:
        assert asking(other_url)(f"GET {question}") == asking(of_all_types)(f"GET {question}")
    assert examine(exported).sound


class Interrupted(Registry):
    """An Accord registry that goes away after the first records."""

    def ask(self, exchange: Exchange[Any], **choices: Any) -> Any:
        if isinstance(exchange, ExtendLog) and exchange.after != START:
            raise RegistryUnavailable("gone")
        return super().ask(exchange, **choices)


def test_a_log_that_was_brought_in_by_half_is_gone_on_with(
    rich: str, other_url: str, watcher: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accord.transfer.rest.target.BATCH", 3)
    exported = log_of(rich, watcher)

    with pytest.raises(RegistryUnavailable):
        accord(other_url, Interrupted).take(Row(exported), watcher)
    taken = accord(other_url).take(Row(exported), watcher)

    assert (taken.written, taken.found) == (len(exported) - 3, 3)
    assert log_of(other_url, watcher) == exported


def test_an_accord_registry_with_schemas_of_its_own_is_asked_like_any_other(
    rich: str, other_url: str, watcher: Any
) -> None:
    asking(other_url)("POST /subjects/%3A.own%3As/versions", {"schema": INT})

    taken = accord(other_url).take(Row(log_of(rich, watcher)), watcher)

    assert taken.differences == ()
    assert asking(other_url)("GET /subjects/%3A.own%3As/versions") == [1]


class Closed(Registry):
    """A registry that lets us do anything but read its log."""

    def ask(self, exchange: Exchange[Any], **choices: Any) -> Any:
        if isinstance(exchange, TellLog):
            raise Unauthorized("no")
        return super().ask(exchange, **choices)


def test_a_log_that_we_may_not_read_is_told_and_the_rest_is_asked_for(url: str, watcher: Any) -> None:
    asking(url)("POST /subjects/s/versions", {"schema": INT})

    row = RegistrySource(closed_later(Closed(url)), name=url, now_ms=lambda: NOW).read(watcher)

    assert not row.exact
    assert [stored.subject for stored in versions(state_of(row.records, watcher))] == ["s"]
    assert "does not let us read its log" in watcher.warnings[0]


@pytest.mark.parametrize("answer", ["", "<html>"])
def test_what_is_unlike_a_registry_is_told_and_is_no_empty_log(answer: str, watcher: Any) -> None:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, text=answer))
    registry = closed_later(Registry("http://nowhere", transport=transport))

    with pytest.raises(UnknownShape, match="answer to /contexts cannot be read"):
        RegistrySource(registry, name="nowhere", now_ms=lambda: NOW).read(watcher)


def test_a_log_that_goes_over_into_something_else_is_not_taken_for_complete(watcher: Any) -> None:
    line = b'{"position":0,"key":"k","value":"v","timestampMs":1}\n'

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.params["after"] == "-1":
            return httpx2.Response(200, content=line, headers={"content-type": "application/jsonl"})
        return httpx2.Response(200, text="")

    registry = closed_later(Registry("http://nowhere", transport=httpx2.MockTransport(answer)))

    with pytest.raises(UnknownShape, match="a part of its log and then something else"):
        list(RegistrySource(registry, name="nowhere", now_ms=lambda: NOW).read(watcher).records)


def test_a_log_that_is_no_log_in_spite_of_its_type_is_told(watcher: Any) -> None:
    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, text="<html>", headers={"content-type": "application/jsonl"})

    registry = closed_later(Registry("http://nowhere", transport=httpx2.MockTransport(answer)))

    with pytest.raises(UnknownShape, match="answer to /accord/v1/log cannot be read"):
        RegistrySource(registry, name="nowhere", now_ms=lambda: NOW).read(watcher)


def test_whoever_may_not_read_anything_is_told_so_once(watcher: Any) -> None:
    transport = httpx2.MockTransport(
        lambda _: httpx2.Response(401, json={"error_code": 401, "message": "no"})
    )
    registry = closed_later(Registry("http://nowhere", transport=transport))

    with pytest.raises(Unauthorized):
        RegistrySource(registry, name="nowhere", now_ms=lambda: NOW).read(watcher)
    assert watcher.warnings == []


class Stumbling(Plain):
    """A registry that goes away after so many changes."""

    changes = 0

    def ask(self, exchange: Exchange[Any], **choices: Any) -> Any:
        if exchange.request.method != "GET":
            if self.changes == 0:
                raise RegistryUnavailable("gone")
            self.changes -= 1
        return super().ask(exchange, **choices)


@pytest.mark.soak
def test_an_import_that_is_interrupted_anywhere_is_gone_on_with(rich: str, watcher: Any) -> None:
    wanted = list(source(rich).read(watcher).records)
    for changes in range(0, 23, 2):
        with serve() as server:
            stumbling = closed_later(Stumbling(server.url))
            stumbling.changes = changes
            with pytest.raises(RegistryUnavailable):
                target(server.url, registry=stumbling).take(Row(wanted), watcher)
            # What was opened with versions in it is still open, so nothing needs force.
            taken = target(server.url).take(Row(wanted), watcher)
            assert taken.differences == (), changes
            assert state(server.url, watcher).modes == served(wanted).modes, changes
    assert "run this again" in watcher.warnings[-1]


def test_a_subject_that_an_earlier_try_left_open_is_closed(url: str, other_url: str, watcher: Any) -> None:
    asking(url)("POST /subjects/s/versions", {"schema": INT})
    target(other_url).take(source(url).read(watcher), watcher)
    asking(other_url)("PUT /mode/s?force=true", {"mode": "IMPORT"})
    left = [*differences(state(url, watcher), state(other_url, watcher))]

    taken = target(other_url).take(source(url).read(watcher), watcher)

    assert left == ["'s' has the mode IMPORT instead of none of its own"]
    assert (taken.written, taken.found, taken.differences) == (0, 1, ())
    assert state(other_url, watcher).modes == {}


def test_a_conflict_is_told_before_anything_is_changed(rich: str, other_url: str, watcher: Any) -> None:
    asking(other_url)("POST /subjects/money/versions", {"schema": INT})
    asking(other_url)("POST /subjects/mine/versions", {"schema": '"bytes"'})
    before = list(source(other_url).read(watcher).records)

    with pytest.raises(TargetDiffers) as caught:
        target(other_url).take(source(rich).read(watcher), watcher)

    assert "version 1 of 'money' has another content there" in caught.value.message
    assert "the id 2 of version 1 of 'gone' belongs to another content there" in caught.value.message
    assert list(source(other_url).read(watcher).records) == before


def test_subjects_that_have_versions_take_more_by_force_only(url: str, other_url: str, watcher: Any) -> None:
    for ask in (asking(url), asking(other_url)):
        ask("POST /subjects/s/versions", {"schema": INT})
    asking(url)("PUT /config/s", {"compatibility": "NONE"})
    asking(url)("POST /subjects/s/versions", {"schema": TEXT})

    with pytest.raises(PlaceRefused, match="1 subjects have versions already") as caught:
        target(other_url).take(source(url).read(watcher), watcher)
    assert "--force" in caught.value.hint

    taken = target(other_url, force=True).take(source(url).read(watcher), watcher)
    assert (taken.written, taken.found, taken.differences) == (1, 1, ())


def test_a_registry_with_other_subjects_keeps_them(url: str, other_url: str, watcher: Any) -> None:
    asking(url)("PUT /mode/s", {"mode": "IMPORT"})
    asking(url)("POST /subjects/s/versions", {"schema": TEXT, "id": 40, "version": 3})
    asking(other_url)("POST /subjects/mine/versions", {"schema": INT})

    taken = target(other_url).take(source(url).read(watcher), watcher)

    assert taken.differences == ()
    assert asking(other_url)("GET /subjects") == ["mine", "s"]
    assert asking(other_url)("GET /mode/s") == {"mode": "IMPORT"}


def test_what_cannot_be_the_same_is_told(url: str, watcher: Any, record: Any) -> None:
    def put(subject: str, schema_id: int, text: str, **more: object) -> Record:
        key = {"keytype": "SCHEMA", "subject": subject, "version": 1, "magic": 1}
        made: Record = record(
            key, {"subject": subject, "version": 1, "id": schema_id, "schema": text, **more}
        )
        return made

    row = [
        put("money", 1, MONEY, deleted=True),
        put("orders", 2, ORDER, references=TO_MONEY),
        put("odd", 3, '{ "type" : "int" }'),
        put("none", 4, "{"),
    ]

    taken = target(url).take(Row(row), watcher)

    assert (taken.written, taken.found) == (3, 0)
    assert [one.split(":")[0] for one in taken.differences] == [
        "registering version 1 of 'none' was refused",
        "soft-deleting version 1 of 'money' was refused",
        "version 1 of 'money' is live",
        *[one for one in taken.differences if one.startswith("version 1 of 'odd' has the GUID")],
        "version 1 of 'none' is not there",
    ]
    assert any("'odd' has the GUID" in one for one in taken.differences)
    again = target(url).take(Row(row), watcher)
    assert (again.written, again.found) == (0, 3), "what is printed otherwise is no conflict"


def test_what_is_set_for_names_without_versions_is_moved_and_found_again(
    url: str, watcher: Any, record: Any
) -> None:
    row = [
        record(
            {"keytype": "CONFIG", "subject": "later", "magic": 0},
            {"subject": "later", "compatibilityLevel": "FULL"},
        ),
        record({"keytype": "MODE", "subject": "later", "magic": 0}, {"subject": "later", "mode": "READONLY"}),
    ]

    for _ in range(2):
        assert target(url).take(Row(row), watcher).differences == ()
    assert asking(url)("GET /config/later") == {"compatibilityLevel": "FULL"}


def test_what_others_share_is_set_by_force_only(url: str, other_url: str, watcher: Any) -> None:
    asking(url)("POST /subjects/s/versions", {"schema": INT})
    asking(url)("PUT /config", {"compatibility": "NONE"})
    asking(url)("PUT /mode", {"mode": "READONLY"})
    asking(other_url)("POST /subjects/mine/versions", {"schema": INT})

    taken = target(other_url).take(source(url).read(watcher), watcher)

    assert (taken.written, taken.differences) == (1, ())
    assert asking(other_url)("GET /mode") == {"mode": "READWRITE"}
    [warning] = watcher.warnings
    assert warning.startswith("what is set for the registry stays as it is there")
    taken = target(other_url, force=True).take(source(url).read(watcher), watcher)
    assert (asking(other_url)("GET /mode"), taken.differences) == ({"mode": "READONLY"}, ())


def test_ids_that_the_target_cannot_know_of_are_told(url: str, watcher: Any, record: Any) -> None:
    context = {"keytype": "CONTEXT", "tenant": "default", "context": ".", "magic": 0}

    target(url).take(Row([record(context, {"tenant": "default", "context": ".", "highestId": 70})]), watcher)

    assert watcher.warnings == [
        "the ids up to 70 were given once in the context '.'; the target, which cannot be told, gives those after 0 again"
    ]


def test_an_accord_registry_is_told_of_ids_that_belong_to_nothing(
    url: str, watcher: Any, record: Any
) -> None:
    context = {"keytype": "CONTEXT", "tenant": "default", "context": ".", "magic": 0}
    asking(url)("POST /subjects/mine/versions", {"schema": INT})

    accord(url).take(Row([record(context, {"tenant": "default", "context": ".", "highestId": 70})]), watcher)

    assert watcher.warnings == []
    assert asking(url)("POST /subjects/s/versions", {"schema": LONG})["id"] == 71


def test_records_that_contradict_each_other_are_no_matter_where_they_are_moved_as_they_are(
    url: str, watcher: Any, record: Any
) -> None:
    row = [
        *(
            record(
                {"keytype": "SCHEMA", "subject": subject, "version": 1, "magic": 1}, {"id": 1, "schema": text}
            )
            for subject, text in (("a", INT), ("b", LONG))
        ),
        record("stray", "{"),
    ]

    taken = accord(url).take(Row(row), watcher)

    assert (taken.written, taken.differences, watcher.losses) == (3, (), [])
    assert len(watcher.warnings) == 1
    assert "no server reads: 1, moved as they are; the first is record 2, stray" in watcher.warnings[0]
    [stored] = versions(served(log_of(url, watcher)))
    assert stored.subject == "a"
    taken = target(url).take(Row([]), watcher)
    assert taken.differences == (), "what the target passes over is its own matter"


def test_records_are_sent_by_their_size_and_their_number(
    record: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accord.transfer.rest.target.BATCH", 3)
    monkeypatch.setattr("accord.transfer.rest.target.BATCH_BYTES", 1000)
    sizes = [1, 1, 1, 1, 600, 600, 5000, 1]

    row = [record("k", "x" * size) for size in sizes]

    assert [len(batch) for batch in batches(row)] == [3, 2, 1, 1, 1]
    assert [one for batch in batches(row) for one in batch] == row


class Contested(Registry):
    """An Accord registry in which somebody registers after the first records."""

    def ask(self, exchange: Exchange[Any], **choices: Any) -> Any:
        if isinstance(exchange, ExtendLog) and exchange.after != START:
            asking(self.url)("POST /subjects/somebody/versions", {"schema": '"bytes"'})
        return super().ask(exchange, **choices)


def test_somebody_who_writes_meanwhile_is_told(
    rich: str, other_url: str, watcher: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accord.transfer.rest.target.BATCH", 2)
    exported = log_of(rich, watcher)

    with pytest.raises(
        TargetDiffers, match=r"somebody wrote to .* meanwhile; 2 of the records are there"
    ) as caught:
        accord(other_url, Contested).take(Row(exported), watcher)
    assert "empty registry" in caught.value.hint


class Forgetful(Registry):
    """An Accord registry whose answers to what it took are lost, so that it is asked again."""

    def ask(self, exchange: Exchange[Any], **choices: Any) -> Any:
        if isinstance(exchange, ExtendLog):
            super().ask(exchange, **choices)
        return super().ask(exchange, **choices)


def test_an_answer_that_is_lost_is_no_harm(
    rich: str, other_url: str, watcher: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accord.transfer.rest.target.BATCH", 5)
    exported = log_of(rich, watcher)

    taken = accord(other_url, Forgetful).take(Row(exported), watcher)

    assert (taken.written, taken.differences) == (len(exported), ())
    assert log_of(other_url, watcher) == exported


def test_what_was_composed_again_goes_on_where_it_was(
    rich: str, other_url: str, watcher: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accord.transfer.rest.target.BATCH", 3)

    def row(now: int) -> Row:
        registry = closed_later(Plain(rich))
        return RegistrySource(registry, name=rich, now_ms=lambda: now).read(watcher)

    with pytest.raises(RegistryUnavailable):
        accord(other_url, Interrupted).take(row(NOW), watcher)
    taken = accord(other_url).take(row(NOW + 5), watcher)

    assert (taken.found, taken.differences) == (3, ())


def test_records_that_contradict_each_other_are_for_the_doctor(url: str, watcher: Any, record: Any) -> None:
    row = [
        record({"keytype": "SCHEMA", "subject": subject, "version": 1, "magic": 1}, {"id": 1, "schema": text})
        for subject, text in (("a", INT), ("b", LONG))
    ]

    with pytest.raises(PlaceRefused, match="contradict each other") as caught:
        target(url).take(Row(row), watcher)
    assert "accord registry doctor" in caught.value.hint


def test_the_highest_id_ever_given_is_part_of_an_export(url: str, watcher: Any) -> None:
    ask = asking(url)
    for text in (INT, LONG):
        ask("POST /subjects/s/versions", {"schema": text})
    ask("DELETE /subjects/s/versions/2")
    ask("DELETE /subjects/s/versions/2?permanent=true")

    assert state(url, watcher).id_spaces["."].highest == 2  # type: ignore[index]


class Odd(Plain):
    """A registry that tells a version in a shape that is not known here, and has lost another."""

    def ask(self, exchange: Exchange[Any], **choices: Any) -> Any:
        if isinstance(exchange, Perhaps) and isinstance(exchange.inner, TellVersion):
            if exchange.inner.subject == "lost":
                return None
            if exchange.inner.subject == "odd":
                return super().ask(Perhaps(Spoilt(exchange.inner)))
        return super().ask(exchange, **choices)


class Spoilt(Exchange[Any]):
    def __init__(self, inner: TellVersion) -> None:
        self._inner = inner

    @property
    def request(self) -> Any:
        return self._inner.request

    def read(self, body: bytes) -> Any:
        return self._inner.read(body.replace(b'"AVRO"', b'"THRIFT"'))


def test_what_cannot_be_read_is_told_and_the_rest_is_exported(url: str, watcher: Any) -> None:
    for subject in ("lost", "odd", "fine"):
        asking(url)(f"POST /subjects/{subject}/versions", {"schema": INT})

    row = RegistrySource(closed_later(Odd(url)), name=url, now_ms=lambda: NOW).read(watcher)

    assert [stored.subject for stored in versions(state_of(row.records, watcher))] == ["fine"]
    assert watcher.losses[0] == "version 1 of 'lost' is listed, and the registry does not give it"
    assert watcher.losses[1].startswith(
        "the registry's answer to /subjects/odd/versions/1 cannot be read: Invalid enum"
    )


def test_a_name_that_stands_for_another_is_told(url: str, watcher: Any) -> None:
    ask = asking(url)
    ask("POST /subjects/old/versions", {"schema": INT})
    ask("POST /subjects/new/versions", {"schema": LONG})
    ask("PUT /config/old", {"alias": "new"})

    found = state(url, watcher)

    assert [stored.subject for stored in versions(found)] == ["new"]
    assert watcher.losses == ["version 1 of 'old': this name stands for 'new' now"]


def test_an_export_of_records_goes_through_the_codec_of_the_log(rich: str, watcher: Any) -> None:
    for record in source(rich).read(watcher).records:
        event = records.decode(record)
        assert event is not None
        assert records.encode(event, record.timestamp_ms) == record


def test_a_log_may_be_longer_than_other_answers() -> None:
    assert TellLog(START).request.answer_limit_bytes is None
