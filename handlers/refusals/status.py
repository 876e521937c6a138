"""Sentences about `/pairec-status`."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.errors import Refusal
from approvals.refusals.status import (
    BadInterval,
    NotInChannel,
    NotWatching,
    Repaired,
    RepairPending,
    RoleGone,
    RoleStays,
    RoleUnfit,
    SharedChannel,
    UnknownRepair,
    UnknownService,
    WatchesAlready,
)
from handlers.refusals.filled import filled
from handlers.translations import N_, Translations
from handlers.views.text import literal

SENTENCES: Mapping[type[Refusal], str] = {
    BadInterval: N_(
        "The interval must be from {shortest} to {longest}, such as 30m, 8h or 1d: `/pairec-status watch 30m`."
    ),
    NotWatching: N_("This channel does not watch the status. `/pairec-status watch 30m` starts it."),
    WatchesAlready: N_("This channel watches the status at that interval already: changes are posted under its board."),
    NotInChannel: N_(
        "The app is not in this conversation, so it cannot post here. In a channel, type `/invite"
        " @pairec-access`, then try again."
    ),
    SharedChannel: N_(
        "Another organization reads this channel, or is about to, so the status is not posted here."
        " Watch it in a channel that nobody else reads; `/pairec-status` shows it here to you only."
    ),
    UnknownRepair: N_("There is nothing like that to authorize. `/pairec-status` shows how it stands."),
    Repaired: N_("{item} exists already, so there is nothing to authorize. `/pairec-status` shows it."),
    RepairPending: N_("{request} requests this already, and is pending or in progress."),
    RoleGone: N_(
        "Role {role} does not exist, or its name belongs to another role now. `/pairec-status` shows what to do."
    ),
    RoleUnfit: N_(
        "Role {role} is not the one that `/pairec-status` checks, or something else about it must be"
        " fixed first: see its row. Nothing was changed."
    ),
    RoleStays: N_(
        "{role} is PAI-Rec's own role, and PAI-Rec would stop working without it, so it is not"
        " revoked here. The account's owner can delete it in the RAM console."
    ),
}


def unknown_service(refusal: UnknownService, translations: Translations) -> str:
    """With the names that were most likely meant."""
    text = filled(N_("There is no service called {text}."), refusal, translations)
    if refusal.services:
        nearest = ", ".join(literal(each) for each in refusal.services)
        text += " " + translations.gettext("Did you mean {nearest}?").format(nearest=nearest)
    return text + " " + translations.gettext("`/pairec-status help` lists them.")
