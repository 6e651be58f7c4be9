"""Ports for a cluster that tests start: away from the defaults, and from what systems give out by themselves."""

from pathlib import Path
from typing import Final

from accord.cluster import ClusterSpec
from accord.cluster.errors import PortTaken
from accord.cluster.ports import require_free

_BASES: Final = range(21092, 31000, 20)


def free_row(*, brokers: int) -> ClusterSpec:
    """A cluster of so many brokers on ports that are free now. Raises PortTaken."""
    for base in _BASES:
        spec = ClusterSpec(brokers=brokers, port_base=base)
        try:
            require_free(spec.nodes(Path()))
        except PortTaken:
            continue
        return spec
    raise PortTaken("no row of free ports is left on this machine", hint="end some programs and try again")
