"""What a rule of compatibility is, and what breaking one looks like. The formats bring the rules themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from accord.findings import Severity

NO_FACTS: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can go wrong, as data.

    ``error_type`` is Confluent's word for it ("" where it has none). ``message``, ``why`` and ``description`` are
    templates over the facts of a difference and over ``{reader}`` and ``{writer}``, the two schemas in words;
    ``description`` is the short sentence for Confluent's ``messages`` and also knows ``{path}``. ``page`` is the long
    explanation, in Markdown.
    """

    id: str
    error_type: str
    purpose: str
    remedy: str
    message: str
    why: str
    description: str
    page: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the reader cannot take what the writer wrote.

    ``path`` is the place in the words of Confluent's checker. ``reader_place`` and ``writer_place`` are JSON pointers
    into the two texts, None where the place lies in a referenced schema.
    """

    rule: Rule
    path: str
    reader_place: str | None
    writer_place: str | None
    facts: Mapping[str, str] = field(default_factory=lambda: NO_FACTS)
    additional_info: str = ""
    error_type: str = ""
