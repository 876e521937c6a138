"""The worst that each check found on each of the last days, as rows and back. What a result means is not known here."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.transaction import Tx

Day = int
"""Whole days since 1970, by UTC."""


def get(tx: Tx, check: str, day: Day) -> str | None:
    """The result that is recorded of that day; None where the check was not looked at."""
    row = tx.row("SELECT result FROM status_days WHERE name = :name AND day = :day", name=check, day=day)
    return str(row["result"]) if row else None


def put(tx: Tx, check: str, day: Day, result: str) -> None:
    """Instead of what was recorded of that day."""
    tx.run(
        "INSERT INTO status_days (name, day, result) VALUES (:name, :day, :result)"
        " ON CONFLICT (name, day) DO UPDATE SET result = excluded.result",
        name=check,
        day=day,
        result=result,
    )


def since(tx: Tx, first: Day) -> Mapping[tuple[str, Day], str]:
    """The results of that day and of those after it, by check and day."""
    rows = tx.rows("SELECT name, day, result FROM status_days WHERE day >= :first", first=first)
    return {(row["name"], int(row["day"])): row["result"] for row in rows}


def keep(tx: Tx, first: Day, last: Day) -> None:
    """Forget every other day; one that is still to come is of a clock that was wrong."""
    tx.run("DELETE FROM status_days WHERE day < :first OR day > :last", first=first, last=last)
