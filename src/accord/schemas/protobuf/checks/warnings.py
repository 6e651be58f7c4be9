"""What the registry lets pass in a schema, and Protobuf does not allow."""

from collections.abc import Iterator

from accord.schemas.protobuf import rules
from accord.schemas.protobuf.checks.enums import of_enums
from accord.schemas.protobuf.checks.imports import of_imports
from accord.schemas.protobuf.checks.lone import lone
from accord.schemas.protobuf.checks.names import of_names
from accord.schemas.protobuf.checks.numbers import of_numbers
from accord.schemas.protobuf.checks.options import of_options
from accord.schemas.protobuf.checks.syntax import of_syntax
from accord.schemas.protobuf.comparison.difference import ProtobufDifference
from accord.schemas.protobuf.schema import ProtobufSchema


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
