"""The type of a contract's events."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    # For a type checker a bare `Contract` is a `Contract[Any]`; Python 3.11 cannot say that at run time.
    E = TypeVar("E", default=Any)
else:
    from typing import TypeVar

    E = TypeVar("E")

__all__ = ["E"]
