"""The channels that watch the status, as rows and back."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.millis import DomainMillis
from approvals.transaction import Row, Tx


@dataclass(frozen=True, slots=True)
class Watch:
    """A channel that wants to hear of changes."""

    channel: str
    team_id: str
    every: int
    """Milliseconds between two looks."""
    board_id: int
    told_change: int
    """The last change that the channel was told."""
    started_by: str


def every_one(tx: Tx) -> list[Watch]:
    """By channel."""
    return [_watch(row) for row in tx.rows("SELECT * FROM status_watches ORDER BY channel")]


def get(tx: Tx, channel: str) -> Watch | None:
    """None where the channel does not watch."""
    row = tx.row("SELECT * FROM status_watches WHERE channel = :channel", channel=channel)
    return _watch(row) if row else None


def put(tx: Tx, found: Watch, now: DomainMillis) -> None:
    """The channel watches from now on, in this way."""
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
    """The channel was told every change up to this one."""
    tx.run("UPDATE status_watches SET told_change = :id WHERE channel = :channel", channel=channel, id=change_id)


def end(tx: Tx, channel: str) -> bool:
    """False where the channel did not watch."""
    return bool(tx.changed("DELETE FROM status_watches WHERE channel = :channel", channel=channel))


def _watch(row: Row) -> Watch:
    return Watch(
        channel=row["channel"],
        team_id=row["team_id"],
        every=row["every"],
        board_id=row["board_id"],
        told_change=row["told_change"],
        started_by=row["started_by"],
    )
