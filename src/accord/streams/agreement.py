"""Whether code and registry agree, asked before the first record: afterwards it would be a record that finds out."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from accord.client import (
    NotFound,
    RegisteredSchema,
    Registry,
    RegistryError,
    RegistryUnavailable,
    Unauthorized,
)
from accord.errors import AccordError
from accord.findings import Finding, Severity
from accord.schemas import (
    CompatibilityLevel,
    CompatibilityPolicy,
    Earlier,
    InvalidSchema,
    Reference,
    Schema,
    Version,
    check_compatibility,
    parse,
)
from accord.streams.contract import Contract
from accord.streams.errors import ContractDisagrees, SchemaNotRegistered

logger = logging.getLogger(__name__)

_NEWEST: Final = Version(-1)
"""The version of a reference that is whichever is newest; generated classes have it."""

_REGISTER: Final = (
    "register it when the contract is released: registry.register(contract.subject, contract.schema)"
)

_NO_MATTER_TO_A_READER: Final = frozenset({"PROTOBUF_MESSAGE_REMOVED"})
"""What breaks the promise that a name stays, and no record of the contract's own message."""


def check_producer(
    registry: Registry, contracts: Iterable[Contract[Any]]
) -> list[tuple[Contract[Any], RegisteredSchema]]:
    """See that every contract's schema is registered under its subject; gives where they are.

    Raises SchemaNotRegistered, about all contracts at once; RegistryUnavailable or Unauthorized, if what the registry said
    before is not kept on disk either: without an id nothing can be written.
    """
    found: list[tuple[Contract[Any], RegisteredSchema]] = []
    _each(
        contracts,
        lambda contract: found.append((contract, registered(registry, contract))),
        SchemaNotRegistered,
    )
    return found


def check_consumer(registry: Registry, contracts: Iterable[Contract[Any]]) -> None:
    """See that every contract's schema reads what the newest version of its subject writes.

    Raises ContractDisagrees, about all contracts at once. A subject without versions has nothing to be read yet. A
    registry that cannot be reached, or does not let us ask, is a warning: records whose schemas are known can be read.
    """
    _each(contracts, lambda contract: _check_reader(registry, contract), ContractDisagrees)


def registered(registry: Registry, contract: Contract[Any]) -> RegisteredSchema:
    """Where the contract's schema is in the registry.

    Raises SchemaNotRegistered, which says what is there instead; RegistryError.
    """
    schema = _settled(registry, contract.schema, contract.referenced)
    try:
        return registry.lookup(contract.subject, schema)
    except NotFound:
        # Whoever registered it may have had it normalized, which changes no byte of an event.
        return _normalized(registry, contract, schema)
    except (RegistryUnavailable, Unauthorized) as error:
        if not registry.keeps:
            raise
        # That answer is the one that is kept, then.
        try:
            return registry.lookup(contract.subject, schema, normalize=True)
        except RegistryError:
            raise error from None


def _normalized(registry: Registry, contract: Contract[Any], schema: Schema) -> RegisteredSchema:
    try:
        return registry.lookup(contract.subject, schema, normalize=True)
    except NotFound as error:
        raise _not_registered(registry, contract) from error


def _settled(registry: Registry, schema: Schema, referenced: Mapping[str, Schema]) -> Schema:
    """The schema with the versions that have what it refers to, where it names the newest ones.

    Those may have moved on since the code was made, and then it was registered with earlier ones.
    """
    if all(reference.version != _NEWEST for reference in schema.references):
        return schema
    references = tuple(
        replace(reference, version=_version_of(registry, reference, referenced))
        for reference in schema.references
    )
    return replace(schema, references=references)


def _version_of(registry: Registry, reference: Reference, referenced: Mapping[str, Schema]) -> Version:
    """The version that holds the text that the code has; the reference's own where none does."""
    text = referenced.get(reference.name)
    if reference.version != _NEWEST or text is None:
        return reference.version
    try:
        return registry.lookup(reference.subject, _settled(registry, text, referenced)).version
    except NotFound:
        return reference.version


def _each(
    contracts: Iterable[Contract[Any]],
    check: Callable[[Contract[Any]], object],
    kind: type[ContractDisagrees],
) -> None:
    disagreements: list[ContractDisagrees] = []
    for contract in contracts:
        try:
            check(contract)
        except kind as error:
            disagreements.append(error)
        except (RegistryUnavailable, Unauthorized) as error:
            if kind is SchemaNotRegistered:
                raise
            # Nobody waits for every contract anew.
            _warn(error)
            break
    if len(disagreements) == 1:
        raise disagreements[0]
    if disagreements:
        raise kind(
            "; ".join(one.message for one in disagreements),
            findings=[finding for one in disagreements for finding in one.findings],
            hint="; ".join(dict.fromkeys(one.hint for one in disagreements)),
        )


def _warn(error: AccordError) -> None:
    logger.warning(
        "whether the code agrees with the registry could not be checked: %s",
        error.message,
        extra={"hint": error.hint},
    )


def _not_registered(registry: Registry, contract: Contract[Any]) -> SchemaNotRegistered:
    told = f"the schema of {contract.model.__name__} is not registered under '{contract.subject}'"
    try:
        latest = registry.latest(contract.subject)
        findings = _differences(registry, contract, latest, CompatibilityLevel.FULL)
    except NotFound:
        return SchemaNotRegistered(f"{told}, which has no version yet", hint=_REGISTER)
    except AccordError as error:
        logger.info("what is registered instead is not known: %s", error)
        return SchemaNotRegistered(told, hint=_REGISTER)
    there = f"{told}; its newest version is {latest.version} (id {latest.id})"
    if not findings:
        return SchemaNotRegistered(
            f"{there}, another schema, which gets along with it in both directions", hint=_REGISTER
        )
    return SchemaNotRegistered(f"{there}: {_sentences(findings)}", findings=findings, hint=_REGISTER)


def _check_reader(registry: Registry, contract: Contract[Any]) -> None:
    try:
        latest = registry.latest(contract.subject)
    except NotFound:
        return
    try:
        findings = _differences(registry, contract, latest, CompatibilityLevel.BACKWARD)
    except (InvalidSchema, NotFound) as error:
        # A registry holds what its own parser takes, and what it refers to may be deleted; a record of it will tell.
        logger.warning("version %d of '%s' cannot be read: %s", latest.version, contract.subject, error)
        return
    findings = tuple(one for one in findings if one.rule not in _NO_MATTER_TO_A_READER)
    if findings:
        raise ContractDisagrees(
            f"{contract.model.__name__} cannot read version {latest.version} of '{contract.subject}': "
            f"{_sentences(findings)}",
            findings=findings,
            hint=_way_out(findings),
        )


def _differences(
    registry: Registry, contract: Contract[Any], latest: RegisteredSchema, level: CompatibilityLevel
) -> tuple[Finding, ...]:
    """Why the contract's schema and the newest version do not get along; nothing if they do."""
    theirs = parse(
        latest.schema, referenced=_referenced(registry, latest.schema, contract.subject), strict=False
    )
    # What an old record merely may hold is no reason not to start.
    report = check_compatibility(
        contract.parsed, [Earlier(latest.version, theirs)], level=level, policy=CompatibilityPolicy.LENIENT
    )
    return (
        () if report.compatible else tuple(one for one in report.findings if one.severity is Severity.ERROR)
    )


def _referenced(registry: Registry, schema: Schema, subject: str) -> Mapping[str, Schema]:
    return registry.referenced_by(schema, subject=subject) if schema.references else {}


def _sentences(findings: Iterable[Finding]) -> str:
    return "; ".join(f"{finding.message} (at {finding.here.path or '/'})" for finding in findings)


def _way_out(findings: Iterable[Finding]) -> str:
    fixes = [
        f"{finding.here.path or '/'}: {finding.fixes[0].summary}" for finding in findings if finding.fixes
    ]
    return "; ".join(fixes) or "read with a schema that takes what is written now, or stop writing it first"
