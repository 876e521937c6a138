"""Writing to and reading from the audit trail. An entry is written in the transaction of the change it tells of."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Any

from approvals import audit, audit_texts
from approvals.audit_erasures import Seal
from approvals.audit_events import AuditEvent
from approvals.millis import DomainMillis
from approvals.model import request_ref
from approvals.transaction import Row, Tx

log = logging.getLogger(__name__)

ENTRIES_PER_PAGE = 400
HASHES_PER_PAGE = 10_000
BEFORE_ALL = -(1 << 63)
"""Somebody may have put in an entry before the first."""
SAID = ("grant", "entitlement", "write_id", "cause", "act", "why", "trouble", "code", "ram_request_id")
"""Fields of an entry that the log has as well: nothing that a person wrote, and nobody's name."""
_ENTRY = ", ".join(audit.Entry._fields)
"""The columns of an entry, in the order of its fields."""
HEAD = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1"
"""What the next entry follows."""
ERASED_STEP, BESIDE_STEP = 24, 29
"""The steps from which on a ledger has the last two of them."""
BY_PEOPLE = ("reason", "ticket", "comment", "note", "display_name", "email")
"""Fields in which people write what they like."""
NAMES = ("ram_user", "by_ram_user", "next_ram_user", "no_longer_counting", "ram_users")
"""Fields in which RAM users are called by their names."""
BESIDE = frozenset({*BY_PEOPLE, *NAMES})
"""These stand beside the chain, so that they can be erased."""


def append_event(tx: Tx, now: DomainMillis, event: AuditEvent, *, request_id: int | None = None, **fields: Any) -> None:
    """Append an entry. Call it last in a transaction: where writers run side by side, the chain is what they queue
    for. Fields that are None are left out.
    """
    before = tx.row(HEAD)
    if before is not None and not before["hash"].startswith(audit.MARK):
        before = _seal(tx, now, before)
    values = {name: value for name, value in fields.items() if value is not None}
    _append(tx, now, before, {"event": event, **({} if request_id is None else {"request": request_id}), **values})
    if log.isEnabledFor(logging.INFO):
        said = {name: values[name] for name in SAID if name in values}
        about = {} if request_id is None else {"request": request_ref(request_id)}
        tx.after_commit(partial(log.info, "%s", event.value, extra=about | said))


def _append(tx: Tx, now: DomainMillis, before: Row | None, values: dict[str, Any]) -> Row:
    entry = audit.next_entry(
        before["seq"] + 1 if before else 1,
        audit.iso(now),
        {name: value for name, value in values.items() if name not in BESIDE},
        before["hash"] if before else audit.GENESIS,
        values.get("request"),
        audit_texts.lines_of(
            {name: value for name, value in values.items() if name in BESIDE}, partial(secrets.token_hex, 16)
        ),
    )
    columns = entry._asdict()
    tx.run(
        "INSERT INTO audit (seq, at, request_id, entry, prev, hash, version, beside)"
        " VALUES (:seq, :at, :request_id, :entry, :prev, :hash, :version, :beside)",
        **columns,
    )
    tx.know(HEAD, [{"seq": entry.seq, "hash": entry.hash}])
    return columns


def _seal(tx: Tx, now: DomainMillis, before: Row) -> Row:
    """The first entry of this form says what the hashes of all before it are."""
    seal, seq = Seal(), BEFORE_ALL
    while page := tx.values(
        "SELECT seq, hash FROM audit WHERE seq > :seq ORDER BY seq LIMIT :page", seq=seq, page=HASHES_PER_PAGE
    ):
        seal.take([each for _, each in page])
        seq = page[-1][0]
    return _append(tx, now, before, {"event": AuditEvent.OLDER_SEALED, **seal.fields})


def erase(
    tx: Tx,
    now: DomainMillis,
    rest: Sequence[audit.Entry],
    beside: Iterable[audit.Entry],
    **fields: Any,
) -> None:
    """What people wrote, and what they are called, goes: each of `beside` is left with what it has beside it, and of
    each of `rest`, which are of an older form, that is left of the entry itself. An entry says so. Call it last in a
    transaction.
    """
    for entry in beside:
        if entry.version == audit.THIRD:
            tx.run("UPDATE audit SET beside = :beside WHERE seq = :seq", beside=entry.beside, seq=entry.seq)
        else:
            tx.run(
                "UPDATE audit_texts SET text = NULL, salt = NULL WHERE seq = :seq AND text IS NOT NULL", seq=entry.seq
            )
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
    return next(_entries(rows, texts), None)


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
    return list(_entries(rows, texts))


def of_no_request(tx: Tx, saying: str) -> list[audit.Entry]:
    """Entries that belong to no request and have this in them, such as an id, oldest first."""
    which = "request_id IS NULL AND entry LIKE :like"
    rows = tx.values(f"SELECT {_ENTRY} FROM audit WHERE {which} ORDER BY seq", like=f"%{saying}%")
    texts = tx.rows(
        f"SELECT * FROM audit_texts WHERE seq IN (SELECT seq FROM audit WHERE {which}) ORDER BY seq, name",
        like=f"%{saying}%",
    )
    return list(_entries(rows, texts))


def since(tx: Tx, at: str) -> Iterator[audit.Entry]:
    """Entries from then on, as `audit.iso` writes it, the newest first, until a page has none. Those of the second form
    come without what people wrote.
    """
    seq = 1 << 62
    while page := tx.values(
        f"SELECT {_ENTRY} FROM audit WHERE seq < :seq ORDER BY seq DESC LIMIT :page", seq=seq, page=ENTRIES_PER_PAGE
    ):
        found = [entry for entry in map(_entry, page) if entry.at >= at]
        yield from found
        if not found:
            return
        seq = page[-1][0]


def entries(tx: Tx, after: int = BEFORE_ALL) -> Iterator[audit.Entry]:
    """The trail in order, a page at a time: the whole of it, or what comes `after` that number. Also of a file that was
    left before it came to be of this version, and takes nothing more.
    """
    return chain.from_iterable(_pages(tx, after))


def _pages(tx: Tx, after: int) -> Iterator[Iterable[audit.Entry]]:
    seq, columns = after, _columns(tx)
    while page := tx.values(
        f"SELECT {columns} FROM audit WHERE seq > :seq ORDER BY seq LIMIT :page", seq=seq, page=ENTRIES_PER_PAGE
    ):
        first, seq = seq, page[-1][0]
        yield _entries(page, tx.rows(_TEXTS, first=first, last=seq) if page[0][6] != audit.THIRD else ())


_TEXTS = "SELECT * FROM audit_texts WHERE seq > :first AND seq <= :last ORDER BY seq, name"


def _columns(tx: Tx) -> str:
    taken = {row["number"] for row in tx.rows("SELECT number FROM schema_steps")}
    there = {"erased_by": ERASED_STEP in taken, "beside": BESIDE_STEP in taken}
    return ", ".join(name if there.get(name, True) else f"NULL AS {name}" for name in audit.Entry._fields)


def _entries(rows: list[tuple[Any, ...]], texts: Iterable[Row]) -> Iterator[audit.Entry]:
    """`texts`: of the entries of the second form among them, which have a table for what people wrote."""
    beside: dict[int, list[audit.Written]] = {}
    for row in texts:
        # Whoever changes a column may put bytes there.
        text, salt = (None if row[name] is None else str(row[name]) for name in ("text", "salt"))
        beside.setdefault(row["seq"], []).append(audit.Written(str(row["name"]), text, salt))
    if not beside:
        return map(_entry, rows)
    return (
        _entry((*row[:-1], audit_texts.joined(beside[row[0]])) if row[0] in beside and row[6] != audit.THIRD else row)
        for row in rows
    )


_entry = partial(tuple.__new__, audit.Entry)
