"""What happened in a soak, as values, and as lines of JSON that every process appends to a file of its own."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple


class Place(NamedTuple):
    """Where an input lies."""

    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class Input:
    """A record of the topic; its ``nature`` says what has to become of it: ``good``, ``slow``, ``transient``, ``permanent``, ``poison``."""

    place: Place
    key: str
    nature: str
    value: bytes | None

    @property
    def ends_as_letter(self) -> bool:
        """Whether it belongs among the dead letters."""
        return self.nature in {"permanent", "poison"}


@dataclass(frozen=True, slots=True)
class Handled:
    """An input was handled; ``at`` grows with time, in nanoseconds or, of a transaction's outputs, in offsets."""

    place: Place
    at: int
    worker: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """An input was put aside; ``at`` is when its letter was written, in nanoseconds since 1970."""

    place: Place
    at: int
    value: bytes | None


@dataclass(frozen=True, slots=True)
class Disturbance:
    """Something that may make records come again: a member came, left or was killed, a broker went or came."""

    kind: str
    at: int


@dataclass(frozen=True, slots=True)
class Commit:
    """The next offset by partition that the group had committed at that time."""

    offsets: dict[int, int]
    at: int


@dataclass(slots=True)
class History:
    """All of one group. ``acknowledged`` are the places that brokers confirmed to the producer."""

    inputs: list[Input] = field(default_factory=list)
    acknowledged: list[Place] = field(default_factory=list)
    handled: list[Handled] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    disturbances: list[Disturbance] = field(default_factory=list)
    commits: list[Commit] = field(default_factory=list)


Entry = Handled | Disturbance | Commit | Place


class Journal:
    """A file of lines; each is written at once, and survives the death of its writer."""

    def __init__(self, file: Path) -> None:
        self._out = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def note(self, entry: Entry) -> None:
        """Append what happened."""
        facts = entry._asdict() if isinstance(entry, Place) else asdict(entry)
        line = json.dumps({"entry": type(entry).__name__, **facts})
        os.write(self._out, f"{line}\n".encode())


def entries(folder: Path) -> Iterator[Any]:
    """What the journals in a folder say. A line that death cut short is no entry: nobody was told of it."""
    kinds = {"Handled": Handled, "Disturbance": Disturbance, "Commit": Commit, "Place": Place}
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_bytes().split(b"\n")[:-1]:
            facts = json.loads(line)
            kind = kinds[facts.pop("entry")]
            if "place" in facts:
                facts["place"] = Place(*facts["place"])
            if "offsets" in facts:
                facts["offsets"] = {int(number): offset for number, offset in facts["offsets"].items()}
            yield kind(**facts)
