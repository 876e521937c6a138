"""Sentences about what is taken at once in an emergency."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.errors import Refusal
from approvals.refusals.break_glass import (
    BarredFromBreakGlass,
    EmergencyOpen,
    EmergencyReviewedAlready,
    ExtendedEmergency,
    NoBreakGlass,
    NoEmergency,
    NotForEmergencies,
    NotInGroup,
    TakerUnknown,
    TakesMoreByRule,
)
from handlers.refusals.filled import filled
from handlers.translations import N_, Translations
from handlers.views.takers import takers

SENTENCES: Mapping[type[Refusal], str] = {
    NoBreakGlass: N_("Break-glass is off. Request it with `/pairec-access`."),
    NotForEmergencies: N_("Break-glass does not give {item}, only {items}. Request it with `/pairec-access`."),
    NotInGroup: N_(
        "Break-glass is for {takers}, and you, RAM user {ram_user}, are not one of them."
        " Request it with `/pairec-access`."
    ),
    TakerUnknown: N_(
        "Break-glass goes by who is on call, and Slack does not say. Try again in a minute, or request it with"
        " `/pairec-access`."
    ),
    TakesMoreByRule: N_("By the rule {rule} this takes more than one approval. Request it with `/pairec-access`."),
    EmergencyOpen: N_("You used break-glass with {request}: one at a time, until it is over and reviewed."),
    BarredFromBreakGlass: N_(
        "Your last break-glass was not justified, so the next one is possible from {until}."
        " Request it with `/pairec-access`."
    ),
    ExtendedEmergency: N_("{request} was break-glass, which is not extended. Request it with `/pairec-access`."),
    NoEmergency: N_("{request} was not break-glass, so there is nothing to review."),
    EmergencyReviewedAlready: N_("{by} reviewed {request} already."),
}


def not_in_group(refusal: NotInGroup, translations: Translations) -> str:
    """For whom it is."""
    whom = takers(refusal.groups, refusal.on_call, translations)
    return filled(SENTENCES[NotInGroup], refusal, translations, takers=whom)
