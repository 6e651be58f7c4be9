"""What changes for lists of values and for combinations: ``enum``, ``const``, and the criterion and size of the others."""

from collections.abc import Iterator

from accord.schemas.jsonschema.comparison.contrasts import Contrast, about_keyword, keyword_place
from accord.schemas.jsonschema.comparison.kinds import Kind
from accord.schemas.jsonschema.model import ABSENT, CombinedNode, ConstNode, Criterion, EnumNode


def choices(writer: EnumNode, reader: EnumNode, path: str) -> Iterator[Contrast]:
    """The contrast of two lists of values; 1 and 1.0 are not the same."""
    theirs, mine = writer.texts, reader.texts
    if theirs == mine:
        return
    if theirs < mine:
        kind = Kind.ENUM_ARRAY_EXTENDED
    else:
        kind = Kind.ENUM_ARRAY_NARROWED if mine < theirs else Kind.ENUM_ARRAY_CHANGED
    yield about_keyword(kind, f"{path}/enum", (writer, reader), "enum", ([*writer.values], [*reader.values]))


def constants(writer: ConstNode, reader: ConstNode, path: str) -> Iterator[Contrast]:
    """The contrast of two constants."""
    if writer.text != reader.text:
        values = (writer.value, reader.value)
        yield about_keyword(Kind.ENUM_ARRAY_CHANGED, f"{path}/const", (writer, reader), "const", values)


def criteria(writer: CombinedNode, reader: CombinedNode, path: str) -> Contrast:
    """The contrast of two combinations that are combined in different ways."""
    is_extended = reader.criterion is Criterion.ANY or (
        len(writer.members) == 1 and (reader.criterion is Criterion.ONE or len(reader.members) == 1)
    )
    kind = Kind.COMBINED_TYPE_EXTENDED if is_extended else Kind.COMBINED_TYPE_CHANGED
    return about_combination(kind, writer, reader, path)


def sizes(writer: CombinedNode, reader: CombinedNode, path: str) -> Iterator[Contrast]:
    """The contrast of how many members two combinations have."""
    before, after = len(writer.members), len(reader.members)
    if before == after:
        return
    if reader.criterion is Criterion.ALL:
        kind = Kind.PRODUCT_TYPE_EXTENDED if before < after else Kind.PRODUCT_TYPE_NARROWED
    else:
        kind = Kind.SUM_TYPE_EXTENDED if before < after else Kind.SUM_TYPE_NARROWED
    yield about_combination(kind, writer, reader, path)


def about_combination(kind: Kind, writer: CombinedNode, reader: CombinedNode, path: str) -> Contrast:
    """A contrast of two combinations."""
    theirs, mine = writer.criterion.value, reader.criterion.value
    return Contrast(
        kind,
        path,
        writer,
        reader,
        _place(writer),
        _place(reader),
        mine,
        writer_value=theirs,
        reader_value=mine,
    )


def _place(node: CombinedNode) -> str | None:
    return keyword_place(node, node.criterion, node.criterion if node.written else ABSENT)
