"""What tests of services that use Accord need, without a Kafka and a registry elsewhere.

harness = Harness()                                        # no I/O, no threads, hours in milliseconds
harness.consume([ORDERS], bill, group="billing")
harness.given(ORDERS, OrderCreated("o-1"), key="o-1")
harness.run()
harness.dead_letters(ORDERS), harness.committed()

with accord.testing.registry() as registry, MockBroker() as broker:    # real protocols on loopback, and faults to order
    registry.register(ORDERS)
    broker.create_topic("orders", partitions=3)
    broker.fail("Produce", "MSG_SIZE_TOO_LARGE", times=2)
    with accord.Producer(broker.kafka, registry.client()) as producer: ...

harness.given(ORDERS, *examples_of(ORDERS))     # what the project's contracts and claims state

pytest finds the fixtures ``accord_broker``, ``accord_registry``, ``accord_cluster`` and ``accord_contract_case`` by itself.
docs/testing.md says what to use for which test, docs/deploying.md what contract tests are.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accord.kafka import OutgoingRecord, RawRecord
    from accord.kafka.mock import CONNECTION_LOST, MockBroker, MockBrokerUnavailable
    from accord.testing.contracts import ContractBroken, ContractCase, examples_of
    from accord.testing.harness import DeadLetter, Harness
    from accord.testing.loopback import LoopbackRegistry, registry

# Imported when they are first used: pytest opens this door in every run, also of those who want nothing behind it.
_HOME_OF = {
    "CONNECTION_LOST": "accord.kafka.mock",
    "ContractBroken": "accord.testing.contracts",
    "ContractCase": "accord.testing.contracts",
    "DeadLetter": "accord.testing.harness",
    "Harness": "accord.testing.harness",
    "LoopbackRegistry": "accord.testing.loopback",
    "MockBroker": "accord.kafka.mock",
    "MockBrokerUnavailable": "accord.kafka.mock",
    "OutgoingRecord": "accord.kafka",
    "RawRecord": "accord.kafka",
    "examples_of": "accord.testing.contracts",
    "registry": "accord.testing.loopback",
}

__all__ = [
    "CONNECTION_LOST",
    "ContractBroken",
    "ContractCase",
    "DeadLetter",
    "Harness",
    "LoopbackRegistry",
    "MockBroker",
    "MockBrokerUnavailable",
    "OutgoingRecord",
    "RawRecord",
    "examples_of",
    "registry",
]


if not TYPE_CHECKING:
    # A type checker knows the names from above; told of this function, it would believe in any name at all.
    def __getattr__(name: str) -> object:
        try:
            home = _HOME_OF[name]
        except KeyError:
            raise AttributeError(f"module 'accord.testing' has no attribute '{name}'") from None
        value: object = getattr(import_module(home), name)
        globals()[name] = value
        return value
