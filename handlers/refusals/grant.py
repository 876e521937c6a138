"""Sentences about what a request gives."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.errors import Refusal
from approvals.refusals.grant import (
    BeingTakenAway,
    EndsSooner,
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
    NotRequester: N_("{request} was requested by somebody else. Only they can remind."),
    RemindedAlready: N_("Approvers of {request} were reminded already; again from {until}."),
    StillPending: N_("{request} is still pending. `/pairec-access cancel {request}` cancels it."),
    BeingTakenAway: N_("{request} is being revoked since {since}, not confirmed yet. Trying again now."),
    HeldBefore: N_(
        "{ram_user} had what {request} asks for before, granted elsewhere, so it is not revoked here."
        " An administrator can revoke it in the console."
    ),
    NothingToRevoke: N_("{request} has no active access."),
    NothingToRetry: N_("Nothing of {request} can be retried."),
    EndsSooner: N_("It ends {until} already. Nothing was changed."),
}
