"""Sentences about what no request accounts for."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.errors import Refusal
from approvals.refusals.drift import (
    AcceptedTooLong,
    DriftBarred,
    DriftGone,
    DriftPending,
    DriftUnlinked,
    GrantedMeanwhile,
    OwnDrift,
    OwnProposal,
    ProposerGone,
)
from handlers.translations import N_

SENTENCES: Mapping[type[Refusal], str] = {
    DriftGone: N_("This is no longer so, or changed since. `/pairec-access drift` shows how it is now."),
    OwnDrift: N_("This is your own access or account, so another approver decides. Nothing was changed."),
    AcceptedTooLong: N_("Accept it for {longest} at most."),
    DriftBarred: N_("This can only be accepted here, or changed where it comes from. Nothing was changed."),
    DriftUnlinked: N_(
        "Nobody is linked to this RAM user, so it cannot be adopted. Run `pairec-access link` first, or revoke it."
    ),
    DriftPending: N_("This is asked for already, where cards are posted. Approve or deny that first."),
    OwnProposal: N_("You asked for this, so another approver approves it. You can deny it."),
    ProposerGone: N_("Whoever asked for this may not approve any more. Deny it, and ask for it yourself."),
    GrantedMeanwhile: N_("A request granted this meanwhile. Revoke that request instead. Nothing was changed."),
}
