import pytest

from benchmarks.report import Goal, Section, at_least, below, conclusion


@pytest.mark.parametrize(
    ("goal", "said"),
    [
        (at_least("reads", 71.2, 70, "%"), "reads: met, 71.2 % (>= 70 %)"),
        (at_least("reads", 70, 70, "%"), "reads: met, 70 % (>= 70 %)"),
        (at_least("rate", 1500, 2000, "/s"), "rate: NOT met by 500 /s, 1,500 /s (>= 2,000 /s)"),
        (at_least("reads", 80, 70, "%", remark="idle"), "reads: met, 80 % (>= 70 %); idle"),
        (below("p99", 49.9, 50, "ms"), "p99: met, 49.9 ms (< 50 ms)"),
        (below("p99", 50, 50, "ms"), "p99: NOT met by 0 ms, 50 ms (< 50 ms)"),
    ],
    ids=str,
)
def test_a_goal_says_whether_it_was_met_or_by_how_much_not(goal: Goal, said: str) -> None:
    assert str(goal) == said


def test_errors_are_said_beside_the_figures_and_again_at_the_end() -> None:
    section = Section("Reads", errors=["latest: 3 times HTTP/1.1 500 Internal Server Error"])
    assert "- latest: 3 times HTTP/1.1 500 Internal Server Error" in str(section)
    assert '- ERROR in "Reads": latest: 3 times HTTP/1.1 500' in conclusion([section])
    assert "No errors" in conclusion([Section("Reads")])
