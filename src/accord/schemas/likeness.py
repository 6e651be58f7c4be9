"""What the words of a name tell: whether two names may be of one thing, and whether one claims nothing."""

import re
from typing import Final

_WORDS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_CLAIMS_NOTHING: Final = frozenset({"unknown", "unspecified", "undefined", "unrecognized", "other"})


def are_alike(one: str, other: str) -> bool:
    """Whether all words of one name are in the other: ``total`` and ``total_cents``, ``totalAmount`` and ``amount``."""
    words, others = _words(one), _words(other)
    shared = words & others
    return bool(shared) and shared in (words, others)


def claims_nothing(symbol: str) -> bool:
    """Whether the symbol of an enum stands for whatever is not known: ``UNKNOWN``, ``STATUS_UNSPECIFIED``."""
    return not _CLAIMS_NOTHING.isdisjoint(_words(symbol))


def _words(name: str) -> set[str]:
    return set(map(str.lower, _WORDS.findall(name)))
