"""What time it is on the server: asked of it now and then, and counted on from there by a clock that nobody sets."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from approvals.ledger.postgres_tx import TIME
from approvals.transaction import Row

if TYPE_CHECKING:
    from psycopg import Connection

MEASURE_INTERVAL_SECONDS = 1.0
"""Seconds after which a read asks for the server's time anew."""
MEASURE_TIMEOUT_SECONDS = 1.0
"""Seconds: an answer that was under way for longer, or lay unread, says nothing of the time now."""


class ServerTime:
    """Safe to share between threads."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """`monotonic`: seconds that pass."""
        self._monotonic = monotonic
        self._measured: tuple[int, float] | None = None

    def measure(self, connection: Connection[Row]) -> None:
        """Ask for it, and for nothing else."""
        asked = self.ask()
        row = connection.execute(f"SELECT {TIME}").fetchone()
        if row:
            self.answered(row["real"], asked)

    def ask(self) -> float:
        """When the server is asked for its time, by the clock that nobody sets: for `answered`."""
        return self._monotonic()

    def answered(self, real: int, asked: float) -> None:
        """The server has just said what time it is."""
        now = self._monotonic()
        if self._measured is None or now - asked < MEASURE_TIMEOUT_SECONDS:
            self._measured = real, now

    def is_due(self) -> bool:
        """Whether the last measurement is so old that another one should be made."""
        return self._measured is None or self._monotonic() - self._measured[1] > MEASURE_INTERVAL_SECONDS

    def real(self) -> int | None:
        """Milliseconds since 1970; None where the server did not say yet."""
        if self._measured is None:
            return None
        real, at = self._measured
        return real + round((self._monotonic() - at) * 1_000)
