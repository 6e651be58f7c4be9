"""What can go wrong between the bytes of a record and a typed value.

AccordError
├── InvalidEvent          a value that its schema does not allow; nothing was written
├── InvalidData           bytes that are not what they claim to be
│   └── InvalidFrame      the prefix before the data is wrong
└── ModelDoesNotFit       a class and a schema that do not belong together (also a ConfigurationError)
"""

from collections.abc import Sequence
from enum import StrEnum

from accord.errors import AccordError, ConfigurationError


class DataFault(StrEnum):
    """Why bytes could not be read; the word that dead letters and metrics carry."""

    ZERO_BYTES = "ZERO_BYTES"
    WRONG_MAGIC_BYTE = "WRONG_MAGIC_BYTE"
    PREFIX_TOO_SHORT = "PREFIX_TOO_SHORT"
    WRONG_MESSAGE_INDEXES = "WRONG_MESSAGE_INDEXES"
    TRUNCATED = "TRUNCATED"
    TRAILING_BYTES = "TRAILING_BYTES"
    MALFORMED = "MALFORMED"
    NOT_READABLE_AS_CONTRACT = "NOT_READABLE_AS_CONTRACT"
    REFUSED_BY_MODEL = "REFUSED_BY_MODEL"


class InvalidEvent(AccordError):
    """A value that its schema does not allow; ``path`` names the field ("" for the whole)."""

    def __init__(self, message: str, *, path: str = "", hint: str = "") -> None:
        super().__init__(f"{path}: {message}" if path else message, hint=hint)
        self.path = path


class InvalidData(AccordError):
    """Bytes that are not a record of their schema; ``path`` names the field that was being read."""

    def __init__(self, message: str, *, fault: DataFault, path: str = "", hint: str = "") -> None:
        super().__init__(f"{path}: {message}" if path else message, hint=hint)
        self.fault = fault
        self.path = path


class InvalidFrame(InvalidData):
    """The prefix before the data (magic byte and schema id) is not one."""


class ModelDoesNotFit(ConfigurationError):
    """A class and a schema that do not belong together; ``problems`` has one sentence for each place."""

    def __init__(self, message: str, problems: Sequence[str], *, hint: str = "") -> None:
        super().__init__(f"{message}: " + "; ".join(problems), hint=hint)
        self.problems = tuple(problems)
