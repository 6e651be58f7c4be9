import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from accord.demo.traffic import REPEAT_EVERY, Customers

Answer = Callable[[dict[str, object], int], int]


@contextmanager
def order_service(answer: Answer) -> Iterator[tuple[str, list[dict[str, object]]]]:
    """A fake that answers each POST with a status by order and by how often that order came."""
    seen: list[dict[str, object]] = []
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            order = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                seen.append(order)
                times = sum(other["order_id"] == order["order_id"] for other in seen)
            self.send_response(answer(order, times))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def make_customers() -> Iterator[Callable[..., Customers]]:
    made: list[Customers] = []

    def make(url: str, **choices: float) -> Customers:
        made.append(Customers(url, connections=4, **choices))
        return made[-1]

    yield make
    for customers in made:
        customers.close()


def test_every_order_of_a_burst_is_accepted_once(make_customers: Callable[..., Customers]) -> None:
    with order_service(lambda _order, _times: 202) as (url, seen):
        customers = make_customers(url)
        customers.burst(REPEAT_EVERY + 5)
        customers.close()

    assert len(customers.tally.accepted) == REPEAT_EVERY + 5
    assert len(seen) == REPEAT_EVERY + 6, "one order is posted twice on purpose"
    assert customers.tally.repeated == 1


def test_an_order_that_meets_a_503_is_posted_again_until_it_is_accepted(
    make_customers: Callable[..., Customers],
) -> None:
    with order_service(lambda _order, times: 202 if times == 2 else 503) as (url, _seen):
        customers = make_customers(url)
        customers.burst(3)
        customers.close()

    assert len(customers.tally.accepted) == 3
    assert customers.tally.tries_again == 3


def test_a_refused_order_is_not_posted_again(make_customers: Callable[..., Customers]) -> None:
    with order_service(lambda _order, _times: 400) as (url, seen):
        customers = make_customers(url)
        customers.burst(3)
        customers.close()

    assert len(seen) == 3
    assert len(customers.tally.refused) == 3
    assert not customers.tally.accepted


def test_an_order_that_nobody_takes_is_given_up_with_the_reason(
    make_customers: Callable[..., Customers],
) -> None:
    customers = make_customers("http://127.0.0.1:9", patience_s=0.0)

    customers.burst(1)

    assert "ConnectError" in customers.tally.given_up["order-000001"]


def test_discounts_are_sent_only_when_asked_for(make_customers: Callable[..., Customers]) -> None:
    with order_service(lambda _order, _times: 202) as (url, seen):
        customers = make_customers(url)
        customers.burst(4)
        before = list(seen)
        customers.use_discounts = True
        customers.burst(4)
        customers.close()

    assert not any("discount_code" in order for order in before)
    assert len(customers.tally.with_discount) == 2


def test_orders_flow_while_the_block_runs_and_stop_with_it(make_customers: Callable[..., Customers]) -> None:
    enough = threading.Event()

    def answer(_order: dict[str, object], _times: int) -> int:
        if int(str(_order["order_id"]).removeprefix("order-")) >= 10:
            enough.set()
        return 202

    with order_service(answer) as (url, seen):
        customers = make_customers(url)
        with customers.flowing(per_second=200):
            assert enough.wait(10)
        count = len(seen)
        customers.close()

    assert len(customers.tally.accepted) >= 10
    assert len(seen) == count


def test_customers_that_leave_do_not_try_again(make_customers: Callable[..., Customers]) -> None:
    tried = threading.Event()

    def answer(_order: dict[str, object], _times: int) -> int:
        tried.set()
        return 503

    def interrupted(customers: Customers) -> None:
        with customers.flowing(per_second=200):
            assert tried.wait(10)
            raise KeyboardInterrupt

    with order_service(answer) as (url, _seen):
        customers = make_customers(url, patience_s=1000.0)
        with pytest.raises(KeyboardInterrupt):
            interrupted(customers)
        customers.close()

    assert customers.tally.given_up
    assert not customers.tally.accepted
