"""An onboarding as a surface reads it."""

from __future__ import annotations

from approvals.ledger import Ledger, onboardings
from approvals.onboarding import Onboarding


def onboarding_named(ledger: Ledger, public_id: str) -> Onboarding | None:
    """By its random id; None where there is none."""
    with ledger.read() as tx:
        return onboardings.get(tx, public_id)
