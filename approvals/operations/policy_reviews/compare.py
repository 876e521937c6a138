"""Whether what is about to be given is what was reviewed, judged on what RAM showed of it a moment ago."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from approvals.entitlements import Entitlement
from approvals.errors import Refusal, StaleEvidence
from approvals.kinds import NoticeKind
from approvals.ledger import Ledger, Tx, notices, policy_reviews
from approvals.millis import DomainMillis
from approvals.operations.policy_reviews.notice import tell_of
from approvals.policies.reviewed import PoliciesNow, PolicyNow, ReviewState, review_state
from approvals.refusals.policies import PolicyChanged, PolicyMissing, PolicyNotReviewed, PolicyRefusal, PolicyUnreadable

REFUSALS: Mapping[ReviewState, type[PolicyRefusal]] = {
    ReviewState.CHANGED: PolicyChanged,
    ReviewState.UNREVIEWED: PolicyNotReviewed,
    ReviewState.UNREADABLE: PolicyUnreadable,
    ReviewState.MISSING: PolicyMissing,
}


def to_compare(tx: Tx, parts: Iterable[Entitlement], *, required: bool) -> frozenset[str]:
    """The policies among these that RAM has to be asked for before they are given: those that were ever reviewed, and
    with `required` all.
    """
    names = {part.name for part in parts if part.has_type}
    return frozenset(names if required else policy_reviews.of_names(tx, names))


def check_reviewed(tx: Tx, parts: Iterable[Entitlement], seen: PoliciesNow, *, required: bool) -> None:
    """Check that each of these policies is the one that was reviewed, if any was or has to be.

    Raises:
        Refusal: one is not.
        StaleEvidence: one was reviewed for the first time since RAM was asked, so that it is not among those `seen`.
    """
    names = to_compare(tx, parts, required=required)
    if not names <= seen.keys():
        raise StaleEvidence
    for refusal in _refusals(tx, names, seen):
        raise refusal


def tell_of_changes(ledger: Ledger, seen: PoliciesNow, now: DomainMillis) -> None:
    """Approvers are told of those that are not the reviewed ones, and that one is so again, whatever becomes of what
    somebody wanted.
    """
    with ledger.read() as tx:
        shown = any(notices.open_about(tx, NoticeKind.POLICY_REVIEW, name) for name in seen)
        if not shown and not list(_refusals(tx, seen.keys(), seen)):
            return
    with ledger.write() as tx:
        reviews = policy_reviews.of_names(tx, seen.keys())
        for name, policy in seen.items():
            if policy is not None:
                tell_of(tx, reviews[name].policy if name in reviews else None, policy, now)


def state_to_give(ledger: Ledger, seen: PolicyNow, now: DomainMillis) -> ReviewState:
    """What a policy is that is about to be given; approvers are told as `tell_of_changes` says."""
    with ledger.read() as tx:
        review = policy_reviews.of_names(tx, [seen.name]).get(seen.name)
    tell_of_changes(ledger, {seen.name: seen}, now)
    return review_state(review.policy if review else None, seen)


def _refusals(tx: Tx, names: Collection[str], seen: PoliciesNow) -> Iterable[Refusal]:
    reviews = policy_reviews.of_names(tx, names)
    for name in sorted(names):
        state = review_state(reviews[name].policy if name in reviews else None, seen[name])
        if state is not ReviewState.REVIEWED:
            yield REFUSALS[state](name)
