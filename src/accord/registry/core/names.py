"""Which texts can name a subject."""

import unicodedata
from typing import Final

from accord.registry.core.errors import InvalidSubject, NotServedYet
from accord.schemas import Subject

_RESERVED: Final = frozenset({"__GLOBAL", "__EMPTY"})
_CONTEXT_MARKS: Final = (":.", ":*:")
# What percent-decoding leaves where a path is no UTF-8; two such names could be taken for one.
_UNDECODABLE: Final = "\N{REPLACEMENT CHARACTER}"


def require_valid(subject: Subject) -> None:
    """Raise InvalidSubject if nothing can be kept under this name, NotServedYet if it names a context."""
    if subject in _RESERVED:
        raise InvalidSubject(subject, hint="this name is reserved; choose another")
    if any(unicodedata.category(character) == "Cc" or character == _UNDECODABLE for character in subject):
        raise InvalidSubject(subject, hint="use a name without control characters, encoded as UTF-8")
    if subject.startswith(_CONTEXT_MARKS):
        raise NotServedYet("Contexts (subject names that begin with ':.') are")
