"""The retry topics that a reader's groups have, by the names that the SDK gives them. Pure."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from accord.contracts.model import DeclaredReader
from accord.streams.durations import in_words
from accord.streams.retry_topics import retry_topic_name

SUFFIX: Final = r"\..+\.retry\.[0-9]+(ms|s|m|h|d)"
"""What follows the name of a topic in the name of a retry topic, as a regular expression."""


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
