"""An access review: what people have without an end, or for long, gone through by approvers until a date."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from approvals.drift import Barred
from approvals.entitlements import Entitlement
from approvals.ids import RamUserId, SlackUserId
from approvals.millis import DAY, DomainMillis
from approvals.people import Principal

SHORTEST_MS, LONGEST_MS = DAY, 180 * DAY
"""From the start of a review until it is over."""
LONG_MS = 30 * DAY
"""What runs on for no longer ends by itself soon enough, and is not reviewed."""
SHORTENED_TO_MS = (DAY, 7 * DAY, 30 * DAY)
"""So long from now something may end instead."""


class Unreviewed(StrEnum):
    """What becomes in the end of what nobody reviewed; the ledger stores the value, and the catalogue has it."""

    ESCALATE = "escalate"
    """It stays, and all approvers are told."""
    REVOKE = "revoke"
    """What requests granted ends; all else stays, as with `ESCALATE`."""


class ReviewVerdict(StrEnum):
    """What came of one item; the ledger stores the value, and a report prints it."""

    KEEP = "keep"
    REVOKE = "revoke"
    """What requests granted ends, and of what was granted elsewhere another approver agreed to that."""
    SHORTEN = "shorten"
    """It ends sooner than it was to; of what was granted elsewhere another approver agreed to that."""
    ASKED = "asked"
    """It was granted elsewhere, and another approver has not said yet whether it is revoked, or ends."""
    GONE = "gone"
    """It was no longer so when somebody decided, or in the end."""
    REVOKE_UNREVIEWED = "revoke unreviewed"
    """Nobody reviewed it, and what requests granted ends."""


class Stays(StrEnum):
    """Why a review that revokes left something as it is that nobody reviewed; the ledger stores the value, and a report
    prints it.
    """

    ELSEWHERE = "granted elsewhere"
    ADMIN = "admin policy"
    """It is that policy, or was granted together with it."""
    OWN_IDENTITY = "own identity"
    """The RAM user has it that this program is."""
    BOUND = "bound to what stays"
    """The request granted something else as well that an approver kept, that was left, that is in no review, or that
    cannot go.
    """
    GRANTED_MEANWHILE = "granted meanwhile"
    """Another request gives it by now, which people decided on after it was known what is to be reviewed."""
    FEW_APPROVERS = "few approvers"
    APPROVERS_UNKNOWN = "approvers unknown"
    """The cloud did not say in the end who may approve."""
    MASS_REMOVAL = "mass removal"
    """So much looks removed at once that the cloud is not believed."""
    UNREMINDED = "nobody was reminded"
    """The app did not run, or knew too late, when reviewers were to be reminded."""
    NOBODYS_PART = "nobody's part"
    """No approver was there whose part it could be, but for whoever has it; or they left, or went away, after the last
    reminder.
    """
    ENDED_EARLY = "ended early"
    """Somebody ended the review before its time."""


class Moved(StrEnum):
    """Why the moments of a review are others than they were; the audit trail has the value."""

    CLOCK_WAS_AHEAD = "clock was ahead"
    """It began by that clock. All of its moments are put right."""
    WORDS_LOST = "words may be lost"
    """Its reviewers have more time to say them again: it ends later."""


@dataclass(frozen=True, slots=True)
class ReviewedAccess:
    """One thing that somebody has."""

    principal: Principal
    entitlement: Entitlement
    via_group: str | None = None
    account: SlackUserId | None = None
    """Slack user id of whoever is linked to that RAM user."""
    since: DomainMillis | None = None
    """None where nobody says it."""
    ends_at: DomainMillis | None = None
    """None until somebody revokes it."""
    requests: tuple[int, ...] = ()
    """By which it was granted; none, where it was granted elsewhere."""
    barred: Barred | None = None
    """Why it cannot be revoked from here."""
    is_looked_up: bool = False
    """Whether the cloud's own record was asked when that RAM user did anything last."""
    last_call: DomainMillis | None = None
    """When that was; None where the record has nothing of them."""

    @property
    def about(self) -> str:
        """Whom and what it is about, as rows of drift have it."""
        who = self.principal.user_id or self.principal.name
        return f"{who}|{self.entitlement}" + (f"|{self.via_group}" if self.via_group else "")

    def as_details(self) -> dict[str, Any]:
        """As JSON takes it."""
        return {
            "ram_user": self.principal.name,
            "ram_user_id": self.principal.user_id,
            "what": str(self.entitlement),
            "via_group": self.via_group,
            "account": self.account,
            "since": self.since,
            "ends_at": self.ends_at,
            "requests": list(self.requests),
            "barred": self.barred,
            "is_looked_up": self.is_looked_up,
            "last_call": self.last_call,
        }

    @classmethod
    def of_details(cls, details: dict[str, Any]) -> ReviewedAccess:
        """The one of which `as_details` made this."""
        return cls(
            Principal(RamUserId(details["ram_user_id"]), details["ram_user"]),
            Entitlement.parse(details["what"]),
            details["via_group"],
            details["account"],
            details["since"],
            details["ends_at"],
            tuple(details["requests"]),
            Barred(details["barred"]) if details["barred"] else None,
            bool(details.get("is_looked_up")),
            details.get("last_call"),
        )


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One of a review; `id` is random, and what its buttons carry."""

    id: str
    review_id: str
    access: ReviewedAccess
    harmless: bool
    """Granted by a request, of what takes one approval: it may be kept with others in one click."""
    reviewer: SlackUserId | None
    """Slack user id of the approver whose part it is; None where every approver has it themselves."""
    verdict: ReviewVerdict | None = None
    said_by: SlackUserId | None = None
    said_at: DomainMillis | None = None
    stays: Stays | None = None
    """Why it was not revoked in the end; None also where the review revokes nothing by itself."""


@dataclass(frozen=True, slots=True)
class AccessReview:
    """One review; `id` is random."""

    id: str
    started_at: DomainMillis
    started_by: str
    due_at: DomainMillis
    collected_at: DomainMillis | None = None
    """When it was read who has what; None before that."""
    complete: bool = True
    """Whether all could be read then."""
    unreviewed: Unreviewed = Unreviewed.ESCALATE
    """As the catalogue had it when approvers were told of it."""
    closed_at: DomainMillis | None = None
    signed_at: DomainMillis | None = None
    signed_by: SlackUserId | None = None
    ending_at: DomainMillis | None = None
    """Since when what nobody reviewed is gone through, so many items at a time; nothing is said of any of them then."""
    ended_by: str | None = None
    """Who ended it before its time."""

    @property
    def open(self) -> bool:
        """Whether anything may still be said."""
        return self.closed_at is None and self.ending_at is None
