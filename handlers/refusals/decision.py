"""Sentences about who may decide, and on what."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.errors import Refusal
from approvals.model import CloseReason, RequestState
from approvals.refusals.decision import (
    AlreadyApproved,
    AlreadyClosed,
    LongerThanAsked,
    NoLongerAdmin,
    NoParts,
    NotApprover,
    NotDoer,
    NothingCommon,
    OwnAccess,
    OwnOffboarding,
    OwnRequest,
    OwnTask,
    PartNeedsOther,
    TimedAdmin,
    UnconfirmedAdmin,
)
from handlers.refusals.filled import filled
from handlers.translations import N_, Translations
from handlers.views.text import moment

SENTENCES: Mapping[type[Refusal], str] = {
    NotApprover: N_(
        "RAM user {ram_user} does not hold {admin} at this moment, so you cannot decide. Nothing was changed."
    ),
    TimedAdmin: N_(
        "RAM user {ram_user} holds {admin} for a limited time only, and whoever has it that way does not decide."
    ),
    UnconfirmedAdmin: N_(
        "RAM user {ram_user} was given {admin} lately, and not through this app. Before you can decide, somebody who"
        " approves here already confirms you: the button for that is where cards are posted."
    ),
    NoLongerAdmin: N_("They do not hold {admin} any more, so there is nobody to confirm."),
    OwnOffboarding: N_("Nobody offboards themselves: another administrator does it."),
    OwnAccess: N_(
        "Some of this is your own access, so what becomes of it is for another approver to say. Nothing was changed;"
        " you may give it back."
    ),
    OwnRequest: N_("{request} is your own, as requester or as the one who gets the access. Somebody else decides."),
    OwnTask: N_(
        "{request} is your own, as requester or as the one who gets the access. Somebody else does it, and says so."
    ),
    NotDoer: N_(
        "{doers} does this, so it is not for you to say that it is done. Nothing was changed. After a day, approvers"
        " may do it as well."
    ),
    AlreadyApproved: N_("You have approved {request} already. It needs another administrator's word."),
    NoParts: N_("Tick at least one part. To refuse all of {request}, deny it."),
    PartNeedsOther: N_("{part} needs {needs}. Tick both of them, or neither."),
    LongerThanAsked: N_("{request} was asked for {longest}; it can be approved for that or less."),
    NothingCommon: N_(
        "What you ticked and what was approved of {request} before have nothing in common, so nothing would be given."
        " Nothing was changed; agree on a part, or deny it."
    ),
}
CLOSED_BY: Mapping[RequestState, str] = {
    RequestState.APPROVED: N_("{request} was approved by {by}, {when}. Nothing was changed now."),
    RequestState.DENIED: N_("{request} was denied by {by}, {when}. Nothing was changed now."),
    RequestState.CANCELLED: N_("{request} was cancelled by {by}, {when}. Nothing was changed now."),
}
EXPIRED = N_("{request} expired {when}, since nobody had decided. Ask again if it is still needed.")
CLOSED_BECAUSE: Mapping[str | None, str] = {
    CloseReason.LEFT: N_("{request} was cancelled {when}: all access of its RAM user was ended."),
    CloseReason.OTHER_CLAIM: N_("{request} was closed {when}, since its subject was confirmed to be another RAM user."),
}
CLAIM_LOST = N_("{request} was closed {when}, since its RAM user was confirmed to be somebody else's.")


def already_closed(refusal: AlreadyClosed, translations: Translations) -> str:
    """Who closed it, or why nobody had to."""
    if refusal.by:
        text = CLOSED_BY[refusal.state]
    elif refusal.state is RequestState.EXPIRED:
        text = EXPIRED
    else:
        text = CLOSED_BECAUSE.get(refusal.close_reason, CLAIM_LOST)
    return filled(text, refusal, translations, when=moment(refusal.at))
