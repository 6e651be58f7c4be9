"""What a schema registry can answer instead of what was asked.

AccordError
└── RegistryError               carries the registry's own ``error_code``
    ├── NotFound                no such schema, subject or version (40401, 40402, 40403, …)
    ├── IncompatibleSchema      the new version breaks somebody (409, 40901); carries findings
    ├── Unauthorized            who we are is not enough (401, 403)
    ├── RegistryRefused         any other "no": an invalid schema, an invalid name, a mode that forbids it
    ├── ReportsUnsupported      the registry takes no reports of readers and deployments: it is not Accord's
    ├── UnusableAnswer          the registry speaks of something that this edition does not know
    └── RegistryUnavailable     no usable answer (also an UnavailableError); trying again may help

Two are no answers: ConfigurationError, where something cannot be asked at all, and

AccordError
└── ClientClosed                whoever asked, or another, has closed the client
"""

from collections.abc import Sequence
from typing import ClassVar

from accord.errors import AccordError, UnavailableError
from accord.findings import Finding, to_text
from accord.schemas import Deployment


class RegistryError(AccordError):
    """A registry's refusal; ``error_code`` is its number for the reason (0 if it gave none)."""

    retryable: ClassVar[bool] = False

    def __init__(self, message: str, *, error_code: int = 0, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.error_code = error_code


class NotFound(RegistryError):
    """No such schema, subject or version."""


class IncompatibleSchema(RegistryError):
    """The new version breaks somebody: ``findings`` say whom and why, ``messages`` in the registry's own words.

    ``deployment`` says who could be upgraded first all the same. A registry that knows none of these gives none.
    """

    exit_code = 1

    def __init__(
        self,
        message: str,
        *,
        error_code: int = 0,
        findings: Sequence[Finding] = (),
        messages: Sequence[str] = (),
        deployment: Deployment | None = None,
        hint: str = "",
    ) -> None:
        super().__init__(message, error_code=error_code, hint=hint)
        self.findings = tuple(findings)
        self.messages = tuple(messages)
        self.deployment = deployment

    def explanation(self) -> str:
        """The findings as text: what breaks, where, why, what to do instead, and who can be upgraded first."""
        told = "\n".join(map(to_text, self.findings)) or "\n".join(self.messages) or self.message
        return told if self.deployment is None else f"{told}\n{self.deployment.advice}"


class Unauthorized(RegistryError):
    """The registry does not know us, or does not allow this."""

    exit_code = 3


class RegistryRefused(RegistryError):
    """The registry says no."""


class ReportsUnsupported(RegistryError):
    """The registry has schemas alone: it knows nothing of readers, deployments and what else is reported."""

    exit_code = 3


class UnusableAnswer(RegistryError):
    """The registry answers, and with something that this edition does not know; it will say the same again."""


class RegistryUnavailable(RegistryError, UnavailableError):
    """No usable answer: nobody listens, time ran out, or whoever answered is not a working registry."""

    exit_code = 3
    retryable = True


class ClientClosed(AccordError):
    """The client was closed before the answer came, or before the question was asked."""

    def __init__(self) -> None:
        super().__init__(
            "the registry's client is closed", hint="close it when nobody asks any more, or make another one"
        )
