"""What the registry counts, for Prometheus, in a collector registry of its own."""

from collections.abc import Iterable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from accord.registry.core import queries
from accord.registry.core.errors import IncompatibleSchema
from accord.registry.core.state import RegistryState

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST

_BUCKETS_S: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 10.0)


class RegistryMetrics:
    """The metrics of one registry; ``state`` is asked whenever somebody looks."""

    def __init__(self, state: RegistryState) -> None:
        self._collectors = CollectorRegistry()
        ProcessCollector(registry=self._collectors)
        self._durations = Histogram(
            "accord_registry_http_request_duration_seconds",
            "Time from the head of a request to the end of its answer.",
            ["route", "method", "status"],
            buckets=_BUCKETS_S,
            registry=self._collectors,
        )
        # Finding the child of a label set costs more than counting with it.
        self._children: dict[tuple[str, str, int], Histogram] = {}
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

    def request_took(self, seconds: float, *, route: str, method: str, status: int) -> None:
        """Count one request."""
        key = route, method, status
        child = self._children.get(key)
        if child is None:
            child = self._children[key] = self._durations.labels(route, method, str(status))
        child.observe(seconds)

    def registered(self) -> None:
        """Count one new version."""
        self._registrations.inc()

    def rejected(self, error: IncompatibleSchema) -> None:
        """Count one refusal."""
        for rule in _rules(error):
            self._rejections.labels(rule).inc()

    def exposition(self) -> bytes:
        """All of it, in Prometheus' text format."""
        return generate_latest(self._collectors)


def _rules(error: IncompatibleSchema) -> Iterable[str]:
    return {finding.rule for finding in error.verdict.objections}
