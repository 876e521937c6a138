"""How fast a lane is: as fast as the other side takes writes, and slower for a while when it says that they are too
many.

Additive increase, multiplicative decrease, over all who work from one ledger: each refusal takes a third of the pace,
each write that goes through gives some of it back. A lane is never shut for it, so that what has to be taken back goes
on.
"""

from __future__ import annotations

from approvals.ledger.tx import Tx
from approvals.model import SECOND

SLOWEST = 2 * SECOND
"""Milliseconds between two writes, however often the other side refuses."""
SLOWER = 1.5
"""Times as long between two writes after each refusal."""
MORE_A_SECOND = 1.0
"""By so many writes a second the pace rises with each that goes through."""
ONE_EVENT = SECOND
"""Refusals within so much real time are one: they were on their way together."""


def width(tx: Tx, lane: str, usual: int) -> int:
    """Milliseconds between two writes of this lane now."""
    row = tx.row("SELECT width FROM slots WHERE lane = :lane", lane=lane)
    return max(usual, row["width"] or 0) if row else usual


def throttled(tx: Tx, lane: str, usual: int, *, real: int) -> None:
    """A write was refused since there were too many."""
    row = tx.row("SELECT narrowed_at_real AS at FROM slots WHERE lane = :lane", lane=lane)
    if row and row["at"] is not None and 0 <= real - row["at"] < ONE_EVENT:
        return
    _set(tx, lane, min(round(width(tx, lane, usual) * SLOWER), SLOWEST), real)


def went_through(tx: Tx, lane: str, usual: int) -> None:
    """A write was taken."""
    now = width(tx, lane, usual)
    if now > usual:
        faster = round(SECOND / (SECOND / now + MORE_A_SECOND))
        tx.run(
            "UPDATE slots SET width = :width WHERE lane = :lane", lane=lane, width=faster if faster > usual else None
        )


def _set(tx: Tx, lane: str, width: int, real: int) -> None:
    tx.run(
        "INSERT INTO slots (lane, next_free_real, width, narrowed_at_real) VALUES (:lane, 0, :width, :real)"
        " ON CONFLICT (lane) DO UPDATE SET width = excluded.width, narrowed_at_real = excluded.narrowed_at_real",
        lane=lane,
        width=width,
        real=real,
    )
