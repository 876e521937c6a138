"""Notices: what approvers, or one person, must be told, and that stays open until somebody or something resolves it.

A notice is raised in the transaction of what it tells of; its message is work in the ledger like any other.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from approvals.audit_events import AuditEvent
from approvals.ids import SlackUserId
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Ledger, Tx, job_leases, jobs, lanes, notices, trail
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.ledger.notices import NoticeMessage
from approvals.millis import MINUTE, DomainMillis
from approvals.notice import DOERS, NOBODY_REACHED, Notice
from approvals.refusals.message import NoticeResolved, UnknownNotice

NOTICE_RETRY_MS = 15 * MINUTE
"""A notice that nobody could be told is tried again after so long."""
SENT_TO_EACH = "told_each"
"""In a notice's job: each approver is told of it in person."""


def raise_notice(
    tx: Tx,
    now: DomainMillis,
    kind: NoticeKind,
    about: str,
    details: Mapping[str, Any],
    to: str | None = None,
    each: Sequence[SlackUserId] = (),
) -> Notice | None:
    """Have it said, once: None while one of this kind is open about the same.

    Args:
        now: domain time.
        kind: for each, the surface has a text.
        about: whom or what it concerns.
        details: what the text says of it; JSON.
        to: the Slack user id of the one person whom it is for; without it, all approvers.
        each: the Slack user ids of several people who are told in person instead of the approvers; those are only where
            none of these can be.
    """
    notice = Notice(secrets.token_hex(16), kind, about, details, to, now)
    if not notices.add(tx, notice):
        return None
    for person in each or (to,):
        _post(tx, now, notice.id, person)
    trail.append_event(tx, now, AuditEvent.NOTICE_RAISED, notice=notice.id, what=kind, about=about, to=to)
    return notice


def post_again(tx: Tx, now: DomainMillis, notice: Notice, people: Sequence[SlackUserId | None]) -> None:
    """Say it once more, to these and, by None, to the approvers; what was posted of it before stays as it is."""
    for person in people:
        _post(tx, now, notice.id, person)


def close_notice(
    tx: Tx, now: DomainMillis, notice_id: str, outcome: NoticeOutcome, by: SlackUserId | None = None
) -> bool:
    """It is dealt with: its messages say so and lose their buttons, and another one may be raised about the same.

    `by` is the Slack user id of whoever resolved it. False when somebody was first, or there is no such notice.
    """
    if not notices.close(tx, notice_id, outcome, by, now):
        return False
    for message in notices.messages(tx, notice_id):
        redraw_notice(tx, now, message)
    trail.append_event(tx, now, AuditEvent.NOTICE_RESOLVED, notice=notice_id, outcome=outcome, by_slack=by)
    return True


def change_notice(tx: Tx, now: DomainMillis, notice_id: str, details: Mapping[str, Any]) -> None:
    """What it tells of moved on, whether or not somebody dealt with it: its messages are drawn again."""
    notices.change_details(tx, notice_id, details)
    for message in notices.messages(tx, notice_id):
        redraw_notice(tx, now, message)


def open_notice_by_id(tx: Tx, notice_id: str, kind: NoticeKind) -> Notice:
    """The notice of this kind that a button names.

    Raises:
        Refusal: there is none, or somebody was first.
    """
    notice = notices.get(tx, notice_id)
    if notice is None or notice.kind != kind:
        raise UnknownNotice()
    if not notice.open:
        raise NoticeResolved()
    return notice


def notice_of_job(ledger: Ledger, job: Job) -> Notice | None:
    """The notice that a job is about; None where the ledger does not have it."""
    with ledger.read() as tx:
        return notices.get(tx, str(job.payload["notice"]))


def posted(ledger: Ledger, job: Job, shown: Notice, channel: str, ts: str, now: DomainMillis) -> None:
    """It was said there; where it was resolved meanwhile, the message is drawn again."""
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        message = NoticeMessage(shown.id, channel, ts)
        notices.add_message(tx, message)
        current = notices.get(tx, shown.id)
        if current != shown:
            redraw_notice(tx, now, message)
        job_leases.finish(tx, job)


def send_to_each(ledger: Ledger, job: Job, notice: Notice, people: Sequence[SlackUserId], now: DomainMillis) -> None:
    """No channel of theirs takes it: each of these Slack users is told in person. The job is still the caller's."""
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        for person in people:
            _post(tx, now, notice.id, person)
        jobs.add_to_payload(tx, job.id, **{SENT_TO_EACH: True})


def undeliverable(ledger: Ledger, job: Job, notice: Notice, why: str, now: DomainMillis) -> bool:
    """Somebody can never be told. Whether others were, or may be, or it was for this one alone; otherwise it begins
    anew after a while.
    """
    with ledger.write() as tx:
        job_leases.finish(tx, job)
        trail.append_event(tx, now, AuditEvent.NOT_TOLD, to=job.payload.get("to"), job=job.id, why=why)
        others = notices.messages(tx, notice.id) or jobs.any_of(tx, JobKind.NOTICE, _job_id(notice.id, ""))
        if notice.recipient is not None or others:
            return True
        _post(tx, now + NOTICE_RETRY_MS, notice.id, None)
        if not notice.details.get(DOERS) or notice.details.get(NOBODY_REACHED):
            return False
        # It was for others; the approvers are yet to be told.
        notices.add_details(tx, notice, **{NOBODY_REACHED: True})
        return True


def message_of_job(job: Job) -> NoticeMessage:
    """The message that a job is to draw anew."""
    return NoticeMessage(str(job.payload["notice"]), str(job.payload["channel"]), str(job.payload["ts"]))


def _post(tx: Tx, now: DomainMillis, notice_id: str, to: str | None) -> None:
    payload = {"notice": notice_id} if to is None else {"notice": notice_id, "to": to}
    lane = lanes.APPROVALS if to is None else lanes.slack(to)
    jobs.enqueue(tx, _job_id(notice_id, to or ""), JobKind.NOTICE, due_at=now, payload=payload, lane=lane)


def _job_id(notice_id: str, to: str) -> str:
    return f"notice:{notice_id}:{to}"


def redraw_notice(tx: Tx, now: DomainMillis, message: NoticeMessage) -> None:
    """Have a message of a notice drawn anew, as the notice is by then."""
    jobs.enqueue(
        tx,
        f"redraw_notice:{message.channel}:{message.ts}",
        JobKind.REDRAW_NOTICE,
        due_at=now,
        payload={"notice": message.notice_id, "channel": message.channel, "ts": message.ts},
        lane=lanes.UPDATES,
    )
