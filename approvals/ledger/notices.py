"""Notices, and which Slack messages show them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from approvals.ids import SlackUserId
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.millis import DomainMillis
from approvals.notice import Notice
from approvals.transaction import Row, Tx


@dataclass(frozen=True, slots=True)
class NoticeMessage:
    """One copy of a notice, posted in Slack."""

    notice_id: str
    channel: str
    ts: str


def add(tx: Tx, notice: Notice) -> bool:
    """False when one of the kind is open about the same already."""
    return bool(
        tx.changed(
            "INSERT INTO notices (id, what, about, details, recipient, raised_at)"
            " VALUES (:id, :what, :about, :details, :recipient, :at) ON CONFLICT DO NOTHING",
            id=notice.id,
            what=notice.kind,
            about=notice.about,
            details=json.dumps(dict(notice.details), sort_keys=True),
            recipient=notice.recipient,
            at=notice.raised_at,
        )
    )


def get(tx: Tx, notice_id: str) -> Notice | None:
    """None where there is no such notice."""
    row = tx.row("SELECT * FROM notices WHERE id = :id", id=notice_id)
    return _notice(row) if row else None


def open_about(tx: Tx, kind: NoticeKind, about: str) -> Notice | None:
    """The open notice of a kind about the same; there is one at most."""
    row = tx.row(
        "SELECT * FROM notices WHERE what = :what AND about = :about AND settled_at IS NULL", what=kind, about=about
    )
    return _notice(row) if row else None


def last_about(tx: Tx, kind: NoticeKind, about: str) -> Notice | None:
    """The newest of a kind about the same, open or resolved."""
    row = tx.row(
        "SELECT * FROM notices WHERE what = :what AND about = :about ORDER BY raised_at DESC, settled_at DESC LIMIT 1",
        what=kind,
        about=about,
    )
    return _notice(row) if row else None


def last_resolved(
    tx: Tx, kind: NoticeKind, about: str, outcome: NoticeOutcome, by_moment: DomainMillis
) -> Notice | None:
    """The last of a kind about the same that came to this outcome by then."""
    row = tx.row(
        "SELECT * FROM notices WHERE what = :what AND about = :about AND outcome = :outcome AND settled_at <= :moment"
        " ORDER BY settled_at DESC, raised_at DESC LIMIT 1",
        what=kind,
        about=about,
        outcome=outcome,
        moment=by_moment,
    )
    return _notice(row) if row else None


def resolved_about(tx: Tx, kind: NoticeKind, about: str, since: DomainMillis) -> list[Notice]:
    """Those of a kind about the same that were resolved since then, the newest first."""
    rows = tx.rows(
        "SELECT * FROM notices WHERE what = :what AND about = :about AND settled_at >= :since"
        " ORDER BY settled_at DESC, raised_at DESC",
        what=kind,
        about=about,
        since=since,
    )
    return [_notice(row) for row in rows]


def open_of(tx: Tx, kind: NoticeKind) -> list[Notice]:
    """Every open one of a kind, the oldest first."""
    rows = tx.rows("SELECT * FROM notices WHERE what = :what AND settled_at IS NULL ORDER BY raised_at, id", what=kind)
    return [_notice(row) for row in rows]


def count_open(tx: Tx) -> dict[str, int]:
    """How many are open, by kind."""
    rows = tx.rows("SELECT what, COUNT(*) AS number FROM notices WHERE settled_at IS NULL GROUP BY what")
    return {row["what"]: int(row["number"]) for row in rows}


def resolved_as(tx: Tx, kind: NoticeKind, outcome: NoticeOutcome) -> list[Notice]:
    """Every one of a kind that came to this outcome, the oldest first."""
    rows = tx.rows(
        "SELECT * FROM notices WHERE what = :what AND outcome = :outcome ORDER BY settled_at, id",
        what=kind,
        outcome=outcome,
    )
    return [_notice(row) for row in rows]


def close(tx: Tx, notice_id: str, outcome: NoticeOutcome, by: SlackUserId | None, now: DomainMillis) -> bool:
    """False when it was resolved before, or is not known."""
    return bool(
        tx.changed(
            "UPDATE notices SET settled_at = :now, outcome = :outcome, settled_by = :by"
            " WHERE id = :id AND settled_at IS NULL",
            id=notice_id,
            now=now,
            outcome=outcome,
            by=by,
        )
    )


def change_details(tx: Tx, notice_id: str, details: Mapping[str, Any]) -> None:
    """What its text says of it from now on, open or resolved."""
    tx.run(
        "UPDATE notices SET details = :details WHERE id = :id",
        id=notice_id,
        details=json.dumps(dict(details), sort_keys=True),
    )


def add_details(tx: Tx, notice: Notice, **more: Any) -> None:
    """What has to be known of it besides, as JSON takes it."""
    details = json.dumps({**notice.details, **more}, sort_keys=True)
    tx.run("UPDATE notices SET details = :details WHERE id = :id", details=details, id=notice.id)


def add_message(tx: Tx, message: NoticeMessage) -> None:
    """A message that shows the notice."""
    tx.run(
        "INSERT INTO notice_messages (notice_id, channel, ts) VALUES (:id, :channel, :ts) ON CONFLICT DO NOTHING",
        id=message.notice_id,
        channel=message.channel,
        ts=message.ts,
    )


def forget_message(tx: Tx, channel: str, ts: str) -> None:
    """Nothing is drawn there any more."""
    tx.run("DELETE FROM notice_messages WHERE channel = :channel AND ts = :ts", channel=channel, ts=ts)


def message_at(tx: Tx, channel: str, ts: str) -> NoticeMessage | None:
    """The notice's message that is this one of the channel's."""
    row = tx.row("SELECT * FROM notice_messages WHERE channel = :channel AND ts = :ts", channel=channel, ts=ts)
    return NoticeMessage(row["notice_id"], row["channel"], row["ts"]) if row else None


def messages(tx: Tx, notice_id: str) -> list[NoticeMessage]:
    """All that show a notice."""
    rows = tx.rows("SELECT * FROM notice_messages WHERE notice_id = :id ORDER BY channel, ts", id=notice_id)
    return [NoticeMessage(row["notice_id"], row["channel"], row["ts"]) for row in rows]


def _notice(row: Row) -> Notice:
    return Notice(
        id=row["id"],
        kind=row["what"],
        about=row["about"],
        details=json.loads(row["details"]),
        recipient=row["recipient"],
        raised_at=row["raised_at"],
        resolved_at=row["settled_at"],
        outcome=row["outcome"],
        resolved_by=row["settled_by"],
    )
