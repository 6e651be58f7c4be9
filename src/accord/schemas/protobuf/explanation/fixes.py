"""What could be done to the new schema about each difference; nothing is offered before it was re-checked."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from accord.schemas.fixes import Proposal
from accord.schemas.protobuf import rules
from accord.schemas.protobuf.comparison.difference import ProtobufDifference
from accord.schemas.protobuf.evolution.ranges import Ranges
from accord.schemas.protobuf.explanation.message_fixes import keep_message, leave_message_out
from accord.schemas.protobuf.explanation.oneof_fixes import (
    keep_in_oneof,
    leave_out_of_oneof,
    put_into_oneof,
    take_out_of_oneof,
)
from accord.schemas.protobuf.explanation.problem import Problem, oneof_around
from accord.schemas.protobuf.model import MAX_TAG, Field, Label, Message, Range, Span
from accord.schemas.protobuf.resolution import all_groups
from accord.schemas.protobuf.schema import ProtobufSchema
from accord.schemas.protobuf.text.editing import (
    Edit,
    beginning,
    ending,
    head_end,
    inner_indentation,
    package_spans,
    removing,
    replacing,
)

_Fixer: TypeAlias = Callable[[Problem], Iterator[Proposal]]

_OF_PROTOBUF: Final = Range(19000, 19999)
_REQUIRED: Final = Label.REQUIRED.value
_LEGACY_REQUIRED: Final = "LEGACY_REQUIRED"


def proposals(
    difference: ProtobufDifference,
    candidate: ProtobufSchema,
    earlier: ProtobufSchema,
    *,
    candidate_reads: bool,
) -> Iterator[Proposal]:
    """Changes to ``candidate`` that may be rid of ``difference``, the best first."""
    fixers = _WHERE_IT_READS if candidate_reads else _WHERE_IT_WRITES
    problem = Problem(difference, candidate, earlier, candidate_reads=candidate_reads)
    if problem.is_own:
        yield from fixers[difference.rule.id](problem)


def _keep_package(problem: Problem) -> Iterator[Proposal]:
    package = problem.earlier.file.package
    statement = f"package {package};" if package else ""
    spans = package_spans(problem.text)
    span = spans[-1] if spans else None
    if span is None:
        end = head_end(problem.text)
        edit = replacing(Span(end, end), f"\n{statement}" if end else f"{statement}\n")
    else:
        edit = replacing(span, statement) if statement else removing(problem.text, span)
    before = "" if span is None else problem.fragment(span)
    yield problem.proposal("keep the package", [edit], before, statement)


# A field that became of another type, or has another label.


def _keep_type(problem: Problem) -> Iterator[Proposal]:
    yield from _restored(problem, "keep the type")
    yield from _moved_to_fresh_number(problem)


def _keep_label(problem: Problem) -> Iterator[Proposal]:
    mine, old = problem.mine, problem.old
    if isinstance(mine, Field) and isinstance(old, Field) and mine.label == old.label:
        # In an edition it is a feature that says so.
        after = problem.earlier_text(old.span, "")
        edits = [replacing(mine.span, after)]
        yield problem.proposal("keep the field as it was", edits, problem.fragment(mine.span), after)
    yield from _restored(problem, "keep the label")
    yield from _moved_to_fresh_number(problem)


def _restored(problem: Problem, summary: str) -> Iterator[Proposal]:
    mine, old, around = problem.mine, problem.old, problem.my_message
    if not isinstance(mine, Field) or not isinstance(old, Field) or around is None:
        return
    typed = problem.earlier_text(old.type.span, "")
    rest = problem.text[mine.type.span.end : mine.span.end]
    is_labelless = problem.candidate.file.is_proto3 or problem.candidate.file.edition is not None
    label = old.label or (None if is_labelless or typed.startswith("map") else Label.OPTIONAL)
    if oneof_around(around, mine) is not None:
        label = None
    after = f"{label} {typed}{rest}" if label else f"{typed}{rest}"
    edits = [replacing(mine.span, after), *_imported(problem, old)]
    yield problem.proposal(summary, edits, problem.fragment(mine.span), after)


def _imported(problem: Problem, old: Field) -> Iterator[Edit]:
    """The import that the type of ``old`` needs, if the candidate has none."""
    around = problem.old_message
    slot = None if around is None else problem.earlier.slots.slot(around, old)
    path = "" if slot is None or slot.type is None else slot.type.path
    imports = problem.candidate.file.imports
    if not path or any(one.path == path for one in imports):
        return
    spans = [*package_spans(problem.text), *(one.span for one in imports)]
    end = max((span.end for span in spans), default=head_end(problem.text))
    yield replacing(Span(end, end), f'\nimport "{path}";' if end else f'import "{path}";\n')


def _moved_to_fresh_number(problem: Problem) -> Iterator[Proposal]:
    mine, around = problem.mine, problem.my_message
    if not isinstance(mine, Field) or around is None:
        return
    fresh = _fresh_number(around, problem.old_message)
    if fresh is None:
        return
    after = (
        problem.text[mine.span.start : mine.tag_span.start]
        + str(fresh)
        + problem.text[mine.tag_span.end : mine.span.end]
    )
    edits = [
        replacing(mine.span, after),
        beginning(problem.text, around, f"reserved {mine.tag};"),
    ]
    summary = f"give it the number {fresh}, and reserve {mine.tag}"
    yield problem.proposal(summary, edits, problem.fragment(mine.span), after)


def _fresh_number(*messages: Message | None) -> int | None:
    """The number after every one that the messages have, reserve or leave to extensions."""
    taken: list[Range] = [_OF_PROTOBUF]
    used = [0]
    for message in messages:
        if message is not None:
            taken += [each for one in message.reserved for each in one.ranges]
            taken += [each for one in message.extensions for each in one.ranges]
            used += [field.tag for field in message.all_fields]
            used += [group.tag for group in all_groups(message)]
    free = Ranges([Range(min(max(used), MAX_TAG) + 1, MAX_TAG)]).without(Ranges(taken))
    first = next(free, None)
    return None if first is None else first.first


# A field that is required on one side.


def _make_optional(problem: Problem) -> Iterator[Proposal]:
    mine = problem.mine
    if not isinstance(mine, Field):
        return
    before = problem.fragment(mine.span)
    if mine.label is Label.REQUIRED:
        after = Label.OPTIONAL.value + before.removeprefix(_REQUIRED)
    else:
        after = before.replace(_LEGACY_REQUIRED, "EXPLICIT")
    yield problem.proposal("make it optional", [replacing(mine.span, after)], before, after)
    yield problem.proposal("leave it out", [removing(problem.text, mine.span)], before)


def _keep_field(problem: Problem) -> Iterator[Proposal]:
    old, around = problem.old, problem.my_message
    if isinstance(old, Field) and around is not None:
        statement = problem.earlier_text(old.span, inner_indentation(problem.text, around))
        yield problem.proposal("keep the field", [ending(problem.text, around, statement)], after=statement)


_OF_TYPES: Final = {
    rules.FIELD_KIND_CHANGED.id: _keep_type,
    rules.FIELD_SCALAR_KIND_CHANGED.id: _keep_type,
    rules.FIELD_NAMED_TYPE_CHANGED.id: _keep_type,
    rules.FIELD_NUMERIC_LABEL_CHANGED.id: _keep_label,
    rules.PACKAGE_CHANGED.id: _keep_package,
}
_WHERE_IT_READS: Final[Mapping[str, _Fixer]] = {
    **_OF_TYPES,
    rules.MESSAGE_REMOVED.id: keep_message,
    rules.ONEOF_FIELD_REMOVED.id: keep_in_oneof,
    rules.MULTIPLE_FIELDS_MOVED_TO_ONEOF.id: take_out_of_oneof,
    rules.FIELD_MOVED_TO_EXISTING_ONEOF.id: take_out_of_oneof,
    rules.REQUIRED_FIELD_ADDED.id: _make_optional,
    rules.REQUIRED_FIELD_REMOVED.id: _keep_field,
}
_WHERE_IT_WRITES: Final[Mapping[str, _Fixer]] = {
    **_OF_TYPES,
    rules.MESSAGE_REMOVED.id: leave_message_out,
    rules.ONEOF_FIELD_REMOVED.id: leave_out_of_oneof,
    rules.MULTIPLE_FIELDS_MOVED_TO_ONEOF.id: put_into_oneof,
    rules.FIELD_MOVED_TO_EXISTING_ONEOF.id: put_into_oneof,
    rules.REQUIRED_FIELD_ADDED.id: _keep_field,
    rules.REQUIRED_FIELD_REMOVED.id: _make_optional,
}
