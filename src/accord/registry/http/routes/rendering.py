"""How a stored schema is told, as far as the query string has a say in that."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Final

import msgspec

from accord.registry.core.candidates import TagsOf, TextOf, kept
from accord.registry.core.ids import StoredVersion
from accord.registry.core.state import RegistryState
from accord.registry.http.bodies import Shown, answer, schema_answer
from accord.registry.http.exchange import Request, Response
from accord.registry.http.parameters import FIND_TAGS, FORMAT, REFERENCE_FORMAT, asks_for_more
from accord.registry.node import RegistryNode
from accord.schemas import SchemaTags, SchemaType, Subject, Version

TEXT: Final = (FORMAT, REFERENCE_FORMAT, FIND_TAGS)
"""The parameters that ``as_asked`` reads."""

_MOST_KEPT: Final = 4096
_LARGEST_KEPT_BYTES: Final = 16 << 10
_MOST_RECALLED_BYTES: Final = 16 << 20
_QUALIFIED: Final = "qualified"

_FORMATS: Final[Mapping[SchemaType, frozenset[str]]] = {
    SchemaType.AVRO: frozenset({"resolved"}),
    SchemaType.JSON: frozenset(),
    SchemaType.PROTOBUF: frozenset({"serialized", "ignore_extensions"}),
}
"""The formats that the text of a schema can be asked for in, beside the stored one."""


class Rendered:
    """Answers about versions, kept for the next who asks in the same way."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        # What was told is beside it: a version that changes is another object.
        self._known: dict[tuple[Subject, Version], tuple[StoredVersion, Response]] = {}

    def answer(self, stored: StoredVersion) -> Response:
        """``stored`` as it is told."""
        place = stored.subject, stored.version
        known = self._known.get(place)
        if known is not None and known[0] is stored:
            return known[1]
        rendered = answer(schema_answer(stored, self._shown))
        if len(rendered.body) <= _LARGEST_KEPT_BYTES:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            self._known[place] = stored, rendered
        return rendered


class Recalled:
    """Answers that cost some work to find and only depend on the question, until the state changes.

    Producers register what is registered already, all at once, whenever they are started anew.
    """

    def __init__(self, state: RegistryState) -> None:
        self._state = state
        self._revision = state.revision
        self._known: dict[Hashable, Response] = {}
        self._kept_bytes = 0

    def recall(self, question: Hashable) -> Response | None:
        """The answer that was given to ``question``, if it is still true."""
        if self._revision != self._state.revision:
            self._forget()
        return self._known.get(question)

    def keep(self, question: Hashable, answer: Response, *, asked_bytes: int) -> Response:
        """Remember ``answer``, which was found in the state as it is; ``asked_bytes`` is how long ``question`` is."""
        weight = asked_bytes + len(answer.body)
        if weight > _LARGEST_KEPT_BYTES:
            return answer
        if self._kept_bytes + weight > _MOST_RECALLED_BYTES:
            self._forget()
        self._known[question] = answer
        self._kept_bytes += weight
        return answer

    def _forget(self) -> None:
        self._known.clear()
        self._kept_bytes = 0
        self._revision = self._state.revision


async def as_asked(node: RegistryNode, request: Request, stored: StoredVersion, shown: Shown) -> Shown:
    """``shown``, with the form of text, references and tags that ``request`` asks for."""
    if not asks_for_more(request):
        return shown
    wanted = FIND_TAGS.of(request)
    text = await formatted(node, request, stored)
    if text is not None:
        shown = msgspec.structs.replace(shown, text=text)
    if wanted:
        shown = msgspec.structs.replace(shown, tags=await _tags(node, stored, wanted))
    if REFERENCE_FORMAT.of(request) == _QUALIFIED:
        shown = msgspec.structs.replace(shown, qualified=True)
    return shown


async def formatted(node: RegistryNode, request: Request, stored: StoredVersion) -> str | None:
    """The text in the format that ``request`` asks for; None where that is the text as it is stored."""
    name = FORMAT.of(request)
    if name not in _FORMATS[stored.content.schema.type]:
        return None
    return await node.think(TextOf(kept(node.state, stored), name))


async def _tags(node: RegistryNode, stored: StoredVersion, wanted: Sequence[str]) -> tuple[SchemaTags, ...]:
    return await node.think(TagsOf(kept(node.state, stored), tuple(wanted)))
