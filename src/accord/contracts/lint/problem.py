"""One thing that lint found in a schema, before it is a finding with a place in a file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from accord.contracts.rules import ContractRule
from accord.findings import Fix

Remedy: TypeAlias = Callable[[], Fix | None]
"""Works out a change that might help; it is tried before it is offered."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A rule that is broken at ``place``, a place as the format names it.

    ``around`` is the place of the field that it is about, "" where it is about a type or the whole; ``facts`` fill the
    message.
    """

    rule: ContractRule
    place: str
    facts: Mapping[str, object] = field(default_factory=dict)
    around: str = ""
    remedies: tuple[Remedy, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What stays the same of it when other things in the schema change."""
        return self.rule.id, str(sorted(self.facts.items()))
