"""The services as processes: what they say when they cannot start, and how they end."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from accord.demo.processes import Service
from accord.demo.shop.settings import Settings

ORDER = {"order_id": "a-1", "customer_id": "c-1", "total_amount": 12.5, "currency": "EUR"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(settings: Settings, **changes: str) -> dict[str, str]:
    return {
        "SHOP_KAFKA": settings.kafka,
        "SHOP_REGISTRY": settings.registry,
        "SHOP_HTTP_PORT": str(free_port()),
        "SHOP_DATABASE": str(settings.database),
        **changes,
    }


# Each starts programs, which takes seconds.
pytestmark = pytest.mark.soak


@contextmanager
def started(name: str, folder: Path, told: dict[str, str]) -> Iterator[Service]:
    command = [sys.executable, "-m", f"accord.demo.shop.{name}"]
    service = Service(name, command, f"http://127.0.0.1:{told['SHOP_HTTP_PORT']}", folder, told)
    service.start()
    try:
        service.wait_until_well()
        yield service
    finally:
        service.stop()


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("order_service", {"SHOP_HTTP_PORT": "http"}, "SHOP_HTTP_PORT is 'http'"),
        ("order_service", {"SHOP_HTTP_PORT": "65536"}, "SHOP_HTTP_PORT is '65536'"),
        ("order_service", {"SHOP_EVENT_VERSION": "3"}, "SHOP_EVENT_VERSION is '3'"),
        ("order_service", {"SHOP_REGISTRY": "here"}, "'here' is no address of a registry"),
        ("order_service", {"SHOP_REGISTRY": "http://127.0.0.1:9"}, "http://127.0.0.1:9"),
        ("billing_service", {"SHOP_KAFKA": ""}, "no Kafka address is set"),
        ("billing_service", {"SHOP_DATABASE": "/nowhere/billing.db"}, "/nowhere/billing.db cannot be used"),
    ],
)
def test_a_service_that_cannot_start_says_why_in_a_sentence(
    settings: Callable[[int], Settings], name: str, changes: dict[str, str], words: str
) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", f"accord.demo.shop.{name}"],
        env={**os.environ, **environment(settings(2), **changes)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert ended.returncode in {2, 3}
    assert words in ended.stderr
    assert "help: " in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_order_service_that_is_asked_to_end_answers_what_it_has_accepted(
    settings: Callable[[int], Settings], tmp_path: Path
) -> None:
    told = environment(settings(2))
    answers: list[int] = []
    enough = threading.Event()

    def post_until_it_is_gone(url: str) -> None:
        with httpx2.Client() as client:
            while True:
                try:
                    answers.append(client.post(url, json=ORDER).status_code)
                except httpx2.TransportError:
                    return
                if len(answers) > 20:
                    enough.set()

    with started("order_service", tmp_path, told) as service:
        customer = threading.Thread(target=post_until_it_is_gone, args=(f"{service.url}/orders",))
        customer.start()
        assert enough.wait(20)

    customer.join(20)
    assert not customer.is_alive()
    assert set(answers) == {202}
    assert "Traceback" not in service.log.read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_service_ends_in_order_when_it_is_asked_to(
    settings: Callable[[int], Settings], tmp_path: Path, number: signal.Signals
) -> None:
    told = environment(settings(2))
    with (tmp_path / "log").open("wb") as log:
        service = subprocess.Popen(
            [sys.executable, "-m", "accord.demo.shop.billing_service"],
            env={**os.environ, **told},
            stderr=log,
        )
        with service:
            try:
                transport = httpx2.HTTPTransport(retries=20)
                with httpx2.Client(transport=transport) as client:
                    health = client.get(f"http://127.0.0.1:{told['SHOP_HTTP_PORT']}/healthz")
                service.send_signal(number)
                ended = service.wait(20)
            finally:
                service.kill()

    assert health.status_code == 200
    assert ended == 0
    assert "Traceback" not in (tmp_path / "log").read_text()
