"""The examples in docs/sdk.md run, in their order."""

import asyncio
import re
import threading
from pathlib import Path
from typing import Any

import pytest

import accord
from accord.testing import LoopbackRegistry, MockBroker

PAGE = Path(__file__).parents[2] / "docs" / "sdk.md"


@pytest.mark.soak
def test_the_examples_of_the_page_run(accord_broker: MockBroker, accord_registry: LoopbackRegistry) -> None:
    for topic in ("orders", "orders-dlq", "invoices"):
        accord_broker.create_topic(topic)
    page = PAGE.read_text(encoding="utf-8")
    examples = "\n".join(re.findall(r"^```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE))
    page_names: dict[str, Any] = {"__name__": "page"}
    addresses = {
        '"127.0.0.1:9092"': "KAFKA",
        '"http://127.0.0.1:8081"': "REGISTRY",
    }
    for address, name in addresses.items():
        examples = examples.replace(address, name)
    page_names |= {"KAFKA": accord_broker.kafka, "REGISTRY": accord_registry.url}
    exec(compile(examples, str(PAGE), "exec"), page_names)  # noqa: S102 -- the page is ours
    assert len(page_names["places"]) == 10

    asyncio.run(page_names["produce"]())
    asyncio.run(page_names["consume_in_asyncio"]())
    _run_until(page_names["consumer"], page_names["consume"], records=11)
    batches = accord.Consumer(
        accord_broker.kafka, page_names["registry"], group="storage", contracts=[page_names["ORDERS"]]
    )
    _run_until(batches, page_names["store"], records=11)
    app = page_names["app"]
    with app.running():
        _wait(lambda: len(accord_broker.records("invoices")) == 11)
    page_names["registry"].close()


def _run_until(consumer: accord.Consumer[Any], loop: Any, *, records: int) -> None:
    with consumer:
        thread = threading.Thread(target=loop, args=(consumer,))
        thread.start()
        _wait(lambda: consumer.stats().done == records)
        consumer.stop()
        thread.join(10)
        assert not thread.is_alive()


def _wait(condition: Any) -> None:
    for _ in range(500):
        if condition():
            return
        threading.Event().wait(0.02)
    raise AssertionError("it did not come true in time")
