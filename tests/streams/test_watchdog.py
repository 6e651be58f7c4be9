import logging
import threading

import pytest

from accord.kafka import RawRecord, TopicPartition, message_of
from accord.streams.errors import HandlerStuck
from accord.streams.flow import Flow
from accord.streams.lanes import Run
from accord.streams.tracker import DONE
from accord.streams.watchdog import Watchdog

HERE = TopicPartition("orders", 0)


class World:
    def __init__(self) -> None:
        self.now = 0.0
        self.flow = Flow(capacity=10, clock=lambda: self.now)
        self.flow.assign([HERE])
        self.flow.put([message_of(RawRecord(*HERE, offset, None, None)) for offset in range(5)])
        self.watchdog = Watchdog(self.flow, max_handler_s=10, clock=lambda: self.now)

    def take(self) -> Run:
        run = self.flow.take()
        assert run is not None
        run.hand = run.indexes[0]
        return run

    def look_after(self, seconds: float) -> None:
        self.now += seconds
        self.watchdog.look()


@pytest.fixture
def world() -> World:
    return World()


def test_a_handler_that_does_not_come_back_is_told_with_its_stack_and_ends_everything(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    taken, go_on = threading.Event(), threading.Event()

    def handler_that_hangs() -> None:
        world.take()
        taken.set()
        go_on.wait(20)

    thread = threading.Thread(target=handler_that_hangs)
    thread.start()
    taken.wait(10)
    world.look_after(0)
    world.look_after(9)
    assert not world.flow.failed
    world.look_after(2)
    go_on.set()
    thread.join(10)
    with pytest.raises(HandlerStuck, match=r"orders\[0\]@0") as caught:
        world.flow.take()
    assert "max_handler_s" in caught.value.hint
    [told] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "handler_that_hangs" in told.message


def test_nobody_waits_for_the_handler_that_hangs_and_what_it_finishes_late_is_not_committed(
    world: World,
) -> None:
    run = world.take()
    world.look_after(0)
    world.look_after(11)
    assert world.flow.release([HERE], within_s=3600) == {}
    world.flow.forget([HERE])
    run.finished[run.hand] = DONE
    assert world.flow.storable() == {}


def test_each_record_has_the_whole_time(world: World) -> None:
    run = world.take()
    for index in run.indexes:
        run.hand = index
        world.look_after(0)
        world.look_after(9)
        run.finished[index] = DONE
    assert not world.flow.failed


def test_each_try_has_the_whole_time(world: World) -> None:
    for _ in range(5):
        run = world.take()
        world.look_after(0)
        world.look_after(9)
        world.flow.again(run, after_s=0)
    assert not world.flow.failed


def test_a_loop_that_stands_still_between_records_is_nobodys_handler(world: World) -> None:
    run = world.take()
    run.finished[run.hand] = DONE
    world.look_after(0)
    world.look_after(1000)
    assert not world.flow.failed
