"""Writing to and reading from the audit trail. An entry is written in the transaction of the change it tells of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from approvals import audit
from approvals.ledger.tx import Tx

PAGE = 1_000


def record(tx: Tx, now: int, event: str, *, request_id: int | None = None, **fields: Any) -> None:
    """Append an entry. Call it last in a transaction: where writers run side by side, the chain is what they queue
    for. Fields that are None are left out."""
    last = tx.row("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1") or {"seq": 0, "hash": audit.GENESIS}
    told = {"event": event, "request": request_id, **fields}
    text = audit.canonical({name: value for name, value in told.items() if value is not None})
    entry = audit.link(last["seq"] + 1, audit.iso(now), text, last["hash"])
    tx.run(
        "INSERT INTO audit (seq, at, request_id, entry, prev, hash)"
        " VALUES (:seq, :at, :request_id, :entry, :prev, :hash)",
        request_id=request_id,
        **entry._asdict(),
    )


def last(tx: Tx) -> audit.Entry | None:
    row = tx.row("SELECT seq, at, entry, prev, hash FROM audit ORDER BY seq DESC LIMIT 1")
    return audit.Entry(**row) if row else None


def of_request(tx: Tx, request_id: int) -> list[audit.Entry]:
    rows = tx.rows("SELECT seq, at, entry, prev, hash FROM audit WHERE request_id = :id ORDER BY seq", id=request_id)
    return [audit.Entry(**row) for row in rows]


def entries(tx: Tx) -> Iterator[audit.Entry]:
    """The whole trail in order, a page at a time."""
    seq = 0
    while page := tx.rows(
        "SELECT seq, at, entry, prev, hash FROM audit WHERE seq > :seq ORDER BY seq LIMIT :page", seq=seq, page=PAGE
    ):
        for row in page:
            yield audit.Entry(**row)
        seq = page[-1]["seq"]
