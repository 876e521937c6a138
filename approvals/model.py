"""Access requests and the decisions on them, as values: the ledger makes them from rows, and nobody changes them in
place.

Times are `DomainMillis`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from approvals.entitlements import Entitlement
from approvals.ids import RamUserId, SlackUserId
from approvals.millis import DomainMillis
from approvals.people import Principal


class RequestState(StrEnum):
    """Where a request stands. Only a pending and a scheduled one ever change."""

    PENDING = "pending"
    APPROVED = "approved"
    DENIED = "denied"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    SCHEDULED = "scheduled"
    """Approved, and it has not begun. The ledger stores it as approved, so that older programs read it."""


class CloseReason(StrEnum):
    """Why a request was cancelled, where nobody who asked for it did that."""

    CLAIM_LOST = "claim lost"
    """The RAM user that it claims is somebody else's."""
    OTHER_CLAIM = "other claim confirmed"
    """Its subject is another RAM user."""
    SUBJECT_REFUSED = "subject refused"
    """Its subject says that they are not that RAM user."""
    LEFT = "left"
    EXTENDED_ENDED = "extended ended"
    """What it was to extend was ended by somebody."""
    EXTENDED_SHORTENED = "extended shortened"
    """What it was to extend ends sooner, by an approver's word."""


NOT_STARTED = "not started: "
"""So the reason begins with which the program closes what could not begin; the reason of the refusal follows."""


class Verdict(StrEnum):
    """An approver's answer to a request."""

    APPROVE = "approve"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Holding:
    """Something that a subject already had when a request was made, as the cloud showed it."""

    name: str
    """A policy's name; of a member role, the whole entitlement."""
    via_group: str | None = None
    unread: bool = False
    """Whether they have it is not known: the product did not say."""


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """What somebody asked for, for whom and on what terms, and what became of it."""

    id: int
    """The short number by which people call it. A ledger that was lost or restored uses it again."""
    public_id: str
    """32 random hex digits, by which buttons and forms name it: no other request has them, in whatever ledger."""
    team_id: str
    requester: SlackUserId
    requester_ram_id: RamUserId | None
    subject: SlackUserId
    principal: Principal
    item: str
    """The catalogue's name of what was asked: a policy or a bundle."""
    entitlements: tuple[Entitlement, ...]
    duration: int | None
    """Milliseconds; None is until revoked."""
    reason: str
    ticket: str | None
    approvals_needed: int
    state: RequestState
    created_at: DomainMillis
    expires_at: DomainMillis
    closed_at: DomainMillis | None
    closed_by: SlackUserId | None
    """Slack user id of whoever closed it; None when time or the program itself did."""
    close_reason: str | None
    """What whoever denied it wrote, or a `CloseReason`."""
    ends_at: DomainMillis | None
    asked_approvers: tuple[SlackUserId, ...]
    already_holds: tuple[Holding, ...]
    version: int
    """Rises with every change; a card drawn from an older version is drawn again."""
    ends_by: DomainMillis | None = None
    """The moment until which it was asked for, where it was one, and by which it ends whenever it is approved;
    `duration` is what was left until then.
    """
    extends: int | None = None
    """The number of the request that it asks more time for: it begins where that one ends."""
    workflow_step: str | None = None
    """Slack's id of the run of a workflow's step that asked for it, and that waits for what becomes of it."""
    by_rule: str | None = None
    """The standing rule by which it takes as many approvals, where that is more than what is asked for takes."""
    escalated_at: DomainMillis | None = None
    """When it was shown to a second place, since nobody had decided."""
    approved_by_rule: str | None = None
    """The standing rule of the catalogue that approved it, where nobody did."""
    starts_at: DomainMillis | None = None
    """When it is to begin, where that is not as soon as it is approved."""

    @property
    def ref(self) -> str:
        """What people call it: `R-1042`."""
        return request_ref(self.id)

    @property
    def of_account(self) -> bool:
        """Whether it is for one of the account's own roles: `principal` is that role then, and nobody's in person."""
        return any(entitlement.of_account for entitlement in self.entitlements)

    def is_for(self, slack_user_id: SlackUserId, ram_user_id: RamUserId | None) -> bool:
        """Whether it is for this person: for their RAM user, by whichever of their Slack accounts."""
        return not self.of_account and (self.principal.user_id == ram_user_id or self.subject == slack_user_id)


@dataclass(frozen=True, slots=True)
class Decision:
    """One approver's verdict on a request, and what it is for. One that is not `counted` was an approval that lapsed:
    its giver may not approve any more.
    """

    request_id: int
    principal: Principal
    slack_user_id: SlackUserId
    verdict: Verdict
    reason: str | None
    at: DomainMillis
    counted: bool
    parts: tuple[Entitlement, ...] | None = None
    """What an approval is for; None is all that was asked."""
    duration: int | None = None
    """Milliseconds for which an approval is; None is as long as was asked."""


_REF = re.compile(r"(?:[Rr]-)?(\d{1,12})", re.ASCII)


def request_ref(request_id: int) -> str:
    """What people call the request of this number: `R-1042`."""
    return f"R-{request_id}"


def parse_ref(text: str) -> int | None:
    """The number in `R-1042` (also `r-1042`, `1042`), or None when the text is no reference."""
    found = _REF.fullmatch(text.strip())
    return int(found.group(1)) if found else None
