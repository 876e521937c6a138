"""`pairec-access ram-policy`: what the bot's own RAM identity needs, as a policy to paste into RAM."""

from __future__ import annotations

import click

from bot.cli.examples import examples
from bot.ram_policy import joined_policy, policy_parts, watchdog_policy


@examples(
    "pairec-access ram-policy > policy.json",
    "pairec-access ram-policy base status",
    "pairec-access ram-policy --watchdog > watchdog.json",
)
@click.command("ram-policy")
@click.argument("parts", nargs=-1, metavar="[PART]...")
@click.option("--watchdog", is_flag=True, help="Print the policy of the watchdog's own identity instead.")
@click.option("--list", "names", is_flag=True, help="Print the names of the parts.")
def ram_policy(parts: tuple[str, ...], names: bool, watchdog: bool) -> None:
    """Print the RAM policy that the bot itself needs: all of it, or the named parts."""
    if watchdog:
        click.echo(watchdog_policy().rstrip("\n"))
        return
    texts = policy_parts()
    for name in parts:
        if name not in texts:
            raise click.BadParameter(f"there is no part {name}; there are {', '.join(texts)}")
    click.echo("\n".join(texts) if names else joined_policy(texts[name] for name in (parts or texts)).rstrip("\n"))
