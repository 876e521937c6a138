"""The record's side of telling people: what is still worth saying, and what was said where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from approvals.audit_events import AuditEvent
from approvals.grant import GrantState
from approvals.ids import SlackUserId
from approvals.kinds import MessageKind
from approvals.ledger import Ledger, Tx, cards, extensions, job_leases, jobs, notices, told, trail
from approvals.ledger.cards import Card
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.ledger.told import Told
from approvals.millis import MINUTE, DomainMillis
from approvals.outbox import enqueue
from approvals.queries import request_view
from approvals.queries.request_view import RequestView

POST_RETRY_MS = 15 * MINUTE
"""A card that nobody could be shown is posted anew after so long."""
COPIED = "copied"
"""In a card's job: its copies were put on their way."""


def view_of_request(ledger: Ledger, request_id: int) -> RequestView | None:
    """The request of that number as it is now; None where there is none."""
    with ledger.read() as tx:
        return request_view.read(tx, request_id)


def card_and_view(ledger: Ledger, card_id: int) -> tuple[Card, RequestView] | None:
    """A copy of a card, and its request as it is now; None where the ledger has forgotten the copy."""
    with ledger.read() as tx:
        card = cards.get(tx, card_id)
        record = request_view.read(tx, card.request_id) if card else None
    return (card, record) if card and record else None


def posted(ledger: Ledger, job: Job, shown: RequestView, channel: str, ts: str, now: DomainMillis) -> None:
    """A copy of the card was posted; if the record moved on while it was, the copy is drawn again."""
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        card = cards.add(tx, shown.request.id, channel, ts, shown.request.version)
        current = request_view.read(tx, shown.request.id)
        if current and current.request.version != shown.request.version:
            enqueue.redraw_card(tx, now, card)
        job_leases.finish(tx, job)
        trail.append_event(tx, now, AuditEvent.CARD_POSTED, request_id=shown.request.id, channel=channel)


def needs_card(record: RequestView) -> bool:
    """Whether a card of it is worth having: somebody has to decide or review, something of it runs, or can
    be tried again.
    """
    return (
        record.pending
        or record.scheduled
        or record.running
        or record.under_review
        or any(grant.state is GrantState.FAILED for grant in record.grants)
    )


def post_copies(
    ledger: Ledger, job: Job, shown: RequestView, people: Sequence[SlackUserId], why: str, now: DomainMillis
) -> None:
    """The channel does not take the card: each of these gets a copy. The job is still the caller's."""
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        for person in people:
            enqueue.post_copy(tx, now, shown.request.id, person)
        jobs.add_to_payload(tx, job.id, **{COPIED: True})
        trail.append_event(tx, now, AuditEvent.CARD_SENT_TO_EACH, request_id=shown.request.id, why=why)


def card_undeliverable(ledger: Ledger, job: Job, record: RequestView, why: str, now: DomainMillis) -> bool:
    """An approver does not take a copy. Whether anybody has one, or may still get one; otherwise it begins anew after a
    while.
    """
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        job_leases.finish(tx, job)
        request_id = record.request.id
        trail.append_event(
            tx, now, AuditEvent.NOT_TOLD, request_id=request_id, to=job.payload.get("to"), job=job.id, why=why
        )
        if cards.of_request(tx, request_id) or jobs.any_of(tx, JobKind.POST, enqueue.card_copies_prefix(request_id)):
            return True
        if record.pending:
            enqueue.post_card(tx, now, request_id, due_at=now + POST_RETRY_MS)
        return False


def card_gone(
    ledger: Ledger, job: Job, card: Card, record: RequestView, why: str, now: DomainMillis, approvals: str | None
) -> None:
    """A copy can never be redrawn: another one takes its place while it matters. `approvals`: the channel for all."""
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        cards.forget(tx, card.id)
        job_leases.finish(tx, job)
        if not needs_card(record):
            return
        _post_anew(tx, now, card, approvals)
        trail.append_event(tx, now, AuditEvent.CARD_GONE, request_id=record.request.id, channel=card.channel, why=why)


def card_unreachable(
    ledger: Ledger, job: Job, card: Card, record: RequestView, now: DomainMillis, approvals: str | None
) -> None:
    """The bot does not get at a copy in a channel: another one is posted, and this one is redrawn when it can be."""
    if job.payload.get(COPIED) or not needs_card(record):
        return
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        jobs.add_to_payload(tx, job.id, **{COPIED: True})
        _post_anew(tx, now, card, approvals)


def _post_anew(tx: Tx, now: DomainMillis, card: Card, approvals: str | None) -> None:
    if card.channel != approvals and not card.channel.startswith("D"):
        # A second place, where it is in another one as well.
        if not any(other.id != card.id for other in cards.of_request(tx, card.request_id)):
            enqueue.post_card(tx, now, card.request_id)
    elif card.channel == approvals:
        enqueue.post_card(tx, now, card.request_id)
    else:
        enqueue.post_copy(tx, now, card.request_id, card.channel)


def forget_card(ledger: Ledger, job: Job, card: Card) -> None:
    """It was out of reach for too long."""
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        cards.forget(tx, card.id)
        job_leases.finish(tx, job)


def redrawn(ledger: Ledger, job: Job, card: Card, version: int, now: DomainMillis) -> None:
    """A copy shows this version; if the record has moved on, it is drawn again."""
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        cards.drawn(tx, card.id, version)
        current = request_view.read(tx, card.request_id)
        if current and current.request.version != version:
            job_leases.requeue(tx, job, due_at=now, progress=True)
        else:
            job_leases.finish(tx, job)


def finish_job(ledger: Ledger, job: Job) -> None:
    """Finish a job of which nothing else is recorded.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        job_leases.finish(tx, job)


def check_held(ledger: Ledger, job: Job) -> None:
    """Raises:
    LostLock: another worker has the job.
    """
    with ledger.read() as tx:
        job_leases.check_lock(tx, job)


def undeliverable(ledger: Ledger, job: Job, why: str, now: DomainMillis) -> None:
    """Slack says that this can never be delivered, or it was tried for so long that it is of no use any more."""
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        job_leases.finish(tx, job)
        if job.kind is JobKind.REDRAW_NOTICE:
            notices.forget_message(tx, job.payload["channel"], job.payload["ts"])
            return
        request_id = job.payload.get("request")
        trail.append_event(
            tx, now, AuditEvent.NOT_TOLD, request_id=request_id, to=job.payload.get("to"), job=job.id, why=why
        )


def send_reminder(ledger: Ledger, job: Job, now: DomainMillis) -> None:
    """Some time before the end: remind those concerned, unless it ended before or goes on."""
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        record = request_view.read(tx, int(job.payload["request"]))
        active = {grant.entitlement for grant in record.grants if grant.state is GrantState.ACTIVE} if record else set()
        goes_on = record is not None and extensions.goes_on(tx, record.request.id, active)
        if record and active and not goes_on and (record.request.ends_at or 0) > now:
            enqueue.direct_messages(tx, now, record.request, MessageKind.ENDING_SOON)
        job_leases.finish(tx, job)


def told_before(ledger: Ledger, job: Job) -> list[Told]:
    """The message to whom a job is for about the request that it is about: one, unless a program of the version before
    sent several; oldest first.
    """
    with ledger.read() as tx:
        return told.of_request(tx, int(job.payload["request"]), SlackUserId(str(job.payload["to"])))


def forget_told(ledger: Ledger, message: Told) -> None:
    """It is gone, or shows the last that there is to show."""
    with ledger.write() as tx:
        told.forget(tx, message)


def finish_told(ledger: Ledger, job: Job, message: Told, kind: MessageKind) -> None:
    """A person was told; `message` is what they have, and shows that kind now. It is forgotten once nothing more is
    expected of the request.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        job_leases.finish(tx, job)
        if _goes_on(tx, message):
            told.put(tx, replace(message, kind=kind))
        else:
            told.forget(tx, message)


def finish_reply(ledger: Ledger, job: Job, first: Told | None) -> None:
    """Something was said below `first`, which shows the same as before.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        job_leases.finish(tx, job)
        if first is not None and not _goes_on(tx, first):
            told.forget(tx, first)


def _goes_on(tx: Tx, message: Told) -> bool:
    record = request_view.read(tx, message.request_id)
    if record is None:
        return False
    failed = any(grant.state is GrantState.FAILED for grant in record.grants)
    return record.pending or record.scheduled or record.running or record.under_review or failed
