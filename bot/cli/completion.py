"""`pairec-access completion`: what a shell needs to complete its commands."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

PROGRAM, VARIABLE = "pairec-access", "_PAIREC_ACCESS_COMPLETE"
SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    r"""Print what makes a shell complete the commands.

    \b
    Examples:
      pairec-access completion bash > ~/.local/share/bash-completion/completions/pairec-access
      pairec-access completion zsh > ~/.zfunc/_pairec-access
      pairec-access completion fish > ~/.config/fish/completions/pairec-access.fish
    """
    kind = get_completion_class(shell)
    if kind is None:
        raise click.BadParameter(f"{shell} is not known to this version of Click")
    click.echo(kind(click.get_current_context().find_root().command, {}, PROGRAM, VARIABLE).source())
