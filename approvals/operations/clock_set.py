"""What was recorded by a clock that was wrong, put right: nothing waits for a moment that no right clock would have
named.

Everything that is put off is put off for a time that has a longest. What lies beyond it was written by a clock that was
ahead, and would stand still until that moment comes.
"""

from __future__ import annotations

from approvals.audit_events import AuditEvent
from approvals.by_hand import EVERYBODY_AFTER_MS
from approvals.grant import ALARM_AFTER_MS, BY_HAND_ALARM_AFTER_MS
from approvals.ledger import Tx, extensions, grants, moments, trail
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import MAX_UNSAID_PAUSE_MS, REVOKE_FIRST
from approvals.ledger.lanes import MAX_CLOUD_PAUSE_MS
from approvals.millis import SECOND, DomainMillis, RealMillis
from approvals.model import AccessRequest, RequestState, request_ref
from approvals.operations import admins, anchors, erase, leavers, origin, other_ledger, trail_export, workflow_steps
from approvals.operations.access_reviews import moved as reviews_moved
from approvals.operations.cloud_record import read as cloud_record
from approvals.operations.drift import look as look_at_drift
from approvals.operations.onboarding.ask import EXPIRES_AFTER_MS
from approvals.operations.policy_reviews import look
from approvals.outbox import enqueue, escalations, reminders, timers
from approvals.outbox.alarms import ALARM_INTERVAL_MS
from approvals.reconcile import drift

DUE_AT_ONCE_KINDS = (
    JobKind.POST,
    JobKind.REDRAW,
    JobKind.TELL,
    JobKind.ANSWER,
    JobKind.COMMENT,
    JobKind.CHANGES,
    JobKind.CHECK,
    JobKind.HOME,
    JobKind.NOTICE,
    JobKind.REDRAW_NOTICE,
    JobKind.ONBOARD,
)
"""Kinds of job that are never due later than when they were put."""
MAX_INTERVALS_MS = {
    JobKind.FIND_DRIFT: drift.DRIFT_INTERVAL_MS,
    JobKind.ADMINS: admins.LOOK_INTERVAL_MS,
    JobKind.POLICIES: look.LOOK_INTERVAL_MS,
    JobKind.DRIFT: look_at_drift.LOOK_INTERVAL_MS,
    JobKind.CLOUD_RECORD: cloud_record.LOOK_INTERVAL_MS,
    JobKind.LEAVERS: leavers.LOOK_INTERVAL_MS,
    JobKind.ORIGIN: origin.LOOK_INTERVAL_MS,
    JobKind.BOARD: enqueue.REPLY_INTERVAL_MS,
    JobKind.OTHER_LEDGER: other_ledger.CLICKS_RESOLVED_AFTER_MS,
    JobKind.EXPIRE_ONBOARDING: EXPIRES_AFTER_MS,
    JobKind.ERASE: erase.INTERVAL_MS,
    JobKind.ANCHOR: anchors.LOOK_INTERVAL_MS,
    JobKind.ANCHOR_POST: anchors.LOOK_INTERVAL_MS,
    JobKind.ANCHOR_OBJECT: anchors.LOOK_INTERVAL_MS,
    JobKind.EXPORT_FILE: trail_export.LOOK_INTERVAL_MS,
    JobKind.EXPORT_WEBHOOK: trail_export.LOOK_INTERVAL_MS,
    JobKind.ASK_AGAIN: reminders.MAX_WAIT_MS,
    JobKind.WORKFLOW_STEP: workflow_steps.REMEMBERED_FOR_MS,
}
"""Kinds that are due again after so many milliseconds at the latest."""
DUE_LATER_KINDS = (
    JobKind.RECONCILE_KEY,
    JobKind.WATCH,
    JobKind.ALARM,
    JobKind.EXPIRE,
    JobKind.START,
    JobKind.GIVE_UP_FAILED,
    JobKind.REMIND,
    JobKind.AWAY_ENDS,
    JobKind.ESCALATE,
    JobKind.ACCESS_REVIEW,
)
"""Kinds that wait for a deadline, or as long as somebody wished."""
MAX_CLOCK_DIFFERENCE_MS = 2 * SECOND
"""Clocks that are no further apart show the same time."""


def correct_times(tx: Tx, now: DomainMillis, real: RealMillis, *, stepped: bool) -> int:
    """How many moments were changed.

    Args:
        tx: a transaction that writes.
        now: domain time.
        real: real time.
        stepped: the clock was set while this program ran, or the program has just begun: no pause is worth keeping,
            and what was seen before is looked at anew.
    """
    changed = moments.lane_pauses(tx, real, at_once=stepped)
    changed += moments.pauses(tx, real, 0 if stepped else MAX_CLOUD_PAUSE_MS, 0 if stepped else MAX_UNSAID_PAUSE_MS)
    changed += moments.locks(tx, real)
    changed += moments.look_anew(tx, real) if stepped else 0
    changed += moments.sights(tx, real)
    changed += moments.due(tx, now, DUE_AT_ONCE_KINDS, 0)
    for kind, every in MAX_INTERVALS_MS.items():
        changed += moments.due(tx, now, [kind], every)
    changed += moments.reconciling(tx, now, EVERYBODY_AFTER_MS)
    soon = ALARM_AFTER_MS if stepped else ALARM_INTERVAL_MS
    changed += moments.alarms(tx, now, soon, BY_HAND_ALARM_AFTER_MS)
    changed += moments.watches(tx, now)
    changed += moments.due(tx, now, [JobKind.ACCESS_REVIEW], reviews_moved.latest_turn(tx, now) - now)
    return changed


def shorten_future_requests(tx: Tx, now: DomainMillis) -> list[str]:
    """What was asked for or approved in the future lasts as long as it was meant to, from now on; which requests those
    are. More time counts from where that which it extends ends, whenever it was approved. Only by a clock that is known
    to be right: by one that is behind, all that was ever approved would seem to be.
    """
    earlier: dict[int, int] = {}
    # What a request extends was asked for before it, and has a lower number.
    for request in moments.made_in_the_future(tx, now + MAX_CLOCK_DIFFERENCE_MS):
        extended = extensions.extended(tx, request) if request.closed_at is not None else None
        if request.state is RequestState.SCHEDULED:
            # It begins and ends at moments that were named.
            earlier[request.id] = 0
        elif extended is None or extended.ends_at is None:
            earlier[request.id] = moments.ahead(request, now)
        else:
            earlier[request.id] = earlier.get(extended.id, 0)
        _shorten(tx, request, now, earlier[request.id])
    return [*map(request_ref, earlier)]


def begin_future_reviews(tx: Tx, now: DomainMillis) -> list[str]:
    """Access reviews that began in the future begin now, and run for as long as they were to; the ids of those that are
    open. Only by a clock that is known to be right, as above.
    """
    return [review.id for review in reviews_moved.begin_in_the_present(tx, now, MAX_CLOCK_DIFFERENCE_MS)]


def _shorten(tx: Tx, before: AccessRequest, now: DomainMillis, earlier: int) -> None:
    request = moments.begins(tx, before, now, earlier)
    if request.closed_at is None:
        timers.schedule_expiry(tx, request.id, request.expires_at)
        reminders.schedule(tx, request)
        escalations.reschedule(tx, request)
    elif request.ends_at is not None and request.state is not RequestState.SCHEDULED:
        for grant in grants.of_request(tx, request.id):
            if grant.ends_at == request.ends_at:
                enqueue.reconcile(tx, grant.key, request.ends_at, REVOKE_FIRST)
                timers.schedule_alarm(tx, grant.id, grant.entitlement, request.ends_at)
        timers.schedule_give_up(tx, request.id, request.ends_at)
        timers.schedule_reminder(tx, request, now, request.ends_at)
    enqueue.redraw(tx, now, request)
    trail.append_event(
        tx,
        now,
        AuditEvent.CLOCK_WAS_AHEAD,
        request_id=request.id,
        expires_at=None if request.closed_at else request.expires_at,
        ends_at=request.ends_at,
        ahead_ms=moments.ahead(before, now),
    )
