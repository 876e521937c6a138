"""A server is waited for only where its answer matters; what is read, and what becomes of a transaction, is the same
as if each statement were waited for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import Ledger, Tx, counters, jobs, open_ledger, people
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.touched import BY_TRIGGER, touched
from approvals.people import Link, Principal
from benchmarks.one_request import TEAM
from tests.harness.builders import NOW
from tests.harness.databases import Databases

CHECKING_ONLY = {"audit", "audit_texts"}
"""The triggers of these change nothing."""
CAROL, DAVE = (Link(TEAM, SlackUserId(f"U{n}"), Principal(RamUserId(f"{n}"), f"n{n}"), NOW) for n in (1, 2))


@pytest.fixture
def ledger(databases: Databases) -> Iterator[Ledger]:
    with closing(open_ledger(databases.new_ledger())) as opened:
        yield opened


def _linked(tx: Tx) -> list[str]:
    return [link.slack_user_id for link in people.every_link(tx)]


def test_what_was_written_is_read_in_the_same_transaction_and_by_others_after_it(ledger: Ledger) -> None:
    with ledger.write() as tx:
        assert _linked(tx) == []
        people.add_link(tx, CAROL)
        assert _linked(tx) == ["U1"]
        people.add_link(tx, DAVE)
        people.remove_link(tx, TEAM, CAROL.slack_user_id)
        assert _linked(tx) == ["U2"]
        people.add_link(tx, CAROL)
    with ledger.read() as tx:
        assert sorted(_linked(tx)) == ["U1", "U2"]


def test_what_one_changes_in_an_answer_is_not_answered_to_the_next(ledger: Ledger) -> None:
    with ledger.write() as tx:
        people.add_link(tx, CAROL)
        tx.rows("SELECT * FROM links")[0]["slack_user_id"] = "somebody else"
        assert tx.rows("SELECT * FROM links")[0]["slack_user_id"] == "U1"


def test_what_the_server_refuses_undoes_it_all_also_where_only_the_commit_tells(ledger: Ledger) -> None:
    with pytest.raises(psycopg.errors.UniqueViolation), ledger.write() as tx:
        people.add_link(tx, CAROL)
        people.add_link(tx, CAROL)
        tx.after_commit(lambda: pytest.fail("it was not committed"))
    with pytest.raises(psycopg.errors.UniqueViolation), ledger.write() as tx:
        people.add_link(tx, CAROL)
        people.add_link(tx, CAROL)
        counters.next_number(tx, "request")
    with ledger.write() as tx:
        assert _linked(tx) == []
        assert counters.next_number(tx, "request") == 1001


def test_a_block_that_raises_leaves_nothing_of_what_it_wrote(ledger: Ledger) -> None:
    with pytest.raises(LookupError), ledger.write() as tx:
        people.add_link(tx, CAROL)
        raise LookupError
    with ledger.read() as tx:
        assert _linked(tx) == []


def test_nothing_can_be_written_where_one_only_reads(ledger: Ledger) -> None:
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), ledger.read() as tx:
        people.add_link(tx, CAROL)


def test_work_is_numbered_one_after_the_other(ledger: Ledger) -> None:
    with ledger.write() as tx:
        for _ in range(3):
            jobs.enqueue(tx, "tell:", JobKind.TELL, due_at=NOW, numbered=True)
    with ledger.read() as tx:
        found = tx.rows("SELECT id, seq FROM jobs ORDER BY seq")
    assert [row["id"] for row in found] == [f"tell:{row['seq']}" for row in found] and len(found) == 3


def test_what_triggers_change_is_known(databases: Databases) -> None:
    change, call = re.compile(r"(?:INSERT INTO|(?<!DO )UPDATE|DELETE FROM) (\w+)"), re.compile(r"\b(ledger_\w+)\(")
    with closing(open_ledger(address := databases.new_ledger())), psycopg.connect(address) as server:
        bodies: dict[str, str] = dict(
            server.execute("SELECT proname, prosrc FROM pg_proc WHERE proname LIKE 'ledger%'").fetchall()
        )
        triggers = server.execute(
            "SELECT DISTINCT relname, proname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal"
        ).fetchall()
    found: dict[str, set[str]] = {}
    for table, function in triggers:
        if table not in CHECKING_ONLY:
            called = {function, *call.findall(bodies[function])}
            found.setdefault(table, set()).update(*(change.findall(bodies[name]) for name in called))
    assert {table: changed for table, changed in found.items() if changed} == BY_TRIGGER


def test_of_a_statement_it_is_known_what_it_changes() -> None:
    assert touched("SELECT * FROM links WHERE ram_user_id = :id").asks
    assert touched("DELETE FROM cards WHERE id = :id").changed == frozenset({"cards"})
    assert touched("UPDATE claims SET team_id = :new WHERE team_id = :old").changed == frozenset(
        {"claims", "recorded_names"}
    )
    taken = touched("INSERT INTO jobs (id, seq) SELECT :id, value FROM counters WHERE name = 'job'")
    assert taken.changed == frozenset({"jobs"}) and taken.named == {"jobs", "counters"} and not taken.asks
    for other in ("SET LOCAL enable_seqscan = off", "CREATE TABLE links (a INT)", "SELECT 1", "SELECT pg_sleep(0)"):
        assert not touched(other).asks and touched(other).changed is None
