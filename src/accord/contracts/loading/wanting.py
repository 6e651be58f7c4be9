"""Fields that a contract or a reader names, and that no schema has."""

from collections.abc import Iterator, Sequence

from accord.contracts.loading import rules
from accord.contracts.loading.fields import field_names, has_field
from accord.contracts.loading.validation import near
from accord.contracts.model import DataContract, DeclaredReader, Places, SchemaFile
from accord.findings import Finding
from accord.schemas.pointers import child


def unknown_fields(contract: DataContract) -> Iterator[Finding]:
    """Fields that a contract says its keys hold, or its readers need, and that its events do not have."""
    schemas = tuple(event.schema for event in contract.events)
    if not schemas or contract.places is None:
        return
    block = contract.block
    if contract.key.field is not None:
        yield from _unknown(contract.key.field, schemas, contract.places, f"{block}/key/field", contract.id)
    for reader in contract.readers:
        pointer = child(f"{block}/consumers", reader.service)
        yield from unknown_fields_of(reader, schemas, contract.places, pointer, contract.id)


def unknown_fields_of(
    reader: DeclaredReader, schemas: Sequence[SchemaFile], places: Places, pointer: str, contract: str = ""
) -> list[Finding]:
    """Fields that a reader, declared at ``pointer``, needs and that no schema has."""
    return [
        finding
        for index, name in enumerate(reader.fields or ())
        for finding in _unknown(name, schemas, places, f"{pointer}/fields/{index}", contract)
    ]


def _unknown(
    name: str, schemas: Sequence[SchemaFile], places: Places, pointer: str, contract: str
) -> Iterator[Finding]:
    if any(has_field(schema.parsed, schema.referenced, name) for schema in schemas):
        return
    around = name.split(".")[:-1]
    known = [
        ".".join((*around, other))
        for schema in schemas
        for other in field_names(schema.parsed, schema.referenced, around)
    ]
    named = " or ".join(schema.source.path for schema in schemas)
    facts = {"field": name, "schema": named, "near": near(name, known)}
    subject = schemas[0].subject
    yield rules.UNKNOWN_FIELD.finding(
        places.locate(pointer), facts, path=name, subject=subject, contract=contract
    )
