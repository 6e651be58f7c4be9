"""Configuration and mode of a subject, of a context (named ``:.context:``), or, without either, of everything."""

from dataclasses import dataclass

import msgspec

from accord.client.bodies import ModeBody, config_of
from accord.client.config import Config, ConfigChange, Mode
from accord.client.exchanges.exchange import Exchange, query, quoted
from accord.client.http import Request
from accord.errors import ConfigurationError
from accord.schemas import CompatibilityLevel, Subject


@dataclass(frozen=True, slots=True)
class GetConfig(Exchange[Config]):
    """What is configured here; with ``default_to_global``, what counts here."""

    subject: Subject | None = None
    default_to_global: bool = False

    @property
    def request(self) -> Request:
        """What to send."""
        return Request("GET", _path("config", self.subject), query(defaultToGlobal=self.default_to_global))

    def read(self, body: bytes) -> Config:
        """The configuration."""
        return config_of(body)


@dataclass(frozen=True, slots=True)
class SetConfig(Exchange[Config]):
    """Change what is configured here."""

    change: ConfigChange
    subject: Subject | None = None

    @property
    def request(self) -> Request:
        """What to send."""
        return Request("PUT", _path("config", self.subject), (), msgspec.json.encode(self.change))

    def read(self, body: bytes) -> Config:
        """The configuration after the change."""
        return config_of(body)


@dataclass(frozen=True, slots=True)
class DeleteConfig(Exchange[Config]):
    """Take back what is configured here."""

    subject: Subject | None = None

    @property
    def repeatable(self) -> bool:
        """No: a second call finds nothing."""
        return False

    @property
    def request(self) -> Request:
        """What to send."""
        return Request("DELETE", _path("config", self.subject))

    def read(self, body: bytes) -> Config:
        """The configuration that went."""
        return config_of(body)


@dataclass(frozen=True, slots=True)
class GetCompatibility(Exchange[CompatibilityLevel]):
    """The level that counts for a subject, or the global one."""

    subject: Subject | None = None

    @property
    def request(self) -> Request:
        """What to send."""
        return GetConfig(self.subject, default_to_global=True).request

    def read(self, body: bytes) -> CompatibilityLevel:
        """The level."""
        return _level(body)


@dataclass(frozen=True, slots=True)
class SetCompatibility(Exchange[CompatibilityLevel]):
    """Change the level of a subject, or the global one."""

    level: CompatibilityLevel
    subject: Subject | None = None

    @property
    def request(self) -> Request:
        """What to send."""
        return SetConfig(ConfigChange(compatibility=self.level), self.subject).request

    def read(self, body: bytes) -> CompatibilityLevel:
        """The level that is set."""
        return _level(body)


@dataclass(frozen=True, slots=True)
class GetMode(Exchange[Mode]):
    """The mode that is set here; with ``default_to_global``, the one that counts here."""

    subject: Subject | None = None
    default_to_global: bool = False

    @property
    def request(self) -> Request:
        """What to send."""
        return Request("GET", _path("mode", self.subject), query(defaultToGlobal=self.default_to_global))

    def read(self, body: bytes) -> Mode:
        """The mode."""
        return msgspec.json.decode(body, type=ModeBody).to_mode()


@dataclass(frozen=True, slots=True)
class SetMode(Exchange[Mode]):
    """Change the mode; ``force`` lets subjects that have versions be imported into."""

    mode: Mode
    subject: Subject | None = None
    force: bool = False

    @property
    def request(self) -> Request:
        """What to send."""
        body = msgspec.json.encode(ModeBody(self.mode))
        return Request("PUT", _path("mode", self.subject), query(force=self.force), body)

    def read(self, body: bytes) -> Mode:
        """The mode that is set."""
        return msgspec.json.decode(body, type=ModeBody).to_mode()


@dataclass(frozen=True, slots=True)
class DeleteMode(Exchange[Mode]):
    """Take back the mode that is set here, with ``recursive`` those of a context's subjects too."""

    subject: Subject | None = None
    recursive: bool = False

    @property
    def repeatable(self) -> bool:
        """No: a second call finds nothing."""
        return False

    @property
    def request(self) -> Request:
        """What to send."""
        return Request("DELETE", _path("mode", self.subject), query(recursive=self.recursive))

    def read(self, body: bytes) -> Mode:
        """The mode that went."""
        return msgspec.json.decode(body, type=ModeBody).to_mode()


def _path(what: str, subject: Subject | None) -> str:
    if subject is None:
        return f"/{what}"
    if not subject:
        # Most likely a variable that nobody filled; the path would be that of everything.
        raise ConfigurationError(
            f"the {what} of a subject without a name was asked for",
            hint="name the subject, or pass None for everything",
        )
    return f"/{what}/{quoted(subject, what='subject')}"


def _level(body: bytes) -> CompatibilityLevel:
    level = config_of(body).compatibility
    if level is None:
        raise ValueError("no compatibility level")
    return level
