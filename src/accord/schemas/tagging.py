"""Finding, adding and removing the tags that a schema holds in its own text."""

from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches

from accord.schemas.errors import InvalidSchema
from accord.schemas.formats import format_of
from accord.schemas.model import ParsedSchema
from accord.schemas.tags import SchemaEntity, SchemaTags


def tags_in(schema: ParsedSchema, *, find: Collection[str] = ("*",)) -> tuple[SchemaTags, ...]:
    """The records and fields of ``schema`` that carry one of the tags ``find``, "*" being any, with all their tags.

    They come in the order of the text; those of referenced schemas are not among them.
    """
    return tuple(
        SchemaTags(entity, tags)
        for entity, tags in format_of(schema.type).entities(schema).items()
        if tags and ("*" in find or not set(find).isdisjoint(tags))
    )


def inherited_tags(schema: ParsedSchema, earlier: ParsedSchema) -> tuple[SchemaTags, ...]:
    """The tags of ``earlier`` on records and fields that ``schema`` has as well."""
    entities = format_of(schema.type).entities(schema)
    return tuple(one for one in tags_in(earlier) if one.schema_entity in entities)


def with_tags(
    schema: ParsedSchema, *, add: Sequence[SchemaTags] = (), remove: Iterable[SchemaTags] = ()
) -> str:
    """The canonical text of ``schema`` with tags added, and then tags removed; what is not there is not removed.

    Raises InvalidSchema, which names them all, where tags are to be added to what the text does not define.
    """
    brought = format_of(schema.type)
    given = brought.entities(schema)
    missing = [one.schema_entity for one in add if one.schema_entity not in given]
    if missing:
        raise _not_there(missing, given)
    changed: dict[SchemaEntity, tuple[str, ...]] = {}
    for one in add:
        before = changed.get(one.schema_entity, given[one.schema_entity])
        changed[one.schema_entity] = tuple(dict.fromkeys((*before, *one.tags)))
    for one in remove:
        before = changed.get(one.schema_entity, given.get(one.schema_entity, ()))
        if not set(before).isdisjoint(one.tags):
            changed[one.schema_entity] = tuple(tag for tag in before if tag not in one.tags)
    return brought.tagged(schema, changed)


def _not_there(missing: Sequence[SchemaEntity], given: Iterable[SchemaEntity]) -> InvalidSchema:
    first, *_ = missing
    names = ", ".join(f"{_WORDS[one.entity_type]} {one.entity_path!r}" for one in dict.fromkeys(missing))
    of_its_type = [one.entity_path for one in given if one.entity_type == first.entity_type]
    near = get_close_matches(first.entity_path, of_its_type, n=1)
    return InvalidSchema(
        f"the schema does not define the {names}, so no tag can be put there",
        hint=f"did you mean {near[0]!r}?" if near else "name a record in full, and a field as record.field",
    )


_WORDS = {"sr_record": "record", "sr_field": "field"}
