"""What can go wrong while producing and consuming, beyond what codecs, registry and Kafka raise themselves.

AccordError
├── ContractDisagrees       code and registry disagree (also a ConfigurationError); carries findings
│   └── SchemaNotRegistered the contract's schema is not in the registry
├── ProducerClosed          sent after close
├── AnotherEventLoop        an AsyncProducer is used where it was not started
├── Permanent               raised BY handlers: this record will never work, do not try it again
├── Retryable               raised BY handlers: try it again until it works (also an UnavailableError)
├── RecordNotSettled        the loop went on without `with record:`
├── DeadLetterFailed        a bad record could not be put aside, so nothing after it is committed
├── HandlerStuck            a handler does not come back; the consumer leaves, so that others go on
├── BatchTookTooLong        a transaction's block ran longer than brokers let a transaction be open
└── TooManyDeadLetters      record after record fails: that is no bad record but a bad deployment
"""

from collections.abc import Sequence

from accord.errors import AccordError, ConfigurationError, UnavailableError
from accord.findings import Finding


class ContractDisagrees(ConfigurationError):
    """A contract's schema and what the registry has do not get along; ``findings`` say where and why."""

    def __init__(self, message: str, *, findings: Sequence[Finding] = (), hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.findings = tuple(findings)


class SchemaNotRegistered(ContractDisagrees):
    """The registry does not have the contract's schema under its subject."""


class ProducerClosed(AccordError):
    """The producer has been closed."""


class AnotherEventLoop(AccordError):
    """Something that belongs to one event loop is used in another one, or in none."""


class Permanent(AccordError):
    """Raise it from a handler: trying this record again is of no use, put it aside now."""


class Retryable(UnavailableError):
    """Raise it from a handler: what this record needs is not there yet; try it again, however often it takes."""


class RecordNotSettled(AccordError):
    """The loop asked for the next record, and nobody has said what became of the last one."""


class DeadLetterFailed(AccordError):
    """A bad record could not be written to the dead-letter topic; the consumer stops, and the record stays uncommitted."""


class TooManyDeadLetters(AccordError):
    """Too many records in a row were bad; the consumer stops before the topic is drained into the dead-letter topic."""


class HandlerStuck(AccordError):
    """A handler has not come back in time; the consumer leaves its group without waiting for it."""


class BatchTookTooLong(AccordError):
    """The block of a transaction ran longer than brokers let a transaction be open; it was aborted, and nothing is lost."""
