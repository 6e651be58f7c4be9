"""From a word on a command line to the kind of place that it stands for; nothing is opened."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from accord.transfer.errors import PlaceRefused

SCHEMAS_TOPIC: Final = "_schemas"
REPORTS_TOPIC: Final = "_accord"

_FORMS: Final = (
    "use http://HOST:PORT for a registry, sqlite:PATH for the file of one that is not running, "
    "kafka://HOST:PORT/TOPIC for a _schemas topic, PATH for a dump, or - for standard input or output"
)


@dataclass(frozen=True, slots=True)
class FileAddress:
    """A dump in a file; without a path it is standard input or output."""

    path: Path | None

    def __str__(self) -> str:
        return "-" if self.path is None else str(self.path)


@dataclass(frozen=True, slots=True)
class SqliteAddress:
    """The embedded log of a registry that is not running."""

    path: Path

    def __str__(self) -> str:
        return f"sqlite:{self.path}"


@dataclass(frozen=True, slots=True)
class TopicAddress:
    """A ``_schemas`` topic; ``bootstrap_servers`` are separated by commas."""

    bootstrap_servers: str
    topic: str = SCHEMAS_TOPIC

    @property
    def reports_topic(self) -> str:
        """The topic of the second log beside it: ``_accord``, ``_accord_eu`` beside ``_schemas_eu``."""
        if self.topic.startswith(SCHEMAS_TOPIC):
            return REPORTS_TOPIC + self.topic.removeprefix(SCHEMAS_TOPIC)
        return f"{self.topic}{REPORTS_TOPIC}"

    def __str__(self) -> str:
        return f"kafka://{self.bootstrap_servers}/{self.topic}"


@dataclass(frozen=True, slots=True)
class UrlAddress:
    """A registry that runs; credentials may stand in the URL."""

    url: str

    def __str__(self) -> str:
        parts = urlsplit(self.url)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


Address: TypeAlias = FileAddress | SqliteAddress | TopicAddress | UrlAddress


def parse_address(text: str) -> Address:
    """The address that ``text`` stands for. Raises PlaceRefused."""
    if text == "-":
        return FileAddress(None)
    scheme, separator, rest = text.partition(":")
    # A single letter before a colon is a drive on Windows.
    if not separator or len(scheme) == 1 or not scheme.isalnum():
        return _file(text)
    if scheme in {"http", "https"}:
        return _url(text)
    if scheme == "sqlite" and rest:
        return SqliteAddress(Path(rest))
    if scheme == "kafka":
        return _topic(text, rest)
    raise PlaceRefused(
        f"'{text}' is no place of a registry", hint=f"{_FORMS}; a file of this name is ./{text}"
    )


def _file(text: str) -> FileAddress:
    if not text:
        raise PlaceRefused("the address is empty", hint=_FORMS)
    return FileAddress(Path(text))


def _url(text: str) -> UrlAddress:
    if not _names_host(text):
        raise PlaceRefused(
            f"'{text}' names no host and port", hint="write http://HOST:PORT, such as http://127.0.0.1:8081"
        )
    return UrlAddress(text.rstrip("/"))


def _names_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        # The port is read when it is asked for, and may be none.
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _topic(text: str, rest: str) -> TopicAddress:
    servers, _, topic = rest.removeprefix("//").partition("/")
    names = servers.split(",")
    if not rest.startswith("//") or not all(_is_server(name) for name in names) or "/" in topic:
        raise PlaceRefused(
            f"'{text}' does not say where the brokers are and what the topic is called",
            hint=f"write kafka://HOST:PORT[,HOST:PORT]/TOPIC; without a topic it is {SCHEMAS_TOPIC}",
        )
    return TopicAddress(servers, topic or SCHEMAS_TOPIC)


def _is_server(text: str) -> bool:
    host, _, port = text.rpartition(":")
    return bool(host) and port.isdecimal()
