"""An Avro schema that is known to be valid."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from accord.schemas.avro.canonical import canonical_text
from accord.schemas.avro.model import Definition, NamedType, Ref, Type
from accord.schemas.avro.normal import normal_form
from accord.schemas.avro.parse import parse_type
from accord.schemas.errors import InvalidSchema
from accord.schemas.model import Reference, Schema, SchemaType


@dataclass(frozen=True)
class AvroSchema:
    """A parsed Avro schema: its type, the definitions it uses by name, and the text as it was written."""

    text: str
    root: Type
    types: Mapping[str, NamedType]
    references: tuple[Reference, ...] = ()
    referenced: Mapping[str, Schema] | None = None
    elsewhere: frozenset[str] = frozenset()
    type: SchemaType = SchemaType.AVRO

    @cached_property
    def canonical(self) -> str:
        """The text that is stored and hashed: the same schema in the registry's own spelling."""
        return canonical_text(self.root, self.types, known=self.elsewhere)

    @cached_property
    def normalized(self) -> str:
        """The canonical text with everything that carries no meaning put in one order (``normalize=true``)."""
        root, types = normal_form(self.root, self.types)
        return canonical_text(root, types, known=self.elsewhere)

    def resolve(self, node: Type) -> Definition:
        """What ``node`` stands for."""
        return self.types[node.name] if isinstance(node, Ref) else node


def parse_avro(schema: Schema, referenced: Mapping[str, Schema]) -> AvroSchema:
    """Parse ``schema``, whose references are in ``referenced`` in an order in which each follows what it needs."""
    types: dict[str, NamedType] = {}
    elsewhere: set[str] = set()
    for name, needed in referenced.items():
        try:
            root, types = parse_type(needed.text, types, strict=False)
        except InvalidSchema as error:
            raise InvalidSchema(
                f"the referenced schema {name!r} is not valid: {error.message}",
                path=error.path,
                hint=error.hint,
            ) from error
        if isinstance(root, NamedType):
            elsewhere.add(root.name.full)
    root, types = parse_type(schema.text, types)
    return AvroSchema(schema.text, root, types, schema.references, referenced, frozenset(elsewhere))
