"""The fuzzers themselves work: each target takes some mutated inputs, and what is wrong would be found."""

from itertools import islice
from pathlib import Path
from random import Random

import pytest

from accord.errors import AccordError
from fuzz import chance, watch
from fuzz.mutations import Mutation, mutated_json, mutated_text
from fuzz.target import Target
from fuzz.targets import TARGETS

SEEDS = (b'{"a": [1, {"b": "c"}]}', b'"x"', b"[]")


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_takes_its_seeds_and_what_is_made_of_them(name: str) -> None:
    target = TARGETS[name]
    made = chance.mutants(target, seed=1)
    for data in (*target.seeds()[:2], *islice(made, 15)):
        assert watch.attempt(target, data) is None, data


def test_the_same_number_makes_the_same_inputs() -> None:
    target = TARGETS["avro"]
    one, other = (list(islice(chance.mutants(target, seed=7), 30)) for _ in range(2))
    assert one == other
    assert len(set(one)) > 20


@pytest.mark.parametrize("mutation", [mutated_json, mutated_text])
def test_a_mutation_takes_whatever_comes(mutation: Mutation) -> None:
    random = Random(3)
    data = b""
    for _ in range(60):
        data = mutation(data or b"\xff{", random, SEEDS)


class Unforeseen(Exception):
    pass


def raising(error: BaseException) -> Target:
    def run(_data: bytes) -> None:
        raise error

    return Target("raising", run, lambda: SEEDS, mutated_json, (AccordError,))


def test_an_error_that_is_not_expected_is_a_finding() -> None:
    error = Unforeseen("no")
    assert watch.attempt(raising(error), b"") is error
    assert watch.attempt(raising(AccordError("a sentence")), b"") is None


def test_a_refusal_without_words_is_a_finding() -> None:
    assert watch.attempt(raising(AccordError("")), b"") is not None


def test_an_input_that_takes_too_long_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(_data: bytes) -> None:
        while True:
            pass

    monkeypatch.setattr(watch, "LONGEST_S", 0.01)
    assert isinstance(watch.attempt(Target("slow", run, lambda: SEEDS, mutated_json), b""), watch.TooSlow)


def test_the_smallest_finding_of_a_kind_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    watching = watch.Watch(raising(Unforeseen("no")), tmp_path)
    for data in (b"long", b"l", b"lon"):
        watching.feed(data)
    watching.end()
    (file,) = tmp_path.iterdir()
    assert file.read_bytes() == b"l"
    assert "3 inputs, 1 kinds" in capsys.readouterr().out
