"""What one request costs the ledger from asking to its end, counted: each statement is a round trip on a server unless
it goes along with another, and each transaction that writes waits for the disk.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from approvals import audit
from approvals.ledger import Ledger, SqliteLedger, open_ledger, trail
from approvals.millis import HOUR
from benchmarks.one_request import OneRequest
from tests.harness.builders import NOW
from tests.harness.databases import Databases, Forgetful

STATEMENTS, COMMITS = 356, 19
"""A trigger that looks at a row counts as another statement: one sees that nothing is planned before its start."""
ROUND_TRIPS = 154
"""They were 310 while each statement took one. The server's time is asked for once a second besides."""


def have_one_request(ledger: Ledger) -> None:
    request = OneRequest(ledger, NOW, 8 * HOUR)
    request.until_active()
    request.until_ended()
    with ledger.read() as tx:
        assert audit.verify(trail.entries(tx)) is None


def test_in_a_file_it_takes_so_many_statements_and_commits(tmp_path: Path) -> None:
    with closing(SqliteLedger(tmp_path / "ledger.db")) as ledger:
        taken: list[str] = []
        ledger._database().set_trace_callback(taken.append)
        have_one_request(ledger)
    own = [sql for sql in taken if not sql.startswith("--")]
    commits = sum(sql == "COMMIT" for sql in own)
    assert len(own) <= STATEMENTS and commits <= COMMITS, f"{len(own)} statements, {commits} commits"


def test_on_a_server_it_takes_so_many_round_trips(databases: Databases) -> None:
    with Forgetful(databases.new_ledger()) as between, closing(open_ledger(between.address)) as ledger:
        before = between.round_trips
        have_one_request(ledger)
        taken = between.round_trips - before
    assert taken <= ROUND_TRIPS, f"{taken} round trips"
