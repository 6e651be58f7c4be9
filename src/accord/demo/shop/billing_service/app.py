"""Consumes orders, keeps invoices, answers for them over HTTP.

The handler may see a record twice (at-least-once); the database makes that harmless. It never sees a record that
breaks the contract: those are on ``orders.created-dlq`` by then.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict

from prometheus_client import CollectorRegistry, Counter
from prometheus_client.core import CounterMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

import accord
from accord.demo.shop import web
from accord.demo.shop.billing_service.invoices import Invoices, invoice_for
from accord.demo.shop.events import VERSIONS, v1, v2
from accord.demo.shop.settings import Settings

PAGE = 1000


class Billing:
    """The service: an application with one handler, and the invoices."""

    def __init__(self, settings: Settings) -> None:
        self.registry = accord.Registry(settings.registry)
        self.invoices = Invoices(settings.database)
        self.app = accord.App(settings.kafka, self.registry)
        self.app.on(VERSIONS[settings.event_version], group=settings.group)(self.bill)
        self.metrics = CollectorRegistry()
        self.metrics.register(ConsumerMetrics(self.app))
        self.made = Counter("billing_invoices_total", "Invoices made.", registry=self.metrics)
        self.repeated = Counter(
            "billing_repeated_orders_total", "Orders that had an invoice.", registry=self.metrics
        )
        self.discounted = Counter(
            "billing_discounted_orders_total", "Orders with a discount.", registry=self.metrics
        )

    def bill(self, order: v1.OrderCreated | v2.OrderCreated) -> None:
        """Make the invoice of one order; one that is taken back (a tombstone) does not come here, and keeps its invoice."""
        if getattr(order, "discount_code", None) is not None:
            self.discounted.inc()
        invoice = invoice_for(
            order.order_id,
            customer_id=order.customer_id,
            amount=order.total_amount,
            currency=order.currency,
            ordered_at=order.created_at,
        )
        (self.made if self.invoices.add(invoice) else self.repeated).inc()

    async def show(self, request: Request) -> Response:
        """``GET /invoices/{order_id}``."""
        order_id: str = request.path_params["order_id"]
        invoice = await asyncio.to_thread(self.invoices.of_order, order_id)
        if invoice is None:
            return JSONResponse({"error": f"order '{order_id}' has no invoice yet"}, status_code=404)
        return JSONResponse(asdict(invoice))

    async def listing(self, request: Request) -> Response:
        """``GET /invoices?after=ORDER_ID``: the count, and a page of invoices by order id."""
        page = await asyncio.to_thread(self.invoices.after, request.query_params.get("after", ""), limit=PAGE)
        count = await asyncio.to_thread(self.invoices.count)
        return JSONResponse({"count": count, "invoices": [asdict(invoice) for invoice in page]})

    def is_healthy(self) -> bool:
        """Whether it bills."""
        return self.app.health().alive

    def close(self) -> None:
        """Let go."""
        self.invoices.close()
        self.registry.close()


class ConsumerMetrics(Collector):
    """What the consumer counts itself, for Prometheus."""

    def __init__(self, app: accord.App) -> None:
        self._app = app

    def collect(self) -> Iterator[Metric]:
        """Read the counters at scrape time."""
        (group,) = self._app.health().groups
        stats = group.stats
        letters = CounterMetricFamily("billing_dead_letters", "Dead letters by error code.", labels=["code"])
        for code, number in stats.dead_lettered.items():
            letters.add_metric([code], number)
        yield letters
        yield CounterMetricFamily("billing_records", "Records done.", value=stats.done)


def create_app(settings: Settings) -> Starlette:
    """The service as an ASGI application; consuming starts and stops with it."""
    billing = Billing(settings)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            async with billing.app.serving():
                yield
        finally:
            await asyncio.to_thread(billing.close)

    routes = [
        Route("/invoices", billing.listing),
        Route("/invoices/{order_id:path}", billing.show),
        *web.operations(billing.metrics, healthy=billing.is_healthy),
    ]
    return Starlette(routes=routes, lifespan=lifespan)
