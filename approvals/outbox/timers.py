"""Jobs that look after a request or a grant at its time: when it expires, is about to end, or should have ended."""

from __future__ import annotations

from approvals.entitlements import Entitlement
from approvals.grant import ALARM_AFTER_MS, BY_HAND_ALARM_AFTER_MS
from approvals.ledger import Tx, jobs, lanes
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import GRANT_NEXT, REVOKE_FIRST
from approvals.millis import DAY, MINUTE, DomainMillis
from approvals.model import AccessRequest

REMINDED_FRACTION = 10
LEAST_NOTICE_MS, MOST_NOTICE_MS = 15 * MINUTE, DAY
"""Milliseconds before the end at which those concerned are reminded: a tenth of the time, within these."""


def schedule_expiry(tx: Tx, request_id: int, due_at: DomainMillis) -> None:
    """Have the request closed then, if it is still pending."""
    jobs.enqueue(tx, f"expire:{request_id}", JobKind.EXPIRE, due_at=due_at, payload={"request": request_id})


def cancel_expiry(tx: Tx, request_id: int) -> None:
    """Its request is closed: nothing expires any more."""
    jobs.drop(tx, f"expire:{request_id}")


def schedule_start(tx: Tx, request_id: int, starts_at: DomainMillis) -> None:
    """Have the request judged anew then, and what it asks for granted."""
    what = {"request": request_id}
    jobs.enqueue(tx, _start(request_id), JobKind.START, due_at=starts_at, payload=what, priority=GRANT_NEXT)


def cancel_start(tx: Tx, request_id: int) -> None:
    """Its request is closed: nothing begins any more."""
    jobs.drop(tx, _start(request_id))


def _start(request_id: int) -> str:
    return f"start:{request_id}"


def schedule_onboarding_expiry(tx: Tx, public_id: str, due_at: DomainMillis) -> None:
    """Have the onboarding closed then, if nobody decided on it."""
    jobs.drop(tx, _onboarding_expiry(public_id))
    jobs.enqueue(
        tx,
        _onboarding_expiry(public_id),
        JobKind.EXPIRE_ONBOARDING,
        due_at=due_at,
        payload={"onboarding": public_id},
    )


def cancel_onboarding_expiry(tx: Tx, public_id: str) -> None:
    """It is decided: nothing expires any more."""
    jobs.drop(tx, _onboarding_expiry(public_id))


def _onboarding_expiry(public_id: str) -> str:
    return f"expire_onboarding:{public_id}"


def schedule_reminder(tx: Tx, request: AccessRequest, now: DomainMillis, ends_at: DomainMillis) -> None:
    """Have those concerned reminded of the end, a tenth of the time that is left before it. Nobody is reminded of what
    is over in a quarter of an hour.
    """
    before = min(max((ends_at - now) // REMINDED_FRACTION, LEAST_NOTICE_MS), MOST_NOTICE_MS)
    if ends_at - before <= now:
        return
    jobs.enqueue(
        tx,
        f"remind:{request.id}",
        JobKind.REMIND,
        due_at=DomainMillis(ends_at - before),
        payload={"request": request.id},
    )


def schedule_give_up(tx: Tx, request_id: int, ends_at: DomainMillis) -> None:
    """What has failed until then is not tried again."""
    # The id of before, so that a replica of the version before finds the same row.
    jobs.enqueue(tx, f"lapse:{request_id}", JobKind.GIVE_UP_FAILED, due_at=ends_at, payload={"request": request_id})


def schedule_alarm(tx: Tx, grant_id: int, entitlement: Entitlement, ending_at: DomainMillis) -> None:
    """Look, some time after the end, whether it was confirmed."""
    after = BY_HAND_ALARM_AFTER_MS if entitlement.by_hand else ALARM_AFTER_MS
    schedule_alarm_at(tx, grant_id, ending_at + after)


def alarm_id(grant_id: int) -> str:
    """The id of the job that looks after a grant's end; there is one for each."""
    return f"alarm:{grant_id}"


def schedule_alarm_at(tx: Tx, grant_id: int, due_at: DomainMillis) -> None:
    """Look at `due_at` whether the end was confirmed."""
    jobs.enqueue(
        tx,
        alarm_id(grant_id),
        JobKind.ALARM,
        due_at=due_at,
        payload={"grant": grant_id},
        lane=lanes.APPROVALS,
        priority=REVOKE_FIRST,
    )


def resolve_alarm(tx: Tx, grant_id: int, now: DomainMillis) -> None:
    """It was confirmed: an alarm that was raised is called off. It takes no turn in the channel's lane, since there is
    nearly always nothing to say.
    """
    jobs.enqueue(tx, alarm_id(grant_id), JobKind.ALARM, due_at=now, payload={"grant": grant_id}, priority=REVOKE_FIRST)
