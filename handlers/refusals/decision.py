"""Sentences about who may decide, and on what."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.errors import Refusal
from approvals.model import NOT_STARTED, CloseReason, RequestState
from approvals.refusals.decision import (
    AlreadyApproved,
    AlreadyClosed,
    LongerThanAsked,
    NoLongerAdmin,
    NoParts,
    NotApprover,
    NotDoer,
    NoteMissing,
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
    NotApprover: N_("RAM user {ram_user} does not hold {admin} now, so you cannot decide. Nothing was changed."),
    TimedAdmin: N_("RAM user {ram_user} holds {admin} for a limited time only, which is not enough to decide."),
    UnconfirmedAdmin: N_(
        "RAM user {ram_user} got {admin} recently, outside this app. Before you can decide, an"
        " approver must confirm you, with the button that was posted where cards are."
    ),
    NoLongerAdmin: N_("They no longer hold {admin}, so there is nobody to confirm."),
    OwnOffboarding: N_("Nobody offboards themselves. Another administrator does it."),
    OwnAccess: N_(
        "Some of this is your own access, so another approver decides. Nothing was changed; you can"
        " end your access yourself."
    ),
    OwnRequest: N_("{request} is your own, as requester or subject. Somebody else decides."),
    OwnTask: N_("{request} is your own, as requester or subject. Somebody else does it and confirms it."),
    NotDoer: N_(
        "{doers} does this, so you cannot confirm it. Nothing was changed. After a day, approvers can do it too."
    ),
    AlreadyApproved: N_("You have approved {request} already. It needs another approver."),
    NoteMissing: N_("Write why you approve it; the catalogue asks for that."),
    NoParts: N_("Select at least one part. To refuse all of {request}, deny it."),
    PartNeedsOther: N_("{part} needs {needs}. Select both, or neither."),
    LongerThanAsked: N_("{request} was requested for {longest}. Approve that or less."),
    NothingCommon: N_(
        "Your selection and the earlier approval of {request} have nothing in common, so nothing"
        " would be granted. Nothing was changed; agree on a part, or deny it."
    ),
}
CLOSED_BY: Mapping[RequestState, str] = {
    RequestState.SCHEDULED: N_("{request} was approved by {by}, {when}. Nothing was changed."),
    RequestState.APPROVED: N_("{request} was approved by {by}, {when}. Nothing was changed."),
    RequestState.DENIED: N_("{request} was denied by {by}, {when}. Nothing was changed."),
    RequestState.CANCELLED: N_("{request} was cancelled by {by}, {when}. Nothing was changed."),
}
EXPIRED = N_("{request} expired {when} without a decision. Request it again if you still need it.")
CLOSED_BECAUSE: Mapping[str | None, str] = {
    CloseReason.LEFT: N_("{request} was cancelled {when}: all access of its RAM user was ended."),
    CloseReason.EXTENDED_ENDED: N_("{request} was cancelled {when}: what it was to extend was revoked."),
    CloseReason.OTHER_CLAIM: N_("{request} was closed {when}: its subject was confirmed to be another RAM user."),
}
CLAIM_LOST = N_("{request} was closed {when}: its RAM user was confirmed to be somebody else's.")


def already_closed(refusal: AlreadyClosed, translations: Translations) -> str:
    """Who closed it, or why nobody had to."""
    if refusal.by:
        text = CLOSED_BY[refusal.state]
    elif refusal.state is RequestState.EXPIRED:
        text = EXPIRED
    else:
        text = CLOSED_BECAUSE.get(refusal.close_reason, CLAIM_LOST)
        if (refusal.close_reason or "").startswith(NOT_STARTED):
            text = N_("{request} was closed {when}, since it could not start.")
    return filled(text, refusal, translations, when=moment(refusal.at))
