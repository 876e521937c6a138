"""A grant: one entitlement that an approved request gives to its principal, and how it stands in the cloud.

Times are `DomainMillis` or, where a name says `real`, `RealMillis`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from approvals.entitlements import Entitlement, Key
from approvals.errors import CloudErrorKind
from approvals.millis import DAY, MINUTE, DomainMillis, RealMillis
from approvals.people import Principal


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
UNFINISHED = (*OPEN, GrantState.FAILED)
"""States that are to end when somebody leaves: what failed may be tried again."""
ALARM_AFTER_MS = 5 * MINUTE
"""A revoke that is not confirmed this long after its deadline is reported."""
BY_HAND_ALARM_AFTER_MS = DAY
"""The same for what people take away by hand."""
OURS = (GrantState.GRANTING, GrantState.ACTIVE, GrantState.ENDING)
"""States in which the cloud may hold what this program put there."""


class EndCause(StrEnum):
    """Why a grant ends, or never came to be."""

    DEADLINE = "deadline"
    GIVEN_BACK = "given back"
    TAKEN_BACK = "taken back"
    LEFT = "left"
    UNREVIEWED = "not reviewed"
    """Nobody reviewed it until the end of an access review, which revokes such things."""
    REMOVED_OUTSIDE = "removed outside"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Remains:
    """Through what a principal still has the key after a grant on it, and what they have in its place."""

    requests: tuple[int, ...] = ()
    """Other requests, which want it for longer: it was not detached for their sake."""
    groups: tuple[str, ...] = ()
    other_role: str = ""
    """In a place where a member has one role: one that is not for us to replace, which they have instead."""

    def __bool__(self) -> bool:
        """Whether they still have it."""
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
    def blocked(self) -> bool:
        """Whether it is to end, and a product keeps it until a person has done something."""
        return self.state is GrantState.ENDING and self.error_kind is CloudErrorKind.IN_USE

    @property
    def key(self) -> Key:
        """What the cloud holds for it, perhaps for other grants as well."""
        return Key(self.principal.user_id, self.entitlement)
