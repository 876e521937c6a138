"""Because a policy is not the one that was reviewed."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.errors import Refusal


@dataclass(eq=False)
class PolicyRefusal(Refusal):
    """Because of what is known of a policy."""

    policy: str


class PolicyChanged(PolicyRefusal):
    """It is not the one that was reviewed any more."""

    reason = "policy_changed"


class PolicyNotReviewed(PolicyRefusal):
    """Nobody has reviewed it, and it has to be."""

    reason = "policy_not_reviewed"


class PolicyUnreadable(PolicyRefusal):
    """Nobody can say what it allows."""

    reason = "policy_unreadable"


class PolicyMissing(PolicyRefusal):
    """It was reviewed, and the account does not have it any more."""

    reason = "policy_missing"


class ReviewedAlready(PolicyRefusal):
    """By the same person; it needs another one's word."""

    reason = "reviewed_already"


class ReviewOutdated(PolicyRefusal):
    """It is not what the message shows any more."""

    reason = "review_outdated"


class ReviewTooLong(PolicyRefusal):
    """The message does not show all of it, so nobody can have read it there."""

    reason = "review_too_long"
