"""The retry topics that a reader's groups have, by the names that the SDK gives them. Pure."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from accord.contracts.model import DeclaredReader
from accord.streams.durations import in_words
from accord.streams.retry_topics import retry_topic_name

_SUFFIX: Final = re.compile(r"\.(?P<group>.+)\.retry\.[0-9]+(ms|s|m|h|d)")


class RetryTopic(NamedTuple):
    """A topic where records of a group wait so long."""

    name: str
    group: str
    delay_ms: int


def retry_topics_of(reader: DeclaredReader, topic: str) -> Iterator[RetryTopic]:
    """Those that the reader has for records of ``topic``. Raises ConfigurationError if no topic can be called so."""
    for group in reader.groups:
        for delay_ms in reader.retry_ms:
            yield RetryTopic(retry_topic_name(topic, group, in_words(delay_ms)), group, delay_ms)


def group_of(name: str, topics: Iterable[str]) -> str | None:
    """The group whose retry topic this is, for records of one of the ``topics``; None if it is none of theirs."""
    if ".retry." not in name:
        return None
    suffixes = (_SUFFIX.fullmatch(name, len(topic)) for topic in topics if name.startswith(topic))
    return next((suffix["group"] for suffix in suffixes if suffix), None)
