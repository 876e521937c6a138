"""What is said of requests that were approved for later."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.millis import DomainMillis
from approvals.model import NOT_STARTED, AccessRequest
from approvals.refusals.catalog import DeniedByRule, ItemGone, RuleFails
from approvals.refusals.links import LinkStale, UserGone
from approvals.refusals.people import DeletedAccount, GuestAccount, Stranger, UnknownPerson
from approvals.refusals.policies import PolicyChanged, PolicyMissing, PolicyNotReviewed, PolicyUnreadable
from approvals.refusals.request import ApprovalsLapsed, StartMissed
from handlers.translations import N_, Translations
from handlers.views.text import literal, moment

BECAUSE: Mapping[str, str] = {
    ApprovalsLapsed.reason: N_("its approvals no longer count"),
    StartMissed.reason: N_("its time was over first"),
    ItemGone.reason: N_("it is not in the catalogue any more"),
    UserGone.reason: N_("its RAM user is gone"),
    LinkStale.reason: N_("its subject is linked to another RAM user, or to none"),
    UnknownPerson.reason: N_("somebody's Slack account is gone"),
    DeletedAccount.reason: N_("its subject's Slack account is deactivated"),
    GuestAccount.reason: N_("its subject is a guest in Slack now"),
    Stranger.reason: N_("its subject is no member of this Slack workspace"),
    **dict.fromkeys(
        (PolicyChanged.reason, PolicyNotReviewed.reason, PolicyUnreadable.reason, PolicyMissing.reason),
        N_("a policy is not the reviewed one"),
    ),
    DeniedByRule.reason: N_("a rule of the catalogue does not allow it now"),
    RuleFails.reason: N_("a rule of the catalogue comes to no answer"),
}
"""By the reason of the refusal; others are named as they are."""


def starts_line(request: AccessRequest, translations: Translations) -> str:
    """When it begins, and until when it is."""
    starts = moment(request.starts_at or 0)
    if request.ends_at is None:
        return translations.gettext("Starts {starts}; nothing is granted before.").format(starts=starts)
    text = translations.gettext("Starts {starts}, ends {ends}; nothing is granted before.")
    return text.format(starts=starts, ends=moment(request.ends_at))


def from_start(duration: str, starts_at: DomainMillis | None, translations: Translations) -> str:
    """For how long, and from when where that is later."""
    if starts_at is None:
        return duration
    return translations.gettext("{duration}, from {starts}").format(duration=duration, starts=moment(starts_at))


def why_not_started(request: AccessRequest, translations: Translations) -> str:
    """Why it could not begin; empty where it was closed for something else."""
    reason = request.close_reason or ""
    if not reason.startswith(NOT_STARTED):
        return ""
    code = reason.removeprefix(NOT_STARTED)
    return translations.gettext(BECAUSE[code]) if code in BECAUSE else literal(code)
