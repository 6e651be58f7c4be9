"""Retry topics: their names, and the records in them. Pure.

A record whose handler has failed goes to ``<topic>.<group>.retry.<delay>``, where the group finds it again and handles it
when it is due; then to the next such topic, and after the last to the dead letters. The way it goes follows from the
topic that it is found in, and nothing else: what its headers say can neither lengthen nor shorten it.

| header (text) | |
|---|---|
| accord-retry-due-at | when it may be handled, in milliseconds since 1970 |
| accord-retry-attempt | how often it was handled, as far as that counts |
| accord-retry-topic, -partition, -offset, -timestamp, -timestamp-type | where it was at first |
| accord-retry-first-failed-at, -failed-at | in milliseconds since 1970 |
| accord-retry-error-class, -error-message | how it failed the last time |
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from accord.errors import ConfigurationError
from accord.kafka import Headers, OutgoingRecord, RawRecord, TimestampType
from accord.streams.contract import Contract, check_topic_name
from accord.streams.durations import milliseconds
from accord.streams.faults import text_of
from accord.streams.retry import Retry

PREFIX: Final = "accord-retry-"
MAX_MESSAGE_CHARACTERS: Final = 1000

LARGEST_OFFSET: Final = 2**63 - 1
LARGEST_PARTITION: Final = 2**31 - 1
# The end of the year 9999; a datetime goes no further.
LATEST_MS: Final = 253_402_300_799_999

_LONGEST_NUMBER: Final = 19


@dataclass(frozen=True, slots=True)
class Hop:
    """One retry topic of a contract; ``number`` counts them from 1."""

    topic: str
    number: int
    delay_ms: int


@dataclass(frozen=True, slots=True)
class Past:
    """What became of a record before it was put where it is."""

    record: RawRecord
    """As it was at first, with its own headers, topic, partition and offset."""
    attempts: int = 0
    first_failed_at: float | None = None
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class RetryTopics:
    """The way of a contract's records through the retry topics of a group."""

    topic: str
    hops: tuple[Hop, ...]
    tries: int

    def hop_of(self, topic: str) -> Hop | None:
        """The hop whose topic this is; None for the contract's own."""
        return next((hop for hop in self.hops if hop.topic == topic), None)

    def after(self, hop: Hop | None) -> Hop | None:
        """Where records go that failed here; None if that is the dead letters."""
        number = hop.number if hop else 0
        return self.hops[number] if number < len(self.hops) else None

    def past(self, raw: RawRecord) -> Past:
        """What became of a record before, from its headers as far as they can be believed."""
        hop = self.hop_of(raw.topic)
        if hop is None:
            return Past(raw)
        told = _told(raw.headers)
        fewest, most = hop.number, hop.number * self.tries
        attempts = min(max(_number(told, "attempt", otherwise=fewest), fewest), most)
        first = _number(told, "first-failed-at", most=LATEST_MS)
        return Past(_at_first(self.topic, raw, told), attempts, first / 1000 if first >= 0 else None)

    def due_ms(self, raw: RawRecord, seen_ms: int) -> int:
        """When the record may be handled, in milliseconds since 1970: its hop's delay after it was seen, or before."""
        hop = self.hop_of(raw.topic)
        if hop is None:
            return seen_ms
        latest = seen_ms + hop.delay_ms
        return min(_number(_told(raw.headers), "due-at", otherwise=latest), latest)


def retry_topics(contract: Contract, group: str, retry: Retry) -> RetryTopics:
    """The retry topics of a contract for a group. Raises ConfigurationError if Kafka has no topics of such names."""
    hops = tuple(
        Hop(retry_topic_name(contract.topic, group, str(delay)), number, milliseconds(delay))
        for number, delay in enumerate(retry.topics, 1)
    )
    return RetryTopics(contract.topic, hops, retry.tries)


def retry_topic_name(topic: str, group: str, delay: str) -> str:
    """The name of a retry topic. The group is part of it: no group sees what another one could not handle."""
    name = f"{topic}.{group}.retry.{delay}"
    try:
        check_topic_name(name)
    except ConfigurationError as error:
        raise ConfigurationError(
            f"a retry topic of group '{group}' would be called '{name}', and no topic can be",
            hint=f"choose another name for the group; a topic's has {error.hint}",
        ) from error
    return name


def retry_records(
    past: Past, error: BaseException, *, hop: Hop, attempts: int, first_failed_at: float, now: float
) -> Sequence[OutgoingRecord]:
    """What to write to the hop's topic, and, if that is too large, what else; ``now`` in seconds since 1970."""
    original = past.record
    facts = {
        # Rounded up: not even a part of a millisecond too early.
        "due-at": str(math.ceil(now * 1000) + hop.delay_ms),
        "attempt": str(attempts),
        "topic": original.topic,
        "partition": str(original.partition),
        "offset": str(original.offset),
        "timestamp": str(original.timestamp_ms),
        "timestamp-type": original.timestamp_type.value,
        "first-failed-at": str(int(first_failed_at * 1000)),
        "failed-at": str(int(now * 1000)),
    }
    said = {
        "error-class": f"{type(error).__module__}.{type(error).__qualname__}",
        "error-message": text_of(error)[:MAX_MESSAGE_CHARACTERS],
    }
    whole = (*original.headers, *_headers({**facts, **said}))
    return tuple(
        OutgoingRecord(hop.topic, original.key, original.value, headers)
        for headers in (whole, (*original.headers, *_headers(facts)))
    )


def _headers(facts: Mapping[str, str]) -> Headers:
    return tuple((f"{PREFIX}{name}", text.encode(errors="replace")) for name, text in facts.items())


def _told(headers: Headers) -> dict[str, str]:
    return {
        name.removeprefix(PREFIX): (value or b"").decode(errors="replace")
        for name, value in headers
        if name.startswith(PREFIX)
    }


def _number(told: Mapping[str, str], name: str, *, most: int = LARGEST_OFFSET, otherwise: int = -1) -> int:
    """A number from 0 to ``most``; anything else is as if it was not there."""
    text = told.get(name, "")
    if not (text.isascii() and text.isdecimal()) or len(text) > _LONGEST_NUMBER:
        return otherwise
    number = int(text)
    return number if number <= most else otherwise


def _at_first(topic: str, raw: RawRecord, told: Mapping[str, str]) -> RawRecord:
    headers = tuple((name, value) for name, value in raw.headers if not name.startswith(PREFIX))
    partition, offset = _number(told, "partition", most=LARGEST_PARTITION), _number(told, "offset")
    if told.get("topic") != topic or partition < 0 or offset < 0:
        # Somebody else put it there: then this is where it was at first.
        return RawRecord(
            raw.topic,
            raw.partition,
            raw.offset,
            raw.key,
            raw.value,
            headers,
            raw.timestamp_ms,
            raw.timestamp_type,
        )
    kinds = {kind.value: kind for kind in TimestampType}
    return RawRecord(
        topic,
        partition,
        offset,
        raw.key,
        raw.value,
        headers,
        _number(told, "timestamp", most=LATEST_MS),
        kinds.get(told.get("timestamp-type", ""), TimestampType.NONE),
    )
