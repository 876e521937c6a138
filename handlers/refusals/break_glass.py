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
    TakesMoreByRule,
)
from handlers.translations import N_

SENTENCES: Mapping[type[Refusal], str] = {
    NoBreakGlass: N_("Break-glass is off. Request it with `/pairec-access`."),
    NotForEmergencies: N_("Break-glass does not give {item}, only {items}. Request it with `/pairec-access`."),
    NotInGroup: N_(
        "Break-glass is for the RAM groups {groups}, and RAM user {ram_user} is in none of them."
        " Request it with `/pairec-access`."
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
