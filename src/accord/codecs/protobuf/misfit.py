"""What is wrong with one value, and the way to it from the outermost message."""

from typing import Final

from accord.codecs.errors import DataFault

_SHOWN: Final = 60


class Misfit(Exception):
    """A value that its field does not take, or cannot give; ``fault`` is of use when reading."""

    def __init__(self, reason: str, fault: DataFault = DataFault.MALFORMED) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fault = fault
        self._steps: list[str] = []

    @property
    def path(self) -> str:
        """Names after a dot, positions and keys in brackets."""
        return "".join(reversed(self._steps)).lstrip(".")

    def within(self, step: str) -> "Misfit":
        """The same, one step further out."""
        self._steps.append(step)
        return self


def needed(what: str, value: object) -> Misfit:
    """Something else is needed."""
    return Misfit(f"{what} is needed, and this is {shown(value)}")


def shown(value: object) -> str:
    """The value as an error shows it: its type, and never all of a long text."""
    text = repr(value)
    return f"{text if len(text) <= _SHOWN else text[: _SHOWN - 3] + '...'} ({type(value).__name__})"
