"""Which schemas are on a topic, however its records name them."""

from accord.codecs.framing import KEY_HEADER, VALUE_HEADER, header, prefixed
from accord.contracts.carried import Carried, carried_schemas
from accord.schemas import SchemaGuid
from accord.testing import MockBroker, OutgoingRecord

FIRST = SchemaGuid("00000000-0000-0000-0000-000000000001")
SECOND = SchemaGuid("00000000-0000-0000-0000-000000000002")


def test_schemas_are_found_in_front_of_the_data_and_in_headers_of_keys_and_values(
    accord_broker: MockBroker,
) -> None:
    accord_broker.create_topic("orders", partitions=2)
    accord_broker.write(
        OutgoingRecord("orders", prefixed(3, b"k"), prefixed(7, b"x")),
        OutgoingRecord("orders", b"k", prefixed(7, b"y")),
        OutgoingRecord("orders", b"k", b"data alone", ((VALUE_HEADER, header(FIRST)),)),
        OutgoingRecord(
            "orders", b"k", b"message", ((KEY_HEADER, header(SECOND)), (VALUE_HEADER, header(FIRST, b"\0")))
        ),
        OutgoingRecord("orders", b"k", None),
        OutgoingRecord("orders", None, b"text", ((VALUE_HEADER, b"\0\0\0\0\7"), ("other", header(SECOND)))),
    )

    found = carried_schemas(accord_broker.kafka, "orders")

    assert found == Carried({3: 1, 7: 2}, 6, guids={FIRST: 2, SECOND: 1})
    assert (found.count(7, None), found.count(8, FIRST), found.count(8, SECOND)) == (5, 2, 1)
    assert not carried_schemas(accord_broker.kafka, "orders", limit=2).is_whole
