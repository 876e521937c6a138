"""`pairec-access watchdog`: a second pair of eyes, started by another scheduler than the bot."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from typing import NamedTuple

import click

from approvals.catalog.load import load_catalog
from approvals.operations import watchdog as operations
from approvals.queries import overdue
from approvals.queries.overdue import Looked, Outcome
from bot.app.opening import asking_ledger, egress_of
from bot.app.parts import slack_client
from bot.app.watchdog import WatchdogParts, make_watchdog, open_current_ledger
from bot.cli.command_errors import load_command_settings, process_redaction, report_errors
from bot.cli.examples import examples
from bot.conditions import Conditions
from bot.settings import Settings
from bot.slack.errors import NotSent
from bot.slack.outgoing import Outgoing
from bot.worker.approvals_channel import ApprovalsChannel
from handlers.refusals.sentences import plain
from handlers.translations import load_translations
from handlers.views.watchdog import watchdog_line, watchdog_message

OVERDUE = 1
TOLD_AT_ONCE = 15
"""In one message: Slack refuses some of 11,000 characters."""


class _Run(NamedTuple):
    """What goes along with its message to Slack."""

    id: str


@examples("pairec-access watchdog")
@click.command()
@report_errors
def watchdog() -> None:
    """Take back RAM policies that are overdue by more than 10 minutes, and raise an alarm about the rest.

    Have cron, a systemd timer or a CronJob start it every few minutes. It reads the bot's ledger (from another machine
    only one in PostgreSQL), and has an access key of its own, which may do nothing but detach policies from users. It
    is safe beside a running bot.

    Exit status 0: nothing is overdue. 1: something was, and was taken back or reported. 2: it could not look, and did
    nothing.
    """
    settings = load_command_settings()
    ledger = open_current_ledger(settings)
    with closing(ledger):
        parts = make_watchdog(settings, ledger, process_redaction())
        with asking_ledger(ledger):
            found = parts.watchdog.look()
            _print(found)
            unsaid = _tell(settings, parts, found)
    if unsaid:
        click.echo(f"Slack was not told: {unsaid}.", err=True)
    sys.exit(OVERDUE if found else 0)


def _print(found: Sequence[Looked]) -> None:
    catalog, translations = load_catalog(), load_translations("en")
    if not found:
        click.echo("Nothing is overdue.")
    for each in found:
        line = watchdog_line(each, catalog, translations, for_terminal=True)
        click.echo(plain(line).replace("*", ""), err=True)


def _tell(settings: Settings, parts: WatchdogParts, found: Sequence[Looked]) -> str | None:
    """Tell the approvals channel what was done, and hourly what is left to do; why it was not told. What a bot has in
    hand it tells itself.
    """
    ledger, now = parts.ledger, parts.clock.now()
    with ledger.read() as tx:
        said = [
            each
            for each in found
            if each.outcome is Outcome.REVOKED
            or (each.outcome is not Outcome.IN_HAND and not overdue.was_told(tx, each.grant, now))
        ]
    if not said:
        return None
    conditions = Conditions(parts.clock.real)
    out = Outgoing(slack_client(settings, egress_of(settings)), parts.clock, conditions)
    channel = ApprovalsChannel(out, parts.clock, conditions, lambda _: True, settings.approvals_channel)
    for first in range(0, len(said), TOLD_AT_ONCE):
        some = said[first : first + TOLD_AT_ONCE]
        try:
            channel.post(watchdog_message(some, load_catalog(), load_translations("en")), _Run("watchdog"))
        except NotSent as error:
            return error.code
        operations.told(ledger, [each.grant for each in some], now)
    return None
