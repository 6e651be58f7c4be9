"""How long requests took, as Prometheus wants it."""

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from accord.registry.http.metrics import Durations

NAME = "accord_registry_http_request_duration_seconds"


def told(durations: Durations) -> dict[tuple[str, str], float]:
    """Each sample by its name and the label that tells it from the others."""
    collectors = CollectorRegistry()
    collectors.register(durations)
    (family,) = text_string_to_metric_families(generate_latest(collectors).decode())
    assert (family.name, family.type) == (NAME, "histogram")
    return {
        (sample.name.removeprefix(NAME), sample.labels.get("le", sample.labels["method"])): sample.value
        for sample in family.samples
    }


def test_a_duration_counts_in_its_bucket_and_in_all_larger_ones() -> None:
    durations = Durations()
    for seconds in (0.0005, 0.001, 0.0011, 3.0, 60.0):
        durations.add(seconds, ("/subjects", "GET", 200))

    samples = told(durations)

    buckets = {le: value for (name, le), value in samples.items() if name == "_bucket"}
    assert list(buckets.items())[:2] == [("0.001", 2), ("0.0025", 3)]
    assert list(buckets.items())[-3:] == [("2.5", 3), ("10.0", 4), ("+Inf", 5)]
    assert samples["_count", "GET"] == 5
    assert round(samples["_sum", "GET"], 4) == 63.0026


def test_methods_that_nobody_knows_are_counted_as_one() -> None:
    durations = Durations()
    for method in ("BREW", "BREW", "PROPFIND"):
        durations.add(0.1, ("/subjects", method, 405))

    assert told(durations)["_count", "other"] == 3
