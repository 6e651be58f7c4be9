"""What is said about a schema beside its text: tags on its fields, properties, and which of those are secret."""

from collections.abc import Mapping
from typing import Final

import msgspec

VERSION_PROPERTY: Final = "confluent:version"
"""The property that holds the version number that a registrant asked for; it makes an equal text another schema."""
RESERVED_PROPERTY: Final = "confluent:reserved"
"""The property that names fields, separated by commas, that no later version may have."""


class Metadata(msgspec.Struct, frozen=True, omit_defaults=True):
    """Metadata as it is on the wire.

    ``tags`` are by the path of a field, which may hold ``*`` and ``**``; ``sensitive`` names properties.
    """

    tags: Mapping[str, tuple[str, ...]] = {}
    properties: Mapping[str, str] = {}
    sensitive: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        # They are sets: in one order and each once, whatever order somebody sent them in.
        if self.tags:
            tags = {path: tuple(sorted(set(names))) for path, names in self.tags.items()}
            msgspec.structs.force_setattr(self, "tags", tags)
        if self.sensitive:
            msgspec.structs.force_setattr(self, "sensitive", tuple(sorted(set(self.sensitive))))

    def __hash__(self) -> int:
        return hash((frozenset(self.tags), frozenset(self.properties.items()), frozenset(self.sensitive)))

    def __bool__(self) -> bool:
        return bool(self.tags or self.properties or self.sensitive)

    def without_version(self) -> "Metadata":
        """The same without the version number that a registrant asked for."""
        left = {name: value for name, value in self.properties.items() if name != VERSION_PROPERTY}
        return Metadata(self.tags, left, self.sensitive)

    def with_version(self, number: int) -> "Metadata":
        """The same with ``number`` as the version that a registrant asked for."""
        return Metadata(self.tags, {**self.properties, VERSION_PROPERTY: str(number)}, self.sensitive)


def merged(under: Metadata | None, over: Metadata | None) -> Metadata | None:
    """``over`` laid over ``under``: properties of the same name give way, tags and sensitive names add up."""
    if under is None or over is None:
        return over if under is None else under
    tags = {path: (*under.tags.get(path, ()), *over.tags.get(path, ())) for path in (*under.tags, *over.tags)}
    properties = {**under.properties, **over.properties}
    return Metadata(tags, properties, (*under.sensitive, *over.sensitive))
