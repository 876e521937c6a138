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
from handlers.views.text import literal

SENTENCES: Mapping[type[Refusal], str] = {
    EmailUnconfirmed: N_(
        "Slack has not confirmed the e-mail address of {subject}, so it does not tell which RAM user they are. Type"
        " `/pairec-access request` without anything after it, and choose the RAM user in the form: whoever approves"
        " confirms it. Or an administrator links them with `pairec-access link`."
    ),
    EmailAmbiguous: N_(
        "{count} RAM users have the e-mail address of {subject}, so it does not tell which one they are. An"
        " administrator links them with `pairec-access link`."
    ),
    LinkStale: N_(
        "{subject} is no longer linked to RAM user {ram_user}, so this request cannot be approved. They should ask"
        " again."
    ),
    ClaimMissing: N_(
        "Nobody has confirmed yet which RAM user {subject} is. Type `/pairec-access request` without anything after it,"
        " and choose the RAM user in the form. If there is none yet, `/pairec-access onboard` asks for one."
    ),
    ClaimUnknown: N_("RAM has no user {ram_user} any more. Choose another one in the form."),
    RequesterNotLinked: N_(
        "To ask for more than your own access you must be linked to a RAM user yourself. Type `/pairec-access link` to"
        " see how."
    ),
    AlreadyLinked: N_(
        "{subject} is linked to RAM user {ram_user} already; `pairec-access unlink {slack_id}` undoes that."
    ),
    UserGone: N_(
        "RAM user {ram_user} of {subject} does not exist any more, or its name belongs to another user now. An"
        " administrator runs `pairec-access unlink {slack_id}` and links them anew."
    ),
}
BY_COMMAND: Mapping[type[ClaimAdmin | ClaimDiffers | ClaimOfAnother], str] = {
    ClaimAdmin: N_(
        "RAM user {ram_user} holds {admin}. Who that is cannot be confirmed with a click: an administrator runs"
        " {command}; then ask again."
    ),
    ClaimDiffers: N_(
        "The e-mail address of {subject} belongs to RAM user {match}, not to {ram_user}. If {ram_user} is right all the"
        " same, an administrator runs {command}; then ask again."
    ),
    ClaimOfAnother: N_(
        "RAM user {ram_user} has an e-mail address, and Slack does not show the same one for {subject}, so a click does"
        " not confirm that they are one. If they are, an administrator runs {command}; then ask again."
    ),
}
_TAKEN = N_("RAM user {ram_user} is linked to {account} already.")
_TAKEN_ELSEWHERE = N_("RAM user {ram_user} is linked to the Slack account {account} of another workspace, {elsewhere}.")
_MOVED = N_("If it is {subject} from now on, an administrator runs {command}.")


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
    return f"{text} {filled(_MOVED, refusal, translations, command=command)}"
