"""Access requests, the decisions on them and the grants that come of them, as values: the ledger makes them from rows,
and nobody changes them in place.

Times are `DomainMillis` or, where a name says `real`, `RealMillis`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from approvals.entitlements import Entitlement, Key
from approvals.errors import CloudErrorKind
from approvals.ids import RamUserId, SlackUserId
from approvals.millis import DomainMillis, RealMillis
from approvals.people import Principal

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class RequestState(StrEnum):
    """Where a request stands. Only a pending one ever changes."""

    PENDING = "pending"
    APPROVED = "approved"
    DENIED = "denied"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class GrantState(StrEnum):
    """Where a grant stands. `HELD`: the key was there before, so that it is not ours to take away. `VOID`: it ended
    before anything was attached. `FAILED`: it could not be attached, and may be tried again.
    """

    PLANNED = "planned"
    GRANTING = "granting"
    ACTIVE = "active"
    ENDING = "ending"
    ENDED = "ended"
    HELD = "held"
    FAILED = "failed"
    VOID = "void"


OPEN = (GrantState.PLANNED, GrantState.GRANTING, GrantState.ACTIVE, GrantState.ENDING)
"""States in which the worker still has something to do, now or at a deadline."""
OURS = (GrantState.GRANTING, GrantState.ACTIVE, GrantState.ENDING)
"""States in which the cloud may hold what this program put there."""


class EndCause(StrEnum):
    """Why a grant ends, or never came to be."""

    DEADLINE = "deadline"
    GIVEN_BACK = "given back"
    TAKEN_BACK = "taken back"
    LEFT = "left"
    REMOVED_OUTSIDE = "removed outside"
    REFUSED = "refused"


class CloseReason(StrEnum):
    """Why a request was cancelled, where nobody who asked for it did that."""

    CLAIM_LOST = "claim lost"
    """The RAM user that it claims is somebody else's."""
    OTHER_CLAIM = "other claim confirmed"
    """Its subject is another RAM user."""
    SUBJECT_REFUSED = "subject refused"
    """Its subject says that they are not that RAM user."""
    LEFT = "left"


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

    @property
    def ref(self) -> str:
        """What people call it: `R-1042`."""
        return request_ref(self.id)

    @property
    def of_account(self) -> bool:
        """Whether it is for one of the account's own roles: `principal` is that role then, and nobody's in person."""
        return any(entitlement.of_account for entitlement in self.entitlements)


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


@dataclass(frozen=True, slots=True)
class Remains:
    """Through what a principal still had the key when a grant on it ended."""

    requests: tuple[int, ...] = ()
    """Other requests, which want it for longer: it was not detached for their sake."""
    groups: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.requests or self.groups)


@dataclass(frozen=True, slots=True)
class Grant:
    """One entitlement that an approved request gives to its principal, and how that stands in the cloud."""

    id: int
    request_id: int
    principal: Principal
    entitlement: Entitlement
    state: GrantState
    ends_at: DomainMillis | None
    active_at: DomainMillis | None
    ending_at: DomainMillis | None
    ended_at: DomainMillis | None
    end_cause: EndCause | None
    detaches: int
    """Detach calls begun. After one, a read that still shows the key proves nothing."""
    detached: bool
    """RAM confirmed a detach: done, or nothing was there."""
    missing_since_real: RealMillis | None
    """Real time at which RAM first did not show an active grant's key."""
    error_kind: CloudErrorKind | None
    """How the last call failed that did not do what it was for."""
    error_action: str | None = None
    """That call, by the cloud's name for it."""
    error_code: str | None = None
    """The cloud's own code for it."""
    error_request_id: str | None = None
    """The cloud's id of that call."""
    remains: Remains = Remains()

    @property
    def key(self) -> Key:
        """What the cloud holds for it, perhaps for other grants as well."""
        return Key(self.principal.user_id, self.entitlement)


_REF = re.compile(r"(?:[Rr]-)?(\d{1,12})", re.ASCII)


def request_ref(request_id: int) -> str:
    """What people call the request of this number: `R-1042`."""
    return f"R-{request_id}"


def parse_ref(text: str) -> int | None:
    """The number in `R-1042` (also `r-1042`, `1042`), or None when the text is no reference."""
    found = _REF.fullmatch(text.strip())
    return int(found.group(1)) if found else None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that approvers, or one person, have to know; `id` is random, and what its buttons carry."""

    id: str
    kind: str
    """A `NoticeKind`, or what a newer program calls one of its own; the surface has the text for each."""
    about: str
    """Whom or what it concerns: of each kind, one notice at a time is open about the same."""
    details: Mapping[str, Any]
    recipient: str | None
    """Slack user id; None is all approvers."""
    raised_at: DomainMillis
    resolved_at: DomainMillis | None = None
    outcome: str | None = None
    """Likewise a `NoticeOutcome`."""
    resolved_by: SlackUserId | None = None
    """Slack user id; None when the program itself did."""

    @property
    def open(self) -> bool:
        """Whether nobody, and nothing, has resolved it yet."""
        return self.resolved_at is None
