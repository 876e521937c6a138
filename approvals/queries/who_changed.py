"""Who changed what a policy says, by the cloud's own record."""

from __future__ import annotations

from typing import Any

from approvals.ledger import Tx, cloud_events, policy_reviews
from approvals.millis import SECOND

CHANGES = frozenset(
    {"CreatePolicy", "CreatePolicyVersion", "SetDefaultPolicyVersion", "DeletePolicyVersion", "DeletePolicy"}
)
"""The calls after which a policy says something else (help/ram, API overview)."""


def who_changed(tx: Tx, policy: str) -> dict[str, Any] | None:
    """Of the last change since it was reviewed, what a notice keeps, as JSON takes it; None where none was told of."""
    event = cloud_events.last_on_policy(tx, policy, CHANGES)
    review = policy_reviews.of_names(tx, [policy]).get(policy)
    if event is None or (review is not None and event.at + SECOND <= review.at):
        return None
    return {"who": event.actor.name or event.actor.id, "at": event.at, "from": event.source_ip, "call": event.name}
