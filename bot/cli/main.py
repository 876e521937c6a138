"""The command line: run the bot, open the sandbox, and what only somebody with the machine's keys may do."""

from __future__ import annotations

import click

from bot.cli.lazy_group import LazyCommand, LazyGroup

COMMANDS = {
    "approvers": LazyCommand(
        "bot.cli.approvers:approvers", "List who holds PaiRecRamAdminAccess now, and whether they may decide."
    ),
    "audit": LazyCommand(
        "bot.cli.audit:show_audit",
        "Print the audit trail as JSON lines, verify its chain, and compare the record with it.",
    ),
    "catalog": LazyCommand("bot.cli.catalog:catalog", "Try the catalogue: what its rules make of requests."),
    "check": LazyCommand(
        "bot.cli.check:check", "Check that everything the bot needs is there: settings, ledger, Slack, the cloud."
    ),
    "completion": LazyCommand("bot.cli.completion:completion", "Print the completion script for a shell."),
    "demo": LazyCommand(
        "bot.cli.sandbox:demo", "Play the main jobs in a sandbox, from end to end: ask, approve, grant, take back."
    ),
    "drift": LazyCommand(
        "bot.cli.drift:drift",
        "List access that no request accounts for: granted elsewhere, of people who left, outside of the catalogue.",
    ),
    "grants": LazyCommand(
        "bot.cli.grants:grants",
        "List what was granted, as the ledger has it; `report access` asks the cloud.",
    ),
    "ledger": LazyCommand(
        "bot.cli.ledger:ledger",
        "Back up, restore, move or upgrade the ledger.",
    ),
    "link": LazyCommand("bot.cli.people:link", "Confirm that a Slack account (U0123ABCD) belongs to a RAM user."),
    "links": LazyCommand(
        "bot.cli.links:links", "List which Slack account is which RAM user, since when, and with how many grants."
    ),
    "ram-policy": LazyCommand(
        "bot.cli.ram_policy:ram_policy",
        "Print the RAM policy that the bot itself needs: all of it, or the named parts.",
    ),
    "report": LazyCommand("bot.cli.report:report", "Report who has what, for an auditor."),
    "requests": LazyCommand(
        "bot.cli.requests:requests", "List and show requests, which are made and decided in Slack alone."
    ),
    "review": LazyCommand(
        "bot.cli.review:review", "Have approvers go through who has what, and print what came of it."
    ),
    "revoke": LazyCommand("bot.cli.people:revoke", "End everything that this bot gave to somebody, such as a leaver."),
    "run": LazyCommand("bot.cli.run:run", "Run the bot until it is told to stop (SIGTERM or Ctrl-C)."),
    "sandbox": LazyCommand(
        "bot.cli.sandbox:sandbox",
        "Open a Slack workspace and a RAM account on this machine, with the bot in it, to try everything by hand.",
    ),
    "unlink": LazyCommand("bot.cli.people:unlink", "Unlink a Slack account from its RAM user."),
    "watchdog": LazyCommand(
        "bot.cli.watchdog:watchdog",
        "Take back RAM policies that are overdue by more than 10 minutes, and raise an alarm about the rest.",
    ),
}


IN_SLACK = "People ask and decide in Slack, where each proves who they are: the click is the proof."


@click.group(
    cls=LazyGroup,
    lazy=COMMANDS,
    absent=dict.fromkeys(("request", "approve", "deny"), f"{IN_SLACK} `requests list` shows what was asked for."),
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="`pairec-access COMMAND --help` has examples of each. None of them requests, approves or denies: people do"
    " that in Slack, where the click is the proof.",
)
@click.version_option(package_name="pairec-access")
def main() -> None:
    """Give people the permissions of Alibaba Cloud PAI-Rec for a limited time, asked for and approved in Slack."""
