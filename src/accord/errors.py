"""The root of everything Accord raises on purpose.

AccordError
├── ConfigurationError   a setting, file or flag is wrong           exit code 2
├── UnavailableError     something we depend on cannot be reached   exit code 3
└── …                    each package derives its own               exit code 2 unless it says otherwise

An error says what is wrong in ``message`` and what to do now in ``hint``. It carries facts, never a rendering:
the REST API, the command line and the SDK each turn the same error into their own form.
"""

from typing import Any, ClassVar


class AccordError(Exception):
    """Something expected went wrong; the message is a sentence to someone who can act."""

    exit_code: ClassVar[int] = 2
    """What the command line answers: 1 findings, 2 usage or configuration, 3 could not check."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[Any, ...]:
        """Errors cross processes with all their facts, whatever they were made from."""
        return _copied, (type(self), self.args, self.__dict__)


class ConfigurationError(AccordError):
    """A setting, a file or a flag is wrong."""


class UnavailableError(AccordError):
    """Something that Accord depends on (a broker, a registry, a download) cannot be reached now; trying later may work."""

    exit_code = 3


def _copied(kind: type[AccordError], args: tuple[Any, ...], facts: dict[str, Any]) -> AccordError:
    copy = kind.__new__(kind, *args)
    copy.__dict__.update(facts)
    return copy
