"""Numbers that are given once, such as a request's: R-1001, R-1002, ..."""

from __future__ import annotations

from approvals.transaction import Tx


def next_number(tx: Tx, counter: str) -> int:
    """The next number of a counter; gaps are possible, repeats are not.

    Raises:
        LookupError: there is no such counter.
    """
    row = tx.row("UPDATE counters SET value = value + 1 WHERE name = :name RETURNING value", name=counter)
    if row is None:
        raise LookupError(counter)
    value: int = row["value"]
    return value
