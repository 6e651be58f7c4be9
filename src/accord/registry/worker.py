"""What a worker process does: answer one question after the other, with a limit of time and memory for each."""

import os
import resource
import signal
import sys
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Final

from accord.registry.core.thinking import Question, outcome_of
from accord.registry.workers import Fault, TooMuchWork

_MOST_BYTES: Final = 2 << 30
_NICENESS: Final = 10


def main() -> None:
    """Work until the process at the other end of the pipe is gone; its number and the limit are on the command line."""
    pipe: Connection[object, Question[object]] = Connection(int(sys.argv[2]))
    limit_s = float(sys.argv[3])
    # Whoever reads from the server comes first.
    os.nice(_NICENESS)
    # What the server does with this signal comes along with its process, and here it has to end everything.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES, _MOST_BYTES))
    while True:
        try:
            question = pipe.recv()
        except EOFError:
            return
        # It ends the process even in the middle of a regular expression.
        signal.setitimer(signal.ITIMER_REAL, limit_s)
        try:
            outcome: object = outcome_of(question)
        except MemoryError:
            outcome = TooMuchWork(limit_s)
        except Exception:  # noqa: BLE001 -- it is told to the process that asked
            outcome = Fault(traceback.format_exc())
        signal.setitimer(signal.ITIMER_REAL, 0)
        pipe.send(outcome)
