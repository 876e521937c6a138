"""Whether a policy is the one that was reviewed: a pure judgement on what RAM shows of it now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from approvals.policies.document import UnreadableDocument
from approvals.policies.normalised import digest, normalised
from approvals.policies.published import published


@dataclass(frozen=True, slots=True)
class PolicyNow:
    """A policy with its default version, as RAM shows it now."""

    name: str
    type: str
    """`Custom` or `System`."""
    version: str
    document: str | None
    """Normalised; None where it cannot be judged."""
    hash: str
    """Of the normalised document; empty where there is none."""

    @classmethod
    def of(cls, name: str, policy_type: str, version: str, document: str) -> PolicyNow:
        """From a document as RAM shows it."""
        try:
            return cls(name, policy_type, version, normalised(document), digest(document))
        except UnreadableDocument:
            return cls(name, policy_type, version, None, "")

    @property
    def is_published(self) -> bool:
        """Whether Alibaba Cloud publishes this very document for a policy of that name."""
        known = published().get((self.type, self.name))
        return known is not None and digest(known.document) == self.hash


PoliciesNow = Mapping[str, PolicyNow | None]
"""By name; None for one that the account does not have."""


@dataclass(frozen=True, slots=True)
class ReviewedPolicy:
    """A policy as it was when it was reviewed."""

    name: str
    type: str
    version: str
    document: str
    """Normalised."""
    hash: str
    by_people: bool
    """Otherwise it is kept as Alibaba Cloud published it, and nobody reviewed it."""


class ReviewState(StrEnum):
    """What a policy is to the one that was reviewed."""

    REVIEWED = "reviewed"
    UNREVIEWED = "unreviewed"
    """Nobody has reviewed it, in whatever version."""
    CHANGED = "changed"
    """Another one of its name was reviewed."""
    UNREADABLE = "unreadable"
    """What it allows cannot be judged."""
    MISSING = "missing"
    """The account has none of that name."""


def review_state(reviewed: ReviewedPolicy | None, now: PolicyNow | None) -> ReviewState:
    """`now` is None where the account has no such policy. What people reviewed may be narrower than what is published,
    so the published one counts only where they never reviewed any.
    """
    if now is None:
        return ReviewState.MISSING
    if now.document is None:
        return ReviewState.UNREADABLE
    if now.is_published and not (reviewed and reviewed.by_people):
        return ReviewState.REVIEWED
    if reviewed is None:
        return ReviewState.UNREVIEWED
    same = (reviewed.type, reviewed.hash) == (now.type, now.hash)
    return ReviewState.REVIEWED if same else ReviewState.CHANGED
