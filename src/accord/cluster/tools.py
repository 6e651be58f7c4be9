"""Kafka's own command line tools: which program each name stands for, and where it takes the cluster's address."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from accord.cluster.errors import UnknownTool

ADDRESS = "--bootstrap-server"
OTHER_ADDRESSES = ("--bootstrap-controller", "--broker-list", "--command-config-only")


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool: its Java class, and whether it talks to a cluster."""

    main: str
    connects: bool = True
    address_last: bool = False

    def pointed_at(self, servers: str, arguments: Sequence[str]) -> list[str]:
        """The arguments with the cluster's address, if the tool needs one and none is given."""
        given = list(arguments)
        named = any(argument.partition("=")[0] in (ADDRESS, "--bootstrap-controller") for argument in given)
        if not self.connects or named or not given or "--help" in given:
            return given
        return [*given, ADDRESS, servers] if self.address_last else [ADDRESS, servers, *given]


TOOLS = {
    "kafka-topics": Tool("org.apache.kafka.tools.TopicCommand"),
}


def find(name: str) -> Tool:
    """The tool of this name, with or without ``.sh``. Raises UnknownTool."""
    tool = TOOLS.get(name.removesuffix(".sh"))
    if tool:
        return tool
    near = difflib.get_close_matches(name, TOOLS, n=1)
    raise UnknownTool(
        f"Kafka has no tool '{name}'" + (f" (did you mean '{near[0]}'?)" if near else ""),
        hint="the tools: " + ", ".join(TOOLS),
    )
