"""A difference as it is mended: what the new schema, whose text can be changed, and the old one have there."""

from collections.abc import Iterable
from dataclasses import dataclass

from accord.schemas.fixes import Proposal
from accord.schemas.protobuf.comparison.difference import Declaration, ProtobufDifference
from accord.schemas.protobuf.model import Field, Group, Label, Message, OneOf, Span
from accord.schemas.protobuf.schema import ProtobufSchema
from accord.schemas.protobuf.text.editing import Edit, edited, moved


@dataclass(frozen=True, slots=True)
class Problem:
    """A difference and the two schemas; ``mine`` is always of the ``candidate``, ``old`` of the ``earlier`` one."""

    difference: ProtobufDifference
    candidate: ProtobufSchema
    earlier: ProtobufSchema
    candidate_reads: bool

    @property
    def text(self) -> str:
        """The text before any change."""
        return self.candidate.text

    @property
    def mine(self) -> Declaration | None:
        """What the candidate has there."""
        return self.difference.reader if self.candidate_reads else self.difference.writer

    @property
    def old(self) -> Declaration | None:
        """What the earlier schema has there."""
        return self.difference.writer if self.candidate_reads else self.difference.reader

    @property
    def my_message(self) -> Message | None:
        """The message of the candidate that it is in."""
        found = self.difference.reader_message if self.candidate_reads else self.difference.writer_message
        return found if isinstance(found, Message) else None

    @property
    def old_message(self) -> Message | None:
        """The message of the earlier schema that it is in."""
        found = self.difference.writer_message if self.candidate_reads else self.difference.reader_message
        return found if isinstance(found, Message) else None

    @property
    def is_own(self) -> bool:
        """Whether it stands in the texts of the two schemas, and not in what they refer to."""
        both = (self.candidate, self.my_message), (self.earlier, self.old_message)
        return all(around is None or _is_own(schema, around) for schema, around in both)

    def proposal(self, summary: str, edits: Iterable[Edit], before: str = "", after: str = "") -> Proposal:
        """A proposal that makes these edits, which show as ``after`` in place of ``before``."""
        return Proposal(summary, before, after, edited(self.text, edits))

    def fragment(self, span: Span) -> str:
        """What stands there in the candidate."""
        return self.text[span.start : span.end]

    def earlier_text(self, span: Span, indent: str) -> str:
        """What stands there in the earlier schema, as it may stand in a line that begins with ``indent``."""
        return moved(self.earlier.text, span, indent)

    def labelled(self, field: Field | Group, label: Label | None, *, in_oneof: bool) -> str:
        """The declaration of the candidate's ``field`` with another label, as it may stand in a oneof or outside."""
        start = field.span.start
        if field.label is not None:
            start += len(field.label)
            start += len(self.text[start:]) - len(self.text[start:].lstrip())
        bare = self.text[start : field.span.end]
        if in_oneof:
            return bare
        words = label or (
            None if self.candidate.file.is_proto3 or self.candidate.file.edition else Label.OPTIONAL
        )
        return f"{words} {bare}" if words else bare


def _is_own(schema: ProtobufSchema, around: Message) -> bool:
    found = schema.slots.message(around)
    return found is not None and not found.path


def oneof_around(message: Message, node: Field) -> OneOf | None:
    """The oneof of ``message`` that holds ``node``."""
    return next((oneof for oneof in message.oneofs if any(one is node for one in oneof.fields)), None)
