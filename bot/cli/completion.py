"""`pairec-access completion`: what a shell needs to complete its commands."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from bot.cli.examples import examples

PROGRAM, VARIABLE = "pairec-access", "_PAIREC_ACCESS_COMPLETE"
SHELLS = ("bash", "zsh", "fish")


@examples(
    "pairec-access completion bash > ~/.local/share/bash-completion/completions/pairec-access",
    "pairec-access completion zsh > ~/.zfunc/_pairec-access",
    "pairec-access completion fish > ~/.config/fish/completions/pairec-access.fish",
)
@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print the completion script for a shell."""
    kind = get_completion_class(shell)
    if kind is None:
        raise click.BadParameter(f"{shell} is not known to this version of Click")
    click.echo(kind(click.get_current_context().find_root().command, {}, PROGRAM, VARIABLE).source())
