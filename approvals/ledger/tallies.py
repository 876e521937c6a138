"""How many there are of what grows for ever, and how long things took: kept by triggers, and read without counting."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.ledger.columns import known
from approvals.ledger.jobs import NEVER
from approvals.transaction import Tx


@dataclass(frozen=True, slots=True)
class Tally:
    """So many of a kind are in a state."""

    what: str
    """`requests`, `grants`, or `decisions`, of which each counts that was ever made."""
    state: str
    """Of a decision, its verdict."""
    entitlement: str
    """Of a grant; empty otherwise."""
    number: int


@dataclass(frozen=True, slots=True)
class Durations:
    """How long something took each time, in milliseconds, since the ledger keeps that."""

    buckets: tuple[tuple[int, int], ...]
    """A bound, and how many took no longer, from the smallest on."""
    number: int
    """All of them."""
    total: int
    """Milliseconds together."""


def every(tx: Tx) -> list[Tally]:
    """All of them, but for what there is none of."""
    rows = tx.rows("SELECT * FROM tallies WHERE number <> 0 ORDER BY what, state, entitlement")
    return [Tally(**known(row, Tally)) for row in rows]


def durations(tx: Tx, what: str) -> Durations:
    """Of `decision`, `activation` or `revoke`. What people do by hand is not in the last two."""
    rows = tx.rows("SELECT upto, number, total FROM durations WHERE what = :what ORDER BY upto", what=what)
    bounds = tuple((row["upto"], row["number"]) for row in rows if row["upto"] < NEVER)
    last = rows[-1] if rows else {"number": 0, "total": 0}
    return Durations(bounds, last["number"], last["total"])
