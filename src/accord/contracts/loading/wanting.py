"""What a contract or a reader wants and does not get: fields that no schema has, and other versions."""

from collections.abc import Iterator, Sequence

from accord.contracts.loading import rules
from accord.contracts.loading.fields import fields_of, is_field
from accord.contracts.loading.validation import near
from accord.contracts.loading.versions import covers
from accord.contracts.model import DataContract, DeclaredReader, Places, SchemaFile
from accord.findings import Finding
from accord.schemas.pointers import child


def unknown_fields(contract: DataContract) -> Iterator[Finding]:
    """Fields that a contract says its keys hold, or its readers need, and that its events do not have."""
    if not contract.events or contract.places is None:
        return
    named = [(contract.key.field, f"{contract.block}/key/field")] if contract.key.field is not None else []
    for reader in contract.readers:
        pointer = child(f"{contract.block}/consumers", reader.service)
        named += _named(reader, pointer)
        yield from not_covered(reader, contract, contract.places, pointer)
    schemas = [event.schema for event in contract.events]
    yield from _unknown(named, schemas, contract.places, contract.id)


def unknown_fields_of(
    reader: DeclaredReader, schemas: Sequence[SchemaFile], places: Places, pointer: str
) -> Iterator[Finding]:
    """Fields that a reader, declared at ``pointer``, needs and that none of the schemas has; without any, none."""
    return _unknown(_named(reader, pointer) if schemas else [], schemas, places, "")


def not_covered(
    reader: DeclaredReader, contract: DataContract, places: Places, pointer: str
) -> Iterator[Finding]:
    """That a reader, declared at ``pointer``, says that it does not cope with the version that the contract has."""
    if reader.versions is not None and not covers(reader.versions, contract.version):
        facts = {
            "service": reader.service,
            "versions": reader.versions,
            "contract": contract.id,
            "version": contract.version,
        }
        at = places.locate(f"{pointer}/versions")
        yield rules.VERSION_NOT_COVERED.finding(at, facts, contract=contract.id)


def _named(reader: DeclaredReader, pointer: str) -> list[tuple[str, str]]:
    return [(name, f"{pointer}/fields/{index}") for index, name in enumerate(reader.fields or ())]


def _unknown(
    named: Sequence[tuple[str, str]], schemas: Sequence[SchemaFile], places: Places, contract: str
) -> Iterator[Finding]:
    fields = [fields_of(schema.parsed, schema.referenced) for schema in schemas] if named else []
    for name, pointer in named:
        if any(is_field(one, name) for one in fields):
            continue
        around = name.split(".")[:-1]
        known = [".".join((*around, other)) for one in fields for other in one.names(around)]
        files = " or ".join(schema.source.path for schema in schemas)
        facts = {"field": name, "schema": files, "near": near(name, known)}
        at, subject = places.locate(pointer), schemas[0].subject
        yield rules.UNKNOWN_FIELD.finding(at, facts, path=name, subject=subject, contract=contract)
