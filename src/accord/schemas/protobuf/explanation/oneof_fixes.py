"""What could be done to the new schema about fields that came into a oneof, or left it."""

from collections.abc import Iterator, Mapping, Sequence

from accord.schemas.fixes import Proposal
from accord.schemas.protobuf.explanation.problem import Problem, oneof_around
from accord.schemas.protobuf.model import Field, Message, OneOf
from accord.schemas.protobuf.text.editing import (
    Edit,
    ending,
    following,
    indentation,
    inner_indentation,
    removing,
    replacing,
)
from accord.schemas.sentences import listed


def keep_in_oneof(problem: Problem) -> Iterator[Proposal]:
    """The field that is gone, or stands elsewhere, in the oneof again."""
    old, around = problem.old, problem.my_message
    oneof = None if around is None else _named(around, problem.difference.facts.get("oneof", ""))
    if not isinstance(old, Field) or around is None or oneof is None:
        return
    kept = next((field for field in around.all_fields if field.tag == old.tag), None)
    edits: list[Edit] = []
    if kept is None:
        statement = problem.earlier_text(old.span, inner_indentation(problem.text, oneof))
    else:
        statement = problem.labelled(kept, None, in_oneof=True)
        edits.append(removing(problem.text, kept.span))
    edits.append(ending(problem.text, oneof, statement))
    yield problem.proposal(f"keep it in the oneof `{oneof.name}`", edits, after=statement)


def leave_out_of_oneof(problem: Problem) -> Iterator[Proposal]:
    """The field that came into the oneof outside of it, or nowhere."""
    mine, around = problem.mine, problem.my_message
    oneof = oneof_around(around, mine) if isinstance(mine, Field) and around is not None else None
    if not isinstance(mine, Field) or oneof is None:
        return
    before, after = problem.fragment(mine.span), problem.labelled(mine, None, in_oneof=False)
    edits = _taken_out(problem, oneof, [mine], {mine.tag: after})
    yield problem.proposal(f"leave it outside of the oneof `{oneof.name}`", edits, before, after)
    if len(oneof.fields) + len(oneof.groups) > 1:
        yield problem.proposal("leave it out", [removing(problem.text, mine.span)], before)


def take_out_of_oneof(problem: Problem) -> Iterator[Proposal]:
    """The fields that moved into the oneof outside of it again, or all of them but one."""
    oneof, old = problem.mine, problem.old_message
    if not isinstance(oneof, OneOf) or old is None:
        return
    labels = {field.tag: field.label for field in old.fields}
    moved = [field for field in oneof.fields if field.tag in labels]
    texts = {field.tag: problem.labelled(field, labels[field.tag], in_oneof=False) for field in moved}
    for leaving in (moved, moved[1:]):
        if leaving:
            names = listed([f"`{field.name}`" for field in leaving])
            edits = _taken_out(problem, oneof, leaving, texts)
            after = "\n".join(texts[field.tag] for field in leaving)
            yield problem.proposal(
                f"leave {names} outside of the oneof", edits, problem.fragment(oneof.span), after
            )


def put_into_oneof(problem: Problem) -> Iterator[Proposal]:
    """The fields that left the oneof in it again."""
    old, around = problem.old, problem.my_message
    if not isinstance(old, OneOf) or around is None:
        return
    tags = {field.tag for field in old.fields}
    left = [field for field in around.fields if field.tag in tags]
    if not left:
        return
    names = listed([f"`{field.name}`" for field in left])
    statements = [problem.labelled(field, None, in_oneof=True) for field in left]
    yield _put(problem, f"keep {names} in the oneof `{old.name}`", left, statements)
    by_tag = {field.tag: field for field in old.fields}
    statements = [problem.earlier_text(by_tag[field.tag].span, "") for field in left]
    yield _put(problem, f"keep {names} in the oneof `{old.name}` as they were", left, statements)


def _put(problem: Problem, summary: str, left: Sequence[Field], statements: Sequence[str]) -> Proposal:
    """The ``statements`` in the oneof of the old schema, for the fields ``left`` that stand outside of it."""
    around, name = problem.my_message, problem.old.name if isinstance(problem.old, OneOf) else ""
    oneof = None if around is None else _named(around, name)
    if oneof is not None:
        after = f"\n{inner_indentation(problem.text, oneof)}".join(statements)
        edits = [ending(problem.text, oneof, after), *(removing(problem.text, one.span) for one in left)]
    else:
        first, *rest = left
        indent = indentation(problem.text, first.span.start)
        inside = "\n".join(f"{indent}  {statement}" for statement in statements)
        after = f"oneof {name} {{\n{inside}\n{indent}}}"
        edits = [replacing(first.span, after), *(removing(problem.text, one.span) for one in rest)]
    before = "\n".join(problem.fragment(field.span) for field in left)
    return problem.proposal(summary, edits, before, after)


def _taken_out(
    problem: Problem, oneof: OneOf, leaving: Sequence[Field], texts: Mapping[int, str]
) -> list[Edit]:
    """The edits that put the fields after the oneof, or in its place if nothing is left in it."""
    indent = indentation(problem.text, oneof.span.start)
    statements = f"\n{indent}".join(texts[field.tag] for field in leaving)
    if len(leaving) == len(oneof.fields) + len(oneof.groups):
        return [replacing(oneof.span, statements)]
    return [
        following(problem.text, oneof.span, statements),
        *(removing(problem.text, field.span) for field in leaving),
    ]


def _named(around: Message, name: str) -> OneOf | None:
    return next((oneof for oneof in around.oneofs if oneof.name == name), None)
