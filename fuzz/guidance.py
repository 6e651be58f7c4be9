"""Inputs guided by the branches of the code that they reach. Only where atheris can be had."""

import hashlib
import os
import sys
import time
from pathlib import Path

import atheris

from fuzz.mutations import LONGEST
from fuzz.target import Target
from fuzz.watch import Watch


def fuzz(target: Target, watch: Watch, *, seconds: float, corpus: Path) -> None:
    """Let libFuzzer choose what to mutate; what reached something new stays in ``corpus``. This ends the process."""
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in target.seeds():
        (corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    deadline = time.monotonic() + seconds

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        return target.mutated(data, seed)[:most]

    def feed(data: bytes) -> None:
        watch.feed(data)
        if time.monotonic() > deadline:
            watch.end()
            # libFuzzer would end the process itself, without a word.
            sys.stdout.flush()
            os._exit(1 if watch.found else 0)

    # What is slow is told by the watch, which counts the processor's time; libFuzzer would leave a file where it runs.
    own_bounds = ["-timeout=0", "-rss_limit_mb=0", "-report_slow_units=1000000"]
    options = [f"-max_len={LONGEST}", *own_bounds, "-verbosity=0"]
    atheris.Setup(["fuzz", *options, str(corpus)], feed, custom_mutator=mutate)
    atheris.Fuzz()
