"""Status checks: a run looks at some rows or at all of them, and every board that waits for it fills in as it goes.

People who ask while a run is under way share it; what changes the cloud from here starts a new one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from approvals.findings import Finding
from approvals.ids import SlackUserId
from approvals.ledger import (
    Ledger,
    Tx,
    counters,
    job_leases,
    status_boards,
    status_findings,
    status_runs,
    status_watches,
)
from approvals.ledger.jobs import Job
from approvals.ledger.status_boards import Board
from approvals.ledger.status_runs import Run
from approvals.millis import DomainMillis
from approvals.outbox import enqueue
from approvals.status import last_findings


@dataclass(frozen=True, slots=True)
class RequestedBoard:
    """The board that somebody gets who asks for the status."""

    board: Board
    already: bool
    """The channel has a board that fills in right now; this is the one."""


def request_board(
    ledger: Ledger,
    team_id: str,
    channel: str,
    scope: str,
    asked_by: SlackUserId,
    reply_url: str | None,
    now: DomainMillis,
    *,
    alone: bool = False,
) -> RequestedBoard:
    """Have the status checked and shown in a channel. `scope` is a row's name, or empty for all; `alone` means that
    nobody there sees somebody else's board.
    """
    with ledger.write() as tx:
        run = join_run(tx, scope, now)
        known = None if alone else status_boards.filling(tx, channel, scope, run.id)
        if known:
            return RequestedBoard(known, already=True)
        board = new_board(tx, team_id, channel, scope, asked_by, run, now, reply_url=reply_url)
    return RequestedBoard(board, already=False)


def join_run(tx: Tx, scope: str, now: DomainMillis) -> Run:
    """The run that is under way and looks at this, or a new one."""
    run = status_runs.under_way(tx, scope)
    if run is None:
        run = status_runs.begin(tx, scope, now)
        enqueue.check_status(tx, now, run.id)
    return run


def new_board(
    tx: Tx,
    team_id: str,
    channel: str,
    scope: str,
    asked_by: SlackUserId,
    run: Run,
    now: DomainMillis,
    *,
    reply_url: str | None = None,
) -> Board:
    """A board that shows this run, on its way to the channel. With a `reply_url` it is sent there, and one person sees
    it.
    """
    number = counters.next_number(tx, "board")
    board = Board(number, team_id, channel, None, reply_url, 0, asked_by, scope, run.id, now)
    status_boards.add(tx, board)
    enqueue.draw_board(tx, now, board, done=False)
    return board


def run_of_job(ledger: Ledger, job: Job) -> Run | None:
    """The run that a job is to make; None when it was made already."""
    with ledger.read() as tx:
        run = status_runs.get(tx, int(job.payload["run"]))
    return run if run and run.finished_at is None else None


def record_findings(ledger: Ledger, job: Job, run: Run, findings: Sequence[Finding], now: DomainMillis) -> None:
    """Record what some checks found, and have it shown.

    Raises:
        LostLock: another worker makes this run now.
    """
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        for finding in findings:
            last_findings.record(tx, finding, run.id, now)
        for board in status_boards.of_run(tx, run.id):
            enqueue.draw_board(tx, now, board, done=False)


def finish_run(ledger: Ledger, job: Job, run: Run, now: DomainMillis) -> None:
    """All that a run looks at was recorded: show it for the last time, and tell those who watch.

    Raises:
        LostLock: another worker makes this run now.
    """
    with ledger.write() as tx:
        status_runs.finish(tx, run.id, now)
        waiting = status_boards.of_run(tx, run.id)
        for board in waiting:
            enqueue.draw_board(tx, now, board, done=True)
        shown = {board.id for board in waiting}
        for board in status_boards.newest(tx, now - enqueue.BOARDS_REDRAWN_FOR_MS):
            if board.id not in shown:
                enqueue.draw_board(tx, now, board, done=True)
        last = status_findings.last_change(tx)
        for watch in status_watches.every_one(tx):
            if watch.told_change < last:
                enqueue.post_changes(tx, now, watch.channel)
        status_boards.forget_old(tx, now - enqueue.BOARDS_REDRAWN_FOR_MS)
        last_findings.forget_old(tx, now)
        job_leases.finish(tx, job)
