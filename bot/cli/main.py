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
    "check": LazyCommand(
        "bot.cli.check:check", "Look whether all that the bot needs is there: settings, ledger, Slack, the cloud."
    ),
    "completion": LazyCommand("bot.cli.completion:completion", "Print what makes a shell complete the commands."),
    "demo": LazyCommand("bot.cli.sandbox:demo", "Play the main job from end to end: ask, approve, grant, take back."),
    "grants": LazyCommand(
        "bot.cli.grants:grants",
        "What was given, and how it stands, as this record has it; `report access` asks the cloud.",
    ),
    "ledger": LazyCommand(
        "bot.cli.ledger:ledger",
        "What is done with a whole ledger: back it up, put it back, move it, bring it up to date.",
    ),
    "link": LazyCommand("bot.cli.people:link", "Confirm that a Slack account (U0123ABCD) belongs to a RAM user."),
    "links": LazyCommand(
        "bot.cli.links:links", "Which Slack account is which RAM user, since when, and how many grants run for them."
    ),
    "ram-policy": LazyCommand(
        "bot.cli.ram_policy:ram_policy",
        "Print the RAM policy that the bot needs for itself: all of it, or the parts that are named.",
    ),
    "report": LazyCommand("bot.cli.report:report", "What an auditor takes home, as a table."),
    "requests": LazyCommand(
        "bot.cli.requests:requests", "What was asked for, and what became of it: people ask and decide in Slack alone."
    ),
    "revoke": LazyCommand("bot.cli.people:revoke", "For leavers: end everything that this bot gave to somebody."),
    "run": LazyCommand("bot.cli.run:run", "Run the bot until it is told to stop (SIGTERM or Ctrl-C)."),
    "sandbox": LazyCommand(
        "bot.cli.sandbox:sandbox",
        "Open a Slack workspace and a RAM account on this machine, with the bot in it, to try everything by hand.",
    ),
    "unlink": LazyCommand("bot.cli.people:unlink", "Forget whose RAM user a Slack account is."),
    "watchdog": LazyCommand(
        "bot.cli.watchdog:watchdog",
        "Take back RAM policies that are overdue by more than 10 minutes, and alarm of the rest.",
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
    """Ask for, approve, and lose again the permissions of Alibaba Cloud PAI-Rec, in Slack."""
