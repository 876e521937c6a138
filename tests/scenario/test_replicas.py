"""Several bots in HTTP mode behind a load balancer, with one PostgreSQL: alike, without a leader, and one may die."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
import requests

from tests.harness.app import ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.databases import Databases
from tests.harness.replicas import Replica, replicas
from tests.harness.slack_calls import Caller

LOCK_RUNS_OUT = 90.0
"""Seconds by which what a dead process had in hand is taken over, and done."""


@pytest.fixture
def app(tmp_path: Path, databases: Databases) -> Iterator[AppHarness]:
    """Without a bot of its own."""
    with AppHarness(tmp_path, {"PAIREC_SLACK_MODE": "http"}, ledger_address=databases.new()) as opened:
        opened.stop_bot()
        yield opened


def told(app: AppHarness) -> dict[str, str]:
    return {**app.sandbox.env(), "PAIREC_DATABASE_URL": app.ledger_address, "SLACK_APP_TOKEN": ""}


@pytest.mark.timeout(300)
def test_three_share_the_work_and_one_that_is_killed_leaves_nothing_undone_or_done_twice(
    app: AppHarness, tmp_path: Path
) -> None:
    asked = [("carol", ENGINE), ("carol", MONITOR), ("dave", ENGINE), ("frank", ENGINE)]
    with replicas(3, tmp_path, **told(app)) as three:
        app.people.inject_slack_fault({"request_urls": [each.url for each in three]})
        refs = [app.asked(app.people.person(who), f"{policy} 8h rollout") for who, policy in asked]
        app.people.inject_slack_fault({"fault": "redeliver", "times": 2})
        for ref in refs[:2]:
            # Two of the three get each of these clicks at the same moment.
            app.approve(ref, app.bob)
        app.bob.click("Approve", app.card(refs[2]))
        three[0].is_killed()
        for ref in refs[2:]:
            # A click that only the dead one had taken is lost, and made again; the load balancer passes it over.
            if not app.record(ref).approvals:
                assert app.bob.click("Approve", app.card(ref))["ok"]
        for ref in refs:
            app.until(lambda ref=ref: app.states(ref) == ["active"], f"{ref} to be active", LOCK_RUNS_OUT)
        app.people.advance(8 * HOUR + 1)
        for ref in refs:
            app.until(lambda ref=ref: app.states(ref) == ["ended"], f"{ref} to be ended", LOCK_RUNS_OUT)
    for ref, (who, policy) in zip(refs, asked, strict=True):
        # Whoever clicks again on what another had recorded is told so, which is in the trail as well.
        course = [event for event in app.course(ref) if event != "refused"]
        assert course == ["asked", "approved", "granting", "active", "ending", "ended"]
        assert app.writes("AttachPolicyToUser", who, policy) == 1
        assert app.writes("DetachPolicyFromUser", who, policy) == 1
    assert app.chain_holds()
    for each in three:
        for name in ("SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN"):
            assert told(app)[name] not in each.log.read_text("utf-8")


def test_a_replica_whose_ledger_is_gone_says_so_to_the_load_balancer_until_it_is_back(
    app: AppHarness, tmp_path: Path
) -> None:
    with replicas(1, tmp_path, **told(app)) as (one,):
        assert health(one) == 200
        app.ledger.close()
        with shut(app.ledger_address):
            app.until(lambda: health(one) == 503, "it to say that it cannot work")
        app.until(lambda: health(one) == 200, "it to work again", timeout=60)


def test_told_to_stop_it_answers_what_it_has_taken_and_takes_no_more(app: AppHarness, tmp_path: Path) -> None:
    with replicas(1, tmp_path, **told(app)) as (one,):
        app.people.inject_slack_fault({"request_urls": [one.url]})
        app.carol.type("/pairec-access request")
        app.carol.fill({"What": ENGINE, "Reason": "on call"})
        address = app.ledger_address
        with (
            ThreadPoolExecutor() as waiting,
            psycopg.connect(address, autocommit=True) as looking,
            psycopg.connect(address) as locked,
        ):
            # The form is checked against the ledger before it is acknowledged, and there it waits.
            locked.execute("LOCK TABLE links IN ACCESS EXCLUSIVE MODE")
            submitting = waiting.submit(app.carol.submit)
            held_up = "SELECT 1 FROM pg_locks WHERE relation = 'links'::regclass AND NOT granted"
            app.until(lambda: looking.execute(held_up).fetchone(), "the form to be checked")
            one.process.send_signal(signal.SIGTERM)
            app.until(lambda: not listens(one), "it to take no more")
            locked.commit()
            assert submitting.result(10) == {}
        assert one.process.wait(30) == 0
    assert app.requests() == 1


def listens(replica: Replica) -> bool:
    try:
        Caller(replica.address, "").connection().close()
    except ConnectionError:
        return False
    return True


def health(replica: Replica) -> int:
    answer = requests.get(f"http://{replica.address}/healthz", timeout=10)
    assert answer.text == ("ok\n" if answer.status_code == 200 else "no\n")
    return answer.status_code


class shut:
    """The server lets nobody into this database meanwhile."""

    def __init__(self, address: str) -> None:
        self._address = address
        with psycopg.connect(address) as known:
            self._name = known.info.dbname
        self._server = address.replace(f"/{self._name}", "/postgres", 1)

    def __enter__(self) -> None:
        self._run(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS false")
        self._run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self._name}'")

    def __exit__(self, *_: object) -> None:
        self._run(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS true")

    def _run(self, sql: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(sql)
