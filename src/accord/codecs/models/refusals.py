"""Why a class does not take the values that were read."""

from accord.codecs.errors import DataFault, InvalidData
from accord.codecs.models.pydantic_marks import complaints_of


def refused_by_model(class_: type, error: Exception, *, path: str = "") -> InvalidData:
    """The error that a reader raises where making an instance of the class, at ``path``, raised ``error``."""
    complaints = complaints_of(error)
    if not complaints:
        reason = f"{type(error).__name__}: {error}"
    elif len(complaints) == 1:
        place, reason = complaints[0]
        path = at(path, place)
    else:
        reason = "; ".join(f"{at('', place)}: {text}" if place else text for place, text in complaints)
    return InvalidData(
        f"{class_.__name__} refuses the values: {reason}", fault=DataFault.REFUSED_BY_MODEL, path=path
    )


def at(path: str, steps: tuple[str | int, ...]) -> str:
    """The place some steps further down: names after a dot, numbers in brackets."""
    further = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return f"{path}{further}".lstrip(".")
