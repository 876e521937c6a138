"""Sentences about what a request gives."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.errors import Refusal
from approvals.refusals.grant import (
    BeingTakenAway,
    HeldBefore,
    NothingToRetry,
    NothingToRevoke,
    NotRequester,
    NotYours,
    RemindedAlready,
    StillPending,
)
from handlers.translations import N_

SENTENCES: Mapping[type[Refusal], str] = {
    NotYours: N_("{request} is not yours, so you cannot cancel it."),
    NotRequester: N_("{request} was asked for by somebody else, who can remind of it."),
    RemindedAlready: N_("The approvers of {request} were reminded already; again from {until}."),
    StillPending: N_("{request} is still waiting for a decision. `/pairec-access cancel {request}` withdraws it."),
    BeingTakenAway: N_(
        "{request} is being taken away since {since}; that is not confirmed yet. It is tried again now."
    ),
    HeldBefore: N_(
        "What {request} asked for was given to {ram_user} before, by somebody else, so it is not ours to take away. An"
        " administrator can take it away in the console."
    ),
    NothingToRevoke: N_("{request} gives no access at the moment, so there is nothing to take back."),
    NothingToRetry: N_("Nothing of {request} can be tried again."),
}
