"""PostgreSQL has an index for whatever people wait for as well: where it may read a table from end to end only if there
is no other way, it never does with those that grow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import pytest

from approvals.ledger.opening import open_ledger
from approvals.transaction import Ledger, Row, Tx
from benchmarks.filled_ledger import fill
from tests.approvals.ledger.test_flat_ledger import FLAT, LARGE
from tests.harness.builders import NOW
from tests.harness.databases import Databases

GROWING = ("requests", "grants", "decisions", "cards", "audit", "audit_texts", "jobs", "notices", "claims")
FIRST_WORDS = ("SELECT", "INSERT", "UPDATE", "DELETE")


class Explained:
    """A transaction that has the plan of whatever is read or changed through it."""

    def __init__(self, tx: Tx, plans: list[str]) -> None:
        self._tx, self._plans = tx, plans

    def rows(self, sql: str, **params: Any) -> list[Row]:
        self._explain(sql, params)
        return self._tx.rows(sql, **params)

    def values(self, sql: str, **params: Any) -> list[tuple[Any, ...]]:
        self._explain(sql, params)
        return self._tx.values(sql, **params)

    def row(self, sql: str, **params: Any) -> Row | None:
        return next(iter(self.rows(sql, **params)), None)

    def changed(self, sql: str, **params: Any) -> int:
        self._explain(sql, params)
        return self._tx.changed(sql, **params)

    def run(self, sql: str, **params: Any) -> None:
        self._explain(sql, params)
        self._tx.run(sql, **params)

    def run_each(self, sql: str, rows: Sequence[Row]) -> None:
        self._tx.run_each(sql, rows)

    def know(self, sql: str, rows: list[Row]) -> None:
        self._tx.know(sql, rows)

    def after_commit(self, call: Callable[[], None]) -> None:
        self._tx.after_commit(call)

    def pages(self, table: str) -> Iterator[list[Row]]:
        return self._tx.pages(table)

    def _explain(self, sql: str, params: dict[str, Any]) -> None:
        if sql.startswith(FIRST_WORDS):
            plan = "\n".join(row["QUERY PLAN"] for row in self._tx.rows(f"EXPLAIN {sql}", **params))
            self._plans.append(f"{sql}\n{plan}")


class ExplainingLedger:
    """A ledger on PostgreSQL in which no table is read from end to end where there is another way."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.plans: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    @contextmanager
    def write(self) -> Iterator[Explained]:
        with self._ledger.write() as tx:
            tx.run("SET LOCAL enable_seqscan = off")
            yield Explained(tx, self.plans)

    @contextmanager
    def read(self, within: float | None = None) -> Iterator[Explained]:
        with self._ledger.read(within) as tx:
            tx.run("SET LOCAL enable_seqscan = off")
            yield Explained(tx, self.plans)


@pytest.fixture(scope="module")
def ledger(databases: Databases) -> Iterator[Ledger]:
    with closing(open_ledger(databases.new_ledger())) as opened:
        fill(opened, LARGE, NOW)
        with opened.write() as tx:
            tx.run("ANALYZE")
        yield opened


@pytest.mark.parametrize("what", FLAT)
def test_there_is_an_index_for_it(what: str, ledger: Ledger) -> None:
    explaining = ExplainingLedger(ledger)
    FLAT[what](explaining)
    assert explaining.plans
    whole = [plan for plan in explaining.plans if re.search(rf"Seq Scan on ({'|'.join(GROWING)})\b", plan)]
    assert not whole, whole[0]
