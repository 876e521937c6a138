"""Sentences about Slack, the ledger and the bot."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.errors import Refusal
from approvals.refusals.service import LedgerSilent, LedgerUnsure, SlackBusy, SlackSilent, TooBusy
from handlers.translations import N_

SENTENCES: Mapping[type[Refusal], str] = {
    SlackSilent: N_("Slack did not say who you are, so nothing was changed. Try again in a minute."),
    SlackBusy: N_("Slack is busy and did not take this. Nothing was changed. Try again in a minute."),
    TooBusy: N_("The app is busy and did not take this. Try again in a minute."),
    LedgerSilent: N_(
        "The app cannot write to its record, so nothing was changed. Try again in a minute; if it"
        " goes on, tell your administrator: reference {reference}."
    ),
    LedgerUnsure: N_(
        "The app's record broke off during this, so it may or may not count. Check the card or"
        " `/pairec-access list` before you try again. Reference {reference}."
    ),
}
