"""What can keep a registry from being moved.

AccordError
├── PlaceRefused         an address, file or topic that cannot be used; ``ConfigurationError``       exit code 2
│   └── DumpDamaged      a dump that is not what was once written
├── UnknownShape         a registry's answer that cannot be read                                    exit code 3
└── TargetDiffers        the target holds something else than what is to be put there               exit code 1
"""

from accord.errors import AccordError, ConfigurationError


class PlaceRefused(ConfigurationError):
    """The address, file or topic cannot be read from or written to as asked."""


class DumpDamaged(PlaceRefused):
    """The dump is cut off, or is not what was once written."""


class UnknownShape(AccordError):
    """A registry answers something that cannot be read here."""

    exit_code = 3


class TargetDiffers(AccordError):
    """The target holds something else than what is to be put there; nothing of it was changed."""

    exit_code = 1
