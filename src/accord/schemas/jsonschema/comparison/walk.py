"""Whether every document that one JSON Schema allows is allowed by another: the walk over the pair, written once.

What is compared with what, and how it is called, are those of the checker that Confluent's registry runs. ``reader`` is
the schema that has to take everything, ``writer`` the other. References are followed one step: one that leads to
another is left at that.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from accord.schemas.errors import InvalidSchema
from accord.schemas.json_text import JsonValue
from accord.schemas.jsonschema.comparison.arrays import arrays
from accord.schemas.jsonschema.comparison.combinations import (
    about_combination,
    choices,
    constants,
    criteria,
    sizes,
)
from accord.schemas.jsonschema.comparison.contrasts import ROOT, Contrast, about_keyword
from accord.schemas.jsonschema.comparison.kinds import COMPATIBLE, Kind
from accord.schemas.jsonschema.comparison.limits import limits, multiples
from accord.schemas.jsonschema.comparison.matching import all_pair_up
from accord.schemas.jsonschema.comparison.objects import matching_efforts, objects
from accord.schemas.jsonschema.contents import Content
from accord.schemas.jsonschema.memory import Memory
from accord.schemas.jsonschema.model import (
    ABSENT,
    ArrayNode,
    CombinedNode,
    ConstNode,
    Criterion,
    EmptyNode,
    EnumNode,
    FalseNode,
    Node,
    NotNode,
    NumberNode,
    ObjectNode,
    ReferenceNode,
    StringNode,
)
from accord.schemas.model import CompatibilityPolicy

# Schemas that lead into each other deeper than this would exhaust Python's stack; honest ones stay far above.
_MAX_DEPTH: Final = 150
# Where many schemas refer to each other, comparing as the registry does takes for ever: beyond, each pair counts once.
_MAX_AGAIN: Final = 2_000
# About half a second's work, and more than combinations of 300 members on both sides need.
_MAX_PAIRS: Final = 100_000
# A name is matched with a pattern in that part of the time, most of them in far less.
_MATCHINGS_PER_PAIR: Final = 5
# What one pair brings up is told at every place where it is used; nobody reads more than this.
_MAX_TOLD: Final = 1_000
_THE_WHOLE: Final = "the whole"
_NOTHING_KNOWN: Final[Mapping[Node, Content]] = MappingProxyType({})
# Pairs of parts that read each other, some hundred bytes each: those of some hundred versions of a dozen schemas.
_SEEN_THROUGH: Final = (ReferenceNode, CombinedNode)
_READABLE: Final = Memory(16_000)


def contrasts(
    writer: Node,
    reader: Node,
    policy: CompatibilityPolicy,
    *,
    most: int | None = None,
    contents: Mapping[Node, Content] = _NOTHING_KNOWN,
) -> list[Contrast]:
    """Why ``reader`` does not take everything that ``writer`` allows; empty if it does.

    The more is known of what both consist of, the ``contents``, the faster. Raises InvalidSchema where the two lead into each other without an end in sight, or have over ``most`` pairs of
    parts to compare.
    """
    most = _MAX_PAIRS if most is None else most
    walk = _Walk(policy, most, contents, is_exact=True)
    try:
        return walk.compare(writer, reader, ROOT)
    except InvalidSchema:
        if not walk.met_references:
            raise
    except RecursionError:
        pass
    try:
        return _Walk(policy, most, contents, is_exact=False).compare(writer, reader, ROOT)
    except RecursionError:
        raise _too_deep() from None


@dataclass(frozen=True, slots=True)
class _Known:
    """What a pair brought up at ``path``; ``knots`` are the bits of those that were entered to find that out."""

    path: str
    found: list[Contrast]
    knots: int

    def at(self, path: str) -> list[Contrast]:
        """The same at another path."""
        if path == self.path:
            return self.found
        return [told._replace(path=path + told.path[len(self.path) :]) for told in self.found]


class _Walk:
    """Compares pairs of nodes.

    A writer's node that is met again inside itself is taken as readable: that is what ends recursion. Nodes are told
    apart by the reference that led to them, the knot, so only a knot that is entered again leads to one. What a pair
    brought up holds wherever none of the knots that it entered is entered already; unless the walk ``is_exact``, it is
    taken to hold everywhere, and a pair inside itself is taken as readable.

    Nodes of the same content read each other, and so do pairs that did in another walk: those that entered no knot, so
    that it does not matter where they are met.
    """

    def __init__(
        self, policy: CompatibilityPolicy, most: int, contents: Mapping[Node, Content], *, is_exact: bool
    ) -> None:
        self._policy = policy
        self._compatible = COMPATIBLE[policy]
        self._most = most
        self._contents = contents
        self._is_exact = is_exact
        # Without any there is no other way to compare than an exact one.
        self.met_references = False
        self._known: dict[tuple[int, int], _Known] = {}
        self._inside: set[tuple[str, int]] = set()
        # The knot at hand, and the level at which it was entered first if it was entered again.
        self._knot = _THE_WHOLE
        self._again_from = _MAX_DEPTH
        self._bits: dict[str, int] = {}
        self._entered = 0
        self._entered_at: dict[str, int] = {}
        self._depth = 0
        self._pairs = 0
        self._met: set[tuple[int, int]] = set()
        self._again = 0
        # Of the pair at hand: the knots entered for it, and how far out what it depends on begins.
        self._knots = 0
        self._outermost = 0

    def compare(self, writer: Node, reader: Node, path: str) -> list[Contrast]:
        """What stands against reading what ``writer`` allows as ``reader``."""
        return [] if self._is_readable(writer, reader) else self._compared(writer, reader, path).at(path)

    def _reads(self, writer: Node, reader: Node, path: str) -> bool:
        if self._is_readable(writer, reader):
            return True
        is_plain = not isinstance(writer, _SEEN_THROUGH) and not isinstance(reader, _SEEN_THROUGH)
        if is_plain and type(writer) is not type(reader):
            self._spend(1)
            return _always_reads(writer, reader)
        return not self._compared(writer, reader, path).found

    def _is_readable(self, writer: Node, reader: Node) -> bool:
        """Whether that is known without a look."""
        theirs = self._contents.get(writer)
        if theirs is None:
            return False
        mine = self._contents.get(reader)
        if theirs == mine:
            return True
        steps = _READABLE.steps((theirs, mine, self._policy))
        if steps is None or isinstance(writer, ReferenceNode) or isinstance(reader, ReferenceNode):
            # What references are to each other depends on whether they were followed to.
            return False
        if self._depth + steps > _MAX_DEPTH:
            # It may lead too deep from here, where it did not from where it was met before.
            return False
        key = id(writer), id(reader)
        if key in self._known:
            return False
        # As if they were taken: whether two schemas are too large to compare must not depend on what came before.
        self._spend(steps)
        self._known[key] = _Known("", [], 0)
        return True

    def _compared(self, writer: Node, reader: Node, path: str) -> _Known:
        if isinstance(reader, ReferenceNode):
            self.met_references = True
            reader = reader.target
        if isinstance(writer, ReferenceNode):
            self.met_references = True
            return self._through(writer, reader, path)
        return self._pair(writer, reader, path)

    def _through(self, reference: ReferenceNode, reader: Node, path: str) -> _Known:
        knot, outer, outer_again = reference.knot, self._knot, self._again_from
        bit = self._bits.setdefault(knot, 1 << len(self._bits))
        if self._is_readable(reference.target, reader):
            self._knots |= bit
            return _Known(path, [], bit)
        again = self._entered & bit
        if not again:
            self._entered |= bit
            self._entered_at[knot] = self._depth + 1
        self._knots |= bit
        self._knot, self._again_from = knot, self._entered_at[knot] if again else _MAX_DEPTH
        found = self._pair(reference.target, reader, path)
        self._knot, self._again_from = outer, outer_again
        if not again:
            self._entered ^= bit
        return found

    def _pair(self, writer: Node, reader: Node, path: str) -> _Known:
        key = id(writer), id(reader)
        known = self._known.get(key)
        if known is not None and not (self._is_exact and known.knots & self._entered):
            self._knots |= known.knots
            return known
        self._go_on(key)
        if not self._is_exact:
            self._known[key] = _Known(path, [], 0)
        depth, knots, outermost, before = self._depth, self._knots, self._outermost, self._pairs
        self._knots, self._outermost = 0, min(depth, self._again_from)
        found: list[Contrast] = []
        for told in self._differences(writer, reader, path):
            if told.kind not in self._compatible and len(found) < _MAX_TOLD:
                found.append(told)
        self._depth -= 1
        known = _Known(path, found, self._knots)
        if self._outermost >= depth or not self._is_exact:
            self._known[key] = known
            if not found and not self._knots and self._is_exact:
                self._remember(writer, reader, 1 + self._pairs - before)
        self._knots |= knots
        self._outermost = min(outermost, self._outermost)
        return known

    def _remember(self, writer: Node, reader: Node, steps: int) -> None:
        """Keep that they read each other, whatever is around them."""
        theirs, mine = self._contents.get(writer), self._contents.get(reader)
        is_plain = not isinstance(writer, ReferenceNode) and not isinstance(reader, ReferenceNode)
        if is_plain and theirs is not None and mine is not None:
            _READABLE.remember((theirs, mine, self._policy), steps)

    def _go_on(self, key: tuple[int, int]) -> None:
        """One pair more, one level deeper; raises InvalidSchema where that is too many or too deep."""
        self._depth += 1
        if key in self._met:
            self._again += 1
        self._met.add(key)
        self._spend(1)
        if self._depth > _MAX_DEPTH:
            raise _too_deep()

    def _spend(self, pairs: int) -> None:
        self._pairs += pairs
        if self._pairs > self._most or self._again > _MAX_AGAIN:
            raise InvalidSchema(
                f"the two schemas cannot be compared: over {self._most} pairs of their parts would have to be",
                hint="make the combinations smaller: each member of one is compared with each of the other",
            )

    def _differences(self, writer: Node, reader: Node, path: str) -> Iterator[Contrast]:
        if isinstance(writer, CombinedNode) != isinstance(reader, CombinedNode) and self._looks_through(
            writer, reader, path
        ):
            return
        if type(writer) is not type(reader):
            if not _always_reads(writer, reader):
                yield about_keyword(Kind.TYPE_CHANGED, path, (writer, reader), "type", (ABSENT, ABSENT))
            return
        met = self._knot, id(writer)
        if met in self._inside:
            return
        self._inside.add(met)
        yield from self._of_one_class(writer, reader, path)
        self._inside.discard(met)

    def _looks_through(self, writer: Node, reader: Node, path: str) -> bool:
        """Whether a combination on one side alone has a member that does for all of it."""
        if isinstance(reader, CombinedNode):
            if len(reader.members) > 1 and reader.criterion is Criterion.ALL:
                return False
            for member in reader.members:
                if self._reads(writer, member, path):
                    return True
        if isinstance(writer, CombinedNode):
            if len(writer.members) > 1 and writer.criterion is not Criterion.ALL:
                return False
            for member in writer.members:
                if self._reads(member, reader, path):
                    return True
        return False

    def _of_one_class(self, writer: Node, reader: Node, path: str) -> Iterator[Contrast]:
        if isinstance(writer, ObjectNode) and isinstance(reader, ObjectNode):
            self._spend(matching_efforts(writer, reader) // _MATCHINGS_PER_PAIR)
            return objects(writer, reader, path, self.compare)
        if isinstance(writer, ArrayNode) and isinstance(reader, ArrayNode):
            return arrays(writer, reader, path, self.compare)
        if isinstance(writer, StringNode) and isinstance(reader, StringNode):
            return _strings(writer, reader, path)
        if isinstance(writer, NumberNode) and isinstance(reader, NumberNode):
            return _numbers(writer, reader, path)
        if isinstance(writer, CombinedNode) and isinstance(reader, CombinedNode):
            return self._combinations(writer, reader, path)
        if isinstance(writer, EnumNode) and isinstance(reader, EnumNode):
            return choices(writer, reader, path)
        if isinstance(writer, ConstNode) and isinstance(reader, ConstNode):
            return constants(writer, reader, path)
        if isinstance(writer, NotNode) and isinstance(reader, NotNode):
            return self._negations(writer, reader, path)
        # What is left has nothing to compare: null, boolean, conditions, and references that lead to references.
        return iter(())

    def _combinations(self, writer: CombinedNode, reader: CombinedNode, path: str) -> Iterator[Contrast]:
        if writer.criterion is not reader.criterion:
            told = criteria(writer, reader, path)
            yield told
            if told.kind is Kind.COMBINED_TYPE_CHANGED:
                return
        yield from sizes(writer, reader, path)
        left, right = writer.members, reader.members
        same = {self._contents.get(node, node): at for at, node in enumerate(right)}
        if not all_pair_up(
            len(left),
            len(right),
            lambda one, other: self._reads(left[one], right[other], path),
            first=lambda one: same.get(self._contents.get(left[one], left[one]), one),
        ):
            yield about_combination(Kind.COMBINED_TYPE_SUBSCHEMAS_CHANGED, writer, reader, path)

    def _negations(self, writer: NotNode, reader: NotNode, path: str) -> Iterator[Contrast]:
        # What is forbidden may become less, not more.
        narrowed = self._reads(reader.inner, writer.inner, f"{path}/not")
        kind = Kind.NOT_TYPE_NARROWED if narrowed else Kind.NOT_TYPE_EXTENDED
        yield about_keyword(kind, f"{path}/not", (writer, reader), "not", (None, None))


def _strings(writer: StringNode, reader: StringNode, path: str) -> Iterator[Contrast]:
    yield from limits(writer, reader, path)
    theirs, mine = writer.pattern, reader.pattern
    if theirs == mine:
        return
    if theirs is None:
        kind = Kind.PATTERN_ADDED
    else:
        kind = Kind.PATTERN_REMOVED if mine is None else Kind.PATTERN_CHANGED
    values = (ABSENT if theirs is None else theirs, ABSENT if mine is None else mine)
    yield about_keyword(kind, f"{path}/pattern", (writer, reader), "pattern", values)


def _numbers(writer: NumberNode, reader: NumberNode, path: str) -> Iterator[Contrast]:
    if writer.integer != reader.integer:
        kind = Kind.TYPE_NARROWED if reader.integer else Kind.TYPE_EXTENDED
        yield about_keyword(kind, path, (writer, reader), "type", (_type(writer), _type(reader)))
    yield from limits(writer, reader, path)
    yield from multiples(writer, reader, path)


def _type(node: NumberNode) -> JsonValue:
    if not node.typed:
        return ABSENT
    return "integer" if node.integer else "number"


def _always_reads(writer: Node, reader: Node) -> bool:
    """Whether nodes of unlike classes get along: nothing is written, anything is read, or it is all bytes."""
    return (
        isinstance(writer, FalseNode)
        or isinstance(reader, EmptyNode)
        or (writer.is_connect_bytes and reader.is_connect_bytes)
    )


def _too_deep() -> InvalidSchema:
    return InvalidSchema(
        f"the two schemas cannot be compared: their parts lead into each other over {_MAX_DEPTH} levels deep",
        hint="let fewer schemas refer to each other",
    )
