"""Who may do what: the cluster's access control lists."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._acl import AclBinding, AclBindingFilter, AclPermissionType
from confluent_kafka.admin._acl import AclOperation as ClientOperation
from confluent_kafka.admin._config import ConfigResource
from confluent_kafka.admin._resource import ResourcePatternType, ResourceType

from accord.kafka.admin.connection import TIMEOUT_S, answers, connected
from accord.kafka.errors import NOT_ALLOWED, AuthorizerMissing, kafka_error
from accord.kafka.metadata import broker_ids
from accord.kafka.settings import KafkaSettings

ANY_HOST: Final = "*"


class ResourceKind(StrEnum):
    """What an ACL is about, in Kafka's words."""

    TOPIC = "topic"
    GROUP = "group"
    TRANSACTIONAL_ID = "transactional-id"
    CLUSTER = "cluster"
    OTHER = "other"
    """A kind that this edition does not know; it is told, and never changed."""


class AclOperation(StrEnum):
    """What is allowed or denied, in Kafka's words."""

    ALL = "ALL"
    READ = "READ"
    WRITE = "WRITE"
    CREATE = "CREATE"
    DELETE = "DELETE"
    ALTER = "ALTER"
    DESCRIBE = "DESCRIBE"
    CLUSTER_ACTION = "CLUSTER_ACTION"
    DESCRIBE_CONFIGS = "DESCRIBE_CONFIGS"
    ALTER_CONFIGS = "ALTER_CONFIGS"
    IDEMPOTENT_WRITE = "IDEMPOTENT_WRITE"
    UNKNOWN = "UNKNOWN"


class Permission(StrEnum):
    """Which way it decides; what is denied counts more than what is allowed."""

    ALLOW = "ALLOW"
    DENY = "DENY"


@dataclass(frozen=True, slots=True, order=True)
class Acl:
    """One principal, such as ``User:billing``, and one operation on a resource, or on all whose names begin so."""

    principal: str
    operation: AclOperation
    kind: ResourceKind
    name: str
    prefixed: bool = False
    host: str = ANY_HOST
    permission: Permission = Permission.ALLOW


_KINDS: Final = {
    ResourceKind.TOPIC: ResourceType.TOPIC,
    ResourceKind.GROUP: ResourceType.GROUP,
    ResourceKind.TRANSACTIONAL_ID: ResourceType.TRANSACTIONAL_ID,
    ResourceKind.CLUSTER: ResourceType.BROKER,
}
_KIND_OF: Final = {kind: word for word, kind in _KINDS.items()}
# The client's annotations know of names alone, where None stands for any.
_EVERY: Final[dict[str, Any]] = {
    "restype": ResourceType.ANY,
    "name": None,
    "resource_pattern_type": ResourcePatternType.ANY,
    "principal": None,
    "host": None,
    "operation": ClientOperation.ANY,
    "permission_type": AclPermissionType.ANY,
}
_PATTERNS: Final = {False: ResourcePatternType.LITERAL, True: ResourcePatternType.PREFIXED}


def describe_acls(kafka: KafkaSettings, *, timeout_s: float = TIMEOUT_S) -> list[Acl]:
    """Every ACL of the cluster, in order. Raises AuthorizerMissing."""
    every = AclBindingFilter(**_EVERY)
    with connected(kafka, "listing ACLs") as client:
        try:
            bindings = client.describe_acls(every, request_timeout=timeout_s).result()
        except KafkaException as error:
            raise _refusal(error) or error from error
        # The client tells the refusal of brokers without an authorizer as a list without ACLs.
        if not bindings and _is_without_authorizer(client, kafka, timeout_s):
            raise _authorizer_missing()
    return sorted(_acl(binding) for binding in bindings)


def create_acls(kafka: KafkaSettings, acls: Collection[Acl], *, timeout_s: float = TIMEOUT_S) -> None:
    """Make the ACLs; those that there are stay. Raises AuthorizerMissing."""
    if not acls:
        return
    with connected(kafka, "creating ACLs") as client:
        try:
            answers(
                client.create_acls([_binding(acl) for acl in sorted(set(acls))], request_timeout=timeout_s)
            )
        except KafkaException as error:
            raise _refusal(error) or error from error


def delete_acls(kafka: KafkaSettings, acls: Collection[Acl], *, timeout_s: float = TIMEOUT_S) -> None:
    """Remove exactly these ACLs; those that there are not, are no mistake. Raises AuthorizerMissing."""
    if not acls:
        return
    with connected(kafka, "deleting ACLs") as client:
        try:
            answers(
                client.delete_acls([_filter(acl) for acl in sorted(set(acls))], request_timeout=timeout_s)
            )
        except KafkaException as error:
            raise _refusal(error) or error from error


def _is_without_authorizer(client: AdminClient, kafka: KafkaSettings, timeout_s: float) -> bool:
    """Whether a broker says so; one that does not tell its settings has one, or is not ours to ask."""
    broker, *_ = broker_ids(client, timeout_s, kafka.bootstrap_servers)
    request = [ConfigResource(ResourceType.BROKER, str(broker))]
    try:
        [entries] = answers(client.describe_configs(request, request_timeout=timeout_s))
    except KafkaException as error:
        if kafka_error(error).code() in NOT_ALLOWED:
            return False
        raise
    setting = entries.get("authorizer.class.name")
    return setting is not None and setting.value == ""


def _refusal(error: KafkaException) -> AuthorizerMissing | None:
    return _authorizer_missing() if kafka_error(error).code() == KafkaError.SECURITY_DISABLED else None


def _authorizer_missing() -> AuthorizerMissing:
    return AuthorizerMissing(
        "the brokers have no authorizer, so there are no ACLs",
        code="SECURITY_DISABLED",
        hint="set authorizer.class.name on brokers and controllers, or do without ACLs",
    )


def _binding(acl: Acl) -> AclBinding:
    return AclBinding(
        _KINDS[acl.kind],
        acl.name,
        _PATTERNS[acl.prefixed],
        acl.principal,
        acl.host,
        ClientOperation[acl.operation],
        AclPermissionType[acl.permission],
    )


def _filter(acl: Acl) -> AclBindingFilter:
    return AclBindingFilter(
        _KINDS[acl.kind],
        acl.name,
        _PATTERNS[acl.prefixed],
        acl.principal,
        acl.host,
        ClientOperation[acl.operation],
        AclPermissionType[acl.permission],
    )


def _acl(binding: AclBinding) -> Acl:
    return Acl(
        binding.principal,
        AclOperation(ClientOperation(binding.operation).name),
        _KIND_OF.get(ResourceType(binding.restype), ResourceKind.OTHER),
        binding.name,
        prefixed=binding.resource_pattern_type == ResourcePatternType.PREFIXED,
        host=binding.host,
        permission=Permission(AclPermissionType(binding.permission_type).name),
    )
