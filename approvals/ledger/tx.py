"""What an operation holds while it reads or changes the ledger: one transaction, SQL with named parameters."""

from __future__ import annotations

from typing import Any, Protocol

Row = dict[str, Any]


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
