"""How a stored schema is told, as far as the query string has a say in that."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from accord.registry.core.candidates import TagsOf, TextOf, kept
from accord.registry.core.ids import StoredVersion
from accord.registry.http.bodies import Shown
from accord.registry.http.exchange import Request
from accord.registry.http.parameters import FIND_TAGS, FORMAT, REFERENCE_FORMAT, asks_for_more
from accord.registry.node import RegistryNode
from accord.schemas import SchemaTags, SchemaType

TEXT: Final = (FORMAT, REFERENCE_FORMAT, FIND_TAGS)
"""The parameters that ``as_asked`` reads."""

_QUALIFIED: Final = "qualified"

_FORMATS: Final[Mapping[SchemaType, frozenset[str]]] = {
    SchemaType.AVRO: frozenset({"resolved"}),
    SchemaType.JSON: frozenset(),
    SchemaType.PROTOBUF: frozenset({"serialized", "ignore_extensions"}),
}
"""The formats that the text of a schema can be asked for in, beside the stored one."""


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
