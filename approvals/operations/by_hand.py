"""Somebody says that they did by hand what a task asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from approvals import rules
from approvals.audit_events import AuditEvent
from approvals.by_hand import TASKS, ManualItems, approvers_do
from approvals.entitlements import Key
from approvals.evidence import Holders
from approvals.grant import Grant
from approvals.ids import SlackUserId
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Ledger, Tx, notices, open_grants, trail
from approvals.ledger.jobs import REVOKE_FIRST
from approvals.millis import DomainMillis
from approvals.model import AccessRequest
from approvals.notice import Notice
from approvals.outbox import enqueue
from approvals.outbox.notices import close_notice
from approvals.people import Person, Principal
from approvals.queries.actor import standing
from approvals.reconcile.by_hand import doers, requests_on, show_in_homes
from approvals.reconcile.plan.by_hand import given, taken
from approvals.reconcile.transitions import apply
from approvals.refusals.message import NoticeResolved, UnknownNotice
from approvals.rules import Act

DONE = {NoticeKind.GIVE_BY_HAND: AuditEvent.GIVEN_BY_HAND, NoticeKind.TAKE_BY_HAND: AuditEvent.TAKEN_BY_HAND}


class Done(StrEnum):
    """What came of it."""

    GIVEN = "given"
    GIVEN_TOO_LATE = "given too late"
    """Nobody wants it any more: it is to be taken away again."""
    TAKEN = "taken"


def named_doers(tx: Tx, notice_id: str, items: ManualItems) -> tuple[SlackUserId, ...]:
    """The Slack user ids of those who are named to do what a task asks for.

    Raises:
        Refusal: as `task_done` does of the task.
    """
    task = _open_task(tx, notice_id)
    found = open_grants.on_key(tx, Key.parse(task.about))
    return doers(tx, Key.parse(task.about), items, requests_on(tx, found))


def task_done(
    ledger: Ledger,
    items: ManualItems,
    team_id: str,
    notice_id: str,
    actor: Person,
    admins: Holders,
    now: DomainMillis,
) -> Done:
    """It was given, or taken away, says the actor: what waited for that goes on. `admins` matters for whoever is not
    named.

    Raises:
        Refusal: the actor is none of those who are to do it, or asked for it or gets it; the task is unknown, done, or
            not wanted any more.
    """
    with ledger.write() as tx:
        task = _open_task(tx, notice_id)
        key = Key.parse(task.about)
        found = open_grants.on_key(tx, key)
        asked = requests_on(tx, found)
        if not asked:
            raise NoticeResolved()
        principal = _judge(tx, task, key, items, team_id, actor, admins, asked, now)
        if not close_notice(tx, now, task.id, NoticeOutcome.DONE, actor.user_id):
            raise NoticeResolved()
        show_in_homes(tx, now, task, asked)
        give = task.kind == NoticeKind.GIVE_BY_HAND
        moves = given(found, now) if give else taken(found, now)
        for request in asked:
            _note(tx, now, task, key, found, request, actor, principal)
        apply(tx, now, moves)
        enqueue.reconcile(tx, key, now, REVOKE_FIRST)
    if not give:
        return Done.TAKEN
    return Done.GIVEN if moves else Done.GIVEN_TOO_LATE


def _open_task(tx: Tx, notice_id: str) -> Notice:
    task = notices.get(tx, notice_id)
    if task is None or task.kind not in TASKS:
        raise UnknownNotice()
    if not task.open:
        raise NoticeResolved()
    return task


def _judge(
    tx: Tx,
    task: Notice,
    key: Key,
    items: ManualItems,
    team_id: str,
    actor: Person,
    admins: Holders,
    asked: Sequence[AccessRequest],
    now: DomainMillis,
) -> Principal | None:
    named = frozenset(doers(tx, key, items, asked))
    others_may = approvers_do(task, named, now)
    principal = None
    for request in asked:
        judged_by = replace(standing(tx, team_id, actor, admins, request), doers=named, approvers_do=others_may)
        principal = rules.authorise(Act.DO_BY_HAND, actor, judged_by, request)
    return principal


def _note(
    tx: Tx,
    now: DomainMillis,
    task: Notice,
    key: Key,
    found: Sequence[Grant],
    request: AccessRequest,
    actor: Person,
    principal: Principal | None,
) -> None:
    trail.append_event(
        tx,
        now,
        DONE[NoticeKind(task.kind)],
        request_id=request.id,
        notice=task.id,
        ram_user=found[-1].principal.name,
        ram_user_id=key.user_id,
        entitlement=str(key.entitlement),
        by_slack=actor.user_id,
        by_ram_user=principal.name if principal else None,
        by_ram_user_id=principal.user_id if principal else None,
    )
