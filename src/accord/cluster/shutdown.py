"""Ends brokers in good order where that can be, and in any case."""

import time
from collections.abc import Sequence

from accord.cluster import process
from accord.cluster.process import ProcessId

TIMEOUT_S = 30.0
WITHOUT_QUORUM_S = 1.0
POLL_S = 0.05


def stop(leaving: Sequence[ProcessId], *, staying: int, voters: int) -> None:
    """Ask brokers to end and wait; kill those that do not.

    A broker asks the controllers before it leaves. When fewer than half of the ``voters`` are left (``staying`` counts
    the running ones that are not asked), nobody can answer and Kafka would wait five minutes: whoever is left then
    gets one second. No acknowledged record is lost by that; it is in the log file.
    """
    for broker in leaving:
        process.ask_to_end(broker)
    deadline = time.monotonic() + TIMEOUT_S
    left = list(leaving)
    while left and time.monotonic() < deadline:
        time.sleep(POLL_S)
        left = [broker for broker in left if process.find(broker)]
        if len(left) + staying <= voters // 2:
            deadline = min(deadline, time.monotonic() + WITHOUT_QUORUM_S)
    for broker in left:
        process.kill(broker)
