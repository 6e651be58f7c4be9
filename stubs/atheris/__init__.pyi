from collections.abc import Callable, Collection
from contextlib import AbstractContextManager

def instrument_imports(include: Collection[str]) -> AbstractContextManager[None]: ...
def Setup(  # noqa: N802 -- its name
    args: list[str],
    test_one_input: Callable[[bytes], None],
    *,
    custom_mutator: Callable[[bytes, int, int], bytes] | None = ...,
) -> list[str]: ...
def Fuzz() -> None: ...  # noqa: N802 -- its name
