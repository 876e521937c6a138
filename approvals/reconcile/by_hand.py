"""Bring a key in line that people give and take by hand: one transaction, and no call. What is to be done is a task, a
notice like any other, and the job comes again to remind of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from approvals.by_hand import TASKS, ByHand, ManualItems, approvers_do, next_reminder, reminders
from approvals.entitlements import Key
from approvals.grant import Grant, GrantState
from approvals.ids import SlackUserId
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Ledger, Tx, job_leases, notices, open_grants, requests
from approvals.ledger.jobs import REVOKE_FIRST, Job
from approvals.millis import DomainMillis
from approvals.model import AccessRequest
from approvals.notice import DOERS, Notice
from approvals.outbox import enqueue
from approvals.outbox.notices import close_notice, post_again, raise_notice
from approvals.reconcile.plan import by_time, next_deadline
from approvals.reconcile.plan.by_hand import by_hand
from approvals.reconcile.transitions import announce_delay, apply, with_remains

TASK, REMINDED = "task", "reminded"
"""In the job: the task that waits, and how often it was told again."""
_EVERYBODY_IS_TOLD = 2
"""By the reminder of that number, approvers are asked as well."""


def bring_in_line(ledger: Ledger, job: Job, key: Key, items: ManualItems, now: DomainMillis) -> None:
    """Apply deadlines, put the task that follows, remind of the one that waits, and say when the key is looked at next.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        apply(tx, now, by_time(open_grants.on_key(tx, key), now))
        found = open_grants.on_key(tx, key)
        plan = by_hand(found, now)
        wanting = [grant for grant in found if grant.state is not GrantState.ENDING]
        apply(tx, now, with_remains(plan.moves, wanting))
        for kind in TASKS:
            outdated = notices.open_about(tx, kind, str(key)) if kind is not plan.task else None
            if outdated is not None:
                close_notice(tx, now, outdated.id, NoticeOutcome.NO_LONGER_SO)
                show_in_homes(tx, now, outdated, requests_on(tx, found))
        task = _task(tx, plan.task, key, found, items, now) if plan.task else None
        _look_again(tx, job, key, items, task, now)


def item_of(tx: Tx, key: Key, items: ManualItems) -> ByHand:
    """As the catalogue has it; where that has it no more, as it was when it was given."""
    known = items.get(key.entitlement)
    if known is not None:
        return known
    given = notices.last_about(tx, NoticeKind.GIVE_BY_HAND, str(key))
    return ByHand.of_details(given.details) if given else ByHand(key.entitlement.name, (), ())


def requests_on(tx: Tx, found: Sequence[Grant]) -> list[AccessRequest]:
    """The requests of these grants, oldest first."""
    known = (requests.get(tx, number) for number in dict.fromkeys(grant.request_id for grant in found))
    return [request for request in known if request is not None]


def show_in_homes(tx: Tx, now: DomainMillis, task: Notice, asked: Sequence[AccessRequest]) -> None:
    """App Home of those who are asked says whether it waits for them."""
    for team_id in {request.team_id for request in asked}:
        enqueue.draw_homes(tx, now, team_id, [SlackUserId(str(each)) for each in task.details[DOERS]])


def doers(tx: Tx, key: Key, items: ManualItems, asked: Sequence[AccessRequest]) -> tuple[SlackUserId, ...]:
    """The Slack user ids of those named who do it for these requests; see `ByHand.doers`."""
    concerned = {person for request in asked for person in (request.requester, request.subject)}
    return item_of(tx, key, items).doers(concerned)


def _task(
    tx: Tx, kind: NoticeKind, key: Key, found: Sequence[Grant], items: ManualItems, now: DomainMillis
) -> Notice | None:
    """The one that is open about the key, or else a new one."""
    known = notices.open_about(tx, kind, str(key))
    if known is not None:
        return known
    asked = requests_on(tx, found)
    named = doers(tx, key, items, asked)
    details = {
        **item_of(tx, key, items).as_details(),
        DOERS: list(named),
        "ram_user": found[-1].principal.name,
        "slack": asked[-1].subject,
        "requests": [request.id for request in asked],
        "ends_at": found[-1].ends_at,
        "requester": asked[-1].requester,
        "approver": asked[-1].closed_by,
        # Of a taking: whether anybody ever said that it was given.
        "given": any(grant.active_at is not None for grant in found),
    }
    raised = raise_notice(tx, now, kind, str(key), details, each=named)
    if raised is not None:
        show_in_homes(tx, now, raised, asked)
    return raised


def _look_again(tx: Tx, job: Job, key: Key, items: ManualItems, task: Notice | None, now: DomainMillis) -> None:
    found = open_grants.on_key(tx, key)
    deadline = next_deadline(found)
    due = [] if deadline is None else [deadline]
    payload: dict[str, str | int] = {"key": str(key)}
    if task is not None:
        told = int(job.payload.get(REMINDED) or 0) if job.payload.get(TASK) == task.id else 0
        if reminders(task, now) > told:
            named = doers(tx, key, items, requests_on(tx, found))
            people = [*named, None] if approvers_do(task, named, now) else named
            post_again(tx, now, task, people)
            if told < _EVERYBODY_IS_TOLD <= reminders(task, now):
                announce_delay(tx, now, key)
        due.append(next_reminder(task, now))
        payload |= {TASK: task.id, REMINDED: reminders(task, now)}
    if due:
        job_leases.requeue(tx, job, due_at=min(due), priority=REVOKE_FIRST, payload=payload, progress=True)
    else:
        job_leases.finish(tx, job, payload=payload)
