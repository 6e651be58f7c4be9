"""Ends brokers in good order where that can be, and in any case."""

import time
from collections.abc import Sequence

from accord.cluster import process
from accord.cluster.process import ProcessId

TIMEOUT_S = 30.0
WITHOUT_QUORUM_S = 2.0
POLL_S = 0.05


def stop(brokers: Sequence[ProcessId], *, of: int) -> None:
    """Ask brokers to end and wait; kill those that do not. ``of`` is how many brokers the cluster has.

    A broker asks the controllers before it leaves. When most of them are gone nobody can answer, and Kafka would wait
    five minutes: whoever is left then gets two seconds. No acknowledged record is lost by that, it is on the disk.
    """
    for broker in brokers:
        process.ask_to_end(broker)
    deadline = time.monotonic() + TIMEOUT_S
    left = list(brokers)
    while left and time.monotonic() < deadline:
        time.sleep(POLL_S)
        left = [broker for broker in left if process.find(broker)]
        ended = len(brokers) - len(left)
        if ended > (of - 1) // 2:
            deadline = min(deadline, time.monotonic() + WITHOUT_QUORUM_S)
    for broker in left:
        process.kill(broker)
