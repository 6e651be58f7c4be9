"""Contexts: rooms with subjects, ids and settings of their own. ``:.eu:orders`` is the subject ``orders`` in ``.eu``.

A subject is kept under one name: bare in the default context, qualified everywhere else.
"""

from collections.abc import Iterator
from typing import Final, NewType, TypeAlias

from accord.schemas import Subject

Context = NewType("Context", str)
"""The name of a context; it begins with a dot."""

DEFAULT_CONTEXT: Final = Context(".")
GLOBAL_CONTEXT: Final = Context(".__GLOBAL")
"""The room above all others: it holds no subjects, only what is set for every context."""
EVERY_CONTEXT: Final = ":*:"
"""The prefix of subjects that means any context."""

Scope: TypeAlias = Subject | None
"""What a configuration or a mode is set for: a subject, a context (``:.eu:``), or the default context (None)."""

_GLOBAL_SCOPE: Final = Subject(f":{GLOBAL_CONTEXT}:")


def split(subject: str) -> tuple[Context, str]:
    """The context that ``subject`` names, the default one if it names none, and the name within it."""
    if not subject.startswith(":."):
        return DEFAULT_CONTEXT, subject
    context, _, name = subject[1:].partition(":")
    return Context(context), name


def qualified(context: Context, name: str) -> Subject:
    """The subject ``name`` in ``context``."""
    return Subject(name if context == DEFAULT_CONTEXT else f":{context}:{name}")


def context_of(subject: Subject | None) -> Context:
    """The context in which ``subject`` is."""
    return DEFAULT_CONTEXT if subject is None else split(subject)[0]


def is_qualified(subject: str) -> bool:
    """Whether ``subject`` names its context."""
    return subject.startswith(":.")


def normalized(subject: str) -> Subject:
    """``subject`` under the one name by which it is kept."""
    return qualified(*split(subject)) if is_qualified(subject) else Subject(subject)


def within(context: Context, subject: str) -> Subject:
    """What ``subject`` means to somebody in ``context``."""
    return normalized(subject) if is_qualified(subject) else qualified(context, subject)


def scope_of(subject: str) -> Scope:
    """What ``subject`` means where something is set: a subject, a context, or the default context."""
    return normalized(subject) or None


def is_context(scope: Scope) -> bool:
    """Whether ``scope`` is a whole context."""
    return scope is None or not split(scope)[1]


def enclosing(scope: Scope) -> Iterator[Scope]:
    """``scope`` and what is around it, from the inside out."""
    yield scope
    if not is_context(scope):
        yield qualified(context_of(scope), "") or None
    if scope != _GLOBAL_SCOPE:
        yield _GLOBAL_SCOPE
