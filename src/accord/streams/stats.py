"""What a consumer counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ConsumerStats:
    """Counts since the consumer started, and what it holds now.

    ``done`` counts records whose block was left normally, ``dead_lettered`` those put aside and acknowledged, by error
    code, ``moved`` those handed to a retry topic; ``retried`` handler runs that will be repeated; ``registry_waits`` how
    often records had to wait for the registry; ``skipped`` events that no contract speaks of, passed over; ``stale``
    records that were finished after their partition had gone; ``in_flight`` records fetched and not finished; ``paused``
    partitions.
    """

    consumed: int = 0
    done: int = 0
    dead_lettered: Mapping[str, int] = field(default_factory=dict)
    moved: int = 0
    retried: int = 0
    registry_waits: int = 0
    skipped: int = 0
    stale: int = 0
    in_flight: int = 0
    paused: int = 0
