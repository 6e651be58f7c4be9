"""What the registry lets pass in a schema, and not every reader takes."""

from collections.abc import Iterator, Sequence

from accord.schemas.avro import rules
from accord.schemas.avro.compatibility import AvroDifference, Pair
from accord.schemas.avro.judgement import Doubt, Judge
from accord.schemas.avro.model import (
    Definition,
    Field,
    Kind,
    NamedType,
    Record,
    Type,
    Union,
)
from accord.schemas.avro.schema import AvroSchema
from accord.schemas.avro.tree import fields_in, nodes_in
from accord.schemas.avro.words import where_in
from accord.schemas.pointers import child
from accord.schemas.sentences import listed


def warnings_of(schema: AvroSchema) -> Iterator[AvroDifference]:
    """One for each default, alias and set of branches of which not every reader makes the same."""
    judge = Judge(schema.types)
    for field in fields_in(schema.root):
        if not field.has_default or field.place is None:
            continue
        doubt = judge.worst(field.default, field.type)
        if doubt is not None:
            yield _about_default(schema, field, field.place, doubt)
    nodes = tuple(nodes_in(schema.root))
    for node in nodes:
        if isinstance(node, Record):
            yield from _aliases_of_fields(node)
    yield from _branches_named_alike(schema, nodes)
    yield from _aliases_of_types([node for node in nodes if isinstance(node, NamedType)])


def _about_default(schema: AvroSchema, field: Field, field_place: str, doubt: Doubt) -> AvroDifference:
    place = child(field_place, "default")
    facts = {"where": where_in(schema, field_place), "problem": doubt.problem}
    return AvroDifference(
        rules.DEFAULT_OF_LATER_BRANCH if doubt.is_minor else rules.DEFAULT_UNREADABLE,
        place,
        place,
        None,
        facts,
        pair=_alone(schema.resolve(field.type), field.type),
    )


def _branches_named_alike(schema: AvroSchema, nodes: Sequence[Type]) -> Iterator[AvroDifference]:
    told: set[tuple[str, ...]] = set()
    for union in nodes:
        if not isinstance(union, Union):
            continue
        groups: dict[tuple[Kind, str], list[str]] = {}
        for node in map(schema.resolve, union.branches):
            if isinstance(node, NamedType):
                groups.setdefault((node.kind, node.name.short), []).append(node.name.full)
        for names in map(tuple, groups.values()):
            if len(names) > 1 and names not in told:
                told.add(names)
                facts = {"types": listed([f"`{name}`" for name in names])}
                place = union.place
                pair = _alone(union, union)
                yield AvroDifference(rules.BRANCHES_NAMED_ALIKE, place or "", place, None, facts, pair=pair)


def _aliases_of_fields(record: Record) -> Iterator[AvroDifference]:
    names = {field.name for field in record.fields}
    owners: dict[str, str] = {}
    for field in record.fields:
        for alias in field.aliases:
            owner = f"`{field.name}` of `{record.name.short}`"
            if alias != field.name and alias in names:
                yield _about_alias(record, field.place, alias, owner, "the name of another field")
            elif owners.setdefault(alias, field.name) != field.name:
                yield _about_alias(record, field.place, alias, owner, f"an alias of `{owners[alias]}`")


def _aliases_of_types(types: list[NamedType]) -> Iterator[AvroDifference]:
    names = {node.name.full for node in types}
    owners: dict[str, str] = {}
    for node in types:
        for alias in node.aliases:
            mine, owner = node.name.full, f"the {node.kind} `{node.name.full}`"
            if alias.full != mine and alias.full in names:
                yield _about_alias(node, node.place, alias.full, owner, "the name of another type")
            elif owners.setdefault(alias.full, mine) != mine:
                other = f"an alias of `{owners[alias.full]}`"
                yield _about_alias(node, node.place, alias.full, owner, other)


def _about_alias(node: NamedType, place: str | None, alias: str, owner: str, other: str) -> AvroDifference:
    inside = child(place or "", "aliases")
    facts = {"alias": alias, "owner": owner, "other": other}
    return AvroDifference(rules.ALIAS_AMBIGUOUS, inside, inside, None, facts, pair=_alone(node, node))


def _alone(node: Definition, use: Type) -> Pair:
    return Pair(node, node, use, use, use, use)
