"""The judge of the soak: each kind of wrong is found, and what is right is let pass."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.streams.soak.checker import ECHO_NS, SECOND, judge
from tests.streams.soak.history import (
    Commit,
    Disturbance,
    Entry,
    Handled,
    History,
    Input,
    Journal,
    Letter,
    Place,
    entries,
)

NATURES = ["good", "transient", "poison", "good", "permanent", "good"]


def at(second: float) -> int:
    return int(second * SECOND)


def as_promised() -> History:
    """Six records of one key, each with what it deserves, a second after the other."""
    history = History()
    for offset, nature in enumerate(NATURES):
        item = Input(Place(0, offset), "k", nature, f"value {offset}".encode())
        history.inputs.append(item)
        history.acknowledged.append(item.place)
        if item.ends_as_letter:
            history.letters.append(Letter(item.place, at(offset + 1), item.value))
        else:
            history.handled.append(Handled(item.place, at(offset + 1), "w"))
    history.commits = [Commit({0: offset}, at(offset + 0.5)) for offset in range(7)]
    return history


Wrong = Callable[[History], None]


def lose_a_record(history: History) -> None:
    history.handled = [entry for entry in history.handled if entry.place.offset != 3]
    history.commits = []


def lose_a_bad_record(history: History) -> None:
    history.letters.pop()
    history.commits = []


def lose_an_acknowledged_record(history: History) -> None:
    history.inputs.pop()
    history.handled.pop()


def handle_what_nobody_wrote(history: History) -> None:
    history.handled.append(Handled(Place(1, 7), at(9), "w"))


def put_a_good_record_aside(history: History) -> None:
    history.letters.append(Letter(Place(0, 0), at(1), b"value 0"))


def handle_a_bad_record(history: History) -> None:
    history.handled.append(Handled(Place(0, 2), at(3), "w"))


def change_a_letter(history: History) -> None:
    history.letters[0] = replace(history.letters[0], value=b"other")


def forget_the_bytes_of_a_letter(history: History) -> None:
    history.letters[0] = replace(history.letters[0], value=None)


def handle_a_younger_one_first(history: History) -> None:
    history.handled[0] = replace(history.handled[0], at=at(5))
    history.commits = []


def commit_past_what_is_not_handled(history: History) -> None:
    history.commits.append(Commit({0: 4}, at(3.5)))


def commit_past_what_is_not_put_aside(history: History) -> None:
    history.commits.append(Commit({0: 3}, at(2.5)))


def repeat_for_no_reason(history: History) -> None:
    history.handled.append(replace(history.handled[-1], at=at(60)))


def repeat_before_anything_happened(history: History) -> None:
    history.handled.append(replace(history.handled[-1], at=at(60)))
    history.disturbances.append(Disturbance("kill", at(61)))


def repeat_long_after_anything_happened(history: History) -> None:
    history.disturbances.append(Disturbance("kill", at(6) - ECHO_NS - 1))
    history.handled.append(replace(history.handled[-1], at=at(60)))


WRONGS: dict[Wrong, str] = {
    lose_a_record: "1 lost: neither handled nor put aside: 0/3",
    lose_a_bad_record: "1 lost: neither handled nor put aside: 0/4",
    lose_an_acknowledged_record: "1 acknowledged, and not on the topic: 0/5",
    handle_what_nobody_wrote: "1 handled or put aside, and never written: 1/7",
    put_a_good_record_aside: "1 put aside without having deserved it: 0/0",
    handle_a_bad_record: "1 handled, and to be put aside: 0/2",
    change_a_letter: "1 put aside with other bytes than it came with: 0/2",
    forget_the_bytes_of_a_letter: "1 put aside with other bytes than it came with: 0/2",
    handle_a_younger_one_first: "2 handled before an elder of its key: 0/1, 0/3",
    commit_past_what_is_not_handled: "1 not settled yet when an offset behind it was committed: 0/3",
    commit_past_what_is_not_put_aside: "1 not settled yet when an offset behind it was committed: 0/2",
    repeat_for_no_reason: "1 handled again, and nothing had happened: 0/5",
    repeat_before_anything_happened: "1 handled again, and nothing had happened: 0/5",
    repeat_long_after_anything_happened: "1 handled again, and nothing had happened: 0/5",
}


def test_what_is_as_promised_is_let_pass() -> None:
    for exactly_once in (False, True):
        judgement = judge(as_promised(), exactly_once=exactly_once)
        assert (judgement.findings, judgement.handled_again, judgement.letters_again) == ((), 0, 0)


@pytest.mark.parametrize(
    ("spoil", "finding"), WRONGS.items(), ids=lambda value: getattr(value, "__name__", "")
)
def test_each_kind_of_wrong_is_found(spoil: Wrong, finding: str) -> None:
    history = as_promised()
    spoil(history)
    # One wrong may show in two ways: a letter's bytes say nothing about an order.
    assert finding in judge(history).findings


@pytest.mark.parametrize("happened", ["kill", "broker down"])
def test_a_repetition_after_something_happened_is_counted_and_allowed(happened: str) -> None:
    history = as_promised()
    history.disturbances.append(Disturbance(happened, at(10)))
    history.handled.append(replace(history.handled[-1], at=at(12)))
    history.letters.append(replace(history.letters[-1], at=at(12)))
    judgement = judge(history)
    assert (judgement.findings, judgement.handled_again, judgement.letters_again) == ((), 1, 1)


@pytest.mark.parametrize(
    ("again", "finding"),
    [
        (lambda history: history.handled.append(history.handled[0]), "1 handled more than once: 0/0"),
        (lambda history: history.letters.append(history.letters[0]), "1 put aside more than once: 0/2"),
    ],
)
def test_transactions_allow_no_repetition_whatever_happened(again: Wrong, finding: str) -> None:
    history = as_promised()
    history.disturbances = [Disturbance("kill", at(0.5))]
    again(history)
    assert finding in judge(history, exactly_once=True).findings


def test_keys_and_partitions_have_orders_of_their_own() -> None:
    history = History(
        inputs=[
            Input(Place(0, 0), "a", "good", b""),
            Input(Place(0, 1), "b", "good", b""),
            Input(Place(1, 0), "a", "good", b""),
        ],
        handled=[Handled(Place(0, 1), 1), Handled(Place(1, 0), 2), Handled(Place(0, 0), 3)],
    )
    assert judge(history).findings == ()


def test_a_line_that_death_cut_short_is_no_entry_and_all_others_come_back(tmp_path: Path) -> None:
    told: list[Entry] = [
        Handled(Place(3, 17), 5, "w-1"),
        Disturbance("kill", 6),
        Commit({0: 1, 3: 18}, 7),
        Place(3, 17),
    ]
    journal = Journal(tmp_path / "w-1.jsonl")
    for entry in told:
        journal.note(entry)
    with (tmp_path / "w-1.jsonl").open("ab") as file:
        file.write(b'{"entry": "Handled", "pla')
    assert list(entries(tmp_path)) == told
