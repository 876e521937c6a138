"""With a ledger on a server, time is the server's, whatever is done to the clock of the machine."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psycopg
import pytest

from approvals.ledger.postgres import PostgresLedger
from approvals.ledger.server_time import MEASURE_INTERVAL_SECONDS
from tests.harness.databases import Databases

NEAR = 2_000
"""Milliseconds that a busy machine may be slow by."""
HOUR = 3_600.0


class Passing:
    """Time that passes as it does, and may be made to stand still or to jump."""

    def __init__(self) -> None:
        self.more = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.more


@pytest.fixture
def passing() -> Passing:
    return Passing()


@pytest.fixture
def url(databases: Databases) -> str:
    return databases.new()


@pytest.fixture
def ledger(url: str, passing: Passing) -> Iterator[PostgresLedger]:
    opened = PostgresLedger(url, monotonic=passing)
    yield opened
    opened.close()


def servers(url: str) -> int:
    with psycopg.connect(url) as asked:
        row = asked.execute("SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint").fetchone()
    assert row is not None
    told: int = row[0]
    return told


def test_the_time_is_the_servers_before_anything_is_written(ledger: PostgresLedger, url: str) -> None:
    assert abs(ledger.real() - servers(url)) < NEAR


@pytest.mark.parametrize("by", [-HOUR, HOUR])
def test_a_clock_that_is_set_here_changes_nothing_whether_it_is_idle_or_not(
    ledger: PostgresLedger, url: str, monkeypatch: pytest.MonkeyPatch, by: float
) -> None:
    wall_clock_ms, nanoseconds = time.time, time.time_ns
    monkeypatch.setattr(time, "time", lambda: wall_clock_ms() + by)
    monkeypatch.setattr(time, "time_ns", lambda: nanoseconds() + int(by * 1e9))
    assert abs(ledger.real() - servers(url)) < NEAR
    with ledger.write():
        assert abs(ledger.real() - servers(url)) < NEAR


def test_a_machine_that_slept_learns_the_time_while_it_is_idle(
    ledger: PostgresLedger, url: str, passing: Passing
) -> None:
    # On the server an hour has passed, and here none.
    ledger._time._measured = (servers(url) - round(HOUR * 1_000), passing())
    passing.more += MEASURE_INTERVAL_SECONDS
    assert abs(ledger.real() - servers(url)) > NEAR
    with ledger.read() as tx:
        tx.rows("SELECT 1 AS one")
    assert abs(ledger.real() - servers(url)) < NEAR


def test_an_answer_that_lay_unread_says_nothing_of_the_time_now(
    ledger: PostgresLedger, url: str, passing: Passing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger._time, "ask", lambda: passing() - HOUR)
    with ledger.write():
        assert abs(ledger.real() - servers(url)) < NEAR
