"""What could be done to the new schema about messages that came or went."""

from collections.abc import Iterator, Sequence

from accord.schemas.fixes import Proposal
from accord.schemas.protobuf.explanation.problem import Problem
from accord.schemas.protobuf.model import Field, MapType, Message, Span
from accord.schemas.protobuf.resolution import types_in, uses_in
from accord.schemas.protobuf.schema import ProtobufSchema
from accord.schemas.protobuf.text.editing import Edit, ending, inner_indentation, removing, replacing


def keep_message(problem: Problem) -> Iterator[Proposal]:
    """The message that is gone under its new name again, or beside what is there."""
    old = problem.old
    if not isinstance(old, Message):
        return
    yield from _renamed_back(problem, _siblings(problem.candidate, problem.my_message), [old])
    around = problem.my_message
    if around is not None:
        statement = problem.earlier_text(old.span, inner_indentation(problem.text, around))
        edit = ending(problem.text, around, statement)
    else:
        statement = problem.earlier_text(old.span, "")
        edit = _at_top(problem, old, statement)
    yield problem.proposal("keep the message", [edit], after=statement)


def leave_message_out(problem: Problem) -> Iterator[Proposal]:
    """The message that came under the name of one that went, or not at all, with the fields that hold it."""
    mine = problem.mine
    if not isinstance(mine, Message):
        return
    yield from _renamed_back(problem, [mine], _siblings(problem.earlier, problem.old_message))
    name = problem.difference.facts.get("message", "")
    edits = [removing(problem.text, mine.span)]
    edits += [removing(problem.text, field.span) for field in _holding(problem.candidate, name, mine.span)]
    yield problem.proposal("leave it out", edits, problem.fragment(mine.span))


def _siblings(schema: ProtobufSchema, around: Message | None) -> tuple[Message, ...]:
    return schema.file.messages if around is None else around.messages


def _at_top(problem: Problem, old: Message, statement: str) -> Edit:
    """The message where it was among the others."""
    others = problem.candidate.file.messages
    index = next((at for at, one in enumerate(problem.earlier.file.messages) if one is old), len(others))
    if index < len(others):
        start = others[index].span.start
        return Edit(start, start, f"{statement}\n\n")
    end = len(problem.text)
    return Edit(end, end, f"{'' if problem.text.endswith(chr(10)) else chr(10)}\n{statement}\n")


def _renamed_back(problem: Problem, mine: Sequence[Message], olds: Sequence[Message]) -> Iterator[Proposal]:
    """One of ``olds`` may have become one of ``mine`` that has the same fields, and the old schema has no such message."""
    known = {one.name for one in _siblings(problem.earlier, problem.old_message)}
    taken = {one.name for one in _siblings(problem.candidate, problem.my_message)}
    new = [one for one in mine if one.name not in known]
    for old in [old for old in olds if old.name not in taken]:
        for one in new:
            if not _has_same_fields(one, old):
                continue
            edits = [*_renaming(problem.candidate, one, old.name)]
            yield problem.proposal(
                f"if `{one.name}` is its new name, keep the old one",
                edits,
                f"message {one.name}",
                f"message {old.name}",
            )


def _has_same_fields(one: Message, other: Message) -> bool:
    mine, theirs = ({(field.tag, field.name) for field in message.all_fields} for message in (one, other))
    return bool(mine & theirs) and (mine <= theirs or theirs <= mine)


def _renaming(schema: ProtobufSchema, message: Message, name: str) -> Iterator[Edit]:
    """The edits that give the message another name, wherever the text uses it or what is inside of it."""
    full = next((full for full, node in types_in(schema.file) if node is message), None)
    if full is None:
        return
    yield replacing(message.name_span, name)
    for use in uses_in(schema.file):
        found = schema.definitions.type(use.type.name, use.scope)
        if found is None or found.path or not f"{found.name}.".startswith(f"{full}."):
            continue
        parts = use.type.name.split(".")
        further = found.name.count(".") - full.count(".")
        if further < len(parts):
            parts[len(parts) - 1 - further] = name
            yield replacing(use.type.span, ".".join(parts))


def _holding(schema: ProtobufSchema, name: str, inside: Span) -> Iterator[Field]:
    """The fields that hold a message of that full name, without those that stand ``inside``."""
    for full, node in types_in(schema.file):
        if not isinstance(node, Message):
            continue
        for field in node.all_fields:
            used = field.type.value if isinstance(field.type, MapType) else field.type
            found = schema.definitions.type(used.name, full)
            is_inside = inside.start <= field.span.start < inside.end
            if found is not None and found.name == name and not is_inside:
                yield field
