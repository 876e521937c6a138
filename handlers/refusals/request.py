"""Sentences about how something is asked for."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.entitlements import ADMIN_POLICY
from approvals.errors import Refusal
from approvals.refusals.request import (
    AlreadyHeld,
    AlreadyPending,
    ApprovalsLapsed,
    BadDuration,
    BadStart,
    BadTicket,
    BadTime,
    DurationMissing,
    NotAskedByYou,
    ReasonMissing,
    StartAfterEnd,
    StartMissed,
    StartPassed,
    StartTooFar,
    TicketMissing,
    TooFewApprovers,
    TooLong,
    TooManyOpen,
    UnfitCharacter,
    UnknownRequest,
    UntilPassed,
    UntilRevokedNotOffered,
)
from handlers.refusals.filled import filled
from handlers.translations import N_, Translations
from handlers.views.text import literal, side_by_side

SENTENCES: Mapping[type[Refusal], str] = {
    UnknownRequest: N_("There is no such request. Name one such as `R-1042`; `/pairec-access list` shows yours."),
    BadDuration: N_("{text} is not a duration. Use a format such as 30m, 8 hours or 2w."),
    BadTime: N_(
        "{text} is not a duration. Use a format such as 30m, 8 hours or 2w, until friday 18:00, or until-revoked."
    ),
    UntilPassed: N_("{text} has passed: that was {since}. Write a later date, such as {later}."),
    BadStart: N_("{text} is not a start. Use a format such as tomorrow 09:00, friday or 2026-12-04 18:00."),
    StartPassed: N_("{text} has passed: that was {since}. Write a later start, or none to begin at once."),
    StartTooFar: N_("{text} is more than {days} days ahead. Write an earlier start."),
    StartAfterEnd: N_("{text} is not before the end. Write an earlier start or a later end."),
    StartMissed: N_("The time of {request} was over before it could start."),
    ApprovalsLapsed: N_("The approvals of {request} no longer count."),
    TooLong: N_("{item}: {longest} at most."),
    UntilRevokedNotOffered: N_("{item} cannot be had until revoked: {longest} at most."),
    ReasonMissing: N_("Give a reason in a few words; approvers decide on it."),
    NotAskedByYou: N_("{request} is not yours. `/pairec-access request` opens an empty form."),
    TicketMissing: N_("{item} needs a ticket: add ticket:ABC-1."),
    TooManyOpen: N_(
        "You have {count} pending requests, which is the most. `/pairec-access list` shows them:"
        " cancel one, or wait for a decision."
    ),
    BadTicket: N_("A ticket is a reference such as ABC-1: letters, digits and . _ # / - , at most 40 of them."),
}


def duration_missing(refusal: DurationMissing, translations: Translations) -> str:
    """In a line, with the line that was begun as it could go on."""
    text = translations.gettext(
        "A duration is missing. Use a format such as 30m, 8 hours or 2w, until friday 18:00, or until-revoked."
    )
    if not refusal.item:
        return text
    example = literal(f"/pairec-access request {refusal.item} 8h rolling out ranker v3", 200)
    return text + " " + translations.gettext("For example {example}.").format(example=example)


def unfit_character(refusal: UnfitCharacter, translations: Translations) -> str:
    """Which character it is, and what stands before it."""
    text = N_("The text begins with a character that cannot be shown ({code}). Remove it.")
    if refusal.before:
        text = N_("After {before} there is a character that cannot be shown ({code}). Remove it.")
    return filled(text, refusal, translations, code=refusal.code)


def already_pending(refusal: AlreadyPending, translations: Translations) -> str:
    """By the name that the pending request has; it may be a bundle that has what is wanted in it, or the other way."""
    text = N_("{request} requests {item} already and is pending.")
    if refusal.item != refusal.wanted:
        text = N_("{request} requests {item} already, which includes {wanted}, and is pending.")
    return filled(text, refusal, translations) + " " + translations.gettext("`/pairec-access list` shows it.")


def already_held(refusal: AlreadyHeld, translations: Translations) -> str:
    """Until when, or that it has no end."""
    text = N_("RAM user {ram_user} has {item} already until {until}. Request a longer time.")
    if refusal.until is None:
        text = N_("RAM user {ram_user} has {item} already, without an end. There is nothing to request.")
    return filled(text, refusal, translations)


def too_few_approvers(refusal: TooFewApprovers, translations: Translations) -> str:
    """How many are missing, who does not count and why, and how there can be more."""
    admin = f"`{ADMIN_POLICY}`"
    missing = refusal.needed - refusal.found
    sentences = [
        translations.ngettext(
            "This needs {needed} approval, and nobody can give it:",
            "This needs {needed} approvals, and too few people can give them:",
            refusal.needed,
        ).format(needed=refusal.needed),
        translations.ngettext("{missing} approver is missing.", "{missing} approvers are missing.", missing).format(
            missing=missing
        ),
        translations.gettext(
            "The requester, the subject, and whoever has {admin} only for a time do not count."
        ).format(admin=admin),
    ]
    if refusal.unlinked > 0:
        sentences.append(
            translations.ngettext(
                "{count} more RAM user holds it but is not linked to a Slack account; `pairec-access link` does that.",
                "{count} more RAM users hold it but are not linked to Slack accounts; `pairec-access link` does that.",
                refusal.unlinked,
            ).format(count=refusal.unlinked)
        )
    if refusal.barred > 0:
        sentences.append(
            translations.ngettext(
                "{count} more RAM user holds it, but their Slack account cannot decide: deactivated, a"
                " guest's, or an outsider's.",
                "{count} more RAM users hold it, but their Slack accounts cannot decide: deactivated,"
                " guests', or outsiders'.",
                refusal.barred,
            ).format(count=refusal.barred)
        )
    owner = translations.gettext(
        "The owner of the account can attach {admin} to another RAM user: RAM console > Identities > Users > the user >"
        " Permissions > Grant Permission."
    )
    return side_by_side(*sentences, owner.format(admin=admin))
