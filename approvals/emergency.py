"""What somebody took at once in an emergency, and what was said of it afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from approvals.ids import RamUserId, SlackUserId
from approvals.millis import DomainMillis


class EmergencyVerdict(StrEnum):
    """What a reviewer said."""

    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"


@dataclass(frozen=True, slots=True)
class EmergencyReview:
    """A reviewer's word."""

    verdict: EmergencyVerdict
    words: str
    at: DomainMillis
    by: SlackUserId
    barred_until: DomainMillis | None = None
    """Until when whoever took it takes nothing so, where there was no need."""


@dataclass(frozen=True, slots=True)
class Emergency:
    """Of one request, which nobody approved."""

    request_id: int
    ram_user_id: RamUserId
    taken_at: DomainMillis
    review_by: DomainMillis
    review: EmergencyReview | None = None

    @property
    def under_review(self) -> bool:
        """Whether nobody has said yet what they think of it."""
        return self.review is None
