"""`pairec-access sandbox` and `pairec-access demo`: everything to try, on this machine."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console

from bot.cli.command_errors import report_errors
from bot.cli.examples import examples
from bot.settings import SettingsError


@examples(
    "pairec-access sandbox",
    "pairec-access sandbox --headless --no-bot --env-file sandbox.env",
)
@click.command()
@click.option("--headless", is_flag=True, help="Open no browser.")
@click.option(
    "--env-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the settings for a bot to this file, to be named by PAIREC_ENV_FILE.",
)
@click.option("--no-bot", is_flag=True, help="Leave the bot out, to run it, or another one, against this workspace.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port of the page; any free one by default.")
@click.option("--request-url", "urls", multiple=True, help="HTTP mode: where the bot is called; once for each replica.")
@report_errors
def sandbox(headless: bool, env_file: Path | None, no_bot: bool, port: int, urls: tuple[str, ...]) -> None:
    """Open a Slack workspace and a RAM account on this machine, with the bot in it, to try everything by hand."""
    from bot.sandbox.process import open_sandbox

    if urls and not no_bot:
        raise SettingsError("--request-url: the bot of the sandbox uses Socket Mode; leave it out with --no-bot")
    open_sandbox(Console(), headless=headless, env_file=env_file, with_bot=not no_bot, port=port, urls=urls)


@examples("pairec-access demo")
@click.command()
@report_errors
def demo() -> None:
    """Play the main jobs in a sandbox, from end to end: ask, approve, grant, take back."""
    from bot.sandbox.demo.play import play

    sys.exit(play(Console(highlight=False), interactive=sys.stdout.isatty() and sys.stdin.isatty()))
