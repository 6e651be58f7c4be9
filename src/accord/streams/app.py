"""An application: handlers of events, and all that it takes to run them.

app = App("127.0.0.1:9092", registry)

@app.on(ORDERS, group="billing", publishes=INVOICES, workers=8)
def bill(order: OrderCreated, context: Context) -> InvoiceMade | None:
    return invoice_for(order)

app.run()            # until SIGTERM or Ctrl-C
"""

import asyncio
import logging
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import Any, Final, TypeVar

from accord.client import ReaderReport, Registry
from accord.errors import AccordError, ConfigurationError, UnavailableError
from accord.kafka import KafkaSettings, Start
from accord.streams.async_consumer import AsyncConsumer
from accord.streams.async_producer import AsyncProducer
from accord.streams.asyncapi import asyncapi
from accord.streams.asyncapi_parts import Document
from accord.streams.consumer import Consumer
from accord.streams.contract import Contract
from accord.streams.dedupe import Dedupe, Marks
from accord.streams.groups import Dlq, Group, GroupChoices
from accord.streams.handlers import Handler, KeyOf, handler
from accord.streams.health import GroupHealth, Health
from accord.streams.producer import Producer
from accord.streams.reading import Others
from accord.streams.reporting import observed
from accord.streams.retry import Retry
from accord.streams.workers import TaskWorkers, ThreadWorkers, Workers

logger = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 0.1
STOPPING_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)

F = TypeVar("F", bound=Callable[..., Any])


class App:
    """Handlers of events, by group; declaring them does nothing but check them.

    ``budget_s`` bounds how long a stop waits for the records in hand; Consumer says how long unless said otherwise.
    ``service`` is the name under which the registry is told what the handlers read, instead of each group's; with
    ``report_reader=False`` it is not told.
    """

    def __init__(
        self,
        kafka: KafkaSettings | str,
        registry: Registry,
        *,
        budget_s: float | None = None,
        service: str | None = None,
        report_reader: bool = True,
    ) -> None:
        self._kafka = KafkaSettings.of(kafka)
        self._registry = registry
        self._budget_s = budget_s
        self._service = service
        self._report_reader = report_reader
        self._groups: dict[str, Group] = {}
        self._workers: Sequence[Workers] = ()
        self._starting = threading.Lock()
        self._is_started = False
        self._is_running = False
        self._stopping = False

    @property
    def groups(self) -> tuple[Group, ...]:
        """What was declared, by group."""
        return tuple(self._groups.values())

    @property
    def handlers(self) -> tuple[Handler, ...]:
        """What was declared."""
        return tuple(handler for group in self.groups for handler in group.handlers)

    def on(
        self,
        *contracts: Contract[Any],
        group: str,
        publishes: Contract[Any] | Sequence[Contract[Any]] = (),
        key: KeyOf | None = None,
        retry: Retry | None = None,
        dlq: Dlq | None = None,
        dedupe: Dedupe | None = None,
        workers: int | None = None,
        start: Start | None = None,
        others: Others | None = None,
        max_handler_s: float | None = None,
    ) -> Callable[[F], F]:
        """Let the function below handle the events of ``contracts``, for ``group``.

        It takes the event and, if it has a second parameter, a Context; plain functions run in ``workers`` threads,
        coroutines in as many tasks, and events with the same key one after the other in either. Tombstones come to a
        function whose event may be None, and are passed over otherwise. What it returns, an event or a list of them, is
        published to the contract of its class among ``publishes``, with the ``key`` that a function of the event or the
        name of its field says, or else with the key of what was handled.

        The other choices are the group's: give them with one of its handlers. Consumer says what they mean. Raises
        ConfigurationError.
        """
        choices = GroupChoices(retry, dlq, dedupe, workers, start, others, max_handler_s)

        def declare(function: F) -> F:
            if self._is_started:
                raise ConfigurationError(
                    "the application runs already", hint="declare handlers before run() or serve()"
                )
            declared = handler(function, contracts, group=group, publishes=publishes, key=key)
            known = self._groups.get(group) or Group(group)
            self._groups[group] = known.with_handler(declared, choices)
            return function

        return declare

    def run(self) -> None:
        """Run until SIGTERM or SIGINT, then finish what is in hand; a second signal ends the process at once.

        If a group fails, the others stop too, and the process exits with the error's exit code.
        """
        try:
            with _stopping_on_signals(self.stop):
                asyncio.run(self.serve())
        except AccordError as error:
            # Not only in ``extra``: who has configured no logging sees the message alone.
            told = f"{error.message}; {error.hint}" if error.hint else error.message
            logger.critical("the application has stopped: %s", told)
            raise SystemExit(error.exit_code) from error

    async def serve(self) -> None:
        """Run until ``stop()``, or until the task is cancelled. Raises what a group failed with, and what keeps it from starting.

        Before anything is handled: topics, retry topics and dead-letter topics are there, and code and registry agree.
        """
        with self._starting:
            if self._is_started:
                raise ConfigurationError(
                    "the application was started before", hint="make a new App for another run"
                )
            self._is_started = True
        if not self._groups:
            raise ConfigurationError(
                "the application handles nothing", hint="declare handlers with @app.on(...)"
            )
        async with AsyncExitStack() as stack:
            workers = await self._started(stack)
            for one in workers:
                one.work()
            self._is_running = True
            try:
                # Looked at now and then: who stops may be a signal handler, and who fails any thread.
                while not self._stopping and all(one.failure is None for one in workers):  # noqa: ASYNC110 -- see above
                    await asyncio.sleep(LOOK_EVERY_S)
            finally:
                self._is_running = False
        # Not before: something may fail while it stops.
        for one in workers:
            if one.failure is not None:
                raise one.failure

    def stop(self) -> None:
        """Let ``serve`` finish what is in hand, and end. Any thread may call it, and a signal handler."""
        self._stopping = True
        for one in self._workers:
            one.stop()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Run in this event loop for as long as the block lasts, beside a web server for example.

        Like ``running``, the block begins when all groups have started. A group that fails meanwhile is told by ``health``.
        """
        serving = asyncio.create_task(self.serve())
        try:
            while not (self._is_running or serving.done()):  # noqa: ASYNC110 -- see `serve`
                await asyncio.sleep(LOOK_EVERY_S / 10)
            if serving.done():
                await serving
            yield
        finally:
            self.stop()
            await serving

    @contextmanager
    def running(self, *, start_within_s: float = 60.0) -> Iterator[None]:
        """Run on a thread of its own for as long as the block lasts.

        The block begins when all groups have started, or raises what keeps them from it; leaving it stops the
        application, and raises what a group has failed with.
        """
        ended: list[BaseException | None] = []
        thread = threading.Thread(target=self._run_into, args=(ended,), name="accord-app", daemon=True)
        thread.start()
        try:
            self._await_start(ended, start_within_s)
            yield
        finally:
            self.stop()
            thread.join()
        if ended[0] is not None:
            raise ended[0]

    def health(self) -> Health:
        """How the groups are. Any thread may call it."""
        running = {one.group: one for one in (worker.health() for worker in self._workers)}
        return Health(
            tuple(
                running.get(name) or GroupHealth(name, alive=True, ready=False, why=("not started yet",))
                for name in self._groups
            ),
            self._is_running,
        )

    def readers(self) -> tuple[ReaderReport, ...]:
        """What the registry is told at the start of who reads what; nothing with ``report_reader=False``."""
        if not self._report_reader:
            return ()
        return tuple(
            report
            for group in self.groups
            for report in observed(group.contracts, service=self._service or group.name, group=group.name)
        )

    def asyncapi(self, *, title: str, version: str) -> Document:
        """What is read and written here, as an AsyncAPI 3 document: for ``json.dump``."""
        return asyncapi(
            self.groups,
            title=title,
            version=version,
            brokers=self._kafka.bootstrap_servers,
            registry_url=self._registry.url,
        )

    async def _started(self, stack: AsyncExitStack) -> Sequence[Workers]:
        """Everything that there is to run, ready to work; the stack closes it."""
        for marks in self._marks():
            stack.callback(marks.close)
            await asyncio.to_thread(marks.open)
        producer, async_producer = await self._producers(stack)
        workers: list[Workers] = [
            TaskWorkers(
                group, AsyncConsumer(self._kafka, self._registry, **self._choices(group)), async_producer
            )
            if group.is_async
            else ThreadWorkers(group, Consumer(self._kafka, self._registry, **self._choices(group)), producer)
            for group in self.groups
        ]
        self._workers = workers
        stack.push_async_callback(_close, workers)
        for one in workers:
            await one.start()
        return workers

    async def _producers(self, stack: AsyncExitStack) -> tuple[Producer | None, AsyncProducer | None]:
        plain = [item for group in self.groups if not group.is_async for item in group.publishes]
        awaited = [item for group in self.groups if group.is_async for item in group.publishes]
        producer = async_producer = None
        if plain:
            producer = await asyncio.to_thread(Producer, self._kafka, self._registry)
            stack.push_async_callback(asyncio.to_thread, producer.close)
            await asyncio.to_thread(producer.prepare, *plain)
        if awaited:
            async_producer = await stack.enter_async_context(
                AsyncProducer(self._kafka, self._registry, contracts=awaited)
            )
        return producer, async_producer

    def _choices(self, group: Group) -> dict[str, Any]:
        """How the group's consumer is made."""
        choices = group.choices
        optional = {
            "start": choices.start,
            "others": choices.others,
            "max_handler_s": choices.max_handler_s,
            "budget_s": self._budget_s,
            "service": self._service,
        }
        return {
            "group": group.name,
            "contracts": group.contracts,
            "retry": group.retry,
            "lanes": group.workers,
            "breaker": group.dlq.breaker,
            "stacktraces": group.dlq.stacktraces,
            "letters_also": group.dlq.also,
            "report_reader": self._report_reader,
            **{name: value for name, value in optional.items() if value is not None},
        }

    def _marks(self) -> Sequence[Marks]:
        found = [group.choices.dedupe.marks for group in self.groups if group.choices.dedupe is not None]
        return [marks for place, marks in enumerate(found) if marks not in found[:place]]

    def _run_into(self, ended: "list[BaseException | None]") -> None:
        try:
            asyncio.run(self.serve())
        except BaseException as error:  # noqa: BLE001 -- whoever waits for the thread gets it
            ended.append(error)
        else:
            ended.append(None)

    def _await_start(self, ended: "list[BaseException | None]", within_s: float) -> None:
        deadline = time.monotonic() + within_s
        while not self._is_running:
            if ended:
                raise ended[0] or ConfigurationError("the application was stopped before it began")
            if time.monotonic() > deadline:
                raise UnavailableError(
                    f"the application has not started within {within_s:g} s",
                    hint="; ".join(self.health().why),
                )
            time.sleep(LOOK_EVERY_S / 10)


async def _close(workers: Sequence[Workers]) -> None:
    for one in workers:
        one.stop()
    await asyncio.gather(*(one.close() for one in workers))


@contextmanager
def _stopping_on_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Call ``stop`` on the first signal that asks the process to end; the second one does what it always did."""
    if threading.current_thread() is not threading.main_thread():
        # Only the main thread hears of signals.
        yield
        return
    before = {number: signal.getsignal(number) for number in STOPPING_SIGNALS}

    def restore() -> None:
        for number, previous in before.items():
            signal.signal(number, previous)

    def heard(number: int, _frame: object) -> None:
        restore()
        logger.info("stopping", extra={"signal": signal.Signals(number).name})
        stop()

    for number in before:
        signal.signal(number, heard)
    try:
        yield
    finally:
        restore()
