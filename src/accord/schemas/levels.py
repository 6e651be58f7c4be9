"""What each compatibility level promises, and what it leaves open, as data for the pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from accord.schemas.model import CompatibilityLevel


@dataclass(frozen=True, slots=True)
class Guide:
    """One level in words: ``reads`` is who reads whose records, ``compared`` with which versions that is checked.

    ``first`` says who is upgraded first, and ``beware`` what the level leaves open.
    """

    level: CompatibilityLevel
    reads: str
    compared: str
    first: str
    beware: str


@dataclass(frozen=True, slots=True)
class Trap:
    """Versions of one subject, oldest first, each with what was done; the last passes ``passes`` and not ``refuses``."""

    passes: CompatibilityLevel
    refuses: CompatibilityLevel
    versions: tuple[tuple[str, str], ...]
    outcome: str


_NEWEST: Final = "the newest version only"
_EVERY: Final = "every version that is not deleted"

GUIDES: Final[Mapping[CompatibilityLevel, Guide]] = {
    guide.level: guide
    for guide in (
        Guide(
            CompatibilityLevel.NONE,
            "Nobody: nothing is promised.",
            "no version",
            "As the advice says that comes with each check: the level does not ask.",
            "Every reader may stop at the next record. Use it to let one change through, and set a level again.",
        ),
        Guide(
            CompatibilityLevel.BACKWARD,
            "The new schema reads the records of the newest version before it.",
            _NEWEST,
            "Consumers: once all have the new schema, producers may begin to write it.",
            "Records of older versions than the newest are not looked at: a consumer that begins at the start of the "
            "topic may stop at one. Where records live long, use BACKWARD_TRANSITIVE.",
        ),
        Guide(
            CompatibilityLevel.BACKWARD_TRANSITIVE,
            "The new schema reads the records of every version before it.",
            _EVERY,
            "Consumers: once all have the new schema, producers may begin to write it.",
            "A version that was let through at another level, or with force, counts like any other.",
        ),
        Guide(
            CompatibilityLevel.FORWARD,
            "The newest version before it reads the records of the new schema.",
            _NEWEST,
            "Producers. Consumers follow once no record of the old version is left for them to read.",
            "Consumers that are more than one version behind are not looked at: use FORWARD_TRANSITIVE where some are. "
            "Nothing is promised about old records: a new consumer that begins at the start of the topic may stop.",
        ),
        Guide(
            CompatibilityLevel.FORWARD_TRANSITIVE,
            "Every version before it reads the records of the new schema.",
            _EVERY,
            "Producers. Consumers follow once no record of the old versions is left for them to read.",
            "Nothing is promised about old records: a new consumer that begins at the start of the topic may stop.",
        ),
        Guide(
            CompatibilityLevel.FULL,
            "The new schema and the newest version before it read each other's records.",
            _NEWEST,
            "Either: producers and consumers are upgraded in any order.",
            "Older versions than the newest are not looked at, neither their records nor the consumers that still have "
            "them: use FULL_TRANSITIVE where there are any.",
        ),
        Guide(
            CompatibilityLevel.FULL_TRANSITIVE,
            "The new schema and every version before it read each other's records.",
            _EVERY,
            "Either: producers and consumers are upgraded in any order.",
            "Every version counts for as long as it is there: in practice, only fields with defaults come and go.",
        ),
    )
}

TRAP: Final = Trap(
    CompatibilityLevel.BACKWARD,
    CompatibilityLevel.BACKWARD_TRANSITIVE,
    (
        (
            "Version 1 has no `email`:",
            '{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}]}',
        ),
        (
            "Version 2 adds it with a default, as it should:",
            (
                '{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}, '
                '{"name": "email", "type": "string", "default": ""}]}'
            ),
        ),
        (
            "Version 3 drops the default, which version 2 does not mind, because it always writes `email`:",
            (
                '{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}, '
                '{"name": "email", "type": "string"}]}'
            ),
        ),
    ),
    "BACKWARD compares version 3 with version 2 only, and lets it in. A record of version 1 has no `email`, and version "
    "3 no default for it: the first consumer with version 3 that reads from the start of the topic stops there. "
    "BACKWARD_TRANSITIVE compares with version 1 as well, and refuses.",
)
