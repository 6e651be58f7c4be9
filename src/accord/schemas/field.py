"""One field of the records of a schema, as every format tells it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SchemaField:
    """A field: its dotted ``name``, its ``type`` in short words, and where it stands, as findings name places.

    ``place`` is "" where a referenced schema defines it. Fields within are fields of their own: the type of a record is
    told by its name. ``optional`` says that records need not have a value there; ``default`` is JSON, None without one.
    ``number`` is the field's in Protobuf.
    """

    name: str
    type: str
    place: str
    optional: bool = False
    default: str | None = None
    doc: str = ""
    aliases: tuple[str, ...] = ()
    number: int | None = None

    @property
    def own_name(self) -> str:
        """The last step of its name."""
        return self.name.rpartition(".")[2]
