"""JSON pointers (RFC 6901): where something stands in a text."""


def child(pointer: str, token: str | int) -> str:
    """The pointer one step further down."""
    return f"{pointer}/{str(token).replace('~', '~0').replace('/', '~1')}"


def tokens(pointer: str) -> list[str]:
    """The steps of ``pointer``, from the top."""
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]


def parent(pointer: str) -> str:
    """The pointer one step further up."""
    return pointer.rpartition("/")[0]
