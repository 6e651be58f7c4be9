"""A start: everything that the log holds, and word of how far it is where that takes long."""

import asyncio
import logging
from collections.abc import Sequence

import msgspec
import pytest

from accord.registry import replica
from accord.registry.core import queries
from accord.registry.core.commands import RegisterSchema
from accord.registry.core.events import SchemaRegistered
from accord.registry.log.memory import MemoryLog, in_memory
from accord.registry.log.port import START, LoggedRecord, Position, Record
from accord.registry.log.records import encode
from accord.registry.node import RegistryNode
from accord.schemas import Schema, SchemaId, Subject, Version, fingerprint


class SlowLog(MemoryLog):
    """A log that is read in small portions."""

    def read(self, after: Position, *, limit: int = 1000) -> Sequence[LoggedRecord]:
        return super().read(after, limit=min(limit, 2))


def test_a_start_that_takes_long_says_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    log = SlowLog()
    events = [
        SchemaRegistered(Subject("s"), Version(n), SchemaId(n), Schema(f'{{"type":"int","n":{n}}}'))
        for n in range(1, 6)
    ]
    log.append([encode(event, 0) for event in events], after=START)
    monkeypatch.setattr(replica, "_TELL_EVERY_S", 0.0)

    async def story() -> None:
        node = RegistryNode(in_memory(log), now_ms=lambda: 0)
        await node.start()
        assert len(node.state.subjects[Subject("s")]) == 5
        await node.close()

    with caplog.at_level(logging.INFO):
        asyncio.run(story())

    assert [message for message in caplog.messages if message.startswith("read")] == [
        "read 2 records of memory:",
        "read 4 records of memory:",
        "read 5 records of memory:",
    ]


@pytest.mark.parametrize("md5", [None, "", "not base64", "rL0Y20zC+Fzt72VPzMSk2A=="])
def test_what_a_record_says_of_its_fingerprint_counts_for_nothing(md5: str | None) -> None:
    log = MemoryLog()
    key = b'{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}'
    value = {"subject": "s", "version": 1, "id": 7, "md5": md5, "schema": '"string"', "deleted": False}
    log.append([Record(key, msgspec.json.encode(value), 0)], after=START)

    async def story() -> None:
        node = RegistryNode(in_memory(log), now_ms=lambda: 0)
        await node.start()
        stored = queries.by_id(node.state, SchemaId(7))
        assert stored.content.fingerprint == fingerprint(Schema('"string"'))
        (event,) = await node.execute(RegisterSchema(Subject("t"), Schema('"string"')))
        assert isinstance(event, SchemaRegistered)
        assert event.schema_id == 7
        await node.close()

    asyncio.run(story())
