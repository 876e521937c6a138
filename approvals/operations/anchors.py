"""Anchors of the audit trail: one is due a day after the one before it, and when another thousand entries are full.

It is recorded before it is sent, and sent as it was recorded until it is taken; only then is there a next one. So they
come in order, the same again after a crash, and the newest covers whatever came while the target was down.
"""

from __future__ import annotations

from approvals import audit
from approvals.anchor import Anchor, AnchorTarget
from approvals.ledger import Ledger, Tx, anchors, identity, job_leases, jobs, lanes, trail
from approvals.ledger.anchors import KeptAnchor
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import DAY, MINUTE, DomainMillis

INTERVAL_MS = DAY
ENTRIES_BETWEEN = 1_000
LOOK_INTERVAL_MS = 5 * MINUTE
JOB_KINDS = {
    AnchorTarget.WEBHOOK: JobKind.ANCHOR,
    AnchorTarget.CHANNEL: JobKind.ANCHOR_POST,
    AnchorTarget.BUCKET: JobKind.ANCHOR_OBJECT,
}


def schedule(ledger: Ledger, now: DomainMillis, *, webhook: bool, channel: str | None, bucket: bool = False) -> None:
    """Make sure that anchors go where they are wanted, and nowhere else; `channel` is one of Slack's."""
    wanted = {AnchorTarget.WEBHOOK: webhook, AnchorTarget.CHANNEL: channel is not None, AnchorTarget.BUCKET: bucket}
    lane = lanes.slack(channel) if channel is not None else None
    with ledger.write() as tx:
        for to, kind in JOB_KINDS.items():
            if wanted[to]:
                jobs.enqueue(tx, kind, kind, due_at=now, lane=lane if to is AnchorTarget.CHANNEL else None)
            else:
                jobs.drop(tx, kind)


def next_anchor(ledger: Ledger, job: Job, to: AnchorTarget, now: DomainMillis) -> Anchor | None:
    """What is to be sent now. Where nothing is, None, and the job is due again at the next look.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        last = anchors.newest(tx, to)
        if last is not None and last.sent is None:
            return last.anchor
        head = trail.last(tx)
        if head is None or (last is not None and not _is_due(last, head, now)):
            job_leases.requeue(tx, job, due_at=DomainMillis(now + LOOK_INTERVAL_MS), progress=True)
            return None
        made = _anchor(tx, to, 1 if last is None else last.anchor.number + 1, head, now)
        anchors.put(tx, made, now)
        return made


def record_sent(ledger: Ledger, job: Job, anchor: Anchor, now: DomainMillis) -> None:
    """It was taken; whether the next one is due already is looked at right away.

    Raises:
        LostLock: another worker has the job, and sends it again.
    """
    with ledger.write() as tx:
        job_leases.requeue(tx, job, due_at=now, progress=True)
        anchors.mark_sent(tx, anchor, now)


def _is_due(last: KeptAnchor, head: audit.Entry, now: DomainMillis) -> bool:
    """By a clock that was set back, the last one may be of a day that is yet to come."""
    return abs(now - last.made) >= INTERVAL_MS or head.seq // ENTRIES_BETWEEN != last.anchor.seq // ENTRIES_BETWEEN


def _anchor(tx: Tx, to: AnchorTarget, number: int, head: audit.Entry, now: DomainMillis) -> Anchor:
    return Anchor(
        to=to,
        number=number,
        seq=head.seq,
        hash=head.hash,
        at=head.at,
        made_at=audit.iso(now),
        ledger=identity.ledger_id(tx) or "",
        account=identity.get(tx, identity.ACCOUNT) or "",
    )
