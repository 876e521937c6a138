"""A channel that watches the status: one board, redrawn at each look, and a message for what changed: under the board,
where the channel sees it as well.
"""

from __future__ import annotations

from dataclasses import dataclass

from approvals.audit_events import AuditEvent
from approvals.findings import Change
from approvals.ids import SlackUserId
from approvals.ledger import Ledger, Tx, job_leases, jobs, status_boards, status_findings, status_watches, trail
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.ledger.status_boards import Board
from approvals.ledger.status_watches import Watch
from approvals.millis import DAY, MINUTE, DomainMillis, RealMillis
from approvals.outbox import enqueue
from approvals.refusals.status import BadInterval, NotWatching, WatchesAlready
from approvals.status import last_findings
from approvals.status.plan import StatusPlan
from approvals.status.runs import join_run, new_board

SHORTEST, LONGEST = 5 * MINUTE, 7 * DAY
"""How often a channel may have everything looked at."""


REPOSTED = "anew"
"""Set in a job that tells changes once it had the board posted anew: a second new board would help no more."""


@dataclass(frozen=True, slots=True)
class PendingChanges:
    """What a watching channel has not been told yet."""

    watch: Watch
    board: Board
    changes: tuple[Change, ...]


def watch(ledger: Ledger, team_id: str, channel: str, every: int, by: SlackUserId, now: DomainMillis) -> Watch:
    """Watch from now on, `every` so many milliseconds; a channel that watches at another interval does so anew.

    Raises:
        Refusal: BadInterval; WatchesAlready at that very interval.
    """
    if not SHORTEST <= every <= LONGEST:
        raise BadInterval(shortest=SHORTEST, longest=LONGEST)
    with ledger.write() as tx:
        before = status_watches.get(tx, channel)
        if before and before.every == every:
            raise WatchesAlready()
        board = new_board(tx, team_id, channel, "", by, join_run(tx, "", now), now)
        found = Watch(channel, team_id, every, board.id, status_findings.last_change(tx), by)
        status_watches.put(tx, found, now)
        if before:
            _draw_as_any_other(tx, before, now)
        jobs.drop(tx, _job(channel))
        jobs.enqueue(tx, _job(channel), JobKind.WATCH, due_at=now + every, payload={"channel": channel})
        trail.append_event(tx, now, AuditEvent.WATCH, channel=channel, every_ms=every, by_slack=by)
    return found


def unwatch(ledger: Ledger, channel: str, by: str | None, now: DomainMillis, why: str | None = None) -> None:
    """Watch no longer. `by` is the Slack user id of whoever ended it, None where the program did; `why` is for the
    trail.

    Raises:
        Refusal: NotWatching.
    """
    with ledger.write() as tx:
        found = status_watches.get(tx, channel)
        if found is None:
            raise NotWatching()
        status_watches.end(tx, channel)
        _draw_as_any_other(tx, found, now)
        jobs.drop(tx, _job(channel))
        trail.append_event(tx, now, AuditEvent.UNWATCH, channel=channel, by_slack=by, why=why)


def start_next_run(ledger: Ledger, job: Job, now: DomainMillis) -> None:
    """The next look of a watching channel is due: its board shows a new run.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        found = status_watches.get(tx, str(job.payload["channel"]))
        if found is None:
            job_leases.finish(tx, job)
            return
        run = join_run(tx, "", now)
        status_boards.shows(tx, found.board_id, run.id)
        job_leases.requeue(tx, job, due_at=now + found.every, progress=True)


def pending_changes(ledger: Ledger, plan: StatusPlan, channel: str) -> PendingChanges | None:
    """What the channel has not been told; None where it does not watch, or its board is gone."""
    with ledger.read() as tx:
        found = status_watches.get(tx, channel)
        board = status_boards.get(tx, found.board_id) if found else None
        if found is None or board is None:
            return None
        return PendingChanges(found, board, last_findings.changes_after(tx, found.told_change, plan.repairs))


def changes_posted(ledger: Ledger, job: Job, news: PendingChanges, now: DomainMillis) -> None:
    """The channel was told; if there is more by now, it is told that next.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        last = news.changes[-1].id if news.changes else news.watch.told_change
        status_watches.told_until(tx, news.watch.channel, last)
        if status_findings.changes_after(tx, last, limit=1):
            job_leases.requeue(tx, job, due_at=now, payload={"channel": news.watch.channel}, progress=True)
        else:
            job_leases.finish(tx, job, payload={"channel": news.watch.channel})


def repost_board(
    ledger: Ledger, job: Job, news: PendingChanges, now: DomainMillis, not_before_real: RealMillis
) -> None:
    """Nothing can be posted under the board any more: it is posted anew, and then what changed is told there.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        status_boards.unposted(tx, news.board.id)
        enqueue.draw_board(tx, now, news.board, done=True)
        payload = {**job.payload, REPOSTED: True}
        job_leases.requeue(tx, job, due_at=now, not_before_real=not_before_real, payload=payload, progress=True)


def _draw_as_any_other(tx: Tx, ended: Watch, now: DomainMillis) -> None:
    """Its board says no longer that it is watched."""
    board = status_boards.get(tx, ended.board_id)
    if board:
        enqueue.draw_board(tx, now, board, done=True)


def _job(channel: str) -> str:
    return f"watch:{channel}"


def history(ledger: Ledger, plan: StatusPlan, newest: int) -> list[Change]:
    """The last changes, so many at most, the newest first."""
    with ledger.read() as tx:
        return last_findings.latest_changes(tx, newest, plan.repairs)
