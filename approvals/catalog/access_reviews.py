"""Access reviews, as the catalogue has them: what becomes of what nobody reviewed, and when one starts by itself."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.access_review import LONGEST_MS, SHORTEST_MS, Unreviewed
from approvals.catalog.schema import AccessReviewTerms
from approvals.errors import CatalogError
from approvals.millis import DAY

USUAL_MS = 30 * DAY
"""For so long a review runs that starts by itself, where the file does not say it."""


@dataclass(frozen=True, slots=True)
class ReviewSchedule:
    """That a review starts by itself. Durations are in milliseconds."""

    every: int
    """From the start of one, whoever started it, to that of the next."""
    duration: int
    """Until it is over."""


@dataclass(frozen=True, slots=True)
class ReviewTerms:
    """What holds of every review."""

    unreviewed: Unreviewed = Unreviewed.ESCALATE
    schedule: ReviewSchedule | None = None
    """None where people start each of them."""


def load_review_terms(terms: AccessReviewTerms, source: str) -> ReviewTerms:
    """What the file says.

    Raises:
        CatalogError: it cannot be.
    """
    return ReviewTerms(Unreviewed(terms.unreviewed), _schedule(terms, f"{source}: access_review"))


def _schedule(terms: AccessReviewTerms, where: str) -> ReviewSchedule | None:
    if terms.every is None:
        if terms.by is not None:
            raise CatalogError(f"{where}.by: is for what starts by itself, which takes `every` as well")
        return None
    duration = terms.by if terms.by is not None else min(USUAL_MS, terms.every)
    if not SHORTEST_MS <= duration <= LONGEST_MS:
        name = "every" if terms.by is None else "by"
        raise CatalogError(f"{where}.{name}: a review takes '1d' at least, and '180d' at most")
    if terms.every < duration:
        raise CatalogError(f"{where}.every: must not be shorter than `by`, so that one is over before the next")
    return ReviewSchedule(terms.every, duration)
