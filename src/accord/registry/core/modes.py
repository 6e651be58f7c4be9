"""Who may write: the mode of a subject, of a context, or of everything."""

from enum import StrEnum


class Mode(StrEnum):
    """The modes, spelled as on the wire."""

    READWRITE = "READWRITE"
    READONLY = "READONLY"
    READONLY_OVERRIDE = "READONLY_OVERRIDE"
    IMPORT = "IMPORT"
    FORWARD = "FORWARD"

    @property
    def read_only(self) -> bool:
        """Whether nothing may be written."""
        return self in {Mode.READONLY, Mode.READONLY_OVERRIDE}

    @property
    def takes_ids(self) -> bool:
        """Whether registrants say which id and version a schema has."""
        return self in {Mode.IMPORT, Mode.FORWARD}
