"""A Java and the proven jars: everything needed to run a program of Kafka."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from accord.cluster import plan
from accord.cluster.runtime import Runtime

BROKER = "kafka.Kafka"
BROKER_LOG_SETTINGS = Path(__file__).with_name("log4j2.broker.properties")
TOOL_LOG_SETTINGS = Path(__file__).with_name("log4j2.tool.properties")


@dataclass(frozen=True, slots=True)
class Toolchain:
    """A Java with Kafka's jars; ``prepared`` is the folder of what was made once for exactly this pair."""

    runtime: Runtime
    classpath: tuple[Path, ...]
    prepared: Path

    @property
    def checkpoint(self) -> Path:
        """The features that a new cluster begins with, in Kafka's own form: the same file for every broker."""
        return self.prepared / "bootstrap.checkpoint"

    @property
    def start_cache(self) -> Path:
        """Kafka's classes, loaded and linked (Java 25 and newer); brokers start without it too."""
        return self.prepared / "start.aot"

    def broker(self, node: plan.Node, spec: plan.ClusterSpec, *, record: Path | None = None) -> list[str]:
        """The command line of a broker; with ``record`` it writes a start cache there when it ends."""
        start = [f"-XX:AOTCacheOutput={record}"] if record else self._quick_start()
        return plan.java_command(
            self.runtime.java,
            classpath=self.classpath,
            log_settings=BROKER_LOG_SETTINGS,
            main=BROKER,
            arguments=[str(node.properties_file)],
            options=[*start, *plan.broker_options(node, spec)],
        )

    def tool(self, main: str, arguments: Sequence[str]) -> list[str]:
        """The command line of one of Kafka's tools."""
        return plan.java_command(
            self.runtime.java,
            classpath=self.classpath,
            log_settings=TOOL_LOG_SETTINGS,
            main=main,
            arguments=arguments,
            options=[*self._quick_start(), "-Xmx256m"],
        )

    def _quick_start(self) -> list[str]:
        return [f"-XX:AOTCache={self.start_cache}"] if self.start_cache.is_file() else []
