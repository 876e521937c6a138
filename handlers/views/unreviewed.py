"""What nobody reviewed until the end of an access review: what is said of it before, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from approvals.access_review import ReviewedAccess, ReviewVerdict, Stays, Unreviewed
from handlers.translations import N_, Translations
from handlers.views.text import person

REVOKED_THEN = N_("Whatever a request granted and nobody reviews by then is revoked.")
REASONS: Mapping[Stays, str] = {
    Stays.ELSEWHERE: N_("granted elsewhere"),
    Stays.ADMIN: N_("granted with the administrators' policy"),
    Stays.OWN_IDENTITY: N_("held by this app"),
    Stays.BOUND: N_("granted with something that stays"),
    Stays.GRANTED_MEANWHILE: N_("granted again meanwhile"),
    Stays.FEW_APPROVERS: N_("fewer than three approvers"),
    Stays.APPROVERS_UNKNOWN: N_("RAM did not say who may approve"),
    Stays.MASS_REMOVAL: N_("too much looks removed at once"),
    Stays.UNREMINDED: N_("nobody was reminded"),
    Stays.NOBODYS_PART: N_("nobody's part"),
    Stays.ENDED_EARLY: N_("the review was ended early"),
}
"""Why something stays that nobody reviewed."""


def revoked_then(unreviewed: object, translations: Translations) -> str:
    """What becomes of what nobody reviews; nothing, where all of that stays. `unreviewed`: a value of `Unreviewed`."""
    return translations.gettext(REVOKED_THEN) if unreviewed == Unreviewed.REVOKE else ""


def unreviewed_lines(
    details: Mapping[str, Any], listed: Callable[[ReviewedAccess], str], translations: Translations
) -> list[str]:
    """What was revoked of it and what stays, with who was to review it, and why it stays."""
    lines = []
    came = details["came"]
    for name, number, heading in (
        ("revoked", came.get(ReviewVerdict.REVOKE_UNREVIEWED.value, 0), N_("Not reviewed, so it is being revoked:")),
        ("open", came.get("open", 0), N_("Not reviewed, and it stays:")),
    ):
        shown = details.get(name, [])
        if number:
            lines.append(translations.gettext(heading))
        lines += [f"• {_line(each, listed, translations)}" for each in shown]
        if number > len(shown):
            lines.append(translations.gettext("and {count} more").format(count=number - len(shown)))
    return lines


def _line(told: dict[str, Any], listed: Callable[[ReviewedAccess], str], translations: Translations) -> str:
    """A notice of before has neither who was to review it nor why it stays."""
    parts = [listed(ReviewedAccess.of_details(told))]
    if told.get("reviewer"):
        parts.append(translations.gettext("{reviewer} did not answer").format(reviewer=person(told["reviewer"])))
    if told.get("stays"):
        parts.append(translations.gettext(REASONS[Stays(told["stays"])]))
    return " · ".join(parts)
