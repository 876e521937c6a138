"""Runs of checks, the boards that show what they found and the channels that watch it, as rows and back."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.ids import SlackUserId
from approvals.ledger.counters import next_number
from approvals.millis import DomainMillis
from approvals.transaction import Row, Tx


@dataclass(frozen=True, slots=True)
class Run:
    id: int
    scope: str
    """A row's name, or empty for all."""
    started_at: DomainMillis
    finished_at: DomainMillis | None


@dataclass(frozen=True, slots=True)
class Board:
    id: int
    team_id: str
    channel: str
    ts: str | None
    reply_url: str | None
    sent: int
    asked_by: SlackUserId
    scope: str
    run_id: int
    created_at: DomainMillis


@dataclass(frozen=True, slots=True)
class Watch:
    channel: str
    team_id: str
    every: int
    board_id: int
    told_change: int
    started_by: str


# -- runs


def new_run(tx: Tx, scope: str, now: DomainMillis) -> Run:
    run = Run(next_number(tx, "run"), scope, now, None)
    tx.run(
        "INSERT INTO status_runs (id, scope, started_at) VALUES (:id, :scope, :now)", id=run.id, scope=scope, now=now
    )
    return run


def run(tx: Tx, run_id: int) -> Run | None:
    row = tx.row("SELECT * FROM status_runs WHERE id = :id", id=run_id)
    return _run(row) if row else None


def open_run(tx: Tx, scope: str) -> Run | None:
    """One that is under way and looks at that row, or at everything."""
    row = tx.row(
        "SELECT * FROM status_runs WHERE finished_at IS NULL AND scope IN (:scope, '') ORDER BY id DESC LIMIT 1",
        scope=scope,
    )
    return _run(row) if row else None


def finish_run(tx: Tx, run_id: int, now: DomainMillis) -> None:
    tx.run("UPDATE status_runs SET finished_at = :now WHERE id = :id AND finished_at IS NULL", id=run_id, now=now)


# -- boards


def add_board(tx: Tx, board: Board) -> None:
    tx.run(
        "INSERT INTO status_boards (id, team_id, channel, ts, reply_url, sent, asked_by, scope, run_id, created_at)"
        " VALUES (:id, :team, :channel, :ts, :reply_url, :sent, :asked_by, :scope, :run, :at)",
        id=board.id,
        team=board.team_id,
        channel=board.channel,
        ts=board.ts,
        reply_url=board.reply_url,
        sent=board.sent,
        asked_by=board.asked_by,
        scope=board.scope,
        run=board.run_id,
        at=board.created_at,
    )


def board(tx: Tx, board_id: int) -> Board | None:
    row = tx.row("SELECT * FROM status_boards WHERE id = :id", id=board_id)
    return _board(row) if row else None


def board_at(tx: Tx, channel: str, ts: str) -> Board | None:
    row = tx.row("SELECT * FROM status_boards WHERE channel = :channel AND ts = :ts", channel=channel, ts=ts)
    return _board(row) if row else None


def boards_of_run(tx: Tx, run_id: int) -> list[Board]:
    return [_board(row) for row in tx.rows("SELECT * FROM status_boards WHERE run_id = :id ORDER BY id", id=run_id)]


def newest_boards(tx: Tx, since: int) -> list[Board]:
    """Of each channel that the bot is in, the last board that was posted there, if that was since then."""
    rows = tx.rows(
        "SELECT * FROM status_boards WHERE id IN (SELECT MAX(id) FROM status_boards WHERE ts IS NOT NULL"
        " GROUP BY channel) AND created_at >= :since ORDER BY id",
        since=since,
    )
    return [_board(row) for row in rows]


def filling_board(tx: Tx, channel: str, scope: str, run_id: int) -> Board | None:
    """A message of ours in this channel that waits for the same run and shows the same rows."""
    row = tx.row(
        "SELECT * FROM status_boards WHERE channel = :channel AND scope = :scope AND run_id = :run"
        " AND sent = 0 ORDER BY id DESC LIMIT 1",
        channel=channel,
        scope=scope,
        run=run_id,
    )
    return _board(row) if row else None


def board_posted(tx: Tx, board_id: int, ts: str) -> None:
    """It is a message of ours from now on; the address that came with the command is not needed any more."""
    tx.run("UPDATE status_boards SET ts = :ts, reply_url = NULL WHERE id = :id", id=board_id, ts=ts)


def board_unposted(tx: Tx, board_id: int) -> None:
    """Its message is gone: the next drawing posts it anew."""
    tx.run("UPDATE status_boards SET ts = NULL WHERE id = :id", id=board_id)


def forget_board(tx: Tx, board_id: int) -> None:
    """But for a watch's, which stays until the watch ends."""
    tx.run("DELETE FROM status_boards WHERE id = :id AND id NOT IN (SELECT board_id FROM status_watches)", id=board_id)


def board_sent(tx: Tx, board_id: int) -> None:
    """Another use of the reply address."""
    tx.run("UPDATE status_boards SET sent = sent + 1 WHERE id = :id", id=board_id)


def board_not_sent(tx: Tx, board_id: int) -> None:
    """It was not taken, and may be used once more. The first use stands: the message may be there all the same."""
    tx.run("UPDATE status_boards SET sent = sent - 1 WHERE id = :id AND sent > 1", id=board_id)


def forget_address(tx: Tx, board_id: int) -> None:
    """Nothing more is sent to the reply address."""
    tx.run("UPDATE status_boards SET reply_url = NULL WHERE id = :id", id=board_id)


def board_shows(tx: Tx, board_id: int, run_id: int) -> None:
    tx.run("UPDATE status_boards SET run_id = :run WHERE id = :id", id=board_id, run=run_id)


def forget_old(tx: Tx, before: int) -> None:
    """Boards and runs from before then are not redrawn any more, but for those of a watch. A board that is still to be
    drawn and a run under way stay, however old: the clock may have jumped, or the program stood still, meanwhile.
    """
    tx.run(
        "DELETE FROM status_boards WHERE created_at < :before AND id NOT IN (SELECT board_id FROM status_watches)"
        " AND run_id NOT IN (SELECT id FROM status_runs WHERE finished_at IS NULL)"
        " AND 'board:' || id NOT IN (SELECT id FROM jobs)",
        before=before,
    )
    tx.run(
        "DELETE FROM status_runs WHERE started_at < :before AND finished_at IS NOT NULL"
        " AND id NOT IN (SELECT run_id FROM status_boards)",
        before=before,
    )


# -- watches


def watches(tx: Tx) -> list[Watch]:
    return [_watch(row) for row in tx.rows("SELECT * FROM status_watches ORDER BY channel")]


def watch(tx: Tx, channel: str) -> Watch | None:
    row = tx.row("SELECT * FROM status_watches WHERE channel = :channel", channel=channel)
    return _watch(row) if row else None


def set_watch(tx: Tx, found: Watch, now: DomainMillis) -> None:
    tx.run(
        "INSERT INTO status_watches (channel, team_id, every, board_id, told_change, started_by, started_at)"
        " VALUES (:channel, :team, :every, :board, :told, :by, :now)"
        " ON CONFLICT (channel) DO UPDATE SET every = excluded.every, board_id = excluded.board_id,"
        " told_change = excluded.told_change, started_by = excluded.started_by, started_at = excluded.started_at",
        channel=found.channel,
        team=found.team_id,
        every=found.every,
        board=found.board_id,
        told=found.told_change,
        by=found.started_by,
        now=now,
    )


def told_until(tx: Tx, channel: str, change_id: int) -> None:
    tx.run("UPDATE status_watches SET told_change = :id WHERE channel = :channel", channel=channel, id=change_id)


def end_watch(tx: Tx, channel: str) -> bool:
    return bool(tx.run("DELETE FROM status_watches WHERE channel = :channel", channel=channel))


def _run(row: Row) -> Run:
    return Run(row["id"], row["scope"], row["started_at"], row["finished_at"])


def _board(row: Row) -> Board:
    return Board(
        id=row["id"],
        team_id=row["team_id"],
        channel=row["channel"],
        ts=row["ts"],
        reply_url=row["reply_url"],
        sent=row["sent"],
        asked_by=row["asked_by"],
        scope=row["scope"],
        run_id=row["run_id"],
        created_at=row["created_at"],
    )


def _watch(row: Row) -> Watch:
    return Watch(
        channel=row["channel"],
        team_id=row["team_id"],
        every=row["every"],
        board_id=row["board_id"],
        told_change=row["told_change"],
        started_by=row["started_by"],
    )
