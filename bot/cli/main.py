"""The command line: run the bot, open the sandbox, and what only somebody with the machine's keys may do."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from contextlib import closing
from pathlib import Path

import click
from rich.console import Console

from bot.app.parts import Parts
from bot.cli.approvers import approvers
from bot.cli.audit import show_audit
from bot.cli.command_errors import process_redaction, report_errors
from bot.cli.ledger import ledger
from bot.cli.links import links
from bot.cli.people import link, revoke, unlink
from bot.cli.ram_policy import ram_policy
from bot.cli.report import report
from bot.egress import clear_proxy_variables
from bot.log import everything_logged
from bot.program import Program
from bot.settings import SettingsError, load_settings

log = logging.getLogger(__name__)
LOST = 3
"""Exit status of a bot whose ledger was deleted or replaced under it."""
SIGNAL_CHECK_SECONDS = 0.5
"""Seconds. The kernel may give a signal to any thread; the main one, which alone acts on it, is not woken by that."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pairec-access")
def main() -> None:
    """Ask for, approve, and lose again the permissions of Alibaba Cloud PAI-Rec, in Slack."""


for each in (link, links, unlink, revoke, approvers, report, show_audit, ledger, ram_policy):
    main.add_command(each)


@main.command()
@report_errors
def run() -> None:
    """Run the bot until it is told to stop (SIGTERM or Ctrl-C)."""
    settings, redaction = load_settings(), process_redaction()
    # Bolt would read them again, and nothing that this process starts needs them.
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"):
        os.environ.pop(name, None)
    clear_proxy_variables(os.environ)
    with everything_logged(settings.log_level, redaction):
        _run(Parts(settings, redaction=redaction, upgrade_in_use=True))


def _run(parts: Parts) -> None:
    stop = threading.Event()
    # Also where it does not come to start, or to a stop: a file that is closed is all in one piece.
    with closing(parts.ledger):
        program = Program(parts)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        program.start()
        lost = None
        while lost is None and not stop.wait(SIGNAL_CHECK_SECONDS):
            lost = parts.ledger.lost()
        if lost:
            # Since then nobody's click counts; they are told so before the end.
            log.critical("THE LEDGER IS LOST, and nothing is decided any more", extra={"why": lost})
        program.stop()
    # Threads that still wait for an answer from far away would hold the process; the ledger has what they left.
    logging.shutdown()
    os._exit(LOST if lost else 0)


@main.command()
@click.option("--headless", is_flag=True, help="Open no browser.")
@click.option("--env-file", type=click.Path(dir_okay=False, path_type=Path), help="Write NAME=value lines here.")
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


@main.command()
@report_errors
def demo() -> None:
    """Play the main job from end to end: ask, approve, grant, take back."""
    from bot.sandbox.demo.play import play

    sys.exit(play(Console(), interactive=sys.stdout.isatty() and sys.stdin.isatty()))
