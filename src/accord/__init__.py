"""Accord: data contracts for Kafka.

    import accord
    from dataclasses import dataclass
    from datetime import UTC, datetime

    @dataclass(frozen=True, slots=True)
    class OrderCreated:
        order_id: str
        total_amount: float
        created_at: datetime

    ORDERS = accord.contract("orders.created", OrderCreated, namespace="com.example.events")

    registry = accord.Registry("http://127.0.0.1:8081")
    registry.register(ORDERS.subject, ORDERS.schema)     # once, by whoever releases the contract

    with accord.Producer("127.0.0.1:9092", registry) as producer:
        delivery = producer.send(ORDERS, OrderCreated("o-1", 9.5, datetime.now(UTC)), key="o-1")
        delivery.result(timeout=10)                      # the broker has it; asyncio: await asyncio.wrap_future(delivery.future)

    with accord.Consumer("127.0.0.1:9092", registry, group="billing", contracts=[ORDERS]) as consumer:
        for record in consumer:                          # ends after consumer.stop(), from any thread or signal handler
            with record:                                 # leaving normally: done; an Exception: retried, then dead-lettered
                if record.value is not None:             # None is a tombstone
                    bill(record.value)
"""
