"""Which texts can name a subject."""

import unicodedata
from typing import Final

from accord.registry.core.contexts import EVERY_CONTEXT, GLOBAL_CONTEXT, Scope, is_context, split
from accord.registry.core.errors import InvalidSubject
from accord.schemas import Subject

_RESERVED: Final = frozenset({"__GLOBAL", "__EMPTY"})
# What percent-decoding leaves where a path is no UTF-8; two such names could be taken for one.
_UNDECODABLE: Final = "\N{REPLACEMENT CHARACTER}"


def require_valid(subject: Subject) -> None:
    """Raise InvalidSubject if no schema can be kept under this name."""
    context, name = split(subject)
    if name in _RESERVED or context == GLOBAL_CONTEXT:
        raise InvalidSubject(subject, hint="this name is reserved; choose another")
    if not name:
        raise InvalidSubject(subject, hint="this names a whole context; add the name of a subject to it")
    _require_spellable(subject)


def require_valid_scope(scope: Scope) -> None:
    """Raise InvalidSubject if nothing can be set for this name."""
    if scope is None:
        return
    if not is_context(scope):
        require_valid(scope)
    _require_spellable(scope)


def _require_spellable(subject: Subject) -> None:
    if any(unicodedata.category(character) == "Cc" or character == _UNDECODABLE for character in subject):
        raise InvalidSubject(subject, hint="use a name without control characters, encoded as UTF-8")
    if subject.startswith(EVERY_CONTEXT):
        raise InvalidSubject(subject, hint="':*:' means every context, and only where subjects are listed")
