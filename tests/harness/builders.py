"""Grants, requests and ledgers as these tests need them."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from approvals.cloud_events import Actor, CloudEvent
from approvals.entitlements import Entitlement, Key, policy
from approvals.errors import CloudError
from approvals.grant import Grant, GrantState
from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import Ledger, Tx, grants, requests
from approvals.ledger.jobs import GRANT_NEXT
from approvals.millis import HOUR, DomainMillis, RealMillis
from approvals.model import AccessRequest, RequestState
from approvals.outbox import enqueue
from approvals.people import Principal
from approvals.ports import Receipt
from approvals.reconcile import writes
from approvals.reconcile.context import Instant
from approvals.reconcile.plan import Write
from approvals.reconcile.writes import WriteOutcome

CAROL = Principal(RamUserId("200"), "carol")
ENGINE = policy("PaiRecEngineAccess")
KEY = Key(CAROL.user_id, ENGINE)
NOW = DomainMillis(1_700_000_000_000)
REAL = RealMillis(1_600_000_000_000)
"""Domain time and real time differ, so that a test fails where one is taken for the other."""

PLANNED = Grant(
    id=1,
    request_id=1001,
    principal=CAROL,
    entitlement=ENGINE,
    state=GrantState.PLANNED,
    ends_at=NOW + HOUR,
    active_at=None,
    ending_at=None,
    ended_at=None,
    end_cause=None,
    detaches=0,
    detached=False,
    missing_since_real=None,
    error_kind=None,
)
ASKED = AccessRequest(
    id=1001,
    public_id=f"{1001:032x}",
    team_id="T1",
    requester=SlackUserId("U1"),
    requester_ram_id=CAROL.user_id,
    subject=SlackUserId("U1"),
    principal=CAROL,
    item=ENGINE.name,
    entitlements=(ENGINE,),
    duration=HOUR,
    reason="on call",
    ticket=None,
    approvals_needed=1,
    state=RequestState.PENDING,
    created_at=NOW,
    expires_at=NOW + HOUR,
    closed_at=None,
    closed_by=None,
    close_reason=None,
    ends_at=None,
    asked_approvers=(),
    already_holds=(),
    version=1,
)


def grant(state: GrantState, **changes: Any) -> Grant:
    return replace(PLANNED, state=state, **changes)


def moment(now: DomainMillis = NOW, real: RealMillis = REAL) -> Instant:
    return Instant(now, real, Random(7))


def ask(tx: Tx, number: int, **changes: Any) -> AccessRequest:
    """A pending request in the ledger."""
    request = replace(ASKED, id=number, public_id=f"{number:032x}", **changes)
    requests.insert(tx, request, f"asked-{number}")
    return request


def approve(
    tx: Tx,
    number: int,
    *,
    now: DomainMillis = NOW,
    ends_at: DomainMillis | None = NOW + HOUR,
    entitlement: Entitlement = ENGINE,
    principal: Principal = CAROL,
) -> Grant:
    """A request that was asked and approved: its one grant is planned, and the settling of its key is due."""
    request = ask(tx, number, entitlements=(entitlement,), principal=principal)
    requests.close(tx, number, RequestState.APPROVED, now=now, by=SlackUserId("U2"), ends_at=ends_at)
    grants.plan(tx, number, request.principal, entitlement, ends_at)
    planned = grants.of_request(tx, number)[0]
    enqueue.reconcile(tx, planned.key, now, GRANT_NEXT)
    return planned


def outcome_of(
    ledger: Ledger, now: DomainMillis, write: Write, key: Key, error: CloudError | None = None
) -> WriteOutcome:
    """Of a write on something of Carol's, which is recorded first; without an error, the cloud's word for it."""
    with ledger.write() as tx:
        sent = writes.begin(tx, now, write, key, CAROL)
    return WriteOutcome(sent, None if error else Receipt("R-1"), error)


def stolen(at: DomainMillis) -> CloudEvent:
    """A call with the app's key that the app did not make."""
    return CloudEvent(
        id="EVENT-1",
        at=at,
        name="CreateUser",
        service="Ram",
        request_id="REQUEST-1",
        user_agent="",
        source_ip="198.51.100.66",
        actor=Actor("ram-user", "200000000000009999", "pairec-access"),
        params={"UserName": "spy"},
        error_code="",
    )
