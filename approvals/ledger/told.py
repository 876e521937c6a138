"""Which direct messages about a request are drawn anew and replied to as it goes on: one for each person."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.ids import SlackUserId
from approvals.kinds import MessageKind
from approvals.transaction import Row, Tx


@dataclass(frozen=True, slots=True)
class Told:
    """One such message."""

    request_id: int
    recipient: SlackUserId
    drawn_for: SlackUserId
    """In whose words it is: an account may be made anew."""
    kind: MessageKind
    channel: str
    ts: str


def put(tx: Tx, told: Told) -> None:
    """A message that was sent, or shows another kind now."""
    tx.run(
        "INSERT INTO told (request_id, recipient, drawn_for, what, channel, ts)"
        " VALUES (:request_id, :recipient, :drawn_for, :what, :channel, :ts)"
        " ON CONFLICT (channel, ts) DO UPDATE SET what = excluded.what",
        request_id=told.request_id,
        recipient=told.recipient,
        drawn_for=told.drawn_for,
        what=told.kind.value,
        channel=told.channel,
        ts=told.ts,
    )


def of_request(tx: Tx, request_id: int, recipient: SlackUserId) -> list[Told]:
    """Those that one person has of it, oldest first."""
    rows = tx.rows(
        "SELECT * FROM told WHERE request_id = :id AND recipient = :to ORDER BY ts", id=request_id, to=recipient
    )
    return [_told(row) for row in rows]


def forget(tx: Tx, told: Told) -> None:
    """It is gone, or shows the last that there is to show."""
    tx.run("DELETE FROM told WHERE channel = :channel AND ts = :ts", channel=told.channel, ts=told.ts)


def _told(row: Row) -> Told:
    return Told(
        row["request_id"],
        SlackUserId(row["recipient"]),
        SlackUserId(row["drawn_for"]),
        MessageKind(row["what"]),
        row["channel"],
        row["ts"],
    )
