"""Sentences about Slack, the ledger and the bot."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.errors import Refusal
from approvals.refusals.service import LedgerSilent, LedgerUnsure, SlackBusy, SlackSilent, TooBusy
from handlers.translations import N_

SENTENCES: Mapping[type[Refusal], str] = {
    SlackSilent: N_("Slack did not say who you are, so nothing was decided or changed. Try again in a minute."),
    SlackBusy: N_(
        "Slack has a lot to do at the moment and did not take this. Nothing was decided or changed. Try again in a"
        " minute."
    ),
    TooBusy: N_("There is a lot to do at the moment, and this was not taken up. Try again in a minute."),
    LedgerSilent: N_(
        "The bot cannot write to its record at the moment, so nothing was decided or changed. Try again in a minute; if"
        " it goes on, tell your administrator: reference {reference}."
    ),
    LedgerUnsure: N_(
        "The bot's record broke off while this was written, so it is not certain whether it counts. Look at the card or"
        " at `/pairec-access list` before you try again. Reference {reference}."
    ),
}
