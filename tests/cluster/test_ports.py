import os
import socket
from pathlib import Path

import pytest

from accord.cluster.errors import PortTaken
from accord.cluster.plan import ClusterSpec
from accord.cluster.ports import free_pair, require_free


def test_a_taken_port_is_named_with_who_holds_it_and_the_way_out() -> None:
    base = free_pair()
    nodes = ClusterSpec(brokers=1, port_base=base).nodes(Path())

    with socket.create_server(("127.0.0.1", base + 1)), pytest.raises(PortTaken) as refusal:
        require_free(nodes)

    assert f"port {base + 1} (" in refusal.value.message
    assert f"process {os.getpid()}" in refusal.value.message
    assert str(base) + " " not in refusal.value.message
    assert "--port-base" in refusal.value.hint


def test_all_taken_ports_are_told_at_once() -> None:
    base = free_pair()
    nodes = ClusterSpec(brokers=1, port_base=base).nodes(Path())

    with (
        socket.create_server(("127.0.0.1", base)),
        socket.create_server(("127.0.0.1", base + 1)),
        pytest.raises(PortTaken, match=rf"ports {base} .*, {base + 1} .* are taken"),
    ):
        require_free(nodes)


def test_free_ports_are_accepted() -> None:
    require_free(ClusterSpec(brokers=1, port_base=free_pair()).nodes(Path()))
