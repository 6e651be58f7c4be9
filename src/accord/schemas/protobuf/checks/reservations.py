"""What is reserved: each number and name once, in ranges that go up."""

from collections.abc import Iterable, Sequence

from accord.schemas.protobuf.model import Range, Reserved


def reservation_problem(reserved: Sequence[Reserved], others: Iterable[Range] = ()) -> str:
    """What is wrong with what a message or an enum reserves, beside ``others`` that it leaves to extensions."""
    names = [name for one in reserved for name in one.names]
    if len(names) != len(set(names)):
        return "a name is reserved twice"
    ranges = [each for one in reserved for each in one.ranges]
    ranges += others
    if any(one.first > one.last for one in ranges):
        return "a range of numbers ends before it begins"
    if _overlap(ranges):
        return "ranges of reserved numbers, or of those left to extensions, overlap"
    return ""


def _overlap(ranges: Iterable[Range]) -> bool:
    before: Range | None = None
    for one in sorted(ranges, key=lambda one: one.first):
        if before is not None and one.first <= before.last:
            return True
        before = one
    return False
