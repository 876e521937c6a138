"""Each write to the cloud in the trail: that it is about to be sent, under a random id that goes along with it, and
what it was answered.

One that has no answer in the trail may have been carried out all the same. The cloud's own log of calls has the id in
the User-Agent that it keeps (ActionTrail: `userAgent`, beside `requestId`).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from approvals.audit_events import AuditEvent
from approvals.entitlements import Key
from approvals.errors import CloudError
from approvals.grant import GrantState
from approvals.ledger import Tx, grants, memberships, open_grants, trail
from approvals.millis import DomainMillis
from approvals.people import Principal
from approvals.ports import Receipt
from approvals.reconcile.plan import Write

BEGUN = MappingProxyType({Write.ATTACH: AuditEvent.ATTACH_BEGUN, Write.DETACH: AuditEvent.DETACH_BEGUN})
CONFIRMED = MappingProxyType({Write.ATTACH: AuditEvent.ATTACH_CONFIRMED, Write.DETACH: AuditEvent.DETACH_CONFIRMED})
NOT_CONFIRMED = MappingProxyType(
    {Write.ATTACH: AuditEvent.ATTACH_NOT_CONFIRMED, Write.DETACH: AuditEvent.DETACH_NOT_CONFIRMED}
)


@dataclass(frozen=True, slots=True)
class Sent:
    """A write that is recorded, and sent right after that."""

    id: str
    """32 random hex digits, of this one alone: each time that something is tried has another."""
    write: Write
    key: Key
    principal: Principal
    request_ids: tuple[int | None, ...]
    """Whom it is for; None alone where nobody ever asked for it."""


@dataclass(frozen=True, slots=True)
class WriteOutcome:
    """What came of a write that was planned."""

    sent: Sent | None
    """None where what had to be read first stood in its way."""
    receipt: Receipt | None = None
    error: CloudError | None = None

    @property
    def request_id(self) -> str | None:
        """What the cloud knows the call by."""
        if self.error is not None:
            return self.error.request_id
        return self.receipt.request_id if self.receipt else None


def begin(tx: Tx, now: DomainMillis, write: Write, key: Key, principal: Principal, replaces: str | None = None) -> Sent:
    """Record that a write is about to be sent. `replaces` as for `Go`."""
    sent = Sent(secrets.token_hex(16), write, key, principal, _concerned(tx, write, key))
    if replaces is not None:
        memberships.replacing(tx, key, replaces, now)
    _append_events(tx, now, BEGUN[write], sent)
    return sent


def answered(tx: Tx, now: DomainMillis, outcome: WriteOutcome) -> None:
    """Record what a write was answered, if it was sent."""
    sent, error = outcome.sent, outcome.error
    if sent is None:
        return
    _append_events(
        tx,
        now,
        NOT_CONFIRMED[sent.write] if error else CONFIRMED[sent.write],
        sent,
        trouble=error.kind.value if error else None,
        code=error.code if error else None,
        ram_request_id=outcome.request_id,
    )


def _append_events(tx: Tx, now: DomainMillis, event: AuditEvent, sent: Sent, **fields: Any) -> None:
    """For each request that it is made for, so that the trail of one has all that was done for it."""
    for request_id in sent.request_ids:
        trail.append_event(
            tx,
            now,
            event,
            request_id=request_id,
            write_id=sent.id,
            ram_user=sent.principal.name or None,
            ram_user_id=sent.key.user_id,
            entitlement=str(sent.key.entitlement),
            policy_type=sent.key.entitlement.policy_type,
            **fields,
        )


def _concerned(tx: Tx, write: Write, key: Key) -> tuple[int | None, ...]:
    """The requests that want it attached, or no more; or else, when it puts right what came late, the last one."""
    found = open_grants.on_key(tx, key)
    ends = write is Write.DETACH
    meant = [grant for grant in found if (grant.state is GrantState.ENDING) is ends] or found
    if not meant:
        last = grants.last_on_key(tx, key)
        return (last.request_id if last else None,)
    return tuple(sorted({grant.request_id for grant in meant}))
