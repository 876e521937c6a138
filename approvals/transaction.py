"""What a ledger is to whoever works with it, whichever engine keeps it; and one transaction on it: SQL
with named parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol

Row = dict[str, Any]
ROWS_PER_PAGE = 200
"""Rows of a table that are read at once."""


class Query(NamedTuple):
    """What is asked as a part of another statement."""

    sql: str
    params: dict[str, Any]


class Tx(Protocol):
    """One transaction."""

    def rows(self, sql: str, **params: Any) -> list[Row]:
        """All rows of a query, or of a statement with RETURNING."""
        ...

    def values(self, sql: str, **params: Any) -> list[tuple[Any, ...]]:
        """All rows of a query, without the names of their columns: half the work, for where there are many."""
        ...

    def changed(self, sql: str, **params: Any) -> int:
        """Execute a statement; how many rows it touched."""
        ...

    def run(self, sql: str, **params: Any) -> None:
        """Execute a statement whose answer nobody needs. What is wrong with it may be said by a later one, or by the
        commit, and undoes the transaction all the same.
        """
        ...

    def run_each(self, sql: str, rows: Sequence[Row]) -> None:
        """Execute a statement once with each of these as its parameters."""
        ...

    def row(self, sql: str, **params: Any) -> Row | None:
        """The first row, or None."""
        ...

    def know(self, sql: str, rows: list[Row]) -> None:
        """What the answer to this query is, which takes no parameters, until something of it is changed: it need not be
        asked.
        """
        ...

    def after_commit(self, call: Callable[[], None]) -> None:
        """Have `call` called once this is committed, and never where it is not: for what is said of it."""
        ...

    def pages(self, table: str) -> Iterator[list[Row]]:
        """Every row of a table, so many at a time: a trail may be too long to be held at once."""
        ...


class Ledger(Protocol):
    """Hands out transactions; safe to share between threads."""

    @property
    def address(self) -> str:
        """Where it is, without a password."""
        ...

    @property
    def found(self) -> bool:
        """Whether there was a ledger, or a file in its place, before it was opened."""
        ...

    @property
    def engine_errors(self) -> tuple[type[Exception], ...]:
        """What the engine raises when it cannot do what it was told: a full disk, a server that is gone."""
        ...

    @property
    def shared(self) -> bool:
        """Whether several processes are meant to work from it side by side."""
        ...

    def write(self) -> AbstractContextManager[Tx]:
        """One transaction that commits when the block ends and leaves no trace when it raises. Writers of one ledger,
        in whichever process, take turns: what one reads holds until it commits.
        """
        ...

    def read(self, within: float | None = None) -> AbstractContextManager[Tx]:
        """One consistent view; nothing can be written through it. `within`: seconds that one has for getting it, where
        that is less than the ledger's own patience.
        """
        ...

    def real(self) -> int:
        """Real time by the clock that all who work from this ledger share: milliseconds since the epoch."""
        ...

    def lost(self) -> str | None:
        """Why nothing may be done with it any more, in a line; None while it is where it was when it was opened."""
        ...

    def check_place(self) -> None:
        """Check that its locks hold where it is. They do not on a network disk.

        Raises:
            LedgerError: it is where nobody should work from it.
        """
        ...

    def take_over(self) -> bool:
        """Become the one process that works from this ledger, until `release`; then locks left in it are a dead one's.

        False when others may work from it too: their locks are their own, and end by themselves.

        Raises:
            LedgerError: there is no telling.
        """
        ...

    def release(self) -> None:
        """Work from it no more; another process may."""
        ...

    def close(self) -> None:
        """Nobody gets a transaction any more; what is in a file is all in that file then."""
        ...
