"""Headers whose names are no UTF-8, which Kafka keeps and its Python client cannot read.

The client fails when it is asked for them first, and from then on hands out what nobody may touch: a process that looks at
it dies. One record that anybody has written would be the end of every consumer that comes to it.
"""

import logging
from collections.abc import Sequence
from operator import methodcaller
from typing import Final, TypeVar

from confluent_kafka import Message

logger = logging.getLogger(__name__)

M = TypeVar("M", bound=Message)

# Where a method is called often, the interpreter no longer looks whether it has failed and answered at the same time, as this
# one does: the failure would come up somewhere else.
_read: Final = methodcaller("headers")


def with_readable_headers(messages: Sequence[M]) -> Sequence[M]:
    """The messages, those without any headers of which one cannot be read."""
    for message in messages:
        try:
            # What the client has read of headers, it keeps.
            _read(message)
        except SystemError:
            message.set_headers([])
            logger.warning(
                "a record goes without its headers: the name of one is no UTF-8",
                extra={
                    "topic": message.topic(),
                    "partition": message.partition(),
                    "offset": message.offset(),
                },
            )
    return messages
