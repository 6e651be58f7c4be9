"""Who moves first in a rollout."""

import pytest

from accord.contracts.rollout.order import Order, ReaderState, decide_order
from accord.schemas import Deployment, DeployOrder

READY = ReaderState("billing", "2.0", reads_new=True)
BEHIND = ReaderState("search", "1.0", reads_new=False, why="`total` is not there")
STUCK = ReaderState("audit", "1.0", reads_new=False, reads_old=False, why="total is another type")


@pytest.mark.parametrize(
    ("verdict", "readers", "expected"),
    [
        (DeployOrder.FIRST_VERSION, [], Order.EITHER),
        (DeployOrder.EITHER_ORDER, [READY], Order.EITHER),
        (DeployOrder.CONSUMERS_FIRST, [], Order.CONSUMERS_FIRST),
        (DeployOrder.CONSUMERS_FIRST, [READY], Order.EITHER),
        (DeployOrder.CONSUMERS_FIRST, [READY, BEHIND], Order.CONSUMERS_FIRST),
        (DeployOrder.PRODUCERS_FIRST, [READY], Order.PRODUCERS_FIRST),
        (DeployOrder.NO_SAFE_ORDER, [], Order.NONE),
        (DeployOrder.NO_SAFE_ORDER, [READY], Order.EITHER),
        (DeployOrder.NO_SAFE_ORDER, [READY, STUCK], Order.NONE),
    ],
)
def test_the_order_is_that_of_the_schemas_as_far_as_readers_need_it(
    verdict: DeployOrder, readers: list[ReaderState], expected: Order
) -> None:
    decided = decide_order(Deployment(verdict, "the advice"), readers)

    assert decided.order is expected


def test_the_reason_names_the_readers() -> None:
    decided = decide_order(Deployment(DeployOrder.CONSUMERS_FIRST, ""), [READY, BEHIND])

    assert decided.why == "upgrade first: search 1.0 (`total` is not there)"
