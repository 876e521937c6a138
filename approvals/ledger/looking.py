"""A step that mostly finds nothing to write: it waits for no turn and for no disk then."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NoReturn, TypeVar

from approvals.transaction import Ledger, Row, Tx

Found = TypeVar("Found")


class _WouldWrite(Exception):
    """It is to begin anew, where it may."""


class _OnlyReads:
    """A transaction in which nothing is written, not even by mistake."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def rows(self, sql: str, **params: Any) -> list[Row]:
        """Of a query."""
        if not sql.startswith("SELECT "):
            raise _WouldWrite
        return self._tx.rows(sql, **params)

    def row(self, sql: str, **params: Any) -> Row | None:
        """Of a query."""
        return next(iter(self.rows(sql, **params)), None)

    def values(self, sql: str, **params: Any) -> list[tuple[Any, ...]]:
        """Of a query."""
        return self._tx.values(sql, **params)

    def pages(self, table: str) -> Iterator[list[Row]]:
        """As of any other."""
        return self._tx.pages(table)

    def know(self, sql: str, rows: list[Row]) -> None:
        """As of any other."""
        self._tx.know(sql, rows)

    def changed(self, sql: str, **params: Any) -> NoReturn:
        """Not here."""
        raise _WouldWrite

    def run(self, sql: str, **params: Any) -> NoReturn:
        """Not here."""
        raise _WouldWrite

    def run_each(self, sql: str, rows: Sequence[Row]) -> NoReturn:
        """Not here."""
        raise _WouldWrite

    def after_commit(self, call: Callable[[], None]) -> NoReturn:
        """There is none."""
        raise _WouldWrite


def look_and_write(ledger: Ledger, step: Callable[[Tx], Found]) -> Found:
    """What a step comes to, in one transaction: in one that only reads, if it writes nothing; otherwise it is begun
    anew in one that writes, and whatever it read before does not count. It must do nothing but through its transaction.
    """
    try:
        with ledger.read() as tx:
            return step(_OnlyReads(tx))
    except _WouldWrite:
        with ledger.write() as tx:
            return step(tx)
