"""What could be changed to be rid of a difference. A format proposes; nothing is offered before it was checked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change to the new schema: ``text`` is all of it afterwards, ``before`` and ``after`` are what changes."""

    summary: str
    before: str
    after: str
    text: str
