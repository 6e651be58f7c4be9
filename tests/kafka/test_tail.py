"""Reading a topic from anywhere, with no more rights than that takes."""

import pytest

from accord.errors import ConfigurationError
from accord.kafka import KafkaRefused
from accord.kafka.tail import tail_topic
from accord.testing import MockBroker, OutgoingRecord


@pytest.fixture
def broker(accord_broker: MockBroker) -> MockBroker:
    accord_broker.create_topic("orders", partitions=2)
    accord_broker.write(*(OutgoingRecord("orders", b"k", str(number).encode()) for number in range(5)))
    return accord_broker


def test_rights_on_groups_are_not_needed(broker: MockBroker) -> None:
    broker.fail("FindCoordinator", "GROUP_AUTHORIZATION_FAILED", times=1000)
    seen, looks = [], 0

    for record in tail_topic(broker.kafka, "orders", begin="earliest"):
        looks += record is None
        if record is not None:
            seen.append(record.value)
        if len(seen) == 5 and looks > 3:
            break

    assert seen == [b"0", b"1", b"2", b"3", b"4"]


def test_a_topic_that_may_not_be_read_is_told(broker: MockBroker) -> None:
    broker.fail("Fetch", "TOPIC_AUTHORIZATION_FAILED", times=1000)

    with pytest.raises(KafkaRefused, match="reading 'orders' failed"):
        list(tail_topic(broker.kafka, "orders", begin="earliest", until_end=True))


def test_only_partitions_that_there_are_can_be_read(broker: MockBroker) -> None:
    with pytest.raises(ConfigurationError, match="'orders' has no partition 2"):
        list(tail_topic(broker.kafka, "orders", begin="earliest", partitions=[0, 2]))
