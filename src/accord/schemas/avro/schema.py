"""An Avro schema that is known to be valid."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from accord.schemas.avro.canonical import canonical_text
from accord.schemas.avro.model import Definition, NamedType, Record, Ref, Type
from accord.schemas.avro.normal import normal_form
from accord.schemas.avro.parse import parse_type
from accord.schemas.avro.tree import nodes_in
from accord.schemas.errors import InvalidSchema
from accord.schemas.json_source import JsonSource
from accord.schemas.model import Reference, Schema, SchemaType


@dataclass(frozen=True, eq=False)
class AvroSchema:
    """A parsed Avro schema.

    ``types`` are all definitions by full name, those of the ``referenced`` schemas among them; the types that give
    these schemas their names are ``elsewhere``: the text names them and does not repeat them.
    """

    schema: Schema
    referenced: Mapping[str, Schema]
    root: Type
    types: Mapping[str, NamedType]
    elsewhere: frozenset[str]
    canonical: str

    @property
    def type(self) -> SchemaType:
        """The format."""
        return SchemaType.AVRO

    @property
    def references(self) -> tuple[Reference, ...]:
        """What the schema refers to, as given."""
        return self.schema.references

    @cached_property
    def normalized(self) -> str:
        """The canonical text with everything that carries no meaning put in one order (``normalize=true``)."""
        root, types = normal_form(self.root, self.types)
        return canonical_text(root, types, known=self.elsewhere)

    def formatted(self, name: str) -> str:
        """See ``ParsedSchema``."""
        return canonical_text(self.root, self.types) if name == "resolved" else self.canonical

    def position(self, place: str) -> tuple[int, int]:
        """See ``ParsedSchema``."""
        return self.source.position(place)

    @cached_property
    def source(self) -> JsonSource:
        """The text as it was written, and the places in it."""
        return JsonSource(self.schema.text)

    @cached_property
    def words_elsewhere(self) -> Mapping[int, str]:
        """By their ``id`` the fields of referenced schemas, and the types in them, in words: "`city` of `geo.Address`"."""
        words: dict[int, str] = {}
        for record in self.types.values():
            if not isinstance(record, Record) or record.place is not None:
                continue
            for field in record.fields:
                told = f"`{field.name}` of `{record.name.full}`"
                words[id(field)] = told
                words.update((id(node), told) for node in nodes_in(field.type) if id(node) not in words)
        return words

    def resolve(self, node: Type) -> Definition:
        """What ``node`` stands for."""
        return self.types[node.name] if isinstance(node, Ref) else node


def parse_avro(schema: Schema, referenced: Mapping[str, Schema], *, strict: bool) -> AvroSchema:
    """Parse ``schema``, whose references are in ``referenced`` in an order in which each follows what it needs."""
    types: Mapping[str, NamedType] = {}
    elsewhere: set[str] = set()
    for name, needed in referenced.items():
        try:
            root, types = parse_type(needed.text, types, strict=False, placed=False)
        except InvalidSchema as error:
            raise InvalidSchema(
                f"the referenced schema {name!r} is not valid: {error.message}",
                path=error.path,
                hint=error.hint,
            ) from error
        if isinstance(root, NamedType):
            elsewhere.add(root.name.full)
    root, types = parse_type(schema.text, types, strict=strict)
    known = frozenset(elsewhere)
    return AvroSchema(schema, referenced, root, types, known, canonical_text(root, types, known=known))
