"""A program that starts while the registry is away goes by what it, or another, was told before."""

import json
import logging
from pathlib import Path

import httpx2
import pytest
from tests.client.conftest import Connect

from accord.client import NotFound, RegistryUnavailable, Unauthorized
from accord.schemas import Reference, Schema, SchemaId, Subject, Version

URL = "http://registry.example"
TEXT = '"string"'
CUSTOMER = '{"type":"record","name":"Customer","fields":[]}'
ORDER = Schema(
    '{"type":"record","name":"Order","fields":[{"name":"by","type":"Customer"}]}',
    references=(Reference("Customer", Subject("customers"), Version(1)),),
)


class FakeRegistry:
    """Answers every question with what it has, or not at all while it is ``away``."""

    def __init__(self) -> None:
        self.away: Exception | httpx2.Response | None = None
        self.asked = 0
        self.schema = TEXT
        self.knows = True

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked += 1
        if isinstance(self.away, Exception):
            raise self.away
        if self.away is not None:
            return httpx2.Response(self.away.status_code, json={"error_code": 401, "message": "no"})
        if not self.knows:
            return httpx2.Response(404, json={"error_code": 40403, "message": "Schema not found"})
        if request.url.path.startswith("/subjects/customers/versions"):
            placed = {"subject": "customers", "version": 1, "id": 1, "schema": CUSTOMER}
            return httpx2.Response(200, json=placed)
        if request.method == "POST":
            placed = {"subject": "s", "version": 3, "id": 7, "schema": json.loads(request.content)["schema"]}
            return httpx2.Response(200, json=placed)
        return httpx2.Response(200, json={"schema": self.schema})


@pytest.fixture
def registry() -> FakeRegistry:
    return FakeRegistry()


REFUSED = httpx2.ConnectError("refused")


@pytest.mark.parametrize("away", [REFUSED, httpx2.ReadTimeout("late"), httpx2.Response(401)])
def test_schemas_and_ids_outlive_the_program_while_the_registry_is_away(
    connect: Connect, registry: FakeRegistry, tmp_path: Path, away: Exception | httpx2.Response
) -> None:
    before = connect(URL, answers=registry, keep_in=tmp_path)
    told = before.schema_by_id(7), before.schema_by_guid("g"), before.lookup("s", Schema(TEXT))
    needed = before.referenced_by(ORDER)
    registry.away = away
    after = connect(URL, answers=registry, keep_in=tmp_path)
    assert (after.schema_by_id(7), after.schema_by_guid("g"), after.lookup("s", Schema(TEXT))) == told
    assert after.referenced_by(ORDER) == needed == {"Customer": Schema(CUSTOMER)}


def test_it_is_said_that_a_kept_answer_is_used(
    connect: Connect, registry: FakeRegistry, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    connect(URL, answers=registry, keep_in=tmp_path).schema_by_id(7)
    registry.away = REFUSED
    with caplog.at_level(logging.WARNING):
        connect(URL, answers=registry, keep_in=tmp_path).schema_by_id(7)
    assert "kept on disk is used" in caplog.text


def test_a_registry_that_answers_is_believed_more_than_the_disk(
    connect: Connect, registry: FakeRegistry, tmp_path: Path
) -> None:
    connect(URL, answers=registry, keep_in=tmp_path).schema_by_id(7)
    registry.schema = '"int"'
    assert connect(URL, answers=registry, keep_in=tmp_path).schema_by_id(7) == Schema('"int"')
    registry.away = REFUSED
    assert connect(URL, answers=registry, keep_in=tmp_path).schema_by_id(7) == Schema('"int"')


def test_a_denial_is_no_outage(connect: Connect, registry: FakeRegistry, tmp_path: Path) -> None:
    connect(URL, answers=registry, keep_in=tmp_path).schema_by_id(7)
    registry.knows = False
    with pytest.raises(NotFound):
        connect(URL, answers=registry, keep_in=tmp_path).schema_by_id(7)


def test_with_an_answer_at_hand_the_registry_is_asked_once(
    connect: Connect, registry: FakeRegistry, tmp_path: Path
) -> None:
    connect(URL, answers=registry, keep_in=tmp_path).schema_by_id(7)
    registry.away, registry.asked = REFUSED, 0
    client = connect(URL, answers=registry, keep_in=tmp_path)
    client.schema_by_id(7)
    assert registry.asked == 1
    with pytest.raises(RegistryUnavailable):
        client.schema_by_id(8)
    assert registry.asked == 1 + 4


def test_what_a_program_registered_itself_it_looks_up_once_to_keep_it(
    connect: Connect, registry: FakeRegistry, tmp_path: Path
) -> None:
    before = connect(URL, answers=registry, keep_in=tmp_path)
    before.register("s", Schema(TEXT))
    told = before.lookup("s", Schema(TEXT))
    registry.away = REFUSED
    assert connect(URL, answers=registry, keep_in=tmp_path).lookup("s", Schema(TEXT)) == told


def test_the_latest_version_is_never_kept(connect: Connect, registry: FakeRegistry, tmp_path: Path) -> None:
    connect(URL, answers=registry, keep_in=tmp_path).latest("customers")
    registry.away = REFUSED
    with pytest.raises(RegistryUnavailable):
        connect(URL, answers=registry, keep_in=tmp_path).latest("customers")


def test_an_id_of_another_registry_is_another_id(
    connect: Connect, registry: FakeRegistry, tmp_path: Path
) -> None:
    connect(URL, answers=registry, keep_in=tmp_path).schema_by_id(7)
    registry.away = REFUSED
    with pytest.raises(RegistryUnavailable):
        connect("http://other.example", answers=registry, keep_in=tmp_path).schema_by_id(7)


def test_an_id_of_another_context_is_another_id(
    connect: Connect, registry: FakeRegistry, tmp_path: Path
) -> None:
    connect(URL, answers=registry, keep_in=tmp_path).schema_by_id(7)
    registry.away = REFUSED
    with pytest.raises(RegistryUnavailable):
        connect(URL, answers=registry, keep_in=tmp_path).schema_by_id(7, subject=":.eu:")


@pytest.mark.parametrize("damage", [b"", b"x", b"0" * 64 + b'{"schema":"\\"int\\""}'])
def test_a_damaged_file_counts_as_none_and_is_written_anew(
    connect: Connect, registry: FakeRegistry, tmp_path: Path, damage: bytes
) -> None:
    connect(URL, answers=registry, keep_in=tmp_path).schema_by_id(7)
    [file] = tmp_path.iterdir()
    whole = file.read_bytes()
    file.write_bytes(damage)
    registry.away = REFUSED
    with pytest.raises(RegistryUnavailable):
        connect(URL, answers=registry, keep_in=tmp_path).schema_by_id(7)
    registry.away = None
    connect(URL, answers=registry, keep_in=tmp_path).schema_by_id(7)
    assert file.read_bytes() == whole
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_that_cannot_be_used_is_one_warning_and_no_failure(
    connect: Connect, registry: FakeRegistry, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    taken = tmp_path / "file"
    taken.write_text("not a folder")
    client = connect(URL, answers=registry, keep_in=taken / "below")
    with caplog.at_level(logging.WARNING):
        assert [client.schema_by_id(SchemaId(number)) for number in (7, 8)] == [Schema(TEXT)] * 2
    assert [record.getMessage().split(":")[0] for record in caplog.records] == [
        f"the registry's answers cannot be kept in {taken / 'below'}"
    ]


def test_without_a_kept_answer_an_outage_is_what_it_was(
    connect: Connect, registry: FakeRegistry, tmp_path: Path
) -> None:
    registry.away = httpx2.Response(401)
    with pytest.raises(Unauthorized):
        connect(URL, answers=registry, keep_in=tmp_path).schema_by_id(7)
