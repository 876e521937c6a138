"""Sentences about what binds a Slack account to a RAM user."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.errors import Refusal
from approvals.refusals.links import (
    AlreadyLinked,
    ClaimAdmin,
    ClaimDiffers,
    ClaimMissing,
    ClaimOfAnother,
    ClaimTaken,
    ClaimUnknown,
    EmailAmbiguous,
    EmailUnconfirmed,
    LinkStale,
    RequesterNotLinked,
    UserGone,
)
from handlers.refusals.filled import filled
from handlers.translations import N_, Translations
from handlers.views.text import literal, side_by_side

SENTENCES: Mapping[type[Refusal], str] = {
    EmailUnconfirmed: N_(
        "Slack has not confirmed the email address of {subject}, so it does not tell which RAM user"
        " they are. Open `/pairec-access request` and choose the RAM user in the form; approving"
        " confirms it. Or an administrator runs `pairec-access link`."
    ),
    EmailAmbiguous: N_(
        "{count} RAM users have the email address of {subject}. An administrator runs `pairec-access link`."
    ),
    LinkStale: N_(
        "{subject} is no longer linked to RAM user {ram_user}, so this cannot be approved. They"
        " should request it again."
    ),
    ClaimMissing: N_(
        "Identity not verified. Open `/pairec-access request` and choose the RAM user of {subject} in"
        " the form. If there is none, `/pairec-access onboard` requests one."
    ),
    ClaimUnknown: N_("RAM user {ram_user} no longer exists. Choose another one in the form."),
    RequesterNotLinked: N_(
        "To request more than your own access you must be linked to a RAM user. Type `/pairec-access link` to see how."
    ),
    AlreadyLinked: N_(
        "{subject} is linked to RAM user {ram_user} already; `pairec-access unlink {slack_id}` undoes that."
    ),
    UserGone: N_(
        "RAM user {ram_user} of {subject} no longer exists, or its name belongs to another user now."
        " An administrator runs `pairec-access unlink {slack_id}` and links them again."
    ),
}
BY_COMMAND: Mapping[type[ClaimAdmin | ClaimDiffers | ClaimOfAnother], str] = {
    ClaimAdmin: N_(
        "RAM user {ram_user} holds {admin}, so approving cannot confirm who that is. An administrator"
        " runs {command}; then request it again."
    ),
    ClaimDiffers: N_(
        "The email address of {subject} belongs to RAM user {match}, not to {ram_user}. If {ram_user}"
        " is right all the same, an administrator runs {command}; then request it again."
    ),
    ClaimOfAnother: N_(
        "RAM user {ram_user} has an email address, and Slack shows another one for {subject} or none,"
        " so approving cannot confirm that they are one. If they are, an administrator runs"
        " {command}; then request it again."
    ),
}
_TAKEN = N_("RAM user {ram_user} is linked to {account} already.")
_TAKEN_ELSEWHERE = N_("RAM user {ram_user} is linked to the Slack account {account} of another workspace, {elsewhere}.")
_MOVED = N_("If it is {subject} now, an administrator runs {command}.")


def confirmed_by_command(refusal: ClaimAdmin | ClaimDiffers | ClaimOfAnother, translations: Translations) -> str:
    """With the command that links the two, since a click does not."""
    command = literal(f"pairec-access link {refusal.subject} {refusal.ram_user}", 200)
    return filled(BY_COMMAND[type(refusal)], refusal, translations, command=command)


def claim_taken(refusal: ClaimTaken, translations: Translations) -> str:
    """Who the other one is, is no secret here: `who` shows every member who has what, by both names."""
    if refusal.elsewhere:
        text = filled(_TAKEN_ELSEWHERE, refusal, translations, account=literal(refusal.account))
    else:
        text = filled(_TAKEN, refusal, translations)
    command = literal(f"pairec-access link --move {refusal.subject} {refusal.ram_user}", 200)
    return side_by_side(text, filled(_MOVED, refusal, translations, command=command))
