"""Customers: orders posted over HTTP, each again and again until it is accepted."""

import itertools
import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx2

ACCEPTED = 202
REPEAT_EVERY = 40
RETRY_AFTER_S = 0.25


@dataclass(slots=True)
class Tally:
    """What the customers know: which orders were accepted, when the last one was, and what was never accepted."""

    accepted: set[str] = field(default_factory=set)
    with_discount: set[str] = field(default_factory=set)
    repeated: int = 0
    tries_again: int = 0
    given_up: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


class Customers:
    """Post orders to the order service at ``url`` from a few connections at once.

    Every 40th order is posted twice on purpose, as a client does that lost the answer. A refused connection or a
    503 is tried again for up to ``patience_s`` seconds: an order is accepted only by a 202.
    """

    def __init__(self, url: str, *, connections: int = 12, patience_s: float = 60.0) -> None:
        self.tally = Tally()
        self.use_discounts = False
        self._url = f"{url}/orders"
        self._patience_s = patience_s
        self._numbers = itertools.count(1)
        self._dice = random.Random(20)  # noqa: S311 -- amounts, not secrets
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._pool = ThreadPoolExecutor(connections, thread_name_prefix="customer")
        self._client = httpx2.Client(timeout=60, limits=httpx2.Limits(max_connections=connections))

    def burst(self, orders: int) -> float:
        """Post ``orders`` orders as fast as they are taken; answers the seconds it took."""
        started = time.monotonic()
        for posted in [self._pool.submit(self._order) for _ in range(orders)]:
            posted.result()
        return time.monotonic() - started

    @contextmanager
    def flowing(self, *, per_second: float) -> Iterator[None]:
        """Post orders at a steady rate while the block runs, then wait for the last answers unless it failed."""
        stop = threading.Event()
        posted = []

        def flow() -> None:
            while not stop.wait(1 / per_second):
                posted.append(self._pool.submit(self._order))

        thread = threading.Thread(target=flow, name="flow")
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
        for order in posted:
            order.result()

    def close(self) -> None:
        """Hang up; an order that was not accepted yet is not tried again."""
        self._closing.set()
        self._pool.shutdown(cancel_futures=True)
        self._client.close()

    def _order(self) -> None:
        with self._lock:
            number = next(self._numbers)
            order: dict[str, object] = {
                "order_id": f"order-{number:06}",
                "customer_id": f"customer-{self._dice.randrange(500):03}",
                "total_amount": round(self._dice.uniform(5, 500), 2),
                "currency": self._dice.choice(["EUR", "USD", "SEK"]),
            }
            if self.use_discounts and number % 2:
                order["discount_code"] = "WELCOME10"
        if self._post(order) and number % REPEAT_EVERY == 0 and self._post(order):
            with self._lock:
                self.tally.repeated += 1

    def _post(self, order: dict[str, object]) -> bool:
        order_id = str(order["order_id"])
        deadline = time.monotonic() + self._patience_s
        while True:
            try:
                answer = self._client.post(self._url, json=order)
                reason = answer.text
            except httpx2.TransportError as error:
                answer, reason = None, repr(error)
            with self._lock:
                if answer is not None and answer.status_code == ACCEPTED:
                    self.tally.accepted.add(order_id)
                    if "discount_code" in order:
                        self.tally.with_discount.add(order_id)
                    return True
                if answer is not None and answer.is_client_error:
                    self.tally.refused[order_id] = reason
                    return False
                if time.monotonic() > deadline or self._closing.is_set():
                    self.tally.given_up[order_id] = reason
                    return False
                self.tally.tries_again += 1
            self._closing.wait(RETRY_AFTER_S)
