"""Which policies were reviewed, and by whom."""

from __future__ import annotations

from collections.abc import Iterable

from approvals.entitlements import Entitlement
from approvals.ledger.policy_reviews import PolicyReview, every_one, of_names
from approvals.transaction import Tx

__all__ = ["PolicyReview", "every_one", "never_reviewed"]


def never_reviewed(tx: Tx, parts: Iterable[Entitlement]) -> tuple[str, ...]:
    """The names of the policies among these that nobody ever reviewed."""
    names = list(dict.fromkeys(part.name for part in parts if part.has_type))
    known = of_names(tx, names)
    return tuple(name for name in names if name not in known)
