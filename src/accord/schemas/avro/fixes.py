"""What could be done to the new schema about each difference; nothing is offered before it was re-checked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import islice
from typing import Final

from accord.schemas.avro import rules
from accord.schemas.avro.compatibility import AvroDifference
from accord.schemas.avro.defaults import plain_default
from accord.schemas.avro.editing import Problem, renamed
from accord.schemas.avro.model import NO_DEFAULT, Enum, Field, Fixed, NamedType, Record, Ref, Type, Union
from accord.schemas.avro.schema import AvroSchema
from accord.schemas.fixes import Proposal
from accord.schemas.json_text import JsonValue
from accord.schemas.likeness import are_alike, claims_nothing
from accord.schemas.pointers import child, parent

# A fix is tried by comparing the schemas again, for up to twenty differences: as many steps as take some milliseconds.
_MOST_STEPS: Final = 1500
# Whether names look alike takes as long as the product of their lengths.
_LONGEST_ALIKE: Final = 100


def proposals(
    difference: AvroDifference, candidate: AvroSchema, earlier: AvroSchema, *, candidate_reads: bool
) -> Iterator[Proposal]:
    """Changes to ``candidate`` that may be rid of ``difference``, the best first; few where a comparison takes long."""
    problem = Problem(difference, candidate, earlier)
    return islice(_proposals(problem, candidate_reads=candidate_reads), _MOST_STEPS // difference.steps)


def _proposals(problem: Problem, *, candidate_reads: bool) -> Iterator[Proposal]:
    table = _WHERE_IT_READS if candidate_reads else _WHERE_IT_WRITES
    for inner in problem.difference.inner:
        yield from _proposals(replace(problem, difference=inner), candidate_reads=candidate_reads)
    yield from table[problem.difference.rule.id](problem)


# A field that only the reader has.


def _give_default(problem: Problem) -> Iterator[Proposal]:
    field = problem.difference.reader_field
    if field is None or field.place is None:
        return
    yield from _name_the_old_field(problem, field, field.place)
    yield from _let_it_be_null(problem, field.place)
    value = plain_default(field.type, problem.candidate.types)
    if value is not NO_DEFAULT and value is not None:
        changed = problem.source.with_member(field.place, "default", value)
        yield problem.proposal("give it a default of its type", changed, field.place)


def _name_the_old_field(problem: Problem, field: Field, place: str) -> Iterator[Proposal]:
    pair = problem.difference.pair
    if not isinstance(pair.reader, Record) or not isinstance(pair.writer, Record):
        return
    kept = {name for mine in pair.reader.fields for name in (mine.name, *mine.aliases)}
    old = _most_like(field.name, [theirs.name for theirs in pair.writer.fields if theirs.name not in kept])
    if old is not None:
        changed = problem.source.with_member(place, "aliases", [*field.aliases, old])
        yield problem.proposal(f"if it is `{old}` under a new name, say so with an alias", changed, place)


def _let_it_be_null(problem: Problem, place: str) -> Iterator[Proposal]:
    written = problem.source.value(child(place, "type"))
    branches = written if isinstance(written, list) else [written]
    rest = [branch for branch in branches if branch not in ("null", {"type": "null"})]
    nullable: JsonValue = "null" if not rest else ["null", *rest]
    changed = problem.source.with_value(child(place, "type"), nullable).with_member(place, "default", None)
    had_null = len(rest) < len(branches)
    yield problem.proposal(
        "give it the default null" if had_null else "let it be null, by default", changed, place
    )


def _put_field_back(problem: Problem) -> Iterator[Proposal]:
    difference = problem.difference
    old, record, reader = difference.reader_field, difference.pair.writer, difference.pair.reader
    if (
        old is None
        or not isinstance(record, Record)
        or not isinstance(reader, Record)
        or record.place is None
    ):
        return
    fields = child(record.place, "fields")
    index = min(reader.fields.index(old), len(record.fields))
    back = problem.source.with_item(fields, index, problem.earlier_field(old, record))
    yield Proposal("keep writing the field", "", back.fragment(child(fields, index)), back.text)
    kept = {theirs.name for theirs in reader.fields}
    fresh = {mine.name: mine.place for mine in record.fields if mine.name not in kept}
    near = _most_like(old.name, list(fresh))
    if near is not None:
        place = fresh[near] or ""
        changed = problem.source.with_value(child(place, "name"), old.name)
        yield problem.proposal(f"if `{near}` is its new name, keep the old one", changed, place)


def _drop_alias(problem: Problem) -> Iterator[Proposal]:
    field, writer = problem.difference.reader_field, problem.difference.pair.writer
    if field is None or field.place is None or not isinstance(writer, Record):
        return
    written = {theirs.name for theirs in writer.fields}
    taken = field.name in written
    left = []
    for alias in field.aliases:
        if alias not in written or not taken:
            left.append(alias)
        taken = taken or alias in written
    changed = problem.source.with_value(child(field.place, "aliases"), left)
    yield problem.proposal("let its aliases name one field of what is written", changed, field.place)


def _leave_field_out(problem: Problem) -> Iterator[Proposal]:
    old, record = problem.difference.reader_field, problem.difference.pair.writer
    if old is None or not isinstance(record, Record):
        return
    for field in record.fields:
        if field.place is not None and field.name in old.aliases:
            changed = problem.source.without(field.place)
            yield Proposal(
                f"leave `{field.name}` out", problem.source.fragment(field.place), "", changed.text
            )


# A type that became another.


def _keep_or_accept_both(problem: Problem) -> Iterator[Proposal]:
    pair = problem.difference.pair
    place = pair.reader_slot.place
    if place is None:
        return
    yield from _keep(problem, pair.reader_slot, pair.writer_slot)
    mine, theirs = problem.source.value(place), problem.beside(pair.writer_slot, place)
    branches = mine if isinstance(mine, list) else [mine]
    others = theirs if isinstance(theirs, list) else [theirs]
    both = [*branches, *(other for other in others if other not in branches)]
    yield problem.proposal("accept both types", problem.source.with_value(place, both), place)


def _keep_what_is_written(problem: Problem) -> Iterator[Proposal]:
    pair = problem.difference.pair
    yield from _drop_branch(problem)
    yield from _keep(problem, pair.writer_slot, pair.reader_slot)


def _keep(problem: Problem, slot: Type, earlier: Type) -> Iterator[Proposal]:
    if slot.place is None:
        return
    changed = problem.source.with_value(slot.place, problem.instead(earlier, slot.place))
    yield problem.proposal("keep the type", changed, slot.place)
    default = child(parent(slot.place), "default")
    if not slot.place.endswith("/type") or default not in problem.source:
        return
    old_default = child(parent(earlier.place), "default") if earlier.place else ""
    if old_default in problem.earlier.source:
        changed = changed.with_value(default, problem.earlier.source.value(old_default))
    else:
        changed = changed.without(default)
    yield problem.proposal("keep the type and its default", changed, slot.place)


def _put_branch_back(problem: Problem) -> Iterator[Proposal]:
    pair = problem.difference.pair
    place = pair.reader_use.place
    if place is not None and isinstance(pair.reader, Union):
        branch = problem.beside(pair.writer_use, place)
        changed = problem.source.with_item(place, len(pair.reader.branches), branch)
        yield problem.proposal("put the branch back into the union", changed, place)
    yield from _keep(problem, pair.reader_slot, pair.writer_slot)


def _drop_branch(problem: Problem) -> Iterator[Proposal]:
    pair = problem.difference.pair
    place = pair.writer_use.place
    if place is None or not isinstance(pair.writer_slot, Union) or pair.writer_use is pair.writer_slot:
        return
    changed = problem.source.without(place)
    yield problem.proposal("leave the branch out of the union", changed, pair.writer_slot.place or "")


# A named type.


def _add_alias(problem: Problem) -> Iterator[Proposal]:
    mine, theirs = problem.difference.pair.reader, problem.difference.pair.writer
    if not isinstance(mine, NamedType) or not isinstance(theirs, NamedType):
        return
    if mine.place is not None:
        place = child(mine.place, "aliases")
        given = problem.source.value(place) if place in problem.source else []
        name = theirs.name.short if theirs.name.space == mine.name.space else theirs.name.full
        changed = problem.source.with_member(mine.place, "aliases", [*given, name])
        yield problem.proposal("list the old name among its aliases", changed, place)
    yield from _rename_back(problem, mine, theirs)
    if isinstance(problem.difference.pair.reader_use, Ref):
        yield from _keep(problem, problem.difference.pair.reader_slot, problem.difference.pair.writer_slot)


def _take_old_name(problem: Problem) -> Iterator[Proposal]:
    pair = problem.difference.pair
    if isinstance(pair.reader, NamedType) and isinstance(pair.writer, NamedType):
        yield from _rename_back(problem, pair.writer, pair.reader)
    if isinstance(pair.writer_use, Ref):
        yield from _keep(problem, pair.writer_slot, pair.reader_slot)


def _rename_back(problem: Problem, mine: NamedType, theirs: NamedType) -> Iterator[Proposal]:
    if mine.place is not None:
        changed = renamed(problem.candidate, mine, theirs.name.short)
        yield problem.proposal("keep the name", changed, child(mine.place, "name"))


def _know_the_symbols(problem: Problem) -> Iterator[Proposal]:
    mine, theirs = problem.difference.pair.reader, problem.difference.pair.writer
    if not isinstance(mine, Enum) or not isinstance(theirs, Enum) or mine.place is None:
        return
    place = child(mine.place, "symbols")
    missing = [symbol for symbol in theirs.symbols if symbol not in mine.symbols]
    if len(missing) == len(theirs.symbols):
        yield from _keep(problem, problem.difference.pair.reader_slot, problem.difference.pair.writer_slot)
    changed = problem.source.with_value(place, [*mine.symbols, *missing])
    yield problem.proposal("put the symbols back", changed, place)
    stand_in = next(filter(claims_nothing, mine.symbols), None)
    if stand_in is not None:
        changed = problem.source.with_member(mine.place, "default", stand_in)
        yield problem.proposal(f"let `{stand_in}` stand for symbols it does not know", changed, mine.place)


def _write_known_symbols(problem: Problem) -> Iterator[Proposal]:
    mine, theirs = problem.difference.pair.writer, problem.difference.pair.reader
    if not isinstance(mine, Enum) or not isinstance(theirs, Enum) or mine.place is None:
        return
    place = child(mine.place, "symbols")
    known = [symbol for symbol in mine.symbols if symbol in theirs.symbols]
    if known:
        yield problem.proposal("leave the new symbols out", problem.source.with_value(place, known), place)
    yield from _keep(problem, problem.difference.pair.writer_slot, problem.difference.pair.reader_slot)


def _restore_size(mine: Type, theirs: Type, problem: Problem) -> Iterator[Proposal]:
    if isinstance(mine, Fixed) and isinstance(theirs, Fixed) and mine.place is not None:
        changed = problem.source.with_value(child(mine.place, "size"), theirs.size)
        yield problem.proposal("restore the size", changed, mine.place)


def _restore_read_size(problem: Problem) -> Iterator[Proposal]:
    return _restore_size(problem.difference.pair.reader, problem.difference.pair.writer, problem)


def _restore_written_size(problem: Problem) -> Iterator[Proposal]:
    return _restore_size(problem.difference.pair.writer, problem.difference.pair.reader, problem)


def _most_like(name: str, others: Sequence[str]) -> str | None:
    """The one that may be the same thing under another name; None if none looks like it."""
    if len(name) > _LONGEST_ALIKE:
        return None
    alike = [other for other in others if len(other) <= _LONGEST_ALIKE and are_alike(name, other)]
    return max(alike, key=lambda other: SequenceMatcher(None, name, other).ratio(), default=None)


_WHERE_IT_READS: Final[Mapping[str, Callable[[Problem], Iterator[Proposal]]]] = {
    rules.FIELD_WITHOUT_DEFAULT.id: _give_default,
    rules.TYPE_CHANGED.id: _keep_or_accept_both,
    rules.UNION_BRANCH_MISSING.id: _put_branch_back,
    rules.NAME_CHANGED.id: _add_alias,
    rules.ENUM_SYMBOLS_MISSING.id: _know_the_symbols,
    rules.FIXED_SIZE_CHANGED.id: _restore_read_size,
    rules.FIELD_MATCHES_SEVERAL.id: _drop_alias,
}
_WHERE_IT_WRITES: Final[Mapping[str, Callable[[Problem], Iterator[Proposal]]]] = {
    rules.FIELD_WITHOUT_DEFAULT.id: _put_field_back,
    rules.TYPE_CHANGED.id: _keep_what_is_written,
    rules.UNION_BRANCH_MISSING.id: _keep_what_is_written,
    rules.NAME_CHANGED.id: _take_old_name,
    rules.ENUM_SYMBOLS_MISSING.id: _write_known_symbols,
    rules.FIXED_SIZE_CHANGED.id: _restore_written_size,
    rules.FIELD_MATCHES_SEVERAL.id: _leave_field_out,
}
