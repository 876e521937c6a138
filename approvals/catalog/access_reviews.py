"""Access reviews, as the catalogue has them: what becomes of what nobody reviewed."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.access_review import Unreviewed
from approvals.catalog.schema import AccessReviewTerms


@dataclass(frozen=True, slots=True)
class ReviewTerms:
    """What holds of every review."""

    unreviewed: Unreviewed = Unreviewed.ESCALATE


def load_review_terms(terms: AccessReviewTerms) -> ReviewTerms:
    """What the file says."""
    return ReviewTerms(Unreviewed(terms.unreviewed))
