"""The record's side of telling people: what is still worth saying, and what was said where."""

from __future__ import annotations

from approvals.ledger import Ledger, Tx, cards, grants, jobs, notices, records, trail
from approvals.ledger.cards import Card
from approvals.ledger.jobs import Job
from approvals.ledger.records import Record
from approvals.model import HOUR, OURS, Grant, GrantState
from approvals.operations import consequences

ALARM_AGAIN = HOUR


def record_of(ledger: Ledger, request_id: int) -> Record | None:
    with ledger.read() as tx:
        return records.read(tx, request_id)


def card_and_record(ledger: Ledger, card_id: int) -> tuple[Card, Record] | None:
    with ledger.read() as tx:
        card = cards.get(tx, card_id)
        record = records.read(tx, card.request_id) if card else None
    return (card, record) if card and record else None


def posted(ledger: Ledger, job: Job, shown: Record, channel: str, ts: str, now: int) -> None:
    """A copy of the card was posted; if the record moved on while it was, the copy is drawn again."""
    with ledger.write() as tx:
        jobs.check_lock(tx, job)
        card = cards.add(tx, shown.request.id, channel, ts, shown.request.version)
        current = records.read(tx, shown.request.id)
        if current and current.request.version != shown.request.version:
            consequences.redraw_card(tx, now, card)
        jobs.finish(tx, job)
        trail.record(tx, now, "card posted", request_id=shown.request.id, channel=channel)


def not_postable(ledger: Ledger, job: Job, shown: Record, why: str, now: int) -> None:
    """The channel does not take the card: each approver who may decide gets a copy instead."""
    with ledger.write() as tx:
        jobs.check_lock(tx, job)
        for approver in shown.request.asked_approvers:
            consequences.post_copy(tx, now, shown.request.id, approver)
        jobs.finish(tx, job)
        trail.record(tx, now, "card sent to each approver", request_id=shown.request.id, why=why)


def redrawn(ledger: Ledger, job: Job, card: Card, version: int, now: int) -> None:
    """A copy shows this version; if the record has moved on, it is drawn again."""
    with ledger.write() as tx:
        jobs.check_lock(tx, job)
        cards.drawn(tx, card.id, version)
        current = records.read(tx, card.request_id)
        if current and current.request.version != version:
            jobs.again(tx, job, due_at=now, progress=True)
        else:
            jobs.finish(tx, job)


def done(ledger: Ledger, job: Job) -> None:
    with ledger.write() as tx:
        jobs.finish(tx, job)


def gave_up(ledger: Ledger, job: Job, why: str, now: int) -> None:
    """Slack says that this can never be delivered."""
    with ledger.write() as tx:
        jobs.check_lock(tx, job)
        jobs.finish(tx, job)
        if job.kind == "redraw":
            # The message is gone; there is nothing left to keep up to date.
            cards.forget(tx, int(job.payload["card"]))
            return
        if job.kind == "redraw_notice":
            notices.forget_message(tx, job.payload["channel"], job.payload["ts"])
            return
        request_id = job.payload.get("request")
        trail.record(tx, now, "not told", request_id=request_id, to=job.payload.get("to"), job=job.id, why=why)


def reminded(ledger: Ledger, job: Job, now: int) -> None:
    """An hour before the end: tell those concerned, unless it ended before."""
    with ledger.write() as tx:
        jobs.check_lock(tx, job)
        record = records.read(tx, int(job.payload["request"]))
        active = record and any(grant.state is GrantState.ACTIVE for grant in record.grants)
        if record and active and (record.request.ends_at or 0) > now:
            consequences.tell_both(tx, now, record.request, "ending_soon")
        jobs.finish(tx, job)


def overdue(ledger: Ledger, job: Job, now: int) -> tuple[Grant, Record, bool] | None:
    """The grant that an alarm is about, its request, and whether it is over, so that the alarm is called off.

    None when there is nothing to say: it is not overdue, or it ended without an alarm.
    """
    with ledger.read() as tx:
        grant = grants.get(tx, int(job.payload["grant"]))
        record = records.read(tx, grant.request_id) if grant else None
    if grant is None or record is None:
        return None
    late = grant.state is GrantState.ENDING or (grant.ends_at is not None and grant.ends_at <= now)
    if grant.state in OURS and late:
        return grant, record, False
    return (grant, record, True) if job.payload.get("raised") else None


def tried(grant: Grant) -> bool:
    """Whether taking it away was tried and did not work at once. After a standstill, all that is overdue is alarmed
    about before that was so much as tried."""
    return grant.state is GrantState.ENDING and (grant.detaches > 1 or grant.trouble is not None)


def alarmed(ledger: Ledger, job: Job, grant: Grant, now: int) -> None:
    """The alarm was raised; it is raised again every hour until the revoke holds."""
    with ledger.write() as tx:
        jobs.check_lock(tx, job)
        _raised(tx, job, grant, now)


def alarm_to_each(ledger: Ledger, job: Job, grant: Grant, record: Record, *, over: bool, now: int) -> None:
    """Without a channel, each approver is alarmed in person, and told when it is over."""
    with ledger.write() as tx:
        jobs.check_lock(tx, job)
        for person in record.request.asked_approvers:
            consequences.tell(tx, now, person, "alarm_over" if over else "alarm", grant.request_id, grant=grant.id)
        if over:
            jobs.finish(tx, job)
        else:
            _raised(tx, job, grant, now)


def _raised(tx: Tx, job: Job, grant: Grant, now: int) -> None:
    jobs.again(tx, job, due_at=now + ALARM_AGAIN, payload={**job.payload, "raised": True}, progress=True)
    trail.record(
        tx,
        now,
        "alarm",
        request_id=grant.request_id,
        grant=grant.id,
        ram_user=grant.principal.name,
        entitlement=str(grant.entitlement),
        trouble=grant.trouble,
    )
