"""How fast a lane is: as fast as the other side takes writes, and slower for a while when it says that they are too
many.

Additive increase, multiplicative decrease, over all who work from one ledger: each refusal takes a tenth of the pace,
each write that goes through gives some of it back. Where one in ten is refused for another reason it stays nearly as
it was; where others use up the limit, it comes down to what they leave. A lane is never shut for it, so that what has
to be taken back goes on.
"""

from __future__ import annotations

from approvals.backoff import KEPT_AFTER_REFUSAL
from approvals.millis import SECOND
from approvals.transaction import Row, Tx

MAX_SLOT_MS = 2 * SECOND
"""Milliseconds between two writes, however often the other side refuses."""
MORE_A_SECOND = 0.25
"""By so many writes a second the pace rises with each that goes through."""


def width(tx: Tx, lane: str, usual: int) -> int:
    """Milliseconds between two writes of this lane now."""
    return width_of(slot(tx, lane), usual)


def slot(tx: Tx, lane: str) -> Row | None:
    """How wide the slots of this lane are, and when the next one begins; None of a lane that was never shut."""
    return tx.row("SELECT width, next_free_real FROM slots WHERE lane = :lane", lane=lane)


def width_of(slot: Row | None, usual: int) -> int:
    """The same, of what `slot` found."""
    return max(usual, slot["width"] or 0) if slot else usual


def throttled(tx: Tx, lane: str, usual: int) -> None:
    """A write was refused since there were too many."""
    _set(tx, lane, min(round(width(tx, lane, usual) / KEPT_AFTER_REFUSAL), MAX_SLOT_MS))


def went_through(tx: Tx, lane: str, usual: int) -> None:
    """A write was taken."""
    now = width(tx, lane, usual)
    if now > usual:
        faster = round(SECOND / (SECOND / now + MORE_A_SECOND))
        _set(tx, lane, faster if faster > usual else None)


def _set(tx: Tx, lane: str, width: int | None) -> None:
    tx.run(
        "INSERT INTO slots (lane, next_free_real, width) VALUES (:lane, 0, :width)"
        " ON CONFLICT (lane) DO UPDATE SET width = excluded.width",
        lane=lane,
        width=width,
    )
