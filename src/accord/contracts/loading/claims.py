"""What services say they read, in ``consumers/*.yaml``."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from accord.contracts.loading.documents import Document
from accord.contracts.loading.envelope import reader_of
from accord.contracts.loading.wanting import not_covered, unknown_fields_of
from accord.contracts.model import Claim, DataContract, SchemaFile
from accord.findings import Finding
from accord.schemas import Subject


def read_claims(
    document: Document, contracts: Sequence[DataContract], schemas: Mapping[Subject, SchemaFile]
) -> Iterator[tuple[list[Claim], list[Finding]]]:
    """For each thing that a service says it reads the claims on its subjects, and fields that none of them has.

    What has no shape is told already.
    """
    service, reads = document.value.get("service"), document.value.get("reads")
    if not isinstance(service, str) or not isinstance(reads, list):
        return
    for index, said in enumerate(reads):
        if isinstance(said, dict):
            pointer = f"/reads/{index}"
            reader = reader_of(service, said, document, pointer)
            contract = _contract(said, contracts)
            claims = [
                Claim(document.source, _text(said.get("contract")) or topic, topic, subject, reader)
                for topic, subject in _subjects(said, contract)
            ]
            known = [schemas[claim.subject] for claim in claims if claim.subject in schemas]
            wrong = list(unknown_fields_of(reader, known, document, pointer))
            if contract is not None:
                wrong += not_covered(reader, contract, document, pointer)
            yield claims, wrong


def _contract(said: Mapping[str, Any], contracts: Sequence[DataContract]) -> DataContract | None:
    """The contract that is meant, if it is one of this project."""
    named, topic = _text(said.get("contract")), _text(said.get("topic"))
    return next((one for one in contracts if named == one.id or (not named and topic == one.topic)), None)


def _subjects(said: Mapping[str, Any], contract: DataContract | None) -> Iterator[tuple[str, Subject]]:
    """The topic and the subjects that are meant: those of the contract, where it is known."""
    named, topic, subject = (_text(said.get(key)) for key in ("contract", "topic", "subject"))
    if contract is not None:
        topic = contract.topic
    if subject:
        yield topic or named or subject.removesuffix("-value"), Subject(subject)
    elif contract is not None and contract.events:
        yield from ((topic, event.schema.subject) for event in contract.events)
    elif topic or named:
        yield topic or named, Subject(f"{topic or named}-value")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
