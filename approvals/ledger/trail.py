"""Writing to and reading from the audit trail. An entry is written in the transaction of the change it tells of."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from approvals import audit
from approvals.audit_events import AuditEvent
from approvals.millis import DomainMillis
from approvals.model import request_ref
from approvals.transaction import Row, Tx

log = logging.getLogger(__name__)

ENTRIES_PER_PAGE = 400
BEFORE_ALL = -(1 << 63)
"""Somebody may have put in an entry before the first."""
SAID = ("grant", "entitlement", "write_id", "cause", "act", "why", "trouble", "code", "ram_request_id")
"""Fields of an entry that the log has as well: nothing that a person wrote, and nobody's name."""
_ENTRY = "seq, at, entry, prev, hash, request_id, version, erased_by"
"""The columns of an entry, in the order of its fields."""
HEAD = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1"
"""What the next entry follows."""
ERASED_STEP = 24
"""The step from which on a ledger has the last of them."""
BY_PEOPLE = ("reason", "ticket", "comment", "note", "display_name", "email")
"""Fields in which people write what they like: they stand beside the chain, so that they can be erased."""


def append_event(tx: Tx, now: DomainMillis, event: AuditEvent, *, request_id: int | None = None, **fields: Any) -> None:
    """Append an entry. Call it last in a transaction: where writers run side by side, the chain is what they queue
    for. Fields that are None are left out.
    """
    before = tx.row(HEAD) or {"seq": 0, "hash": audit.GENESIS}
    values = {"event": event, "request": request_id, **fields}
    entry = audit.next_entry(
        before["seq"] + 1,
        audit.iso(now),
        {name: value for name, value in values.items() if value is not None and name not in BY_PEOPLE},
        before["hash"],
        request_id,
        [
            audit.Written(name, str(values[name]), secrets.token_hex(16))
            for name in BY_PEOPLE
            if values.get(name) is not None
        ],
    )
    if log.isEnabledFor(logging.INFO):
        said = {name: values[name] for name in SAID if values.get(name) is not None}
        about = {} if request_id is None else {"request": request_ref(request_id)}
        tx.after_commit(partial(log.info, "%s", event.value, extra=about | said))
    columns = entry._asdict()
    written: tuple[audit.Written, ...] = columns.pop("written")
    del columns["erased_by"]
    tx.run(
        "INSERT INTO audit (seq, at, request_id, entry, prev, hash, version)"
        " VALUES (:seq, :at, :request_id, :entry, :prev, :hash, :version)",
        **columns,
    )
    for text in written:
        tx.run(
            "INSERT INTO audit_texts (seq, name, text, salt) VALUES (:seq, :name, :text, :salt)",
            seq=entry.seq,
            **text._asdict(),
        )
    tx.know(HEAD, [{"seq": entry.seq, "hash": entry.hash}])


def erase(tx: Tx, now: DomainMillis, rest: Sequence[audit.Entry], texts: Iterable[int], **fields: Any) -> None:
    """What people wrote goes from beside the entries of the numbers in `texts`; of entries that have something in
    themselves, the `rest` is left. An entry says so. Call it last in a transaction.
    """
    for seq in texts:
        tx.run("UPDATE audit_texts SET text = NULL, salt = NULL WHERE seq = :seq AND text IS NOT NULL", seq=seq)
    left = {str(entry.seq): audit.hash_of(entry) for entry in rest}
    append_event(tx, now, AuditEvent.TEXTS_ERASED, entries=left, **fields)
    by = length(tx)
    for entry in rest:
        tx.run(
            "UPDATE audit SET entry = :entry, erased_by = :by WHERE seq = :seq", entry=entry.entry, by=by, seq=entry.seq
        )


def last(tx: Tx) -> audit.Entry | None:
    """The newest entry; None where there is none."""
    rows = tx.values(f"SELECT {_ENTRY} FROM audit ORDER BY seq DESC LIMIT 1")
    texts = tx.rows("SELECT * FROM audit_texts WHERE seq = (SELECT MAX(seq) FROM audit) ORDER BY name")
    return next(_with_texts(rows, texts), None)


def length(tx: Tx) -> int:
    """How many entries there are, as the number of the newest has it."""
    row = tx.row("SELECT MAX(seq) AS last FROM audit")
    return int(row["last"] or 0) if row else 0


def of_request(tx: Tx, request_id: int) -> list[audit.Entry]:
    """All entries about a request, oldest first."""
    rows = tx.values(f"SELECT {_ENTRY} FROM audit WHERE request_id = :id ORDER BY seq", id=request_id)
    texts = tx.rows(
        "SELECT audit_texts.* FROM audit_texts JOIN audit ON audit.seq = audit_texts.seq WHERE audit.request_id = :id"
        " ORDER BY audit_texts.seq, audit_texts.name",
        id=request_id,
    )
    return list(_with_texts(rows, texts))


def of_no_request(tx: Tx, saying: str) -> list[audit.Entry]:
    """Entries that belong to no request and have this in them, such as an id, oldest first."""
    which = "request_id IS NULL AND entry LIKE :like"
    rows = tx.values(f"SELECT {_ENTRY} FROM audit WHERE {which} ORDER BY seq", like=f"%{saying}%")
    texts = tx.rows(
        f"SELECT * FROM audit_texts WHERE seq IN (SELECT seq FROM audit WHERE {which}) ORDER BY seq, name",
        like=f"%{saying}%",
    )
    return list(_with_texts(rows, texts))


def entries(tx: Tx, after: int = BEFORE_ALL) -> Iterator[audit.Entry]:
    """The trail in order, a page at a time: the whole of it, or what comes `after` that number. Also of a file that was
    left before it came to be of this version, and takes nothing more.
    """
    erases = tx.row("SELECT number FROM schema_steps WHERE number = :step", step=ERASED_STEP) is not None
    columns = _ENTRY if erases else _ENTRY.replace("erased_by", "NULL AS erased_by")
    seq = after
    while page := tx.values(
        f"SELECT {columns} FROM audit WHERE seq > :seq ORDER BY seq LIMIT :page", seq=seq, page=ENTRIES_PER_PAGE
    ):
        first, seq = seq, page[-1][0]
        texts = tx.rows(
            "SELECT * FROM audit_texts WHERE seq > :first AND seq <= :last ORDER BY seq, name", first=first, last=seq
        )
        yield from _with_texts(page, texts)


def _with_texts(rows: list[tuple[Any, ...]], texts: list[Row]) -> Iterator[audit.Entry]:
    by_seq: dict[int, tuple[audit.Written, ...]] = {}
    for text in texts:
        written = audit.Written(text["name"], text["text"], text["salt"])
        by_seq[text["seq"]] = (*by_seq.get(text["seq"], ()), written)
    return map(audit.Entry._make, ((*row[:7], by_seq.get(row[0], ()), row[7]) for row in rows))
