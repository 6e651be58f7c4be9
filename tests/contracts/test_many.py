"""Many answers at once are those that one after the other would give."""

import threading

import pytest

from accord.contracts.many import AT_ONCE, ask_of_each
from accord.errors import AccordError


def test_the_answers_are_in_the_order_of_what_was_asked() -> None:
    things = [f"subject-{number}" for number in range(3 * AT_ONCE)]
    answers = ask_of_each(str.upper, things)
    assert list(answers) == things
    assert answers["subject-7"] == "SUBJECT-7"


def test_several_are_asked_at_the_same_time() -> None:
    together = threading.Barrier(AT_ONCE, timeout=10)
    assert len(ask_of_each(lambda _: together.wait(), range(AT_ONCE))) == AT_ONCE


def test_nothing_and_one_need_no_threads() -> None:
    here = threading.get_ident()
    assert ask_of_each(lambda _: threading.get_ident(), [1]) == {1: here}
    assert ask_of_each(lambda _: threading.get_ident(), []) == {}


def test_what_is_raised_ends_it_and_the_rest_is_not_asked() -> None:
    asked = []

    def ask(thing: int) -> int:
        asked.append(thing)
        raise AccordError(f"no answer about {thing}", hint="ask later")

    with pytest.raises(AccordError, match="no answer about 0"):
        ask_of_each(ask, range(10_000))
    assert len(asked) < 10_000
