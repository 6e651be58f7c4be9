"""What a run says: tables in Markdown, and what became of each goal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Goal:
    """One line of what was asked for, and what was seen."""

    what: str
    seen: float
    bound: float
    unit: str
    at_least: bool
    remark: str = ""

    @property
    def met(self) -> bool:
        """Whether it was reached."""
        return self.seen >= self.bound if self.at_least else self.seen < self.bound

    def __str__(self) -> str:
        asked = f"{'>=' if self.at_least else '<'} {_number(self.bound)} {self.unit}"
        away = f"NOT met by {_number(abs(self.seen - self.bound))} {self.unit}"
        remark = f"; {self.remark}" if self.remark else ""
        return (
            f"{self.what}: {'met' if self.met else away}, {_number(self.seen)} {self.unit} ({asked}){remark}"
        )


def at_least(what: str, seen: float, bound: float, unit: str, *, remark: str = "") -> Goal:
    """More is better."""
    return Goal(what, seen, bound, unit, at_least=True, remark=remark)


def below(what: str, seen: float, bound: float, unit: str, *, remark: str = "") -> Goal:
    """Less is better."""
    return Goal(what, seen, bound, unit, at_least=False, remark=remark)


@dataclass(slots=True)
class Section:
    """What one part of the run has to say."""

    title: str
    text: list[str] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Add a table."""
        lines = (columns, ["---"] * len(columns), *rows)
        self.text += ["", *(f"| {' | '.join(line)} |" for line in lines)]

    def say(self, sentence: str) -> None:
        """Add a paragraph."""
        self.text += ["", sentence]

    def __str__(self) -> str:
        wrong = [f"**{len(self.errors)} kinds of ERRORS, so these figures are not to be trusted:**", ""]
        wrong += [f"- {error}" for error in self.errors]
        return "\n".join([f"## {self.title}", *self.text, *(["", *wrong] if self.errors else [])])


def conclusion(sections: Sequence[Section]) -> str:
    """Every goal, and every error once more."""
    goals = [f"- {goal}" for section in sections for goal in section.goals]
    errors = [f'- ERROR in "{section.title}": {error}' for section in sections for error in section.errors]
    return "\n".join(
        [
            "## What was asked for",
            "",
            *goals,
            "",
            *(errors or ["No errors: every answer was the expected one."]),
        ]
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"  # noqa: PLR2004 -- from there digits say enough
