"""How people are told of keys, versions, scopes, and of many things at once. Pure."""

from collections.abc import Iterable, Sequence
from typing import Final

from accord.registry.core.contexts import Scope, is_context
from accord.schemas import Subject

SHOWN: Final = 10
"""So many of a kind are told one by one."""

_LONGEST: Final = 200


def version_words(subject: str, version: int) -> str:
    """A version."""
    return f"version {version} of '{subject}'"


def scope_words(scope: Scope) -> str:
    """What something is set for."""
    if scope is None:
        return "the registry"
    return f"the context '{scope.strip(':')}'" if is_context(scope) else f"'{scope}'"


def shown(key: bytes) -> str:
    """A key: its text, not too much of it."""
    text = key.decode(errors="replace")
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


def gathered(words: Sequence[str]) -> str:
    """Some of many sentences, one on a line."""
    return "".join(f"\n  - {one}" for one in shortened(words))


def shortened(words: Sequence[str]) -> list[str]:
    """Some of many sentences, and how many there are beside them."""
    more = [f"… and {len(words) - SHOWN:,} more"] if len(words) > SHOWN else []
    return [*words[:SHOWN], *more]


def in_order(scopes: Iterable[Scope]) -> list[Scope]:
    """The scopes, that of everything first."""
    return sorted(scopes, key=lambda scope: scope or Subject(""))
