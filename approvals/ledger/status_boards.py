"""The boards that show what runs of status checks found, as rows and back."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.ids import SlackUserId
from approvals.millis import DomainMillis
from approvals.transaction import Row, Tx


@dataclass(frozen=True, slots=True)
class Board:
    """One answer to `/pairec-status`: a message, or a private reply."""

    id: int
    team_id: str
    channel: str
    ts: str | None
    """Of its message; None until it is posted, and where it is sent as a reply."""
    reply_url: str | None
    """Where Slack takes replies to the command, while it is not a message of its own."""
    sent: int
    """How often that address was used."""
    asked_by: SlackUserId
    scope: str
    run_id: int
    created_at: DomainMillis


def add(tx: Tx, board: Board) -> None:
    """A new board; it has no message yet."""
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


def get(tx: Tx, board_id: int) -> Board | None:
    """None where there is none, or it is forgotten."""
    row = tx.row("SELECT * FROM status_boards WHERE id = :id", id=board_id)
    return _board(row) if row else None


def at(tx: Tx, channel: str, ts: str) -> Board | None:
    """The board that is this message of the channel's."""
    row = tx.row("SELECT * FROM status_boards WHERE channel = :channel AND ts = :ts", channel=channel, ts=ts)
    return _board(row) if row else None


def of_run(tx: Tx, run_id: int) -> list[Board]:
    """Those that show this run."""
    return [_board(row) for row in tx.rows("SELECT * FROM status_boards WHERE run_id = :id ORDER BY id", id=run_id)]


def newest(tx: Tx, since: int) -> list[Board]:
    """Of each channel that the bot is in, the last board that was posted there, if that was since then."""
    rows = tx.rows(
        "SELECT * FROM status_boards WHERE id IN (SELECT MAX(id) FROM status_boards WHERE ts IS NOT NULL"
        " GROUP BY channel) AND created_at >= :since ORDER BY id",
        since=since,
    )
    return [_board(row) for row in rows]


def filling(tx: Tx, channel: str, scope: str, run_id: int) -> Board | None:
    """A message of ours in this channel that waits for the same run and shows the same rows."""
    row = tx.row(
        "SELECT * FROM status_boards WHERE channel = :channel AND scope = :scope AND run_id = :run"
        " AND sent = 0 ORDER BY id DESC LIMIT 1",
        channel=channel,
        scope=scope,
        run=run_id,
    )
    return _board(row) if row else None


def posted(tx: Tx, board_id: int, ts: str) -> None:
    """It is a message of ours from now on; the address that came with the command is not needed any more."""
    tx.run("UPDATE status_boards SET ts = :ts, reply_url = NULL WHERE id = :id", id=board_id, ts=ts)


def unposted(tx: Tx, board_id: int) -> None:
    """Its message is gone: the next drawing posts it anew."""
    tx.run("UPDATE status_boards SET ts = NULL WHERE id = :id", id=board_id)


def forget(tx: Tx, board_id: int) -> None:
    """But for a watch's, which stays until the watch ends."""
    tx.run("DELETE FROM status_boards WHERE id = :id AND id NOT IN (SELECT board_id FROM status_watches)", id=board_id)


def sent(tx: Tx, board_id: int) -> None:
    """Another use of the reply address."""
    tx.run("UPDATE status_boards SET sent = sent + 1 WHERE id = :id", id=board_id)


def not_sent(tx: Tx, board_id: int) -> None:
    """It was not taken, and may be used once more. The first use stands: the message may be there all the same."""
    tx.run("UPDATE status_boards SET sent = sent - 1 WHERE id = :id AND sent > 1", id=board_id)


def forget_address(tx: Tx, board_id: int) -> None:
    """Nothing more is sent to the reply address."""
    tx.run("UPDATE status_boards SET reply_url = NULL WHERE id = :id", id=board_id)


def shows(tx: Tx, board_id: int, run_id: int) -> None:
    """From now on it shows this run."""
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
