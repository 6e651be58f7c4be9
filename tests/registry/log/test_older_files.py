"""What an older Accord wrote, this one serves. Every format has a file here that was written when it was the newest."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import pytest

from accord.registry.http.app import create_app
from accord.registry.log.port import START, Record
from accord.registry.log.sqlite import FORMAT, open_sqlite
from accord.registry.node import RegistryNode

FIXTURES = Path(__file__).parent / "fixtures"
ADDRESS = '{"type":"record","name":"Address","fields":[{"name":"city","type":"string"}]}'
PERSON = (
    '{"type":"record","name":"Person","fields":[{"name":"mail","type":"string","confluent:tags":["PII"]}]}'
)

ALL = {
    "/subjects?subjectPrefix=": ["address-value", "orders-value"],
    "/subjects/orders-value/versions?deletedAsNegative=true": [-1, 2],
    "/subjects/address-value/versions/1/schema": ADDRESS,
    "/subjects/address-value/versions/1/referencedby": [3],
    "/subjects/hidden/versions?deleted=true": [1],
    "/schemas/ids/4": 404,
    "/schemas/ids/5/schema": '"string"',
    "/config": {"compatibilityLevel": "FULL"},
    "/config/orders-value": {"compatibilityLevel": "BACKWARD_TRANSITIVE", "normalize": True},
}
SINCE_2 = {
    "/subjects": [":.eu:people-value", "address-value", "orders-value", "people-value"],
    "/contexts": [".", ".eu", ".us"],
    "/subjects/people-value/versions/1/schema": PERSON,
    "/schemas/ids/77/versions?subject=:.eu:": [{"subject": ":.eu:people-value", "version": 3}],
    "/mode/people-value": {"mode": "READONLY"},
    "/mode/:.eu:people-value": {"mode": "IMPORT"},
    "/config/:.eu:": {
        "compatibilityLevel": "FORWARD",
        "compatibilityGroup": "major",
        "defaultMetadata": {"properties": {"zone": "eu"}},
    },
}
GUID = "6d0eeb5c-6bd0-4a4b-8f4e-0d9f6c6a3c5e"
SINCE_3 = {
    "/accord/v1/readers": [
        {
            "service": "billing",
            "subject": "orders-value",
            "origin": "claim",
            "groups": [],
            "fields": ["id", "amount"],
            "versions": None,
            "contract": None,
            "version": "",
            "schema": None,
            "schemaId": None,
            "reportedAtMs": 1_790_000_000_001,
            "team": "billing",
        }
    ],
    "/accord/v1/deployments": [
        {
            "service": "billing",
            "environment": "prod",
            "version": "1.4.0",
            "reads": [{"subject": "orders-value"}],
            "writes": [],
            "deployedAtMs": 1_790_000_000_002,
            "reportedAtMs": 1_790_000_000_002,
        }
    ],
    "/accord/v1/verifications": [
        {
            "consumer": "billing",
            "consumerVersion": "1.4.0",
            "subject": "orders-value",
            "fingerprint": GUID,
            "ok": False,
            "version": None,
            "problems": ["amount is missing"],
            "reportedAtMs": 1_790_000_000_003,
        }
    ],
    "/accord/v1/rollouts": [
        {
            "id": "r1",
            "subject": "orders-value",
            "fingerprint": GUID,
            "state": "running",
            "steps": [{"name": "check", "state": "done", "at": 1, "detail": "fine"}],
            "reportedAtMs": 1_790_000_000_004,
        }
    ],
    "/accord/v1/exemptions": [
        {
            "contract": "orders",
            "rule": "LINT_DOC_MISSING",
            "reason": "so",
            "until": "2026-12-31",
            "path": "a.b",
            "by": "team-orders",
            "reportedAtMs": 1_790_000_000_005,
        }
    ],
}
NOT_YET: dict[str, list[Any]] = {question: [] for question in SINCE_3}
ALL_2 = {**ALL, "/subjects?subjectPrefix=": ["address-value", "orders-value", "people-value"], **SINCE_2}
SERVED: dict[int, dict[str, Any]] = {
    1: {**ALL, **NOT_YET},
    2: {**ALL_2, **NOT_YET},
    3: {**ALL_2, **SINCE_3},
}


@pytest.mark.parametrize("number", SERVED)
def test_a_file_of_an_older_format_is_served_and_goes_on(number: int, tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    shutil.copy(FIXTURES / f"format-{number}.db", path)

    async def talk() -> dict[str, Any]:
        node = RegistryNode(open_sqlite(path), now_ms=lambda: 1_800_000_000_000)
        await node.start()
        transport = httpx2.ASGITransport(create_app(node))
        async with httpx2.AsyncClient(transport=transport, base_url="http://registry") as client:
            told = {question: await client.get(question) for question in SERVED[number]}
            new = await client.post(
                "/subjects/new/versions", json={"schema": '{"type":"fixed","name":"F","size":1}'}
            )
        await node.close()
        answers = {question: _told(question, answer) for question, answer in told.items()}
        return {**answers, "the next id": new.json()["id"]}

    assert asyncio.run(talk()) == {**SERVED[number], "the next id": 6 if number == 1 else 7}
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (FORMAT,)
    connection.close()


@pytest.mark.parametrize("number", range(1, FORMAT))
def test_a_file_is_whole_wherever_its_change_to_the_new_format_was_cut_off(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.db"
    shutil.copy(FIXTURES / f"format-{number}.db", path)
    moments: list[Path] = []

    class Watched(sqlite3.Connection):
        def execute(self, *asked: Any) -> sqlite3.Cursor:
            # What a process that is killed here leaves behind.
            moment = tmp_path / f"moment-{len(moments)}.db"
            for end in ("", "-wal", "-journal"):
                if path.with_name(path.name + end).exists():
                    shutil.copy(path.with_name(path.name + end), moment.with_name(moment.name + end))
            moments.append(moment)
            return super().execute(*asked)

    connect = sqlite3.connect
    monkeypatch.setattr(
        sqlite3, "connect", lambda *told, **choices: connect(*told, factory=Watched, **choices)
    )
    with closing(open_sqlite(path)) as logs:
        wanted = logs.schemas.read(START)
    monkeypatch.undo()

    assert len(moments) > 10
    for moment in moments:
        with closing(open_sqlite(moment)) as logs:
            assert (logs.schemas.read(START), logs.accord.read(START)) == (wanted, [])
            assert logs.accord.append([Record(b"{}", None, 1)], after=START) == 0


def test_every_format_has_its_file() -> None:
    assert sorted(path.name for path in FIXTURES.iterdir()) == [
        f"format-{n}.db" for n in range(1, FORMAT + 1)
    ]
    assert list(SERVED) == list(range(1, FORMAT + 1))


def _told(question: str, answer: httpx2.Response) -> Any:
    if answer.status_code != 200:
        return answer.status_code
    return answer.text if question.endswith("/schema") else answer.json()
