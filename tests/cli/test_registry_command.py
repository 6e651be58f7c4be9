"""``accord registry`` as whoever moves a registry meets it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from accord.cli.main import run
from accord.registry.http.server import serve
from accord.registry.log.port import START, Record
from accord.registry.log.sqlite import open_sqlite

RECORDED = (
    b'CreateTime:1700000000001\t{"keytype":"CONFIG","magic":0}\t{"compatibilityLevel":"FULL"}\n'
    b'CreateTime:1700000000002\t{"keytype":"SCHEMA","subject":"money","version":1,"magic":1}\t'
    b'{"subject":"money","version":1,"id":7,"md5":"71JOobkecxc9k4reNsHbMg==","schema":"\\"int\\"","deleted":false}\n'
    b'CreateTime:1700000000003\t{"keytype":"SCHEMA","subject":"gone","version":1,"magic":1}\t'
    b'{"subject":"gone","version":1,"id":9,"schema":"\\"long\\"","deleted":false}\n'
    b'CreateTime:1700000000004\t{"keytype":"DELETE_SUBJECT","subject":"gone","magic":0}\t{"subject":"gone","version":1}\n'
    b'CreateTime:1700000000005\t{"keytype":"SCHEMA","subject":"erased","version":1,"magic":1}\t'
    b'{"subject":"erased","version":1,"id":11,"schema":"\\"bytes\\"","deleted":true}\n'
    b'CreateTime:1700000000006\t{"keytype":"SCHEMA","subject":"erased","version":1,"magic":1}\tnull\n'
    b'CreateTime:1700000000007\t{"keytype":"MODE","subject":"money","magic":0}\t{"subject":"money","mode":"READONLY"}\n'
)
ASKED = (
    "/subjects?deleted=true",
    "/subjects",
    "/config",
    "/mode/money",
    "/contexts",
    "/schemas?deleted=true",
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def recorded(folder: Path) -> str:
    """What kafka-console-consumer printed of a topic."""
    (folder / "topic.txt").write_bytes(RECORDED)
    return "topic.txt"


def answers(url: str) -> dict[str, Any]:
    with httpx2.Client(base_url=url) as client:
        return {path: client.get(path).json() for path in ASKED}


def rows(path: str) -> list[Record]:
    log = open_sqlite(Path(path)).schemas
    try:
        return [logged.record for logged in log.read(START)]
    finally:
        log.close()


@pytest.fixture
def served(recorded: str) -> Iterator[str]:
    """A registry that runs on what was recorded."""
    assert run(["registry", "import", recorded, "--to", "sqlite:served.db"]) == 0
    with serve(open_sqlite(Path("served.db"))) as server:
        yield server.url


def test_recorded_records_are_served_unchanged(served: str) -> None:
    found = answers(served)

    assert found["/subjects"] == ["money"]
    assert found["/subjects?deleted=true"] == ["gone", "money"]
    assert found["/config"] == {"compatibilityLevel": "FULL"}
    assert found["/mode/money"] == {"mode": "READONLY"}
    assert {(one["subject"], one["version"], one["id"]) for one in found["/schemas?deleted=true"]} == {
        ("money", 1, 7),
        ("gone", 1, 9),
    }
    told = httpx2.get(f"{served}/subjects/money/versions/1").json()
    assert (told["guid"], told["ts"]) == ("ef524ea1-b91e-7317-3d93-8ade36c1db32", 1_700_000_000_002)
    new = httpx2.post(f"{served}/subjects/new/versions", json={"schema": '"string"'}).json()
    assert new["id"] == 12, "an id that was given to something erased is not given again"


def test_an_embedded_log_is_dumped_and_restored_byte_for_byte(recorded: str) -> None:
    assert run(["registry", "import", recorded, "--to", "sqlite:one.db"]) == 0
    assert run(["registry", "export", "sqlite:one.db", "-o", "backup.jsonl"]) == 0
    assert run(["registry", "import", "backup.jsonl", "--to", "sqlite:two.db"]) == 0

    assert rows("two.db") == rows("one.db")
    assert len(rows("two.db")) == 7


def test_a_registry_is_backed_up_while_it_runs_and_restored_byte_for_byte(
    served: str, capsys: pytest.CaptureFixture[str]
) -> None:
    httpx2.post(f"{served}/subjects/new/versions", json={"schema": '"string"'}).raise_for_status()
    before = answers(served)
    assert run(["registry", "export", served, "-o", "backup.jsonl"]) == 0
    assert "are in backup.jsonl: the log itself" in capsys.readouterr().err
    assert run(["registry", "import", "backup.jsonl", "--to", "sqlite:restored.db"]) == 0

    assert run(["registry", "import", "topic.txt", "--to", "sqlite:recorded.db"]) == 0
    restored_rows = rows("restored.db")
    assert restored_rows[:7] == rows("recorded.db")
    assert [json.loads(row.key)["subject"] for row in restored_rows[7:]] == ["new"]
    with serve(open_sqlite(Path("restored.db"))) as restored:
        assert answers(restored.url) == before


def test_a_registry_is_moved_into_a_new_one_that_runs(
    served: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["registry", "export", served, "-o", "backup.jsonl"]) == 0
    with serve() as other:
        capsys.readouterr()
        assert run(["registry", "import", "backup.jsonl", "--to", other.url]) == 0

        assert "7 records were written to http://127.0.0.1" in capsys.readouterr().err
        assert run(["registry", "export", other.url, "-o", "again.jsonl"]) == 0
        assert answers(other.url) == answers(served)
    assert records_in("again.jsonl") == records_in("backup.jsonl")


def records_in(dump: str) -> list[str]:
    return Path(dump).read_text(encoding="utf-8").splitlines()[1:-1]


def test_a_registry_is_moved_into_one_that_holds_something(
    served: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = answers(served)
    assert run(["registry", "export", served, "-o", "backup.jsonl"]) == 0
    with serve() as other:
        for method, path in (("POST", "/versions"), ("DELETE", ""), ("DELETE", "?permanent=true")):
            url = f"{other.url}/subjects/:.own:gone{path}"
            httpx2.request(method, url, json={"schema": '"string"'}).raise_for_status()
        httpx2.delete(f"{other.url}/contexts/.own").raise_for_status()
        capsys.readouterr()
        assert run(["registry", "import", "backup.jsonl", "--to", other.url]) == 0

        assert "2 versions were written to http://127.0.0.1" in capsys.readouterr().err
        after = answers(other.url)
        for found in (before, after):
            for schema in found["/schemas?deleted=true"]:
                # When it came to be is the one thing that an API does not take.
                del schema["ts"]
        assert after == before


def test_a_dump_goes_through_pipes(recorded: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["registry", "export", recorded]) == 0

    lines = capsysbinary.readouterr().out.splitlines()
    assert json.loads(lines[0])["from"] == "topic.txt"
    assert json.loads(lines[-1])["end"] == 7


def test_a_dump_that_was_cut_off_is_not_imported(recorded: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["registry", "export", recorded, "-o", "backup.jsonl"]) == 0
    whole = Path("backup.jsonl").read_bytes()
    Path("backup.jsonl").write_bytes(whole[: len(whole) // 2])

    assert run(["registry", "import", "backup.jsonl", "--to", "sqlite:new.db"]) == 2

    assert "error: backup.jsonl is cut off" in capsys.readouterr().err
    assert not Path("new.db").exists()


def test_a_place_that_holds_something_else_is_left_alone(
    recorded: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["registry", "import", recorded, "--to", "sqlite:new.db"]) == 0
    shutil.copy("new.db", "before.db")
    Path("other.txt").write_bytes(RECORDED.replace(b"FULL", b"NONE"))

    assert run(["registry", "import", "other.txt", "--to", "sqlite:new.db"]) == 1

    assert "sqlite:new.db holds something else: its record 0 is" in capsys.readouterr().err
    assert rows("new.db") == rows("before.db")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["export", "redis:x"], 2, "'redis:x' is no place of a registry"),
        (["export", "topic.txt", "-o", "sqlite:x.db"], 2, "sqlite:x.db is no file for a dump"),
        (["import", "topic.txt", "--to", "copy.jsonl"], 2, "`accord registry export` writes dumps"),
        (["export", "http://127.0.0.1:9"], 3, "http://127.0.0.1:9"),
        (["doctor", "topic.txt", "--mend"], 2, "--mend and --output belong together"),
        (["doctor", "topic.txt", "-o", "x.jsonl"], 2, "--mend and --output belong together"),
        (["doctor", "topic.txt", "--mend", "-o", "-"], 2, "cannot go to standard output"),
        (["export", "http://[::1"], 2, "'http://[::1' names no host"),
        (
            ["--kafka-config", "topic.txt", "export", "kafka://127.0.0.1:9"],
            2,
            "line 1 of topic.txt is no property",
        ),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    arguments: list[str], code: int, words: str, recorded: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert recorded
    assert run(["registry", *arguments]) == code

    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said


def test_an_export_that_is_interrupted_leaves_nothing(
    served: str, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("accord.transfer.file.dump.write", interrupted)

    assert run(["registry", "export", served, "-o", "backup.jsonl"]) == 130

    assert not list(folder.glob("*backup*"))


ILL = b'{"magic":1,"keytype":"SCHEMA","subject":"money","version":1}\t{"id":7,"schema":"\\"int\\"","deleted":false}\n'


def test_the_doctor_finds_nothing_in_a_sound_log(recorded: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["registry", "doctor", recorded]) == 0

    assert "nothing is wrong in the 7 records of topic.txt" in capsys.readouterr().err


def test_the_doctor_tells_what_is_wrong_and_mends_it(capsys: pytest.CaptureFixture[str]) -> None:
    Path("ill.txt").write_bytes(ILL + RECORDED)
    assert run(["registry", "import", "ill.txt", "--to", "sqlite:ill.db"]) == 0

    assert run(["registry", "doctor", "sqlite:ill.db"]) == 1
    told = capsys.readouterr()
    assert "error[LOG_KEY_WITH_TWIN]: version 1 of 'money' stands under 2 keys" in told.out
    assert "1 finding in 8 records of sqlite:ill.db; --mend can mend 1" in told.err

    assert run(["registry", "doctor", "sqlite:ill.db", "--mend", "--output", "mended.jsonl"]) == 0
    told = capsys.readouterr()
    assert "LOG_KEY_WITH_TWIN, record 0: `--mend` writes all of them under the usual key" in told.err
    assert "accord registry import mended.jsonl --to sqlite:ill-mended.db" in told.err

    assert run(["registry", "doctor", "mended.jsonl"]) == 0


def test_the_doctor_speaks_json(capsys: pytest.CaptureFixture[str]) -> None:
    Path("ill.txt").write_bytes(ILL + RECORDED + b"stray\t{}\n" * 30)

    assert run(["registry", "doctor", "ill.txt", "--mend", "-o", "mended.jsonl", "--format", "json"]) == 0

    told = json.loads(capsys.readouterr().out)
    assert (told["source"], told["records"], told["sound"]) == ("ill.txt", 38, False)
    assert [one["rule"] for one in told["findings"]] == ["LOG_RECORD_UNDECODABLE"] * 30 + [
        "LOG_KEY_WITH_TWIN"
    ]
    assert all(one["mendable"] for one in told["findings"])
    assert told["mended"] == {
        "records": 8,
        "sound": True,
        "done": told["findings"],
        "highestIds": {},
        "left": [],
    }


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_dump_for_which_there_is_no_room_is_one_sentence(recorded: str) -> None:
    command = [
        sys.executable,
        "-c",
        "import sys; from accord.cli.main import run; sys.exit(run())",
        "registry",
        "export",
        recorded,
    ]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)

    assert done.returncode == 2
    assert "error: standard output cannot be written: No space left on device" in done.stderr
    assert "fault" not in done.stderr


def test_what_was_refused_is_told_without_a_tick(capsys: pytest.CaptureFixture[str]) -> None:
    key = b'{"keytype":"SCHEMA","subject":"s","version":%d,"magic":1}'
    rows = [key % number + b'\t{"id":%d,"schema":"{"}\n' % number for number in range(1, 16)]
    Path("refused.txt").write_bytes(b"".join(rows))
    with serve() as other:
        httpx2.post(f"{other.url}/subjects/mine/versions", json={"schema": '"int"', "id": None})
        httpx2.delete(f"{other.url}/subjects/mine")
        httpx2.delete(f"{other.url}/subjects/mine?permanent=true")
        assert run(["registry", "import", "refused.txt", "--to", other.url]) == 1

    told = capsys.readouterr().err
    assert "0 versions were written" in told
    assert "✓" not in told
    assert told.count("✗") == 11
    assert "… and 20 more" in told


def test_what_was_mended_is_shortened_too(capsys: pytest.CaptureFixture[str]) -> None:
    Path("ill.txt").write_bytes(RECORDED + b"stray\tx\n" * 30)

    assert run(["registry", "doctor", "ill.txt", "--mend", "-o", "mended.jsonl"]) == 0

    told = capsys.readouterr().err
    assert told.count("leaves the record out") == 10
    assert "… and 20 more" in told


def test_many_findings_of_one_rule_are_shortened_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    Path("ill.txt").write_bytes(RECORDED + b"stray\t{}\n" * 30)

    assert run(["registry", "doctor", "ill.txt"]) == 1

    told = capsys.readouterr().out
    assert told.count("error[LOG_RECORD_UNDECODABLE]") == 10
    assert "… and 20 more of LOG_RECORD_UNDECODABLE; --format json has all" in told


READER = {"service": "billing", "subject": "money", "origin": "claim"}


def test_what_was_reported_is_in_a_backup_and_is_restored(
    served: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made = httpx2.post(f"{served}/accord/v1/readers", json=READER).json()

    assert run(["registry", "export", served, "-o", "backup.jsonl"]) == 0
    assert "the log itself; with 1 report of readers, deployments and the like" in capsys.readouterr().err
    assert run(["registry", "doctor", "backup.jsonl"]) == 0
    assert "nothing is wrong in the 8 records of backup.jsonl" in capsys.readouterr().err
    for found in ("1 report put beside", "1 stood there already"):
        assert run(["registry", "import", "backup.jsonl", "--to", "sqlite:restored.db"]) == 0
        assert found in capsys.readouterr().err
    with serve(open_sqlite(Path("restored.db"))) as restored:
        assert httpx2.get(f"{restored.url}/accord/v1/readers").json() == [made]


def test_the_doctor_tells_of_a_report_that_nobody_reads_and_leaves_it_out(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs = open_sqlite(folder / "registry.db")
    logs.accord.append([Record(b'{"keytype":"READER"}', b"{}", 1)], after=START)
    logs.close()

    assert run(["registry", "doctor", "sqlite:registry.db"]) == 1
    assert "LOG_REPORT_UNDECODABLE" in capsys.readouterr().out
    assert run(["registry", "doctor", "sqlite:registry.db", "--mend", "-o", "mended.jsonl"]) == 0
    assert "record 0 of _accord: `--mend` leaves the record out" in capsys.readouterr().err
    assert '{"log":"_accord"}' not in (folder / "mended.jsonl").read_text()
    assert run(["registry", "doctor", "mended.jsonl"]) == 0
