"""A rollout goes by the registry's clock, whatever the one here says."""

import time

import pytest

from accord.client import Registry
from accord.contracts.rollout.clock import registry_clock
from accord.testing import registry as serve


@pytest.mark.parametrize("wrong_by_s", [0, 1, -90, 7200])
def test_a_clock_that_goes_wrong_is_put_right(wrong_by_s: int) -> None:
    def own_ms() -> int:
        return int((time.time() + wrong_by_s) * 1000)

    with serve() as served, served.client() as client:
        assert isinstance(client, Registry)
        clock = registry_clock(client, own_ms)

        assert abs(clock() - time.time() * 1000) < 2500
