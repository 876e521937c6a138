"""What no request accounts for, as rows: found, told, accepted, gone."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace

from approvals.drift import Acceptance, DriftKind, DriftRow, Giver, KeptRow
from approvals.ids import RamUserId, SlackUserId, is_random_id
from approvals.millis import DomainMillis
from approvals.transaction import Row, Tx


def every_one(tx: Tx) -> dict[str, KeptRow]:
    """By what each is about."""
    return {row["about"]: _kept(row) for row in tx.rows("SELECT * FROM drift_rows ORDER BY about")}


def count(tx: Tx, now: DomainMillis) -> int:
    """How many there are that nobody accepted until later than `now`."""
    row = tx.row(
        "SELECT COUNT(*) AS number FROM drift_rows WHERE accepted_until IS NULL OR accepted_until <= :now", now=now
    )
    return int(row["number"]) if row else 0


def get(tx: Tx, row_id: str) -> KeptRow | None:
    """The row that a button names; None once it is not so any more."""
    row = tx.row("SELECT * FROM drift_rows WHERE id = :id", id=row_id) if is_random_id(row_id) else None
    return _kept(row) if row else None


def gone_accounts(tx: Tx) -> frozenset[SlackUserId]:
    """The Slack accounts that are linked and gone."""
    rows = tx.rows("SELECT details FROM drift_rows WHERE kind = :kind", kind=DriftKind.LINK.value)
    return frozenset(SlackUserId(json.loads(row["details"])["account"]) for row in rows)


def put(tx: Tx, row: DriftRow, before: KeptRow | None, now: DomainMillis) -> None:
    """It is so now. What was said of it stays, unless it is not what that was said of; `before` is as it was kept."""
    details = json.dumps(row.as_details(), sort_keys=True)
    if before is None:
        tx.run(
            "INSERT INTO drift_rows (about, id, kind, details, found_at, told)"
            " VALUES (:about, :id, :kind, :details, :now, 0) ON CONFLICT (about) DO NOTHING",
            about=row.about,
            id=secrets.token_hex(16),
            kind=row.kind.value,
            details=details,
            now=now,
        )
    elif row.is_as(before.row):
        # A date that was read twice differs by a second or two: that alone is nothing to write.
        known = before.row
        same = replace(row, since=known.since or row.since, giver=row.giver or known.giver)
        if same != known:
            details = json.dumps(same.as_details(), sort_keys=True)
            tx.run("UPDATE drift_rows SET details = :details WHERE about = :about", details=details, about=row.about)
    else:
        # Under another id: a button stands for what was shown with it.
        tx.run("DELETE FROM drift_rows WHERE about = :about", about=row.about)
        put(tx, row, None, now)


def delete(tx: Tx, row: DriftRow) -> None:
    """It is not so any more."""
    tx.run("DELETE FROM drift_rows WHERE about = :about", about=row.about)


def note_told(tx: Tx, kept: KeptRow) -> None:
    """Approvers are told of it, as it is."""
    tx.run("UPDATE drift_rows SET told = 1 WHERE id = :id", id=kept.id)


def accept(tx: Tx, kept: KeptRow, acceptance: Acceptance) -> None:
    """It may stay as it is until then."""
    tx.run(
        "UPDATE drift_rows SET accepted_until = :until, accepted_by = :by, accepted_reason = :reason WHERE id = :id",
        id=kept.id,
        until=acceptance.until,
        by=acceptance.by,
        reason=acceptance.reason,
    )


def note_over(tx: Tx, kept: KeptRow) -> None:
    """The time for which it was accepted is over: what was written then goes, and it is told anew."""
    tx.run(
        "UPDATE drift_rows SET told = 0, accepted_until = NULL, accepted_by = NULL, accepted_reason = NULL"
        " WHERE id = :id",
        id=kept.id,
    )


def rename_giver(tx: Tx, ram_user_id: RamUserId) -> None:
    """Whoever gave something is called by the UserId from then on."""
    for kept in every_one(tx).values():
        if kept.row.giver is not None and kept.row.giver.ram_user_id == ram_user_id:
            details = json.dumps(replace(kept.row, giver=Giver(ram_user_id, ram_user_id)).as_details(), sort_keys=True)
            tx.run("UPDATE drift_rows SET details = :details WHERE id = :id", details=details, id=kept.id)


def _kept(row: Row) -> KeptRow:
    until = row["accepted_until"]
    said = None if until is None else Acceptance(until, row["accepted_by"], row["accepted_reason"])
    found = DriftRow.of_details(json.loads(row["details"]))
    return KeptRow(row["id"], found, row["found_at"], bool(row["told"]), said)
