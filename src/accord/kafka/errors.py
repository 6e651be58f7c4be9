"""What Kafka can refuse or fail to do.

AccordError
├── BrokersUnavailable    no broker answers (also an UnavailableError)
├── KafkaRefused          the cluster says no: not allowed, not there, not possible
│   ├── NotAllowed        who we are is not enough
│   ├── TopicNotFound
│   ├── AuthorizerMissing the brokers know no ACLs
│   └── GroupInUse        the group has members, and the operation needs it empty
├── DeliveryFailed        a record did not reach the log; says whether trying again may help
│   └── RecordTooLarge
├── QueueFull             the producer's queue has no room
├── TransactionFailed     the transaction cannot be committed; it has to be aborted
│   └── TransactionRefused because of what is not allowed
└── ClientFailed          the client is of no further use: an internal inconsistency
    ├── Fenced            another client took over its transactional id, or its transaction took too long
    └── OutcomeUnknown    whether a transaction is committed is not known
"""

from typing import Final

from confluent_kafka import KafkaError, KafkaException

from accord.errors import AccordError, ConfigurationError, UnavailableError


class BrokersUnavailable(UnavailableError):
    """No broker answers."""


class KafkaRefused(AccordError):
    """The cluster says no; ``code`` is Kafka's name for the reason, such as ``TOPIC_AUTHORIZATION_FAILED``."""

    def __init__(self, message: str, *, code: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.code = code


class NotAllowed(KafkaRefused):
    """The brokers do not know us, or do not allow this."""

    exit_code = 3


class TopicNotFound(KafkaRefused):
    """There is no such topic."""


class AuthorizerMissing(KafkaRefused):
    """The brokers have no authorizer: everybody may do everything, and there are no ACLs."""


class GroupInUse(KafkaRefused):
    """The group has members, and what was asked needs it empty."""


class DeliveryFailed(AccordError):
    """A record is not in the log, as far as the client knows; ``retryable`` says whether sending it again may help."""

    def __init__(self, message: str, *, code: str, retryable: bool, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.code = code
        self.retryable = retryable


class RecordTooLarge(DeliveryFailed):
    """The record is larger than the client or the topic allows."""


class QueueFull(AccordError):
    """The producer's queue has no room: records come faster than the brokers take them."""


class TransactionFailed(AccordError):
    """The transaction cannot be committed; once it is aborted, another one can begin."""


class TransactionRefused(TransactionFailed):
    """The transaction cannot be committed, nor can the next one: the principal lacks a permission."""


class ClientFailed(AccordError):
    """The client is of no further use."""


class Fenced(ClientFailed):
    """The brokers take nothing more from this client: its transactional id is another's, or its transaction expired."""


class OutcomeUnknown(ClientFailed):
    """Nobody could say in time whether the transaction is committed; the next client with its id settles that."""


UNREACHABLE: Final = frozenset(
    {
        KafkaError._ALL_BROKERS_DOWN,  # noqa: SLF001 -- the client's public name for the code starts so
        KafkaError._TRANSPORT,  # noqa: SLF001
        KafkaError._RESOLVE,  # noqa: SLF001
        KafkaError._TIMED_OUT,  # noqa: SLF001
        KafkaError._TIMED_OUT_QUEUE,  # noqa: SLF001
        KafkaError.REQUEST_TIMED_OUT,
        KafkaError.NETWORK_EXCEPTION,
    }
)
NOT_ALLOWED: Final = frozenset(
    {
        KafkaError._AUTHENTICATION,  # noqa: SLF001
        KafkaError.SASL_AUTHENTICATION_FAILED,
        KafkaError.TOPIC_AUTHORIZATION_FAILED,
        KafkaError.GROUP_AUTHORIZATION_FAILED,
        KafkaError.CLUSTER_AUTHORIZATION_FAILED,
    }
)
UNKNOWN_TOPIC: Final = frozenset(
    {KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError._UNKNOWN_TOPIC, KafkaError._UNKNOWN_PARTITION}  # noqa: SLF001
)
TOO_LARGE: Final = frozenset({KafkaError.MSG_SIZE_TOO_LARGE, KafkaError.INVALID_MSG_SIZE})
GROUP_BUSY: Final = frozenset(
    {KafkaError.NON_EMPTY_GROUP, KafkaError.UNKNOWN_MEMBER_ID, KafkaError.GROUP_SUBSCRIBED_TO_TOPIC}
)


def kafka_error(error: KafkaException) -> KafkaError:
    """What a KafkaException carries."""
    inner = error.args[0]
    return inner if isinstance(inner, KafkaError) else KafkaError(KafkaError._FAIL, str(inner))  # noqa: SLF001


def is_fatal(error: KafkaError) -> bool:
    """Whether the client is of no further use; handed over in place of a record, the error does not say so itself."""
    return error.fatal() or error.code() == KafkaError._FATAL  # noqa: SLF001


def translated(error: KafkaError, *, doing: str, bootstrap_servers: str) -> AccordError:
    """The error in this project's words; ``doing`` completes "… failed", for example "creating topic 'orders'"."""
    code, text = error.code(), f"{doing} failed: {error.str()} ({error.name()})"
    if is_fatal(error):
        return ClientFailed(
            text,
            hint="make a new client, this one is of no further use; if brokers lack what it needs of them, ask for less: "
            "for a consumer, group.protocol=classic",
        )
    if code in UNREACHABLE:
        return BrokersUnavailable(
            f"{doing} failed: no broker at {bootstrap_servers} answers ({error.str()})",
            hint="check the addresses, and that brokers listen there and are reachable from this machine",
        )
    if code in NOT_ALLOWED:
        return NotAllowed(
            text, code=error.name(), hint="check the credentials, and which ACLs the principal needs for this"
        )
    if code in UNKNOWN_TOPIC:
        return TopicNotFound(text, code=error.name(), hint="create the topic, or correct its name")
    if code in GROUP_BUSY:
        return GroupInUse(text, code=error.name(), hint="stop the members of the group, then try again")
    if code in (KafkaError._INVALID_ARG, KafkaError.INVALID_CONFIG):  # noqa: SLF001
        return ConfigurationError(text, hint="correct the Kafka settings that the message names")
    return KafkaRefused(text, code=error.name())


def delivery_failure(error: KafkaError, *, topic: str, last_trouble: str = "") -> DeliveryFailed:
    """Why a record did not reach ``topic``; ``last_trouble`` is the last connection error, if there was one."""
    code = error.code()
    text = f"the record was not written to '{topic}': {error.str()} ({error.name()})"
    if code in TOO_LARGE:
        return RecordTooLarge(
            text,
            code=error.name(),
            retryable=False,
            hint="make the event smaller, or raise max.message.bytes of the topic and message.max.bytes of the client",
        )
    if code == KafkaError._MSG_TIMED_OUT or code in UNREACHABLE:  # noqa: SLF001
        trouble = f"; last trouble: {last_trouble}" if last_trouble else ""
        return DeliveryFailed(
            text + trouble,
            code=error.name(),
            retryable=True,
            hint="too few brokers acknowledged in time; sending again may write it twice, which idempotent handlers absorb",
        )
    if code in NOT_ALLOWED:
        return DeliveryFailed(
            text,
            code=error.name(),
            retryable=False,
            hint="the principal needs the WRITE permission on the topic",
        )
    if code in UNKNOWN_TOPIC:
        return DeliveryFailed(
            text, code=error.name(), retryable=False, hint="create the topic, or correct its name"
        )
    return DeliveryFailed(text, code=error.name(), retryable=bool(error.retriable()))
