"""What a board shows, read in one go; and what became of the message that shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from approvals.findings import Change, CheckState, worst
from approvals.ledger import Ledger, Tx, job_leases, status_boards, status_runs, status_watches
from approvals.ledger.jobs import Job
from approvals.ledger.status_boards import Board
from approvals.millis import DomainMillis
from approvals.model import AccessRequest
from approvals.operations.request_repair import given_by_us, under_way
from approvals.status import last_findings
from approvals.status.checks.kind import StatusRow
from approvals.status.last_findings import LastFinding
from approvals.status.plan import StatusPlan


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One row of a board, with what each of its sources showed last."""

    row: StatusRow
    kept: tuple[LastFinding | None, ...]
    """In the order of the row's sources; None for one that was never looked at."""
    looking: frozenset[str]
    """Checks of this row that the board still waits for."""

    @property
    def state(self) -> CheckState | None:
        """The worst that is known; None while nothing is, or nothing of it is set up."""
        states = [each.finding.state for each in self.kept if each is not None]
        return worst(states) if states else None

    @property
    def since(self) -> int | None:
        """From when on it is known to have been in that state. Nothing is worse than failed, so one source that failed
        is enough; whatever else it is, it may have been worse until the last of its sources changed.
        """
        known = [each for each in self.kept if each is not None]
        if self.state is CheckState.FAILED:
            return min(each.since for each in known if each.finding.state is CheckState.FAILED)
        return max((each.since for each in known), default=None)


@dataclass(frozen=True, slots=True)
class RepairOffer:
    """How it stands with a repair: what an Authorize button would ask for."""

    waiting: AccessRequest | None
    """The request that asks for it already."""
    ours: AccessRequest | None
    """The request through which the bot put it there."""


@dataclass(frozen=True, slots=True)
class BoardView:
    """All that a board shows."""

    board: Board
    lines: tuple[BoardLine, ...]
    finished: bool
    checked_at: DomainMillis | None
    """When the newest of it was looked at."""
    offers: Mapping[str, RepairOffer]
    every: int | None
    """How often a watching channel has this board redrawn; None for any other board."""
    changes: tuple[Change, ...] = ()
    """What is otherwise than it was before the look that the board shows."""


@dataclass(frozen=True, slots=True)
class StatusDetails:
    """All rows, and how each of them was on the last days."""

    lines: tuple[BoardLine, ...]
    days: tuple[tuple[CheckState | None, ...], ...]
    """Of each line: the worst of the day, the oldest first; None where nobody looked."""
    offers: Mapping[str, RepairOffer]

    @property
    def checked_at(self) -> DomainMillis | None:
        """When the newest of it was looked at."""
        return newest_look(self.lines)


def newest_look(lines: Sequence[BoardLine]) -> DomainMillis | None:
    """When one of these was looked at last."""
    return max((each.checked_at for line in lines for each in line.kept if each is not None), default=None)


def load_board_view(ledger: Ledger, plan: StatusPlan, board_id: int) -> BoardView | None:
    """None when there is no such board, or none of its rows is in the plan any more."""
    with ledger.read() as tx:
        board = status_boards.get(tx, board_id)
        run = status_runs.get(tx, board.run_id) if board else None
        if board is None or run is None:
            return None
        known = last_findings.by_check(tx)
        finished = run.finished_at is not None
        lines = tuple(_line(row, known, run.id, finished=finished) for row in plan.scope(board.scope or None))
        if not lines:
            return None
        watch = status_watches.get(tx, board.channel)
        return BoardView(
            board=board,
            lines=lines,
            finished=finished,
            checked_at=newest_look(lines),
            offers=_offers(tx, plan),
            every=watch.every if watch and watch.board_id == board.id else None,
            changes=last_findings.changed_since(tx, run.started_at, _checks(lines), plan.repairs),
        )


def load_details(ledger: Ledger, plan: StatusPlan, scope: str, now: DomainMillis) -> StatusDetails | None:
    """What is known of the row of that name, or of all where it is empty; None when no such row is looked at."""
    rows = plan.scope(scope or None)
    if not rows:
        return None
    with ledger.read() as tx:
        known = last_findings.by_check(tx)
        days = last_findings.by_day(tx, now)
        lines = tuple(_line(row, known, 0, finished=True) for row in rows)
        return StatusDetails(lines, tuple(_days(line.row, days) for line in lines), _offers(tx, plan))


def _days(row: StatusRow, days: Mapping[str, tuple[CheckState | None, ...]]) -> tuple[CheckState | None, ...]:
    """The worst of a row's checks on each day."""
    of_checks = [days[check] for check in row.checks if check in days]
    states = [[state for state in day if state is not None] for day in zip(*of_checks, strict=True)]
    return tuple(worst(each) if each else None for each in states) or (None,) * last_findings.DAYS


def _checks(lines: Sequence[BoardLine]) -> frozenset[str]:
    return frozenset(check for line in lines for check in line.row.checks)


def _offers(tx: Tx, plan: StatusPlan) -> Mapping[str, RepairOffer]:
    return {name: RepairOffer(under_way(tx, item), given_by_us(tx, item)) for name, item in plan.repairs.items()}


def _line(row: StatusRow, known: Mapping[str, LastFinding], run_id: int, *, finished: bool) -> BoardLine:
    last = tuple(known.get(check) for check in row.checks)
    looking = frozenset(
        check
        for check, each in zip(row.checks, last, strict=True)
        if not finished and (each is None or each.run_id < run_id)
    )
    return BoardLine(row, last, looking)


def board_posted(ledger: Ledger, job: Job, board: Board, ts: str) -> None:
    """It is in the channel now; what was recorded while it was drawn has it redrawn."""
    with ledger.write() as tx:
        status_boards.posted(tx, board.id, ts)
        job_leases.finish(tx, job)


def repost_board(ledger: Ledger, job: Job, board: Board, now: DomainMillis) -> None:
    """Somebody deleted the message of a watching channel: it is posted anew."""
    with ledger.write() as tx:
        status_boards.unposted(tx, board.id)
        job_leases.requeue(tx, job, due_at=now, progress=True)


def forget_board(ledger: Ledger, job: Job, board_id: int) -> None:
    """The message is gone, or what it showed is, and nobody waits for it."""
    with ledger.write() as tx:
        status_boards.forget(tx, board_id)
        job_leases.finish(tx, job)


def record_reply(ledger: Ledger, job: Job, board: Board) -> None:
    """A use of the reply address counts from before it is made: whoever finds this board after a crash knows of it.

    Raises:
        LostLock: another worker draws it now.
    """
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        status_boards.sent(tx, board.id)


def undo_reply(ledger: Ledger, job: Job, board: Board) -> None:
    """That use came to nothing.

    Raises:
        LostLock: another worker draws it now.
    """
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        status_boards.not_sent(tx, board.id)


def reply_sent(ledger: Ledger, job: Job, board: Board, *, last: bool) -> None:
    """The board was sent as a reply. After the last one its address is forgotten."""
    with ledger.write() as tx:
        if last:
            status_boards.forget_address(tx, board.id)
        job_leases.finish(tx, job)
