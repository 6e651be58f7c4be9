"""What is true from outside: the invoices as billing's HTTP API shows them, the dead letters as their topic holds them."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpx2
from prometheus_client.parser import text_string_to_metric_families

from accord.errors import UnavailableError
from accord.kafka import KafkaSettings, RawRecord, read_topic


@dataclass(frozen=True, slots=True)
class Observed:
    """Whether something came true in time, and after how many seconds."""

    true: bool
    after_s: float


def invoices(url: str) -> dict[str, dict[str, object]]:
    """Every invoice by order id."""
    found: dict[str, dict[str, object]] = {}
    after = ""
    with httpx2.Client(timeout=30) as client:
        while page := _get(client, f"{url}/invoices", after=after).json()["invoices"]:
            found |= {invoice["order_id"]: invoice for invoice in page}
            after = page[-1]["order_id"]
    return found


def invoice_count(url: str) -> int:
    """How many invoices there are."""
    with httpx2.Client(timeout=30) as client:
        return int(_get(client, f"{url}/invoices", after="~").json()["count"])


def metric(url: str, name: str) -> float:
    """The sum of one metric over all its labels, as a service exposes it."""
    with httpx2.Client(timeout=30) as client:
        text = _get(client, f"{url}/metrics").text
    samples = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
    return sum(sample.value for sample in samples if sample.name == name)


def dead_letters(kafka: KafkaSettings, topic: str) -> Mapping[str, RawRecord]:
    """Every dead letter by its id, each id once however often it was written."""
    letters: dict[str, RawRecord] = {}
    for record in read_topic(kafka, topic):
        headers = dict(record.headers)
        letters[(headers["accord-dlq-id"] or b"").decode()] = record
    return letters


def until(condition: Callable[[], bool], *, within_s: float, every_s: float = 0.2) -> Observed:
    """Look again and again until ``condition`` is true, or time is up."""
    started = time.monotonic()
    while not (met := condition()) and time.monotonic() - started < within_s:
        time.sleep(every_s)
    return Observed(met, time.monotonic() - started)


def _get(client: httpx2.Client, url: str, **parameters: str) -> httpx2.Response:
    try:
        return client.get(url, params=parameters).raise_for_status()
    except httpx2.HTTPError as error:
        raise UnavailableError(
            f"{url} does not answer as it should: {error}", hint="see the service's log in the demo's folder"
        ) from error
