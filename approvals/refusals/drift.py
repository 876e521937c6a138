"""Because of what no request accounts for, or of what somebody wants to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.errors import Refusal


class DriftGone(Refusal):
    """It is not so any more, or not as it was shown."""

    reason = "drift_gone"


class OwnDrift(Refusal):
    """It is the access of whoever decides, or the link of their account."""

    reason = "own_drift"


@dataclass(eq=False)
class AcceptedTooLong(Refusal):
    """Something may be accepted for so long at most."""

    reason = "accepted_too_long"
    longest: int
    """Milliseconds."""


class DriftBarred(Refusal):
    """It can neither be adopted nor revoked from here."""

    reason = "drift_barred"


class DriftUnlinked(Refusal):
    """Nobody is linked to the RAM user, so it cannot be adopted for anybody."""

    reason = "drift_unlinked"


class DriftPending(Refusal):
    """Somebody asked for it already, or for the other of the two."""

    reason = "drift_pending"


class OwnProposal(Refusal):
    """Whoever asked for it does not approve it."""

    reason = "own_proposal"


class ProposerGone(Refusal):
    """Whoever asked for it may not approve any more."""

    reason = "proposer_gone"


class GrantedMeanwhile(Refusal):
    """A request gave it by now."""

    reason = "granted_meanwhile"
