"""``accord completion``: let a shell complete commands, flags, and names that the registry knows."""

import click
from click.shell_completion import get_completion_class

from accord.cli.output import Output, pass_output
from accord.cli.settings import COMPLETION_VARIABLE

SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
@pass_output
def command(output: Output, shell: str) -> None:
    r"""Print what makes SHELL complete `accord ...`, subjects of the registry included.

    \b
    bash   accord completion bash > ~/.local/share/bash-completion/completions/accord
    zsh    accord completion zsh  > a file named _accord in a folder of $fpath
    fish   accord completion fish > ~/.config/fish/completions/accord.fish
    """
    kind = get_completion_class(shell)
    if kind is None:
        raise LookupError(shell)
    root = click.get_current_context().find_root()
    output.line(kind(root.command, {}, "accord", COMPLETION_VARIABLE).source(), end="")
