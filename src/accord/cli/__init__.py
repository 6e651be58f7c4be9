"""The ``accord`` command."""

import sys


def main() -> None:
    """Entry point of the ``accord`` command; names the extra to install where the SDK stands alone."""
    try:
        from accord.cli.main import run  # noqa: PLC0415 -- the base installation has no command line
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"click", "rich"}:
            raise
        sys.exit("The accord command is not part of the bare SDK: pip install 'accord-kafka[cli]'")
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(run())
