"""What the roles of a contract may do, as ACLs. Pure.

Nobody needs IDEMPOTENT_WRITE on the cluster: since Kafka 3.0, WRITE on any topic is enough for an idempotent producer.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from accord.contracts.model import Claim, DataContract, DeclaredReader, Role
from accord.contracts.plan.retries import retry_topics_of
from accord.kafka.admin import Acl, AclOperation, ResourceKind

USER: Final = "User:"
WRITING: Final = (AclOperation.WRITE, AclOperation.DESCRIBE)
READING: Final = (AclOperation.READ, AclOperation.DESCRIBE)
MANAGING: Final = (
    AclOperation.CREATE,
    AclOperation.DELETE,
    AclOperation.ALTER,
    AclOperation.ALTER_CONFIGS,
    AclOperation.DESCRIBE,
    AclOperation.DESCRIBE_CONFIGS,
)
BOTH: Final = (AclOperation.READ, AclOperation.WRITE, AclOperation.DESCRIBE)


@dataclass(frozen=True, slots=True)
class Grant:
    """What one principal may do with a resource, or with all whose names begin so; ``contract`` is the id of who says so."""

    principal: str
    kind: ResourceKind
    name: str
    operations: tuple[AclOperation, ...]
    prefixed: bool = False
    contract: str = ""

    @property
    def acls(self) -> tuple[Acl, ...]:
        """The ACLs that it is made of."""
        return tuple(
            Acl(self.principal, operation, self.kind, self.name, prefixed=self.prefixed)
            for operation in self.operations
        )


def grants_of(contract: DataContract, readers: Iterable[DeclaredReader]) -> Iterator[Grant]:
    """What the contract's roles may do; a role that reads may use the groups of the ``readers`` of its name."""
    readers = tuple(readers)
    for role in contract.roles:
        yield from _grants(role, contract, [reader for reader in readers if reader.service == role.name])


def grants_of_visit(claim: Claim) -> Iterator[Grant]:
    """What a service may do with its retry topics for somebody else's topic; to read that one is its owner's to allow."""
    for retry in retry_topics_of(claim.reader, claim.topic):
        principal = principal_of(claim.reader.service)
        yield Grant(principal, ResourceKind.TOPIC, retry.name, BOTH, contract=claim.contract)


def merged(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """One grant for each principal and resource, with all that any of them allows, in order."""
    together: dict[tuple[str, ResourceKind, str, bool], Grant] = {}
    for grant in grants:
        place = (grant.principal, grant.kind, grant.name, grant.prefixed)
        known = together.get(place, grant)
        operations = tuple(sorted({*known.operations, *grant.operations}))
        together[place] = replace(known, operations=operations)
    return tuple(together[place] for place in sorted(together))


def principal_of(name: str) -> str:
    """The principal of a role or a service; a name with its type, such as ``Group:ops``, stays what it is."""
    return name if ":" in name else f"{USER}{name}"


def _grants(role: Role, contract: DataContract, readers: Iterable[DeclaredReader]) -> Iterator[Grant]:
    principal = principal_of(role.name)

    def on(
        kind: ResourceKind, name: str, operations: tuple[AclOperation, ...], *, prefixed: bool = False
    ) -> Grant:
        return Grant(principal, kind, name, operations, prefixed, contract.id)

    topic, prefixed = role.prefix or contract.topic, role.prefix is not None
    letters = contract.dead_letters.topic if contract.dead_letters else None
    if role.access == "manage":
        yield on(ResourceKind.TOPIC, topic, MANAGING, prefixed=prefixed)
        if letters:
            yield on(ResourceKind.TOPIC, letters, MANAGING)
        return
    # Transactional ids are the programs' own; by convention they begin with the name of the service.
    own = f"{role.name.rpartition(':')[2]}-"
    yield on(ResourceKind.TRANSACTIONAL_ID, own, WRITING, prefixed=True)
    if role.access == "write":
        yield on(ResourceKind.TOPIC, topic, WRITING, prefixed=prefixed)
        return
    yield on(ResourceKind.TOPIC, topic, READING, prefixed=prefixed)
    if letters:
        yield on(ResourceKind.TOPIC, letters, WRITING)
    for reader in readers:
        for group in reader.groups:
            yield on(ResourceKind.GROUP, group, READING)
        for retry in retry_topics_of(reader, contract.topic):
            yield on(ResourceKind.TOPIC, retry.name, BOTH)
