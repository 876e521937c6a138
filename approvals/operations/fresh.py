"""A ledger as somebody sees it who wants to write what they have read elsewhere a moment ago: waiting for one's turn to
write may take so long that what was read holds no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from approvals.errors import StaleEvidence
from approvals.transaction import Ledger, Tx


class FreshLedger:
    """`ledger`, but that a write is not begun once `fresh` says no: it is asked when the turn to write has come."""

    def __init__(self, ledger: Ledger, fresh: Callable[[], bool]) -> None:
        self._ledger = ledger
        self._fresh = fresh

    @property
    def address(self) -> str:
        """As of the ledger itself."""
        return self._ledger.address

    @property
    def found(self) -> bool:
        """As of the ledger itself."""
        return self._ledger.found

    @property
    def engine_errors(self) -> tuple[type[Exception], ...]:
        """As of the ledger itself."""
        return self._ledger.engine_errors

    @property
    def shared(self) -> bool:
        """As of the ledger itself."""
        return self._ledger.shared

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """One transaction, which is begun only while what was read before is still fresh.

        Raises:
            StaleEvidence: nothing was written; read again.
        """
        with self._ledger.write() as tx:
            if not self._fresh():
                raise StaleEvidence
            yield tx

    def read(self, within: float | None = None) -> AbstractContextManager[Tx]:
        """As of the ledger itself: a read rests on nothing that could be stale."""
        return self._ledger.read(within)

    def real(self) -> int:
        """As of the ledger itself."""
        return self._ledger.real()

    def lost(self) -> str | None:
        """As of the ledger itself."""
        return self._ledger.lost()

    def check_place(self) -> None:
        """As of the ledger itself."""
        self._ledger.check_place()

    def take_over(self) -> bool:
        """As of the ledger itself."""
        return self._ledger.take_over()

    def release(self) -> None:
        """As of the ledger itself."""
        self._ledger.release()

    def close(self) -> None:
        """As of the ledger itself."""
        self._ledger.close()
