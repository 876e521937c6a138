"""What an operation holds while it reads or changes the ledger: one transaction, SQL with named parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

Row = dict[str, Any]
PAGE = 200
"""Rows of a table that are read at once."""


class Tx(Protocol):
    def rows(self, sql: str, **params: Any) -> list[Row]:
        """All rows of a query, or of a statement with RETURNING."""
        ...

    def run(self, sql: str, **params: Any) -> int:
        """Execute a statement; how many rows it touched."""
        ...

    def row(self, sql: str, **params: Any) -> Row | None:
        """The first row, or None."""
        ...

    def pages(self, table: str) -> Iterator[list[Row]]:
        """Every row of a table, so many at a time: a trail may be too long to be held at once."""
        ...
