"""Because Slack, the ledger or the bot has too much to do, or does not do what it is asked."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.errors import Refusal


class SlackSilent(Refusal):
    """Slack did not say who somebody is, or what a channel is."""

    reason = "slack_silent"


class SlackBusy(Refusal):
    """Slack did not take a call, and says that it has too much to do."""

    reason = "slack_busy"


class TooBusy(Refusal):
    """The bot did not take it up."""

    reason = "busy"


@dataclass(eq=False)
class LedgerRefusal(Refusal):
    """Because the ledger does not do what it is asked."""

    reference: str
    """What the log has as well."""


class LedgerSilent(LedgerRefusal):
    """Nothing was written."""

    reason = "ledger_silent"


class LedgerUnsure(LedgerRefusal):
    """It broke off in a commit, and does not say whether that was done."""

    reason = "ledger_unsure"
