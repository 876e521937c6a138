"""Try how the cloud answers to a write: a grant of ten minutes to a RAM user who is made for it, and that is nobody's.

It is a grant like any other, so that it ends whatever becomes of whoever tries.
"""

from __future__ import annotations

import secrets

from approvals.audit_events import AuditEvent
from approvals.entitlements import Entitlement
from approvals.errors import LedgerError
from approvals.grant import EndCause
from approvals.ids import SlackUserId
from approvals.ledger import Ledger, grants, open_grants, people, requests, trail
from approvals.ledger.jobs import GRANT_NEXT
from approvals.millis import MINUTE, DomainMillis
from approvals.model import AccessRequest, RequestState
from approvals.operations.ask import Ask
from approvals.operations.create_request import Parties, audited, insert_request
from approvals.operations.revoke import ENDABLE, end_in
from approvals.outbox import enqueue, timers
from approvals.people import Principal

PROBE_MS = 10 * MINUTE
NOBODY = SlackUserId("")
"""In the place of a Slack account: nobody there asks for it, and nobody is told."""
REASON = "a probe of how the cloud answers"


def begin_probe(
    ledger: Ledger, team_id: str, principal: Principal, entitlement: Entitlement, by: str, now: DomainMillis
) -> AccessRequest:
    """Plan the grant. `by`: who has it done, for the audit trail.

    Raises:
        LedgerError: the user is linked to a person, or has something from here.
    """
    with ledger.write() as tx:
        if people.link_of_principal(tx, principal.user_id) is not None:
            raise LedgerError(f"RAM user {principal.name} is linked to a person")
        if open_grants.unfinished_of(tx, principal.user_id):
            raise LedgerError(f"RAM user {principal.name} has something that was given here")
        ask = Ask(f"probe:{secrets.token_hex(16)}", team_id, NOBODY, NOBODY, entitlement.name, PROBE_MS, REASON)
        parties = Parties(principal, None, approvers=(), holdings=())
        request = insert_request(
            tx, ask, parties, now, item=ask.item, entitlements=(entitlement,), approvals=1, expires_after=0
        )
        ends_at = DomainMillis(now + PROBE_MS)
        requests.close(tx, request.id, RequestState.APPROVED, now=now, by=SlackUserId(by), ends_at=ends_at)
        grant_id = grants.plan(tx, request.id, principal, entitlement, ends_at)
        for grant in grants.of_request(tx, request.id):
            enqueue.reconcile(tx, grant.key, now, GRANT_NEXT)
            timers.schedule_alarm(tx, grant.id, grant.entitlement, ends_at)
        timers.schedule_give_up(tx, request.id, ends_at)
        trail.append_event(
            tx,
            now,
            AuditEvent.PROBED,
            request_id=request.id,
            **audited(request),
            closed_by=by,
            ends_at=ends_at,
            grants={str(grant_id): str(entitlement)},
        )
    return request


def end_probe(ledger: Ledger, request_id: int, now: DomainMillis) -> None:
    """It ends at once, where it has not yet."""
    with ledger.write() as tx:
        ending = [grant for grant in grants.of_request(tx, request_id) if grant.state in ENDABLE]
        end_in(tx, ending, now, EndCause.GIVEN_BACK)
