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
