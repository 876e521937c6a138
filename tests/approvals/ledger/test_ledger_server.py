"""The ledger in PostgreSQL: who is let in, what is refused, and a commit whose answer is lost."""

from __future__ import annotations

import os
import socket
import sys
from contextlib import ExitStack, suppress
from urllib.parse import urlsplit

import psycopg
import pytest

from approvals import audit
from approvals.audit_events import AuditEvent
from approvals.errors import LedgerError
from approvals.ledger import counters, open_ledger, trail
from approvals.ledger.postgres import PostgresLedger
from tests.harness.builders import NOW
from tests.harness.databases import Databases, Forgetful, OwnServer

pytestmark = pytest.mark.slow


def test_nothing_changes_what_the_trail_says(databases: Databases) -> None:
    address = databases.new()
    ledger = open_ledger(address)
    with ledger.write() as tx:
        trail.append_event(tx, NOW, AuditEvent.ASKED)
    for statement in ("UPDATE audit SET entry = '{}'", "DELETE FROM audit", "TRUNCATE audit CASCADE"):
        with (
            psycopg.connect(address) as outsider,
            pytest.raises(psycopg.errors.RaiseException, match="append-only"),
        ):
            outsider.execute(statement)
    with ledger.read() as tx:
        assert audit.verify(trail.entries(tx)) is None
    ledger.close()


def test_a_commit_whose_answer_is_lost_is_asked_after_and_counts(databases: Databases) -> None:
    with Forgetful(databases.new()) as between:
        ledger = open_ledger(between.address)
        between.forget_commits = 1
        with ledger.write() as tx:
            trail.append_event(tx, NOW, AuditEvent.ASKED)
        assert between.forget_commits == 0, "it was not the answer to the commit that was lost"
        with ledger.read() as tx:
            assert [entry.fields["event"] for entry in trail.entries(tx)] == ["asked"]
        ledger.close()


def test_a_commit_that_the_server_did_not_carry_out_is_not_taken_for_done(databases: Databases) -> None:
    ledger = open_ledger(databases.new())
    with ledger.write() as tx:
        tx.run(
            "CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$"
        )
        tx.run(
            "CREATE CONSTRAINT TRIGGER hang_up AFTER INSERT ON audit DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION hang_up()"
        )
    with pytest.raises(psycopg.OperationalError), ledger.write() as tx:
        trail.append_event(tx, NOW, AuditEvent.CARD_GONE)
    with ledger.read() as tx:
        assert list(trail.entries(tx)) == []
    ledger.close()


def test_a_block_that_goes_on_after_an_error_is_not_taken_for_done(databases: Databases) -> None:
    ledger = open_ledger(databases.new())
    with pytest.raises(ledger.engine_errors, match="answers ROLLBACK to a commit"), ledger.write() as tx:
        with suppress(psycopg.Error):
            tx.changed("INSERT INTO counters (name, value) VALUES ('request', 1)")
        """Nothing more of it is carried out."""
    with ledger.write() as tx:
        assert counters.next_number(tx, "request") == 1001
    ledger.close()


def test_a_connection_that_was_cut_between_two_transactions_is_replaced(databases: Databases) -> None:
    address = databases.new()
    ledger = open_ledger(address)
    name = urlsplit(address).path.strip("/")
    with psycopg.connect(address, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            (name,),
        )
    with ledger.write() as tx:
        assert counters.next_number(tx, "request") == 1001
    ledger.close()


def test_connections_that_a_restart_broke_keep_nobody_waiting() -> None:
    with OwnServer() as server:
        ledger = open_ledger(server.new(), patience=10)
        with ExitStack() as readers:
            for _ in range(6):
                readers.enter_context(ledger.read())
        server.restart("fast")
        with ledger.write() as tx:
            assert counters.next_number(tx, "request") == 1001
        ledger.close()


def test_a_server_that_was_away_for_long_is_used_as_soon_as_it_is_back() -> None:
    with OwnServer() as server:
        ledger = open_ledger(server.new(), patience=4)
        server.stop("fast")
        for _ in range(2):
            with pytest.raises(ledger.engine_errors), ledger.read():
                """It is not there."""
        server.start()
        with ledger.write() as tx:
            assert counters.next_number(tx, "request") == 1001
        ledger.close()


@pytest.mark.parametrize("after", ["a row", "many rows", "values", "what was asked for", "nothing"])
def test_a_writer_that_was_stopped_does_not_keep_the_others_from_writing_for_good(
    databases: Databases, after: str
) -> None:
    address = databases.new()
    stopped, other = PostgresLedger(address, hold_at_most=1), open_ledger(address, patience=10)
    number = "SELECT value FROM counters WHERE name = 'n'"
    row = "INSERT INTO counters (name, value) VALUES (:name, 1)"
    written = []
    with pytest.raises(stopped.engine_errors), stopped.write() as tx:
        for name in ("n", "m"):
            tx.run(row, name=name)
        if after == "a row":
            tx.row(number)
        elif after == "many rows":
            tx.run_each(row, [{"name": "o"}, {"name": "p"}])
        elif after == "values":
            tx.values(number)
        elif after == "what was asked for":
            tx.changed("UPDATE counters SET value = 2 WHERE name = 'n'")
        with other.write() as others:
            assert others.row(number) is None
        written.append(after)
    assert written, "nobody else could write"
    stopped.close()
    other.close()


def test_a_writer_that_was_stopped_while_it_was_sending_does_not_keep_the_others_from_writing_for_good(
    databases: Databases,
) -> None:
    address = databases.new()
    stopped, other = PostgresLedger(address, hold_at_most=1), open_ledger(address, patience=25)
    written = []
    with (
        pytest.raises(stopped.engine_errors),
        stopped.write() as tx,
        # As the driver has it in the middle of a batch: the server took a part, and waits for the rest.
        tx._connection.pipeline(),
    ):
        tx._connection.execute("INSERT INTO counters (name, value) VALUES ('n', 1)")
        with other.write() as others:
            assert others.row("SELECT value FROM counters WHERE name = 'n'") is None
        written.append("others")
    assert written, "nobody else could write"
    stopped.close()
    other.close()


def test_what_copies_a_whole_ledger_to_a_server_may_take_its_time(databases: Databases) -> None:
    ledger = open_ledger(databases.new(), moving=True)
    with ledger.write() as tx:
        assert tx.rows("SHOW transaction_timeout") == [{"transaction_timeout": "0"}]
    ledger.close()


def test_the_server_waits_longer_for_a_stopped_writer_than_a_writer_for_its_turn(databases: Databases) -> None:
    ledger = open_ledger(databases.new())
    with ledger.read() as tx:
        [held], [waited] = tx.rows("SHOW idle_in_transaction_session_timeout"), tx.rows("SHOW lock_timeout")
    assert held == {"idle_in_transaction_session_timeout": "1min"} and waited == {"lock_timeout": "30s"}
    ledger.close()


@pytest.mark.skipif(sys.platform != "linux", reason="these are Linux's names")
def test_a_server_whose_machine_vanishes_is_noticed_in_less_than_half_a_minute(databases: Databases) -> None:
    with Forgetful(databases.new()) as between:
        ledger = PostgresLedger(between.address)
        with ledger.read() as tx:
            [found] = tx.rows("SELECT 1 AS one")
            assert found == {"one": 1}
            with socket.socket(fileno=os.dup(tx._connection.fileno())) as ours:
                assert ours.getpeername()[1] == between.port
                assert ours.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
                assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 10
                assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 20_000
        ledger.close()


def test_a_server_that_is_not_there_is_said_in_one_line_without_the_password() -> None:
    with pytest.raises(LedgerError, match="cannot be used") as refused:
        open_ledger("postgresql://pairec:hunter2@127.0.0.1:9/pairec_access")
    assert "\n" not in str(refused.value) and "hunter2" not in str(refused.value)


def test_another_programs_database_is_refused_and_left_alone(databases: Databases) -> None:
    address = databases.new()
    with psycopg.connect(address) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(LedgerError, match="not a pairec-access ledger"):
        open_ledger(address)
    with psycopg.connect(address) as other:
        assert other.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall() == [("recipes",)]


def test_a_ledger_of_a_newer_program_is_refused(databases: Databases) -> None:
    address = databases.new()
    made = open_ledger(address)
    with made.write() as tx:
        tx.run("INSERT INTO schema_steps (number, name) VALUES (4711, 'from_the_future')")
    made.close()
    with pytest.raises(LedgerError, match=r"newer than this program \(schema step 4711\)"):
        open_ledger(address)


def test_a_ledger_that_must_be_there_is_not_made(databases: Databases) -> None:
    address = databases.new()
    with pytest.raises(LedgerError, match="there is no ledger at"):
        open_ledger(address, make=False)
    with psycopg.connect(address) as other:
        assert other.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall() == []


def test_a_transaction_that_a_crash_undid_is_not_taken_for_done() -> None:
    with OwnServer() as server:
        address = server.new()
        ledger, other = open_ledger(address), open_ledger(address)
        with pytest.raises(psycopg.OperationalError), ledger.write() as tx:
            trail.append_event(tx, NOW, AuditEvent.UNWATCH)
            server.restart("immediate")
            # The server may give the number of the transaction that is gone to this one.
            with other.write() as another:
                trail.append_event(another, NOW, AuditEvent.WATCH)
        with ledger.read() as tx:
            assert [entry.fields["event"] for entry in trail.entries(tx)] == ["watch"]
        ledger.close()
        other.close()


def test_a_commit_that_was_carried_out_before_a_crash_counts() -> None:
    with OwnServer() as server, Forgetful(server.new()) as between:
        ledger = open_ledger(between.address)
        between.forget_commits = 1
        between.meanwhile = lambda: server.restart("immediate")
        with ledger.write() as tx:
            trail.append_event(tx, NOW, AuditEvent.ASKED)
        with ledger.read() as tx:
            assert [entry.fields["event"] for entry in trail.entries(tx)] == ["asked"]
        ledger.close()
