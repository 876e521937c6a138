"""Sentences about how something is asked for."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.entitlements import ADMIN_POLICY
from approvals.errors import Refusal
from approvals.refusals.request import (
    AlreadyHeld,
    AlreadyPending,
    BadDuration,
    BadTicket,
    DurationMissing,
    NotAskedByYou,
    ReasonMissing,
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
from handlers.views.text import literal

SENTENCES: Mapping[type[Refusal], str] = {
    UnknownRequest: N_("There is no such request. Name one like `R-1042`; `/pairec-access list` shows yours."),
    BadDuration: N_(
        "{text} is not a duration. Use a format such as 30m, 8 hours or 2w, until friday 18:00, or until-revoked."
    ),
    UntilPassed: N_("{text} has passed: that was {since}. Write a later date, such as {later}."),
    TooLong: N_("{item} can be had for {longest} at most."),
    UntilRevokedNotOffered: N_("{item} cannot be had until revoked; {longest} is the longest."),
    ReasonMissing: N_("Say in a few words why; it is what others decide on."),
    NotAskedByYou: N_("{request} is not yours. `/pairec-access request` opens an empty form."),
    TicketMissing: N_("{item} needs a ticket; write it as ticket:ABC-1."),
    TooManyOpen: N_(
        "{count} of your requests wait for a decision, which is as many as one person may have. `/pairec-access list`"
        " shows them: withdraw what is no longer needed, or wait until some are decided."
    ),
    BadTicket: N_("A ticket is a reference like ABC-1: letters, digits and . _ # / - , at most 40 of them."),
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
    text = N_("There is a character at the beginning that cannot be kept or shown ({code}). Write it again without it.")
    if refusal.before:
        text = N_(
            "There is a character after {before} that cannot be kept or shown ({code}). Write it again without it."
        )
    return filled(text, refusal, translations, code=refusal.code)


def already_pending(refusal: AlreadyPending, translations: Translations) -> str:
    """By the name that the pending request has; it may be a bundle that has what is wanted in it, or the other way."""
    text = N_("{request} asks for {item} already and waits for a decision.")
    if refusal.item != refusal.wanted:
        text = N_("{request} asks for {item} already, which gives all that {wanted} gives, and waits for a decision.")
    return filled(text, refusal, translations) + " " + translations.gettext("`/pairec-access list` shows it.")


def already_held(refusal: AlreadyHeld, translations: Translations) -> str:
    """Until when, or that it has no end."""
    text = N_("RAM user {ram_user} has {item} already until {until}. Ask for longer than that.")
    if refusal.until is None:
        text = N_("RAM user {ram_user} has {item} already, without an end. There is nothing to ask for.")
    return filled(text, refusal, translations)


def too_few_approvers(refusal: TooFewApprovers, translations: Translations) -> str:
    """How many are missing, who does not count and why, and how there can be more."""
    admin = f"`{ADMIN_POLICY}`"
    missing = refusal.needed - refusal.found
    sentences = [
        translations.ngettext(
            "This needs {needed} approval, and there is nobody who could give it:",
            "This needs {needed} approvals, and too few people can give them:",
            refusal.needed,
        ).format(needed=refusal.needed),
        translations.ngettext("{missing} approver is missing.", "{missing} approvers are missing.", missing).format(
            missing=missing
        ),
        translations.gettext(
            "Whoever asks or gets the access does not count, nor who has {admin} only for a time."
        ).format(admin=admin),
    ]
    if refusal.unlinked > 0:
        sentences.append(
            translations.ngettext(
                "{count} more RAM user holds it but is not linked to a Slack account here; `pairec-access link` does"
                " that.",
                "{count} more RAM users hold it but are not linked to Slack accounts here; `pairec-access link` does"
                " that.",
                refusal.unlinked,
            ).format(count=refusal.unlinked)
        )
    if refusal.barred > 0:
        sentences.append(
            translations.ngettext(
                "{count} more RAM user holds it, but their Slack account may not decide: deactivated, a guest's, or an"
                " outsider's.",
                "{count} more RAM users hold it, but their Slack accounts may not decide: deactivated, guests', or"
                " outsiders'.",
                refusal.barred,
            ).format(count=refusal.barred)
        )
    owner = translations.gettext(
        "The owner of the account can attach {admin} to another RAM user: RAM console > Identities > Users > the user >"
        " Permissions > Grant Permission."
    )
    return " ".join([*sentences, owner.format(admin=admin)])
