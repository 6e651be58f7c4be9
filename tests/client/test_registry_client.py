"""Both clients over a transport in this process: what they repeat, where they go, what they remember."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count
from typing import Any

import httpx2
import pytest
from tests.client.conftest import Connect

from accord.client import (
    Caching,
    ClientClosed,
    ConfigChange,
    NotFound,
    Patience,
    RegisteredSchema,
    RegistryError,
    RegistrySettings,
    RegistryUnavailable,
    Unauthorized,
    exchanges,
)
from accord.client.http import Request
from accord.client.talk import Send
from accord.errors import ConfigurationError, UnavailableError
from accord.schemas import Metadata, Schema, SchemaId, Subject, Version

TEXT = '"string"'
URL = "http://registry.example"
NODES = "http://a.example,http://b.example,http://c.example"
ONCE = Patience(tries=1)


class Answers:
    """A registry that gives these answers in turn, the last one for ever, and remembers what it was asked."""

    def __init__(self, *answers: httpx2.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx2.Response(answer.status_code, headers=answer.headers, content=answer.content)

    @property
    def paths(self) -> list[str]:
        return [request.url.path for request in self.asked]

    @property
    def hosts(self) -> list[str]:
        """The first letters of the hosts that were asked."""
        return [request.url.host[0] for request in self.asked]


def by_host(**answers: httpx2.Response | Exception) -> Answers:
    """A registry of nodes, each of which always gives its own answer."""

    class ByHost(Answers):
        def __call__(self, request: httpx2.Request) -> httpx2.Response:
            self.answers = [answers[request.url.host[0]]]
            return super().__call__(request)

    return ByHost()


def schema_answer() -> httpx2.Response:
    return httpx2.Response(200, json={"schema": TEXT})


def placed(subject: str = "s", version: int = 3, schema: str = TEXT, **more: Any) -> dict[str, Any]:
    return {"subject": subject, "version": version, "id": 7, "schema": schema, **more}


def placed_answer() -> httpx2.Response:
    return httpx2.Response(200, json=placed())


def denial(error_code: int = 40403) -> httpx2.Response:
    return httpx2.Response(int(str(error_code)[:3]), json={"error_code": error_code, "message": "no"})


def refused() -> httpx2.ConnectError:
    return httpx2.ConnectError("refused")


# What is remembered


def test_a_schema_is_asked_for_once_in_a_lifetime(connect: Connect) -> None:
    answers = Answers(schema_answer())
    client = connect(URL, answers=answers)
    assert [client.schema_by_id(SchemaId(7)) for _ in range(3)] == [Schema(TEXT)] * 3
    assert [client.schema_by_guid("g") for _ in range(3)] == [Schema(TEXT)] * 3
    assert answers.paths == ["/schemas/ids/7", "/schemas/guids/g"]


def test_an_id_is_remembered_within_its_context(connect: Connect) -> None:
    answers = Answers(schema_answer())
    client = connect(URL, answers=answers)
    for subject in (None, ":.eu:", ":.us:", ":.eu:", None):
        client.schema_by_id(7, subject=subject)
    assert [dict(request.url.params) for request in answers.asked] == [
        {},
        {"subject": ":.eu:"},
        {"subject": ":.us:"},
    ]


def test_a_lookup_is_remembered_by_subject_and_all_of_the_schema(connect: Connect) -> None:
    answers = Answers(placed_answer())
    client = connect(URL, answers=answers)
    client.lookup("s", Schema(TEXT))
    client.lookup("s", Schema(TEXT))
    client.lookup("other", Schema(TEXT))
    client.lookup("s", Schema('"int"'))
    client.lookup("s", Schema(TEXT, metadata=Metadata(properties={"owner": "shop"})))
    assert len(answers.asked) == 4


def test_a_registration_is_a_lookup_that_needs_no_asking(connect: Connect) -> None:
    told = {"id": 7, "version": 3, "schema": '"int"', "metadata": {"properties": {"owner": "shop"}}}
    answers = Answers(httpx2.Response(200, json=told))
    client = connect(URL, answers=answers)
    registered = client.register("s", Schema(TEXT))
    made = Schema('"int"', metadata=Metadata(properties={"owner": "shop"}))
    assert registered == RegisteredSchema(Subject("s"), Version(3), SchemaId(7), made)
    assert client.lookup("s", Schema(TEXT)) == registered
    assert len(answers.asked) == 1


def test_what_a_registry_makes_of_a_schema_is_asked_for_where_it_did_not_tell(connect: Connect) -> None:
    found = httpx2.Response(200, json=placed(schema='"int"'))
    answers = Answers(httpx2.Response(200, json={"id": 7, "version": 3}), found)
    client = connect(URL, answers=answers)
    assert client.register("s", Schema(TEXT), normalize=True).schema == Schema(TEXT)
    assert client.lookup("s", Schema(TEXT), normalize=True).schema == Schema('"int"')


def test_a_version_that_was_insisted_on_is_no_place_of_the_plain_schema(connect: Connect) -> None:
    for version in (-1, 4):
        done = httpx2.Response(200, json={"id": 8, "version": 4, "schema": TEXT})
        client = connect(URL, answers=Answers(done, placed_answer()))
        assert client.register("s", Schema(TEXT), version=version).version == 4
        assert client.lookup("s", Schema(TEXT)).version == 3


def test_an_older_registry_is_asked_for_the_version_too(connect: Connect) -> None:
    answers = Answers(httpx2.Response(200, json={"id": 7}), denial(), placed_answer())
    assert connect(URL, answers=answers).register("s", Schema(TEXT)).version == 3
    assert answers.paths == ["/subjects/s/versions", "/subjects/s", "/subjects/s"]


def test_an_older_registry_is_asked_for_the_version_however_much_is_remembered(connect: Connect) -> None:
    answers = Answers(
        placed_answer(), httpx2.Response(200, json={"id": 7}), httpx2.Response(200, json=placed(version=4))
    )
    client = connect(URL, answers=answers)
    client.lookup("s", Schema(TEXT))
    assert client.register("s", Schema(TEXT)).version == 4


def test_a_failure_is_not_remembered(connect: Connect) -> None:
    answers = Answers(denial(40401), placed_answer())
    client = connect(URL, answers=answers)
    with pytest.raises(NotFound):
        client.lookup("s", Schema(TEXT))
    assert client.lookup("s", Schema(TEXT)).version == 3


def test_what_was_not_used_for_longest_is_forgotten_first(connect: Connect) -> None:
    answers = Answers(schema_answer())
    client = connect(URL, answers=answers, caching=Caching(capacity=2))
    for schema_id in (1, 2, 1, 3, 1, 2):
        client.schema_by_id(SchemaId(schema_id))
    assert answers.paths == [f"/schemas/ids/{schema_id}" for schema_id in (1, 2, 3, 2)]


def test_the_latest_version_is_asked_for_every_time(connect: Connect) -> None:
    answers = Answers(placed_answer())
    client = connect(URL, answers=answers)
    client.latest("s")
    client.latest("s")
    assert len(answers.asked) == 2


def test_the_latest_version_is_remembered_for_a_while_if_so_wished(connect: Connect) -> None:
    answers = Answers(placed_answer())
    now = 0.0
    client = connect(URL, answers=answers, caching=Caching(latest_ttl_s=30.0), clock=lambda: now)
    client.latest("s")
    now = 29.9
    client.latest("s")
    assert len(answers.asked) == 1
    now = 30.0
    client.latest("s")
    assert len(answers.asked) == 2


def test_the_latest_version_is_forgotten_when_there_is_a_newer_one(connect: Connect) -> None:
    answers = Answers(placed_answer(), httpx2.Response(200, json={"id": 8, "version": 4}), placed_answer())
    client = connect(URL, answers=answers, caching=Caching(latest_ttl_s=30.0))
    client.latest("s")
    client.register("s", Schema(TEXT))
    client.latest("s")
    assert len(answers.asked) == 3


def test_what_a_client_deletes_it_forgets_but_not_what_ids_stand_for(connect: Connect) -> None:
    answers = Answers(
        schema_answer(), placed_answer(), httpx2.Response(200, json=[3]), denial(), schema_answer()
    )
    client = connect(URL, answers=answers)
    client.schema_by_id(7)
    client.lookup("s", Schema(TEXT))
    client.delete_subject("s")
    with pytest.raises(NotFound):
        client.lookup("s", Schema(TEXT))
    client.schema_by_id(7)
    assert len(answers.asked) == 4


NOT_TOLD: list[tuple[str, tuple[Any, ...]]] = [
    ("delete_subject", ("s",)),
    ("delete_version", ("s", 3)),
    ("set_config", ("s", ConfigChange(alias="t"))),
    ("delete_config", ("s",)),
]


@pytest.mark.parametrize(("change", "arguments"), NOT_TOLD, ids=[row[0] for row in NOT_TOLD])
def test_what_may_have_been_done_without_an_answer_is_not_remembered_otherwise(
    connect: Connect, change: str, arguments: tuple[Any, ...]
) -> None:
    answers = Answers(placed_answer(), httpx2.ReadTimeout("slow"), denial())
    client = connect(URL, answers=answers, patience=ONCE)
    client.lookup("s", Schema(TEXT))
    with pytest.raises(RegistryUnavailable):
        getattr(client, change)(*arguments)
    with pytest.raises(NotFound):
        client.lookup("s", Schema(TEXT))


def test_a_registration_that_may_have_been_done_is_no_reason_to_believe_in_an_older_version(
    connect: Connect,
) -> None:
    answers = Answers(
        placed_answer(), httpx2.ReadTimeout("slow"), httpx2.Response(200, json=placed(version=4))
    )
    client = connect(URL, answers=answers, patience=ONCE, caching=Caching(latest_ttl_s=30.0))
    client.latest("s")
    with pytest.raises(RegistryUnavailable):
        client.register("s", Schema(TEXT))
    assert client.latest("s").version == 4


@pytest.mark.parametrize("name", ["s", ":.:s", "alias"])
def test_a_newer_version_is_newer_under_every_name_of_its_subject(connect: Connect, name: str) -> None:
    done = httpx2.Response(200, json={"id": 8, "version": 4, "schema": TEXT})
    answers = Answers(placed_answer(), done, httpx2.Response(200, json=placed(version=4)))
    client = connect(URL, answers=answers, caching=Caching(latest_ttl_s=30.0))
    client.latest(name)
    client.register("s", Schema(TEXT))
    assert client.latest(name).version == 4


def test_what_others_can_delete_is_remembered_for_as_long_as_is_wished(connect: Connect) -> None:
    now = 0.0
    answers = Answers(
        httpx2.Response(200, json={"id": 7, "version": 3, "schema": TEXT}), placed_answer(), denial()
    )
    client = connect(URL, answers=answers, caching=Caching(lookup_ttl_s=30.0), clock=lambda: now)
    client.register("s", Schema(TEXT))
    for now in (29.9, 30.0, 59.9):  # noqa: B007 -- the clock reads it
        assert client.lookup("s", Schema(TEXT)).version == 3
    assert len(answers.asked) == 2
    now = 60.0
    with pytest.raises(NotFound):
        client.lookup("s", Schema(TEXT))


# What is repeated


TROUBLES: list[httpx2.Response | Exception] = [
    refused(),
    httpx2.ReadTimeout("slow"),
    httpx2.RemoteProtocolError("cut"),
    httpx2.DecodingError("no gzip"),
    httpx2.Response(503),
    httpx2.Response(429),
    httpx2.Response(500, json={"error_code": 50003, "message": "forwarding"}),
]


@pytest.mark.parametrize("trouble", TROUBLES, ids=repr)
def test_passing_trouble_is_sat_out(connect: Connect, trouble: httpx2.Response | Exception) -> None:
    answers, waits = Answers(trouble, trouble, schema_answer()), list[float]()
    assert connect(URL, answers=answers, waits=waits).schema_by_id(SchemaId(7)) == Schema(TEXT)
    assert waits == [0.1, 0.2]


def test_lasting_trouble_is_told_after_a_few_tries(connect: Connect) -> None:
    answers, waits = Answers(refused()), list[float]()
    client = connect(URL, answers=answers, waits=waits, patience=Patience(tries=8))
    with pytest.raises(RegistryUnavailable, match="refused") as caught:
        client.schema_by_id(SchemaId(7))
    assert len(answers.asked) == 8
    assert waits == [0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0]
    assert caught.value.retryable
    assert isinstance(caught.value, UnavailableError)


def test_waits_are_as_long_as_the_dice_say(connect: Connect) -> None:
    waits = list[float]()
    client = connect(URL, answers=Answers(refused()), waits=waits, dice=lambda: 0.5)
    with pytest.raises(RegistryUnavailable):
        client.subjects()
    assert waits == [0.05, 0.1, 0.2]


def test_patience_may_last_for_long(connect: Connect) -> None:
    answers, waits = Answers(refused()), list[float]()
    with pytest.raises(RegistryUnavailable):
        connect(URL, answers=answers, waits=waits, patience=Patience(tries=1100)).subjects()
    assert waits[-1] == 2.0
    assert len(waits) == 1099


def test_without_patience_the_registry_is_asked_once(connect: Connect) -> None:
    for trouble in (refused(), denial()):
        answers = Answers(trouble)
        with pytest.raises((RegistryUnavailable, NotFound)):
            connect(URL, answers=answers).schema_by_id(SchemaId(7), patient=False)
        assert len(answers.asked) == 1


@pytest.mark.parametrize(("question", "identity"), [("schema_by_id", 7), ("schema_by_guid", "g")])
def test_what_a_follower_does_not_know_yet_is_asked_for_again(
    connect: Connect, question: str, identity: Any
) -> None:
    answers, waits = Answers(denial(), denial(), schema_answer()), list[float]()
    assert getattr(connect(URL, answers=answers, waits=waits), question)(identity) == Schema(TEXT)
    assert waits == [0.1, 0.2]


def test_an_id_that_nobody_knows_is_soon_given_up(connect: Connect) -> None:
    answers = Answers(denial())
    with pytest.raises(NotFound):
        connect(NODES, answers=answers).schema_by_id(7)
    assert answers.hosts == ["a", "a", "a"]


def test_a_deletion_is_never_repeated(connect: Connect) -> None:
    for trouble in (httpx2.ReadTimeout("slow"), httpx2.Response(503)):
        answers = Answers(trouble)
        with pytest.raises(RegistryUnavailable):
            connect(NODES, answers=answers).delete_subject("s")
        assert len(answers.asked) == 1


def test_a_deletion_that_nobody_saw_is_no_repetition(connect: Connect) -> None:
    answers = Answers(refused(), httpx2.ConnectTimeout("slow"), httpx2.Response(200, json=[1, 2]))
    assert connect(NODES, answers=answers).delete_subject("s") == [1, 2]


def test_a_registration_is_repeated_unless_each_makes_a_version(connect: Connect) -> None:
    done = httpx2.Response(200, json={"id": 7, "version": 3})
    assert connect(URL, answers=Answers(httpx2.ReadTimeout("slow"), done)).register("s", Schema(TEXT)).id == 7
    with pytest.raises(RegistryUnavailable):
        connect(URL, answers=Answers(httpx2.ReadTimeout("slow"), done)).register(
            "s", Schema(TEXT), version=-1
        )


# Retry-After

NOW = datetime(2026, 1, 1, tzinfo=UTC)
IN_7_S = {
    "Retry-After": format_datetime(NOW + timedelta(seconds=7), usegmt=True),
    "Date": format_datetime(NOW, usegmt=True),
}
RETRY_AFTER: list[tuple[str, int, dict[str, str], float]] = [
    ("seconds", 503, {"Retry-After": "7"}, 7.1),
    ("seconds, told to whoever asks too often", 429, {"Retry-After": "7"}, 7.1),
    ("a date by the registry's clock", 503, IN_7_S, 7.1),
    ("too long", 503, {"Retry-After": "3600"}, 10.1),
    ("a date that is past", 503, {**IN_7_S, "Date": format_datetime(NOW + timedelta(hours=1), usegmt=True)}, 0.1),
    ("a date without a clock", 503, {"Retry-After": IN_7_S["Retry-After"]}, 0.1),
    ("nonsense", 503, {"Retry-After": "soon", "Date": "today"}, 0.1),
    ("a year that no calendar has", 503, {**IN_7_S, "Retry-After": f"Thu, 01 Jan {'9' * 30} 00:00:07 GMT"}, 0.1),
    ("an offset that no clock has", 503, {**IN_7_S, "Retry-After": f"Thu, 01 Jan 2026 00:00:07 +{'9' * 30}"}, 0.1),
    ("another status", 500, {"Retry-After": "7"}, 0.1),
]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "headers", "wait_s"), [row[1:] for row in RETRY_AFTER], ids=[row[0] for row in RETRY_AFTER]
)
def test_a_registry_that_says_when_to_come_back_is_heeded(
    connect: Connect, status: int, headers: dict[str, str], wait_s: float
) -> None:
    answers, waits = Answers(httpx2.Response(status, headers=headers), schema_answer()), list[float]()
    connect(URL, answers=answers, waits=waits).schema_by_id(7)
    assert waits == [wait_s]


def test_the_node_that_is_back_first_says_how_long_to_wait(connect: Connect) -> None:
    answers = Answers(
        httpx2.Response(503, headers={"Retry-After": "9"}),
        httpx2.Response(503, headers={"Retry-After": "3"}),
        httpx2.Response(503, headers={"Retry-After": "5"}),
        schema_answer(),
    )
    waits = list[float]()
    connect(NODES, answers=answers, waits=waits).schema_by_id(7)
    assert waits == [3.1]


# Several addresses


def test_the_next_address_is_asked_at_once_and_kept(connect: Connect) -> None:
    answers, waits = by_host(a=refused(), b=httpx2.Response(503), c=schema_answer()), list[float]()
    client = connect(NODES, answers=answers, waits=waits)
    client.schema_by_id(1)
    client.schema_by_id(2)
    assert answers.hosts == ["a", "b", "c", "c"]
    assert waits == []
    assert client.url == "http://c.example"


def test_after_the_last_address_comes_the_first(connect: Connect) -> None:
    answers = Answers(refused(), refused(), schema_answer(), refused(), schema_answer())
    client = connect(NODES, answers=answers)
    client.schema_by_id(1)
    client.schema_by_id(2)
    assert answers.hosts == ["a", "b", "c", "c", "a"]


def test_after_a_round_in_vain_there_is_a_wait(connect: Connect) -> None:
    answers, waits = (
        by_host(a=refused(), b=refused(), c=httpx2.Response(502, text="bad gateway")),
        list[float](),
    )
    with pytest.raises(RegistryUnavailable) as caught:
        connect(NODES, answers=answers, waits=waits, patience=Patience(tries=2)).subjects()
    assert answers.hosts == ["a", "b", "c"] * 2
    assert waits == [0.1]
    for told in ("3 addresses", "http://a.example", "http://b.example", "bad gateway"):
        assert told in caught.value.message


def test_a_registration_goes_to_the_next_address_too(connect: Connect) -> None:
    done = httpx2.Response(200, json={"id": 7, "version": 3})
    answers = by_host(a=httpx2.ReadTimeout("slow"), b=done)
    assert connect(NODES, answers=answers).register("s", Schema(TEXT)).version == 3
    assert answers.hosts == ["a", "b"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422])
def test_an_answer_that_blames_the_asker_is_the_whole_registrys(connect: Connect, status: int) -> None:
    answers = by_host(a=refused(), b=denial(status * 100 + 1), c=schema_answer())
    client = connect(NODES, answers=answers)
    for _ in range(2):
        with pytest.raises(RegistryError) as caught:
            client.versions("s")
        assert not isinstance(caught.value, RegistryUnavailable)
    assert answers.hosts == ["a", "b", "b"]


def test_whoever_asks_too_often_does_not_ask_elsewhere(connect: Connect) -> None:
    answers = Answers(httpx2.Response(429), httpx2.Response(429), schema_answer())
    connect(NODES, answers=answers).schema_by_id(7)
    assert answers.hosts == ["a", "a", "a"]


def test_a_stranger_at_one_address_is_passed_by(connect: Connect) -> None:
    answers = by_host(a=httpx2.Response(200, text="<html>welcome"), b=schema_answer())
    assert connect(NODES, answers=answers).schema_by_id(7) == Schema(TEXT)


def test_the_log_tells_what_happens(connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "accord.client")
    connect(
        "http://a.example,http://b.example", answers=Answers(refused(), refused(), schema_answer())
    ).schema_by_id(7)
    assert [record.message for record in caplog.records if record.name.startswith("accord.")] == [
        "the registry's next address is asked",
        "the registry is asked again",
    ]


# Who we are


def test_credentials_are_sent_and_never_shown(connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    answers = Answers(refused())
    client = connect("http://user:secret@registry.example/api/", answers=answers, patience=Patience(tries=2))
    with pytest.raises(RegistryUnavailable) as caught:
        client.subjects()
    assert str(answers.asked[0].url) == "http://registry.example/api/subjects"
    assert answers.asked[0].headers["Authorization"] == "Basic dXNlcjpzZWNyZXQ="
    shown = f"{caught.value}{caught.value.hint}{client.url}{caplog.text}"
    assert "secret" not in shown
    assert "dXNlcjpzZWNyZXQ" not in shown


def test_a_step_shows_no_token() -> None:
    assert "secret" not in repr(Send(URL, Request("GET", "/subjects"), "secret"))


def test_a_redirect_is_not_followed_and_told(connect: Connect) -> None:
    moved = httpx2.Response(301, headers={"Location": "https://new.example/subjects"})
    with pytest.raises(RegistryUnavailable, match=r"https://new\.example"):
        connect(URL, answers=Answers(moved), patience=ONCE).subjects()


def test_a_token_is_sent_with_every_request(connect: Connect) -> None:
    answers = Answers(placed_answer())
    client = connect(RegistrySettings(URL, token="t-1"), answers=answers)
    client.latest("s")
    assert answers.asked[0].headers["Authorization"] == "Bearer t-1"


def test_a_token_is_asked_for_before_every_request(connect: Connect) -> None:
    answers, numbers = Answers(placed_answer()), count(1)
    client = connect(RegistrySettings(URL, token=lambda: f"t-{next(numbers)}"), answers=answers)
    client.latest("s")
    client.latest("s")
    assert [request.headers["Authorization"] for request in answers.asked] == ["Bearer t-1", "Bearer t-2"]


def tokens(*given: str) -> Callable[[], str]:
    """A function that gives these in turn, the last one for ever."""
    left = list(given)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


def test_a_token_that_expired_on_the_way_is_replaced(connect: Connect) -> None:
    answers = Answers(denial(40101), placed_answer())
    client = connect(RegistrySettings(URL, token=tokens("old", "new")), answers=answers)
    assert client.latest("s").version == 3
    assert [request.headers["Authorization"] for request in answers.asked] == ["Bearer old", "Bearer new"]


def test_a_token_that_is_refused_is_not_sent_again(connect: Connect) -> None:
    for given, sent in ((tokens("old"), 1), (tokens("old", "new"), 2)):
        answers = Answers(denial(40101))
        with pytest.raises(Unauthorized):
            connect(RegistrySettings(URL, token=given), answers=answers).latest("s")
        assert len(answers.asked) == sent


def test_a_token_that_cannot_be_sent_is_told_without_showing_it(connect: Connect) -> None:
    answers = Answers(placed_answer())
    client = connect(RegistrySettings(URL, token=lambda: "se\ncret"), answers=answers)
    with pytest.raises(ConfigurationError, match="line break") as caught:
        client.latest("s")
    assert "cret" not in caught.value.message + caught.value.hint
    assert answers.asked == []


# What cannot be asked

UNSENDABLE: list[tuple[str, Callable[[Any], object]]] = [
    ("a name that is too long", lambda client: client.versions("s" * 70_000)),
    ("half a character in a name", lambda client: client.versions("s\ud800")),
    ("half a character in a prefix", lambda client: client.subjects(subject_prefix="s\ud800")),
    ("half a character in a schema", lambda client: client.register("s", Schema('"\ud800"'))),
]


@pytest.mark.parametrize("ask", [row[1] for row in UNSENDABLE], ids=[row[0] for row in UNSENDABLE])
def test_what_cannot_be_sent_is_told(connect: Connect, ask: Callable[[Any], object]) -> None:
    answers = Answers(schema_answer())
    with pytest.raises(ConfigurationError, match="cannot be sent") as caught:
        ask(connect(URL, answers=answers))
    assert caught.value.hint
    assert answers.asked == []


def test_a_name_that_cannot_be_looked_up_is_a_trouble_like_others(connect: Connect) -> None:
    answers = Answers(UnicodeError("label too long"), httpx2.Response(200, json=[1]))
    assert connect(URL, answers=answers).delete_subject("s") == [1]


def test_a_token_function_that_forgets_to_give_one_is_told(connect: Connect) -> None:
    forgetful: Any = lambda: None  # noqa: E731 -- not the type that is asked for
    client = connect(RegistrySettings(URL, token=forgetful), answers=Answers(schema_answer()))
    with pytest.raises(ConfigurationError, match="NoneType"):
        client.subjects()


def test_a_closed_client_says_so(connect: Connect) -> None:
    client = connect(URL, answers=Answers(schema_answer()))
    client.schema_by_id(1)
    client.close()
    for ask in (client.subjects, lambda: client.schema_by_id(2)):
        with pytest.raises(ClientClosed):
            ask()


# What takes several exchanges


def test_references_are_fetched_once_and_in_the_order_of_need(connect: Connect) -> None:
    schemas = {
        "/subjects/order/versions/1": ("order", [("Line", "line", 1), ("Money", "money", 1)]),
        "/subjects/line/versions/1": ("line", [("Money", "money", 1)]),
        "/subjects/money/versions/1": ("money", []),
    }
    asked = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.path)
        text, references = schemas[request.url.path]
        return httpx2.Response(200, json=placed(text, 1, text, references=named(references)))

    client = connect(URL, answers=answer)
    order = client.version("order", 1).schema
    assert [schema.text for schema in client.referenced_by(order).values()] == ["money", "line"]
    assert asked.count("/subjects/money/versions/1") == 1


def named(references: list[tuple[str, str, int]]) -> list[dict[str, object]]:
    return [{"name": name, "subject": subject, "version": version} for name, subject, version in references]


def test_references_stay_in_the_context_of_what_has_them(connect: Connect) -> None:
    schemas = {
        ":.eu:order": [("Line", "line", 1), ("Rate", ":.us:rate", 1)],
        ":.eu:line": [("Money", "money", 1)],
        ":.us:rate": [("Money", "money", 1)],
        ":.eu:money": [],
        ":.us:money": [],
    }

    def answer(request: httpx2.Request) -> httpx2.Response:
        subject = request.url.path.split("/")[2]
        return httpx2.Response(200, json=placed(subject, 1, subject, references=named(schemas[subject])))

    client = connect(URL, answers=answer)
    order = client.version(":.eu:order", 1).schema
    found = client.referenced_by(order, subject=":.eu:order")
    assert {name: schema.text for name, schema in found.items()} == {
        "Line": ":.eu:line",
        "Money": ":.us:money",
        "Rate": ":.us:rate",
    }


@pytest.mark.parametrize(("most", "asked"), [(1000, 4), (400, 8)], ids=["as usual", "a smaller page"])
def test_all_schemas_come_however_many_fit_on_a_page(connect: Connect, most: int, asked: int) -> None:
    pages = 0

    def answer(request: httpx2.Request) -> httpx2.Response:
        nonlocal pages
        pages += 1
        wanted = request.url.params
        assert wanted["subjectPrefix"] == ":*:"
        offset, limit = int(wanted.get("offset", 0)), min(int(wanted["limit"]), most)
        return httpx2.Response(
            200, json=[placed(version=number) for number in range(1, 2501)[offset:][:limit]]
        )

    found = connect(URL, answers=answer).schemas(subject_prefix=":*:")
    assert [item.version for item in found] == list(range(1, 2501))
    assert pages == asked


def test_a_registry_that_knows_no_pages_is_not_asked_for_ever(connect: Connect) -> None:
    everything = httpx2.Response(200, json=[placed(version=1), placed(version=2)])
    assert [item.version for item in connect(URL, answers=Answers(everything)).schemas()] == [1, 2]
    assert connect(URL, answers=Answers(httpx2.Response(200, json=[]))).schemas() == []


def test_an_exchange_can_be_had_by_itself(connect: Connect) -> None:
    answers = Answers(refused(), httpx2.Response(200, json=["AVRO"]))
    assert connect(URL, answers=answers).ask(exchanges.ListSubjects()) == ["AVRO"]
    with pytest.raises(RegistryUnavailable):
        connect(URL, answers=Answers(refused(), schema_answer())).ask(exchanges.ListSubjects(), patience=ONCE)
