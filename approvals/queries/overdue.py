"""What should have ended a good while ago and may still be there: what a second pair of eyes looks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from approvals.audit_events import AuditEvent
from approvals.entitlement_kind import POLICY
from approvals.grant import OURS, Grant, GrantState
from approvals.ledger import Tx, grants, open_grants, trail
from approvals.millis import DAY, HOUR, MINUTE, DomainMillis
from approvals.queries import request_view
from approvals.queries.request_view import RequestView

OVERDUE_AFTER_MS = 10 * MINUTE
"""So long after its end, the program has had its time to take it away, and to report that it could not."""
BY_HAND_OVERDUE_AFTER_MS = DAY + OVERDUE_AFTER_MS
"""The same of what people take away by hand."""
TOLD_INTERVAL_MS = HOUR


@dataclass(frozen=True, slots=True)
class Overdue:
    """A grant that should have ended by now, and of which something may still be there."""

    grant: Grant
    record: RequestView

    @property
    def revocable(self) -> bool:
        """Whether it is a RAM policy on a user, which the watchdog may take away."""
        return self.grant.entitlement.kind == POLICY


class Outcome(StrEnum):
    """What became of something overdue."""

    REVOKED = "revoked"
    NOT_CONFIRMED = "not confirmed"
    """It was tried, and may still be there."""
    IN_HAND = "in hand"
    """A worker of the bot is at it."""
    NOT_OURS = "not ours"
    """The watchdog may not take it away."""


@dataclass(frozen=True, slots=True)
class Looked:
    """Something that was overdue, and what became of it."""

    overdue: Overdue
    grant: Grant
    """As it stands afterwards."""
    outcome: Outcome


def read(tx: Tx, now: DomainMillis) -> list[Overdue]:
    """All of it, oldest grant first."""
    found = []
    for grant in open_grants.every(tx):
        if is_overdue(tx, grant, now):
            record = request_view.read(tx, grant.request_id)
            if record is not None:
                found.append(Overdue(grant, record))
    return found


def is_overdue(tx: Tx, grant: Grant, now: DomainMillis) -> bool:
    """Whether it is, and nothing else that is open wants the key. What a product keeps until a person has done
    something is a notice's affair.
    """
    due = should_have_ended(grant)
    patience = BY_HAND_OVERDUE_AFTER_MS if grant.entitlement.by_hand else OVERDUE_AFTER_MS
    if grant.state not in OURS or due is None or due > now - patience or grant.blocked:
        return False
    return not any(_wants(other, now) for other in open_grants.on_key(tx, grant.key))


def should_have_ended(grant: Grant) -> DomainMillis | None:
    """The moment; None where it has none, and nobody ended it."""
    began = grant.ending_at if grant.state is GrantState.ENDING else None
    return min((at for at in (began, grant.ends_at) if at is not None), default=None)


def _wants(grant: Grant, now: DomainMillis) -> bool:
    return grant.state is not GrantState.ENDING and (grant.ends_at is None or grant.ends_at > now)


def was_told(tx: Tx, grant: Grant, now: DomainMillis) -> bool:
    """Whether the watchdog told Slack of it in the last hour."""
    return any(
        entry.fields["event"] == AuditEvent.WATCHDOG_ALARM
        and entry.fields.get("grant") == grant.id
        and entry.moment > now - TOLD_INTERVAL_MS
        for entry in trail.of_request(tx, grant.request_id)
    )


def as_they_are(tx: Tx, found: Sequence[Overdue]) -> list[Grant]:
    """The grants of these as the record has them now, in the same order."""
    return [grants.get(tx, each.grant.id) or each.grant for each in found]
