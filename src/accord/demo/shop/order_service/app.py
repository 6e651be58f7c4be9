"""``POST /orders``: 202 once the broker has the event, and not before.

The client chooses the ``order_id``, so a request that is sent again after a lost answer is the same order.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

import accord
from accord.demo.shop import web
from accord.demo.shop.events import VERSIONS
from accord.demo.shop.settings import Settings

ACKNOWLEDGED_WITHIN_S = 45.0
CLOSED_WITHIN_S = 5.0
MAX_BODY_BYTES = 16 * 1024

Word = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class OrderRequest(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /orders``."""

    order_id: Word
    customer_id: Word
    total_amount: Annotated[float, msgspec.Meta(ge=0)]
    currency: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}\Z")]
    discount_code: Word | None = None


class BodyTooLarge(Exception):
    """Somebody sends more than an order can be."""


class Orders:
    """The service: a producer, a contract, and what it counts."""

    def __init__(self, settings: Settings) -> None:
        self.contract = VERSIONS[settings.event_version]
        self.registry = accord.Registry(settings.registry)
        # Waiting for room in the queue would hold up every other request: a full queue is a 503 at once.
        self.producer = accord.Producer(settings.kafka, self.registry, room_within_s=0)
        self.metrics = CollectorRegistry()
        self.answers = Counter(
            "orders_answers_total", "Answers to POST /orders.", ["status"], registry=self.metrics
        )
        self.acknowledged = Histogram(
            "orders_acknowledged_seconds", "From request to the broker's word.", registry=self.metrics
        )

    async def place(self, request: Request) -> Response:
        """Validate the order, tell Kafka, and answer when Kafka has it."""
        started = time.perf_counter()
        try:
            order = msgspec.json.decode(await _body(request), type=OrderRequest)
            delivery = self.producer.send(self.contract, self._event(order), key=order.order_id)
            await asyncio.wait_for(delivery, ACKNOWLEDGED_WITHIN_S)
        except (msgspec.DecodeError, UnicodeDecodeError, accord.InvalidEvent) as error:
            return self._answer(400, {"error": "the order was not accepted", "reason": str(error)})
        except BodyTooLarge:
            reason = f"an order has at most {MAX_BODY_BYTES} bytes"
            return self._answer(413, {"error": "the order was not accepted", "reason": reason})
        except (accord.AccordError, TimeoutError) as error:
            reason = str(error) or f"Kafka did not acknowledge within {ACKNOWLEDGED_WITHIN_S:.0f} s"
            return self._answer(503, {"error": "try again: sending an order twice is safe", "reason": reason})
        self.acknowledged.observe(time.perf_counter() - started)
        return self._answer(202, {"order_id": order.order_id, "status": "accepted"})

    def close(self) -> None:
        """Let go; everybody who waited for an acknowledgement has an answer by now."""
        self.producer.close(CLOSED_WITHIN_S)
        self.registry.close()

    def _event(self, order: OrderRequest) -> object:
        fields: dict[str, Any] = msgspec.structs.asdict(order)
        discount_code = fields.pop("discount_code")
        if discount_code is not None:
            fields["discount_code"] = discount_code
        try:
            return self.contract.model(**fields, created_at=datetime.now(UTC))
        except TypeError as error:
            raise msgspec.ValidationError("this version of the service knows no `discount_code`") from error

    def _answer(self, status: int, body: dict[str, str]) -> JSONResponse:
        self.answers.labels(str(status)).inc()
        return JSONResponse(body, status_code=status, headers={"Retry-After": "1"} if status == 503 else None)  # noqa: PLR2004


def create_app(settings: Settings) -> Starlette:
    """The service as an ASGI application; it connects when it starts and flushes when it stops."""
    orders = Orders(settings)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            await asyncio.to_thread(orders.producer.prepare, orders.contract)
            yield
        finally:
            await asyncio.to_thread(orders.close)

    routes = [
        Route("/orders", orders.place, methods=["POST"]),
        *web.operations(orders.metrics, healthy=lambda: True),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY_BYTES:
            raise BodyTooLarge
    return bytes(body)
