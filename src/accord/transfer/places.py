"""From addresses to sources and targets: here they come together."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Final

from accord.client import Registry
from accord.kafka import KafkaSettings
from accord.transfer.address import Address, FileAddress, SqliteAddress, TopicAddress, UrlAddress
from accord.transfer.errors import PlaceRefused
from accord.transfer.file import FileSource, FileTarget
from accord.transfer.ports import Source, Target
from accord.transfer.rest.source import RegistrySource
from accord.transfer.rest.target import RegistryTarget
from accord.transfer.sqlite import SqliteSource, SqliteTarget
from accord.transfer.topic import TopicSource, TopicTarget

_TIMEOUT_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class World:
    """What places need beside their address: standard input and output, the time, and how brokers are spoken to.

    ``open_things`` closes what is opened.
    """

    stdin: IO[bytes]
    stdout: IO[bytes]
    now: datetime
    open_things: ExitStack
    kafka: Mapping[str, str] = field(default_factory=dict, repr=False)

    def source(self, address: Address) -> Source:
        """What gives the records that are at ``address``."""
        match address:
            case FileAddress(path):
                return FileSource(path, stdin=self.stdin)
            case SqliteAddress(path):
                return SqliteSource(path)
            case TopicAddress(servers, topic):
                return TopicSource(self._brokers(servers), topic, reports_topic=address.reports_topic)
            case UrlAddress(url):
                return RegistrySource(self._registry(url), name=str(address), now_ms=self._now_ms)

    def target(self, address: Address, *, force: bool = False) -> Target:
        """What takes records to ``address``; ``force`` lets subjects of a registry that have versions take more.

        Raises PlaceRefused for a file: that is what ``dump`` is for.
        """
        match address:
            case FileAddress():
                raise PlaceRefused(
                    f"'{address}' is no place of a registry",
                    hint="import to sqlite:PATH, kafka://HOST:PORT/TOPIC or http://HOST:PORT; "
                    "`accord registry export` writes dumps",
                )
            case SqliteAddress(path):
                return SqliteTarget(path)
            case TopicAddress(servers, topic):
                return TopicTarget(self._brokers(servers), topic, reports_topic=address.reports_topic)
            case UrlAddress(url):
                return RegistryTarget(
                    self._registry(url), name=str(address), now_ms=self._now_ms, force=force
                )

    def dump(self, address: Address, *, origin: str) -> FileTarget:
        """What writes a dump of the place called ``origin`` to ``address``. Raises PlaceRefused unless that is a file."""
        if not isinstance(address, FileAddress):
            raise PlaceRefused(
                f"{address} is no file for a dump",
                hint="name a file, or - for standard output; `accord registry import` writes to other places",
            )
        return FileTarget(address.path, origin=origin, now=self.now, stdout=self.stdout)

    def _brokers(self, servers: str) -> KafkaSettings:
        return KafkaSettings(servers, properties=self.kafka)

    def _registry(self, url: str) -> Registry:
        return self.open_things.enter_context(Registry(url, timeout_s=_TIMEOUT_S))

    def _now_ms(self) -> int:
        return int(self.now.timestamp() * 1000)
