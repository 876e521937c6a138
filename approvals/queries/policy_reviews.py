"""Which policies were reviewed, and by whom."""

from __future__ import annotations

from collections.abc import Iterable

from approvals.entitlements import Entitlement
from approvals.kinds import NoticeKind
from approvals.ledger import notices
from approvals.ledger.policy_reviews import PolicyReview, every_one, of_names
from approvals.transaction import Tx

__all__ = ["PolicyReview", "every_one", "never_reviewed", "under_review_anew"]


def never_reviewed(tx: Tx, parts: Iterable[Entitlement]) -> tuple[str, ...]:
    """The names of the policies among these that nobody ever reviewed."""
    names = list(dict.fromkeys(part.name for part in parts if part.has_type))
    known = of_names(tx, names)
    return tuple(name for name in names if name not in known)


def under_review_anew(tx: Tx, parts: Iterable[Entitlement]) -> tuple[str, ...]:
    """The names of the policies among these that were reviewed, and are something else since, as far as was seen."""
    names = {part.name for part in parts if part.has_type}
    asked = notices.open_of(tx, NoticeKind.POLICY_REVIEW) if names else []
    return tuple(
        shown.about for shown in asked if shown.about in names and shown.details.get("before_version") is not None
    )
