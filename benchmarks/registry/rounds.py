"""Several sides measured in turns, so that a slow moment of the machine hits all of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.registry.load import Outcome, Requests, drive
from benchmarks.registry.processes import Server
from benchmarks.report import Section, at_least

_COLUMNS = ("", "answers/s", "rounds", "p50", "p99", "p99/p50", "server's CPU per answer", "CPU server, load")
_WARM_UP_S = 0.2
_SATURATED = 0.85


@dataclass(frozen=True, slots=True)
class Side:
    """What is measured: who is asked, and what."""

    name: str
    server: Server
    requests: Requests


@dataclass(frozen=True, slots=True)
class Round:
    """One run against one side, with the processor time that the server took for it; errors are those of its warming up, too."""

    outcome: Outcome
    server_cpu_s: float
    errors: Mapping[str, int]

    @property
    def server_cpu_us(self) -> float:
        """What one answer cost the server, in microseconds."""
        return self.server_cpu_s / max(len(self.outcome.latencies_us), 1) * 1e6


@dataclass(frozen=True, slots=True)
class Result:
    """All rounds of a side; what is told is told of the best one."""

    name: str
    rounds: Sequence[Round]

    @property
    def best(self) -> Outcome:
        """The round with the highest rate."""
        return self._best.outcome

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.best.rate

    @property
    def p50_ms(self) -> float:
        """Half of the answers took no longer."""
        return self.best.latency_us(0.5) / 1000

    @property
    def p99_ms(self) -> float:
        """99 of 100 answers took no longer."""
        return self.best.latency_us(0.99) / 1000

    @property
    def server_cpu_us(self) -> float:
        """What one answer cost the server, in microseconds of its processor's time, in the cheapest round."""
        return min(each.server_cpu_us for each in self.rounds)

    @property
    def server_share(self) -> float:
        """How much of its core the server had in the best round."""
        return self._best.server_cpu_s / self.best.seconds

    def row(self) -> Sequence[str]:
        """A line under the columns of ``measure``."""
        best = self.best
        rates = [each.outcome.rate for each in self.rounds]
        return (
            self.name,
            f"{self.rate:,.0f}",
            f"{min(rates):,.0f} to {max(rates):,.0f}",
            f"{self.p50_ms:.2f} ms",
            f"{self.p99_ms:.2f} ms",
            f"{self.p99_ms / max(self.p50_ms, 0.001):.1f}",
            f"{self.server_cpu_us:.1f} us",
            f"{self.server_share:.0%}, {best.cpu_s / best.seconds:.0%}",
        )

    def errors(self) -> list[str]:
        """What came instead of what was expected."""
        return [
            f"{self.name}: {count} times {what}"
            for each in self.rounds
            for what, count in each.errors.items()
        ]

    @property
    def _best(self) -> Round:
        return max(self.rounds, key=lambda each: each.outcome.rate)


def measure(
    sides: Sequence[Side], *, rounds: int, seconds: float, connections: int, into: Section
) -> Mapping[str, Result]:
    """Every side once a round; a table of them and the errors that they had go ``into`` the section."""
    seen: dict[str, list[Round]] = {side.name: [] for side in sides}
    for _ in range(rounds):
        for side in sides:
            seen[side.name].append(_round(side, seconds, connections))
    results = {name: Result(name, of_side) for name, of_side in seen.items()}
    into.table(_COLUMNS, [result.row() for result in results.values()])
    into.errors += [error for result in results.values() for error in result.errors()]
    idle = [result.name for result in results.values() if result.server_share < _SATURATED]
    if idle:
        into.say(
            f"NOT SATURATED: {', '.join(idle)} had less than {_SATURATED:.0%} of the core, so something else was the"
            " limit: the disk, the load, or what else ran on this machine. Rates are no measure of a server then."
        )
    return results


def judge(ours: Result, peer: Result, percent: float, *, into: Section) -> None:
    """Whether the rate of ``ours`` is at least so many percent of the peer's.

    What it is in processor time is said as well: with others on the machine the rates tell who was given the core.
    """
    by_cpu = peer.server_cpu_us / ours.server_cpu_us * 100
    saturated = min(ours.server_share, peer.server_share) >= _SATURATED
    remark = f"{by_cpu:.0f} % by the server's processor time" + ("" if saturated else ", NOT SATURATED")
    seen = ours.rate / peer.rate * 100
    into.goals.append(at_least(f"{ours.name} against {peer.name}", seen, percent, "%", remark=remark))


def _round(side: Side, seconds: float, connections: int) -> Round:
    warm = drive(side.server.port, side.requests, connections=connections, seconds=_WARM_UP_S)
    before = side.server.cpu_s()
    outcome = drive(side.server.port, side.requests, connections=connections, seconds=seconds)
    return Round(outcome, side.server.cpu_s() - before, Counter(warm.errors) + Counter(outcome.errors))
