"""Have access end sooner than it was granted for: by an approver's word, and never later than before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from approvals import rules
from approvals.audit_events import AuditEvent
from approvals.evidence import Holders
from approvals.grant import Grant, GrantState
from approvals.kinds import MessageKind
from approvals.ledger import Tx, extensions, grants, requests, trail
from approvals.ledger.jobs import REVOKE_FIRST
from approvals.millis import DomainMillis
from approvals.model import AccessRequest, CloseReason, RequestState
from approvals.operations.cancel import cancel_in
from approvals.operations.revoke import ENDABLE
from approvals.outbox import enqueue, timers
from approvals.people import Person
from approvals.queries.actor import standing
from approvals.refusals.grant import EndsSooner, HeldBefore
from approvals.refusals.people import NotLinked
from approvals.refusals.request import UnknownRequest
from approvals.rules import Act


def shorten_in(
    tx: Tx, team_id: str, request_id: int, ends_at: DomainMillis, actor: Person, admins: Holders, now: DomainMillis
) -> DomainMillis | None:
    """All that a request gave, and with it what extends it or what it extends, ends then, but for what ends sooner
    anyway. Until when it runs from now on; None where nothing of it runs any more.

    Raises:
        Refusal: the actor may not approve, or it is for them; unknown, held before us, or on its way out already.
    """
    request = requests.get(tx, request_id)
    approver = rules.authorise(Act.SHORTEN, actor, standing(tx, team_id, actor, admins, request), request)
    if request is None:
        raise UnknownRequest()
    if approver is None:
        raise NotLinked()
    family = extensions.family(tx, request)
    given = {each.id: grants.of_request(tx, each.id) for each in family}
    running = [each for each in family if _runs(each, given[each.id], now)]
    if not running:
        _check_over(request, [grant for each in family for grant in given[each.id]])
        return None
    longer = [each for each in running if each.ends_at is None or each.ends_at > ends_at]
    by = {"by_slack": actor.user_id, "by_ram_user": approver.name, "by_ram_user_id": approver.user_id}
    for each in longer:
        _end_sooner(tx, each, given[each.id], ends_at, now, by)
    if longer:
        for each in family:
            if each.state is RequestState.PENDING:
                # It counts from an end that is no longer so.
                cancel_in(tx, each, now, by=actor.user_id, reason=CloseReason.EXTENDED_SHORTENED)
        *before, last = longer
        enqueue.direct_messages(tx, now, last, MessageKind.SHORTENED)
        for each in before:
            # What they were told of these before says another end.
            enqueue.direct_messages(tx, now, each, MessageKind.GRANTED, quiet=True)
    return max(min(each.ends_at or ends_at, ends_at) for each in running)


def _runs(request: AccessRequest, given: Sequence[Grant], now: DomainMillis) -> bool:
    before_its_end = request.ends_at is None or request.ends_at > now
    return before_its_end and any(grant.state in ENDABLE for grant in given)


def _check_over(request: AccessRequest, given: Sequence[Grant]) -> None:
    """What of it the cloud may still have is not called gone."""
    leaving = [grant for grant in given if grant.state in (*ENDABLE, GrantState.ENDING)]
    if leaving:
        ends = (grant.ending_at if grant.state is GrantState.ENDING else grant.ends_at for grant in leaving)
        raise EndsSooner(until=min((at for at in ends if at is not None), default=DomainMillis(0)))
    if any(grant.state is GrantState.HELD for grant in given):
        raise HeldBefore(request=request.ref, ram_user=request.principal.name)


def _end_sooner(
    tx: Tx,
    request: AccessRequest,
    given: Sequence[Grant],
    ends_at: DomainMillis,
    now: DomainMillis,
    by: dict[str, Any],
) -> None:
    """As if it had been granted until then: it ends on time, those concerned are reminded, and an alarm looks after its
    end.
    """
    requests.shorten(tx, request.id, ends_at)
    grants.shorten(tx, request.id, ends_at)
    for grant in given:
        if grant.state in ENDABLE:
            enqueue.reconcile(tx, grant.key, ends_at, REVOKE_FIRST)
            timers.schedule_alarm(tx, grant.id, grant.entitlement, ends_at)
    timers.schedule_give_up(tx, request.id, ends_at)
    timers.schedule_reminder(tx, request, now, ends_at)
    enqueue.redraw(tx, now, request)
    trail.append_event(
        tx,
        now,
        AuditEvent.SHORTENED,
        request_id=request.id,
        ends_at=ends_at,
        instead_of=request.ends_at,
        **by,
    )
