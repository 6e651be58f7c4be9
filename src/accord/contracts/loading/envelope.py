"""A contract file as the standard and our block have it, before its schemas are known.

Values that do not have their shape are left out: they are findings already.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypedDict, cast

from accord.contracts.loading import durations, rules
from accord.contracts.loading.documents import Document
from accord.contracts.loading.shapes import ACCESSES, KEY_TYPES, NAMINGS
from accord.contracts.loading.validation import near
from accord.contracts.model import (
    Alerts,
    Allowance,
    DeadLetters,
    DeclaredReader,
    ProjectSettings,
    Role,
    SubjectNaming,
)
from accord.findings import Finding
from accord.schemas import CompatibilityLevel
from accord.schemas.pointers import child

_IMPLEMENTATION: Final = "implementation"
_RETENTION: Final = "retention.ms"
_WRITING: Final = frozenset(("write", "writer", "produce", "producer"))
_READING: Final = frozenset(("read", "reader", "consume", "consumer"))


@dataclass(frozen=True, slots=True)
class NamedSchema:
    """An event of the contract, and the schema file that it names; ``pointer`` is the place of that."""

    event: str
    url: str
    pointer: str


class PlainFacts(TypedDict):
    """What a contract says in plain text, by the names of ``DataContract``."""

    id: str
    name: str
    version: str
    status: str
    topic: str
    owner: str
    domain: str
    description: str


class Envelope:
    """Reads one contract file; what contradicts itself goes to ``findings``."""

    def __init__(self, document: Document, settings: ProjectSettings) -> None:
        self.document: Final = document
        self.findings: list[Finding] = []
        self._settings = settings
        self._top = _mapping(document.value)
        self.id: Final = _text(self._top.get("id"))
        self.block_at, self.block = self._find_block()
        self._events = [
            (f"/schema/{index}", _mapping(event))
            for index, event in enumerate(_list(self._top.get("schema")))
            if _mapping(event).get("physicalType", "topic") == "topic"
        ]
        self.topic: Final = next((_text(event.get("physicalName")) for _, event in self._events), "")

    @property
    def is_about_kafka(self) -> bool:
        """Whether the contract is about a topic: the standard is for tables and files as well."""
        return (
            self.block_at is not None
            or any(event.get("physicalType") == "topic" for _, event in self._events)
            or any(_mapping(one).get("type") == "kafka" for one in _list(self._top.get("servers")))
        )

    def plain_facts(self) -> PlainFacts:
        """What stands in the file as plain text."""
        team, description = self._top.get("team"), self._top.get("description")
        owner = team.get("name") if isinstance(team, dict) else self._first_member(team)
        told = description.get("purpose") if isinstance(description, dict) else description
        return {
            "id": self.id,
            "name": _text(self._top.get("name")) or self.id,
            "version": _text(self._top.get("version")),
            "status": _text(self._top.get("status")),
            "topic": self.topic,
            "owner": _text(owner),
            "domain": _text(self._top.get("domain")),
            "description": _text(told),
        }

    @property
    def event_names(self) -> tuple[str, ...]:
        """The events by their names in the contract."""
        return tuple(_text(event.get("name")) for _, event in self._events)

    def named_schemas(self) -> Iterator[NamedSchema]:
        """The schema file of each event; events that name none, or are on another topic, are told."""
        for pointer, event in self._events:
            topic, name = _text(event.get("physicalName")), _text(event.get("name"))
            if topic != self.topic and topic:
                self._tell(
                    rules.SEVERAL_TOPICS.finding(
                        self.document.locate(f"{pointer}/physicalName"),
                        {"other": topic, "topic": self.topic},
                        contract=self.id,
                    )
                )
                continue
            url = self._implementation(pointer, event)
            if url is None:
                at = self.document.locate(pointer)
                self._tell(rules.NO_SCHEMA_NAMED.finding(at, {"event": name}, contract=self.id))
            else:
                yield NamedSchema(name, *url)

    def naming(self, events: int) -> SubjectNaming:
        """How the subjects are named, where there are so many events."""
        chosen = self.block.get("subjectNaming", self._settings.subject_naming)
        if chosen not in NAMINGS:
            chosen = "TopicRecordNameStrategy" if events > 1 else "TopicNameStrategy"
        return cast("SubjectNaming", chosen)

    def level(self, pointer: str, default: CompatibilityLevel) -> CompatibilityLevel:
        """The compatibility level at a place of the block."""
        where: Any = self.block
        for step in pointer.split("/"):
            where = _mapping(where).get(step)
        return CompatibilityLevel(where) if where in list(CompatibilityLevel) else default

    @property
    def key_schema(self) -> tuple[str, str]:
        """The schema file of the keys as the block names it, "" without one, and the place of that."""
        return _text(_mapping(self.block.get("key")).get("schema")), f"{self.block_at}/key/schema"

    @property
    def key_type(self) -> str | None:
        """What the block says that keys are."""
        said = _mapping(self.block.get("key")).get("type")
        return said if said in KEY_TYPES else None

    @property
    def key_field(self) -> str | None:
        """The field of the value that the keys hold."""
        return _text(_mapping(self.block.get("key")).get("field")) or None

    def channels(self) -> tuple[str, ...]:
        """Where people are told."""
        found = (_text(_mapping(one).get("channel")) for one in _list(self._top.get("support")))
        return tuple(filter(None, found))

    def servers(self) -> dict[str, str]:
        """Bootstrap servers by environment."""
        return {
            _text(one.get("environment")) or _text(one.get("server")): _text(one.get("host"))
            for one in map(_mapping, _list(self._top.get("servers")))
            if one.get("type") == "kafka" and _text(one.get("host"))
        }

    def count(self, key: str) -> int | None:
        """One of the block's numbers."""
        return _count(self.block.get(key))

    def replicas(self) -> int | None:
        """How many; the project's default where the contract says nothing."""
        return self.count("replicas") or self._settings.replicas

    def config(self) -> dict[str, str]:
        """The topic's configuration, the promised retention included."""
        config = {
            name: _written(value)
            for name, value in _mapping(self.block.get("config")).items()
            if isinstance(value, str | int | float)
        }
        promised, at = self._promise("retention")
        if promised is None:
            return config
        if config.setdefault(_RETENTION, str(promised)) != str(promised):
            facts = {"config": config[_RETENTION], "promised": f"{at}, which is {promised}"}
            place = self.document.locate(f"{self.block_at}/config/{_RETENTION}")
            self._tell(rules.RETENTION_CONTRADICTORY.finding(place, facts, contract=self.id))
        return config

    def dead_letters(self) -> DeadLetters | None:
        """Where records go that nobody can handle, if the block says so."""
        said = self.block.get("dlq")
        if not isinstance(said, dict):
            return None
        topic = _text(said.get("topic")) or f"{self.topic}-dlq"
        return DeadLetters(topic, _duration(said.get("retention")), _count(said.get("partitions")))

    def readers(self) -> tuple[DeclaredReader, ...]:
        """Who reads the topic."""
        delays = self.block.get("retry")
        readers = []
        for service, said in _mapping(self.block.get("consumers")).items():
            pointer = child(f"{self.block_at}/consumers", service)
            reader = {"retry": delays, **_mapping(said)}
            readers.append(reader_of(service, reader, self.document, pointer))
        return tuple(readers)

    def alerts(self) -> Alerts:
        """From when on somebody is woken: the promised latency, unless the block is narrower."""
        said = _mapping(self.block.get("alerts"))
        above = _mapping(said.get("bytesIn")).get("aboveBaseline")
        lag = _duration(said.get("consumerLag"))
        promised, _ = self._promise("latency")
        try:
            times = float(above.removesuffix("x")) if isinstance(above, str) else None
        except ValueError:
            times = None
        return Alerts(promised if lag is None else lag, times)

    def roles(self) -> tuple[Role, ...]:
        """The standard's roles, and those of the block."""
        found = []
        for index, said in enumerate(map(_mapping, _list(self._top.get("roles")))):
            name, access = _text(said.get("role")), said.get("access")
            known = _access(access)
            if known is not None:
                found.append(Role(name, known))
            elif access is not None:
                facts = {"role": name, "access": repr(access)}
                at = self.document.locate(f"/roles/{index}/access")
                self._tell(rules.ROLE_WITHOUT_EFFECT.finding(at, facts, contract=self.id))
        found += (
            Role(_text(said.get("role")), known, _text(said.get("prefix")) or None)
            for said in map(_mapping, _list(self.block.get("roles")))
            if (known := _access(said.get("access"))) is not None
        )
        return tuple(found)

    def quotas(self) -> dict[str, dict[str, str]]:
        """What principals may use at most."""
        return {
            principal: {
                name: _written(value)
                for name, value in _mapping(said).items()
                if isinstance(value, int | float)
            }
            for principal, said in _mapping(self.block.get("quotas")).items()
        }

    def allowances(self) -> tuple[Allowance, ...]:
        """What is accepted for a while; incomplete ones are told already."""
        return tuple(
            Allowance(
                _text(said.get("rule")),
                _text(said.get("reason")),
                _text(said.get("until")),
                _text(said.get("path")) or None,
                self.document.locate(f"{self.block_at}/allow/{index}"),
            )
            for index, said in enumerate(map(_mapping, _list(self.block.get("allow"))))
            if all(_text(said.get(key)) for key in ("rule", "reason", "until"))
        )

    def examples(self, event: str) -> tuple[Mapping[str, object], ...]:
        """Values of an event that the producer states."""
        return _objects(_mapping(self.block.get("examples")).get(event))

    def check_examples(self, events: Iterable[str]) -> None:
        """Tell examples of events that the contract does not have."""
        known = list(events)
        for event in _mapping(self.block.get("examples")):
            if event not in known:
                at = self.document.locate_key(child(f"{self.block_at}/examples", event))
                facts = {"event": event, "near": near(event, known)}
                self._tell(rules.UNKNOWN_EVENT.finding(at, facts, contract=self.id))

    def _find_block(self) -> tuple[str | None, Mapping[str, Any]]:
        found = [
            (f"/customProperties/{index}", said)
            for index, said in enumerate(map(_mapping, _list(self._top.get("customProperties"))))
            if said.get("property") == "kafka" and said.get("vendor", "accord") == "accord"
        ]
        for pointer, _ in found[1:]:
            self._tell(rules.BLOCK_TWICE.finding(self.document.locate(pointer), contract=self.id))
        return (f"{found[0][0]}/value", _mapping(found[0][1].get("value"))) if found else (None, {})

    def _implementation(self, pointer: str, event: Mapping[str, Any]) -> tuple[str, str] | None:
        for index, said in enumerate(map(_mapping, _list(event.get("authoritativeDefinitions")))):
            if said.get("type") == _IMPLEMENTATION and _text(said.get("url")):
                return _text(said.get("url")), f"{pointer}/authoritativeDefinitions/{index}/url"
        return None

    def _promise(self, name: str) -> tuple[int | None, str]:
        """One of ``slaProperties`` that is a length of time, in milliseconds and as it stands there."""
        for index, said in enumerate(map(_mapping, _list(self._top.get("slaProperties")))):
            if said.get("property") != name:
                continue
            value, unit = said.get("value"), said.get("unit")
            written = f"{value} {unit}" if unit else f"{value}"
            try:
                return durations.of_property(value, unit), written
            except ValueError:
                facts = {"key": name, "value": written, "expected": "a length of time: a value and a unit"}
                at = self.document.locate(f"/slaProperties/{index}/value")
                self._tell(rules.DURATION_INVALID.finding(at, facts, contract=self.id))
        return None, ""

    def _first_member(self, team: object) -> object:
        """Before 3.1 a team was the list of its members."""
        return next((_mapping(one).get("username") for one in _list(team)), "")

    def _tell(self, finding: Finding) -> None:
        if finding not in self.findings:
            self.findings.append(finding)


def reader_of(service: str, said: Mapping[str, Any], document: Document, pointer: str) -> DeclaredReader:
    """A reader as a contract or a claim declares it."""
    fields = said.get("fields")
    delays = (_duration(one) for one in _list(said.get("retry")))
    return DeclaredReader(
        service=service,
        groups=_texts(said.get("groups")),
        fields=_texts(fields) if isinstance(fields, list) else None,
        versions=_text(said.get("versions")) or None,
        retry_ms=tuple(delay for delay in delays if delay is not None),
        examples=_objects(said.get("examples")),
        at=document.locate_key(pointer),
    )


def _access(value: object) -> Any:  # noqa: ANN401 -- the literal of Role
    word = value.lower() if isinstance(value, str) else ""
    if word in ACCESSES:
        return word
    return "write" if word in _WRITING else "read" if word in _READING else None


def _written(value: str | float) -> str:
    """A configuration as Kafka writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _duration(value: object) -> int | None:
    try:
        return durations.milliseconds(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(filter(None, map(_text, _list(value))))


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _objects(value: object) -> tuple[Mapping[str, object], ...]:
    return tuple(one for one in _list(value) if isinstance(one, dict))
