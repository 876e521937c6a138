"""Sentences about what no request accounts for."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.errors import Refusal
from approvals.refusals.drift import AcceptedTooLong, DriftGone, OwnDrift
from handlers.translations import N_

SENTENCES: Mapping[type[Refusal], str] = {
    DriftGone: N_("This is no longer so, or changed since. `/pairec-access drift` shows how it is now."),
    OwnDrift: N_("This is your own access or account, so another approver decides. Nothing was changed."),
    AcceptedTooLong: N_("Accept it for {longest} at most."),
}
