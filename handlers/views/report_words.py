"""The words of `pairec-access report html`, in one language."""

from __future__ import annotations

from approvals.access_review import ReviewItem, ReviewVerdict
from approvals.millis import DAY, HOUR, MINUTE
from handlers.translations import N_, Translations
from handlers.views.unreviewed import REASONS

WORDS = {
    "title": N_("Access to PAI-Rec"),
    "made": N_("Ledger {ledger}, Alibaba Cloud account {account}. Made at {moment} by pairec-access; times are UTC."),
    "open": N_("Active grants"),
    "waiting": N_("Requests waiting"),
    "median": N_("Median time to a decision"),
    "overdue": N_("Overdue revokes"),
    "requests": N_("Requests"),
    "requests_per_week": N_("Requests per week"),
    "decision": N_("Time to a decision"),
    "decision_said": N_("Half of {count} decisions took {median} or less, nine in ten {most} or less."),
    "no_decision": N_("Nothing was decided yet."),
    "more": N_("longer"),
    "most_asked": N_("Requested most"),
    "standing": N_("Standing and timed access"),
    "standing_said": N_("Grants at the end of each week: those with an end, and those until revoked."),
    "timed": N_("timed"),
    "until_revoked": N_("until revoked"),
    "late": N_("Revokes that came late"),
    "late_said": N_("Of {count} grants, {late} were gone more than 5 minutes late, the latest by {longest}."),
    "none_late": N_("Of {count} grants, none was gone more than 5 minutes late."),
    "overdue_now": N_("Overdue now: {count}. The approvals channel has an alarm for each."),
    "who": N_("Who has what"),
    "who_said": N_(
        "What this app gave and has not taken back, by its record. What was given elsewhere is in"
        " pairec-access report access."
    ),
    "nobody": N_("Nobody has anything through this app."),
    "ram_user": N_("RAM user"),
    "what": N_("What"),
    "state": N_("State"),
    "ends": N_("Ends"),
    "request": N_("Request"),
    "is_overdue": N_("overdue"),
    "status": N_("Status history"),
    "status_said": N_("The last {count} changes of what /pairec-status shows."),
    "no_status": N_("No changes since the first check."),
    "when": N_("When"),
    "row": N_("Row"),
    "from": N_("From"),
    "to": N_("To"),
    "found": N_("Found"),
    "reviews": N_("Policy reviews"),
    "no_reviews": N_("No policy was reviewed yet."),
    "policy": N_("Policy"),
    "version": N_("Version"),
    "reviewed_by": N_("Reviewed by"),
    "published": N_("published document"),
    "access_reviews": N_("Access reviews"),
    "no_access_reviews": N_("No access review was started yet."),
    "review_time": N_("Time"),
    "open_until": N_("open until {until}"),
    "started": N_("Started"),
    "keep": N_("Kept"),
    "revoke": N_("Revoked"),
    "shorten": N_("Shortened"),
    "asked": N_("Undecided"),
    "gone": N_("Gone"),
    "unreviewed": N_("Not reviewed"),
    "signed_by": N_("Signed off by"),
    "not_signed": N_("not signed off"),
    "incomplete": N_("Not everything could be read for the review of {since}: access may be missing."),
    "unreviewed_of": N_("Not reviewed: review of {since}"),
    "reviewer": N_("Reviewer"),
    "outcome": N_("Outcome"),
    "open_yet": N_("open"),
    "number": N_("Number"),
}
"""Each by what it is for."""
REQUEST_STATES = {
    "pending": N_("waiting"),
    "approved": N_("approved"),
    "denied": N_("denied"),
    "cancelled": N_("withdrawn"),
    "expired": N_("expired undecided"),
}
GRANT_STATES = {
    "granting": N_("being granted"),
    "active": N_("active"),
    "ending": N_("being revoked"),
}


def words_of(translations: Translations) -> dict[str, str]:
    """WORDS in a language."""
    return {name: translations.gettext(text) for name, text in WORDS.items()}


def request_state(state: str, translations: Translations) -> str:
    """What a request came to."""
    return translations.gettext(REQUEST_STATES[state])


def grant_state(state: str, translations: Translations) -> str:
    """How a grant stands."""
    return translations.gettext(GRANT_STATES[state])


def unreviewed_outcome(item: ReviewItem, translations: Translations) -> str:
    """What came of what nobody reviewed until the end."""
    if item.verdict is ReviewVerdict.REVOKE_UNREVIEWED:
        return translations.gettext("revoked")
    if item.stays is None:
        return translations.gettext("stays")
    return translations.gettext("stays: {why}").format(why=translations.gettext(REASONS[item.stays]))


def rough_time(milliseconds: int, translations: Translations) -> str:
    """A duration in its largest unit."""
    if milliseconds >= 2 * DAY:
        return translations.gettext("{count} days").format(count=round(milliseconds / DAY))
    if milliseconds >= 2 * HOUR:
        return translations.gettext("{count} h").format(count=round(milliseconds / HOUR))
    return translations.gettext("{count} min").format(count=max(round(milliseconds / MINUTE), 1))
