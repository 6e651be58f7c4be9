"""What the registry lets pass in a schema, and Protobuf does not allow."""

from collections.abc import Iterator

from accord.schemas.protobuf import rules
from accord.schemas.protobuf.difference import ProtobufDifference
from accord.schemas.protobuf.enum_checks import of_enums
from accord.schemas.protobuf.import_checks import of_imports
from accord.schemas.protobuf.lone import lone
from accord.schemas.protobuf.name_checks import of_names
from accord.schemas.protobuf.number_checks import of_numbers
from accord.schemas.protobuf.option_checks import of_options
from accord.schemas.protobuf.schema import ProtobufSchema
from accord.schemas.protobuf.syntax_checks import of_syntax


def warnings_of(schema: ProtobufSchema) -> Iterator[ProtobufDifference]:
    """One for each thing that Protobuf's own compiler refuses, or would rather not see."""
    found = [
        *of_numbers(schema),
        *of_names(schema),
        *of_enums(schema),
        *of_options(schema),
        *of_imports(schema),
        *of_syntax(schema),
    ]
    yield from found
    if schema.files.pool is None and not any(one.rule is not rules.IMPORT_UNUSED for one in found):
        problem = "the Protobuf library takes no types from it"
        yield lone(rules.DECLARATION_NOT_ALLOWED, "", {"where": "the file", "problem": problem})
