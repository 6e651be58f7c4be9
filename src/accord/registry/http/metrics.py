"""What the registry counts, for Prometheus, in a collector registry of its own."""

from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate
from typing import Final, Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Metric, ProcessCollector
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from accord.registry.core import queries
from accord.registry.core.errors import IncompatibleSchema
from accord.registry.core.state import RegistryState

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"})
_BUCKETS_S: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 10.0)


class RegistryMetrics:
    """The metrics of one registry; ``state`` is asked whenever somebody looks."""

    def __init__(self, state: RegistryState) -> None:
        self._collectors = CollectorRegistry()
        ProcessCollector(registry=self._collectors)
        self.durations = Durations()
        self._collectors.register(self.durations)
        self._registrations = Counter(
            "accord_registry_registrations",
            "Versions that were registered; what was there already does not count.",
            registry=self._collectors,
        )
        self._rejections = Counter(
            "accord_registry_rejections",
            "Registrations that were refused as incompatible, by each rule that they broke.",
            ["rule"],
            registry=self._collectors,
        )
        self._reports = Counter(
            "accord_registry_reports",
            "Reports of readers, deployments and the like that came in, by what became of them.",
            ["kind", "result"],
            registry=self._collectors,
        )
        schemas = Gauge(
            "accord_registry_schemas",
            "Schema ids in use, soft-deleted ones included.",
            registry=self._collectors,
        )
        schemas.set_function(lambda: sum(len(ids.contents) for ids in state.id_spaces.values()))
        subjects = Gauge(
            "accord_registry_subjects", "Subjects with a live version.", registry=self._collectors
        )
        subjects.set_function(lambda: len(queries.subjects(state)))

    def registered(self) -> None:
        """Count one new version."""
        self._registrations.inc()

    def rejected(self, error: IncompatibleSchema) -> None:
        """Count one refusal."""
        for rule in _rules(error):
            self._rejections.labels(rule).inc()

    def reported(self, kind: str, result: Literal["kept", "refused"]) -> None:
        """Count one report."""
        self._reports.labels(kind, result).inc()

    def exposition(self) -> bytes:
        """All of it, in Prometheus' text format."""
        return generate_latest(self._collectors)


def _rules(error: IncompatibleSchema) -> Iterable[str]:
    return {finding.rule for finding in error.verdict.objections}


class Durations(Collector):
    """How long requests took, by route, method and status. Counted by one thread: without locks that takes a third."""

    def __init__(self) -> None:
        # For each bucket how many are in it and in none before; at the end all seconds together.
        self._counted: dict[tuple[str, str, int], list[float]] = {}

    def add(self, seconds: float, labels: tuple[str, str, int]) -> None:
        """Count one request; its route, never its path: paths are without number."""
        counted = self._counted.get(labels) or self._new(labels)
        counted[bisect_left(_BUCKETS_S, seconds)] += 1
        counted[-1] += seconds

    def _new(self, labels: tuple[str, str, int]) -> list[float]:
        route, method, status = labels
        # Methods are without number, too.
        known = (route, method if method in _METHODS else "other", status)
        return self._counted.setdefault(known, [0] * (len(_BUCKETS_S) + 1) + [0.0])

    def collect(self) -> Iterable[Metric]:
        """All of it, as Prometheus wants it."""
        durations = HistogramMetricFamily(
            "accord_registry_http_request_duration_seconds",
            "Time from the head of a request to the end of its answer.",
            labels=["route", "method", "status"],
        )
        bounds = [*map(floatToGoString, _BUCKETS_S), "+Inf"]
        for (route, method, status), (*buckets, seconds) in self._counted.items():
            durations.add_metric(
                [route, method, str(status)],
                buckets=list(zip(bounds, accumulate(buckets), strict=True)),
                sum_value=seconds,
            )
        yield durations
