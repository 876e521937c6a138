"""Refusals about /pairec-status, and about what its Authorize buttons ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from approvals.errors import RefusalReason
from handlers.translations import Translations
from handlers.views.text import literal


def about_status(translations: Translations) -> dict[RefusalReason, str]:
    return {
        RefusalReason.BAD_INTERVAL: translations.gettext(
            "The interval must be from {shortest} to {longest}, written like 30m, 8h or 1d: `/pairec-status watch 30m`."
        ),
        RefusalReason.NOT_WATCHING: translations.gettext(
            "This channel does not watch the status. `/pairec-status watch 30m` begins it."
        ),
        RefusalReason.WATCHES_ALREADY: translations.gettext(
            "This channel watches the status at that interval already: what changes is posted under its board."
        ),
        RefusalReason.NOT_A_MEMBER: translations.gettext(
            "The bot is not in this conversation, so it cannot post changes here. In a channel, type `/invite"
            " @pairec-access`, then try again."
        ),
        RefusalReason.SHARED_CHANNEL: translations.gettext(
            "Another organisation reads this channel, or is about to, so the status is not posted here. Watch it in a"
            " channel that nobody else reads; `/pairec-status` shows it here to you alone."
        ),
        RefusalReason.UNKNOWN_REPAIR: translations.gettext(
            "There is nothing like that to authorize. `/pairec-status` shows how it stands now."
        ),
        RefusalReason.REPAIRED: translations.gettext(
            "{item}: it is there already, so there is nothing to authorize. `/pairec-status` shows it."
        ),
        RefusalReason.REPAIR_PENDING: translations.gettext(
            "{request} asks for this already, and is waiting or being carried out."
        ),
        RefusalReason.ROLE_GONE: translations.gettext(
            "The role {role} does not exist, or its name belongs to another role now. `/pairec-status` shows what to do"
            " about it."
        ),
        RefusalReason.ROLE_UNFIT: translations.gettext(
            "The role {role} is not the one that `/pairec-status` looks at, or something else about it must be put"
            " right first: the row says what. Nothing was changed."
        ),
        RefusalReason.STAYS: translations.gettext(
            "{role} is PAI-Rec's own role. It is not taken back from here, since PAI-Rec would stop working; the"
            " account's owner can delete it in the RAM console."
        ),
    }


def unknown_service(details: Mapping[str, Any], translations: Translations) -> str:
    told = translations.gettext("There is no service called {text}.").format(text=literal(details["text"]))
    if details["services"]:
        told += " " + translations.gettext("Did you mean {nearest}?").format(
            nearest=", ".join(literal(each) for each in details["services"])
        )
    return told + " " + translations.gettext("`/pairec-status help` names them all.")
