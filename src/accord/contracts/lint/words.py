"""What the name of a field gives away about its values."""

import re
from typing import Final

_PARTS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_DURATIONS: Final = frozenset(
    ("lead", "processing", "response", "run", "up", "down", "wait", "waiting", "elapsed", "travel", "life", "over")
)  # fmt: skip
_MONEY: Final = frozenset(
    ("amount", "price", "total", "subtotal", "cost", "fee", "tax", "balance", "salary", "discount", "revenue", "payment")
)  # fmt: skip
_PERSONAL: Final = frozenset(
    ("email", "phone", "mobile", "ssn", "passport", "iban", "birthday", "birthdate", "dob", "surname", "firstname",
     "lastname", "fullname", "street", "postcode", "zipcode", "gender", "religion", "nationality")
)  # fmt: skip
_PERSONAL_PAIRS: Final = frozenset(
    (("e", "mail"), ("email", "address"), ("phone", "number"), ("mobile", "number"), ("first", "name"), ("last", "name"),
     ("full", "name"), ("given", "name"), ("family", "name"), ("maiden", "name"), ("birth", "date"), ("date", "birth"),
     ("of", "birth"), ("street", "address"), ("home", "address"), ("postal", "code"), ("zip", "code"), ("ip", "address"),
     ("card", "number"), ("tax", "id"), ("national", "id"), ("passport", "number"), ("bank", "account"))
)  # fmt: skip
_UNKNOWN: Final = frozenset(("unknown", "unspecified", "undefined", "other", "none", "invalid"))


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in any style: ``createdAt`` and ``CREATED_AT`` are both created, at."""
    return tuple(word.lower() for word in _PARTS.findall(name))


def is_moment(name: str) -> bool:
    """Whether it sounds like a point in time: ``created_at``, ``paymentTime``; ``lead_time`` is a length of one."""
    words = words_of(name)
    if not words:
        return False
    if words[-1] == "at":
        return len(words) > 1
    if words[-1] == "time":
        return len(words) == 1 or words[-2] not in _DURATIONS
    return words[-1] in {"timestamp", "datetime", "ts"}


def is_date(name: str) -> bool:
    """Whether it sounds like a day: ``due_date``."""
    words = words_of(name)
    return bool(words) and words[-1] in {"date", "birthday", "birthdate", "dob"}


def is_money(name: str) -> bool:
    """Whether it sounds like an amount of money."""
    words = words_of(name)
    return bool(words) and words[-1] in _MONEY


def is_uuid(name: str) -> bool:
    """Whether it sounds like a UUID."""
    words = words_of(name)
    return bool(words) and words[-1] in {"uuid", "guid"}


def is_personal(name: str) -> bool:
    """Whether it sounds like something about a person."""
    words = words_of(name)
    return bool(words) and (words[-1] in _PERSONAL or words[-2:] in _PERSONAL_PAIRS)


def means_unknown(symbol: str) -> bool:
    """Whether the symbol of an enum stands for whatever has none of its own."""
    words = words_of(symbol)
    return bool(words) and words[-1] in _UNKNOWN


def sounds_optional(doc: str) -> bool:
    """Whether the documentation of a field says that it may be missing."""
    return _OPTIONAL.search(doc) is not None


_OPTIONAL: Final = re.compile(
    r"\boptional\b(?!ly)|\bif (?:any|known|given|present|available)\b"
    r"|\b(?:may|can|might) be (?:null|empty|missing|absent|unset|unknown)\b",
    re.IGNORECASE,
)
