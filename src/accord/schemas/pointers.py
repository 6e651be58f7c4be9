"""JSON pointers (RFC 6901): where something stands in a text."""

from collections.abc import Sequence


def child(pointer: str, token: str | int) -> str:
    """The pointer one step further down."""
    return f"{pointer}/{str(token).replace('~', '~0').replace('/', '~1')}"


def tokens(pointer: str) -> list[str]:
    """The steps of ``pointer``, from the top."""
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]


def parent(pointer: str) -> str:
    """The pointer one step further up."""
    return pointer.rpartition("/")[0]


def index_in(items: Sequence[object], token: str) -> int | None:
    """The number of the item that ``token`` points at, None where there is none."""
    # A number of more digits than any list has items would take long to read, or could not be read at all.
    is_number = token.isdecimal() and len(token) <= len(str(len(items)))
    return int(token) if is_number and int(token) < len(items) else None
