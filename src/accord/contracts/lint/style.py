"""What a team has settled about names, and which rules it wants."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Final

RECORD_NAMES: Final = "[A-Z][A-Za-z0-9]*"
FIELD_NAMES: Final = "[a-z][a-z0-9]*(_[a-z0-9]+)*|[a-z][A-Za-z0-9]*"
SYMBOL_NAMES: Final = "[A-Z][A-Z0-9]*(_[A-Z0-9]+)*"
TOPIC_NAMES: Final = "[a-z0-9]+([.-][a-z0-9]+)*|[a-z0-9]+([_-][a-z0-9]+)*"


@dataclass(frozen=True)
class Style:
    """The regular expressions that names match as a whole, and what is looked for.

    ``select`` and ``ignore`` are ids of rules or what they begin with (``LINT_FIELD``); an empty ``select`` is all of
    them. What is ignored is ignored also where it is selected.
    """

    record_names: str = RECORD_NAMES
    field_names: str = FIELD_NAMES
    symbol_names: str = SYMBOL_NAMES
    topic_names: str = TOPIC_NAMES
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def wants(self, rule: str) -> bool:
        """Whether findings of this rule are wanted."""
        chosen = not self.select or rule.startswith(self.select)
        return chosen and not (self.ignore and rule.startswith(self.ignore))

    def chosen_from(self, rules: Collection[str]) -> frozenset[str]:
        """The rules that are wanted."""
        return frozenset(filter(self.wants, rules))

    @cached_property
    def record(self) -> re.Pattern[str]:
        """How the names of records, messages, enums and fixed types look."""
        return re.compile(self.record_names)

    @cached_property
    def field(self) -> re.Pattern[str]:
        """How the names of fields look."""
        return re.compile(self.field_names)

    @cached_property
    def symbol(self) -> re.Pattern[str]:
        """How the symbols of enums look."""
        return re.compile(self.symbol_names)

    @cached_property
    def topic(self) -> re.Pattern[str]:
        """How the names of topics look."""
        return re.compile(self.topic_names)
