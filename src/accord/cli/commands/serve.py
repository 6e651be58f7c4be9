"""``accord serve``: the schema registry."""

import asyncio
import gc
import signal
import sys
from collections.abc import Callable

import click

from accord.cli.output import Output, pass_output
from accord.registry.core.policy import Policy
from accord.registry.http.server import LOOPBACK, listen, run, url_of
from accord.registry.log.address import open_logs
from accord.registry.workers import CHECK_TIMEOUT_S

DEFAULT_LOG = "sqlite:accord-registry.db"


@click.command("serve")
@click.option("--host", default=LOOPBACK, show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8081, show_default=True, help="0 for any free one."
)
@click.option(
    "--log",
    metavar="sqlite:PATH|memory:",
    default=DEFAULT_LOG,
    show_default=True,
    help="Where everything is kept: a file that is made if it is not there, or nowhere.",
)
@click.option(
    "--strict",
    is_flag=True,
    help="Refuse what Confluent's registry lets pass and Accord only warns of.",
)
@click.option(
    "--mode-mutability/--no-mode-mutability",
    default=True,
    show_default=True,
    help="Whether modes may be changed.",
)
@click.option(
    "--legacy-error-codes",
    is_flag=True,
    help="Refuse an incompatible schema with the error code 409 instead of 40901, for older clients.",
)
@click.option(
    "--check-timeout",
    type=click.FloatRange(min=0.1),
    metavar="SECONDS",
    default=CHECK_TIMEOUT_S,
    show_default=True,
    help="How long the registry may work on one schema before it refuses it.",
)
@pass_output
def command(
    output: Output,
    host: str,
    port: int,
    log: str,
    *,
    strict: bool,
    mode_mutability: bool,
    legacy_error_codes: bool,
    check_timeout: float,
) -> None:
    """Run the schema registry until Ctrl-C: Confluent's REST API over a log in one file."""
    taken = listen(host, port)
    try:
        logs = open_logs(log)
    except BaseException:
        taken.close()
        raise
    url = url_of(taken)

    def started() -> None:
        # What the log holds stays: it is not gone through for garbage, neither while it is read nor later.
        gc.freeze()
        gc.enable()
        output.say(f"serving {url} from {logs.schemas.name}")

    async def main() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        await run(
            logs,
            taken,
            stop=stop,
            started=started,
            policy=Policy(strict=strict, mutable_modes=mode_mutability),
            legacy_error_codes=legacy_error_codes,
            check_timeout_s=check_timeout,
        )

    gc.disable()
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(main())


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if sys.platform == "win32":
        return None
    import uvloop  # noqa: PLC0415 -- not made for Windows

    return uvloop.new_event_loop
