"""The same bot with its ledger in PostgreSQL: the main job, a restart, and a second process beside the first."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.app import ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.databases import Databases
from tests.harness.program import running

PACE = 10.0
LOCK_RUNS_OUT = 75.0
"""Seconds by which what a dead process had in hand is taken over, and done."""


@pytest.fixture
def app(tmp_path: Path, databases: Databases) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, pace=PACE, ledger_address=databases.new()) as opened:
        yield opened


@pytest.fixture
def unhurried(tmp_path: Path, databases: Databases) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, ledger_address=databases.new()) as opened:
        yield opened


def test_access_is_granted_and_taken_back_on_time(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out ranker v3")
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ENGINE)
    app.carol.direct_message_with("is active until")
    app.people.advance(8 * HOUR + 1)
    app.comes_to_lose("carol", ENGINE)
    app.carol.direct_message_with("has expired")
    assert app.course(ref) == ["asked", "approved", "granting", "active", "ending", "ended"]
    assert app.chain_holds()


def test_what_is_due_while_nothing_runs_is_done_after_the_restart(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ENGINE)
    app.stop_bot()
    app.people.advance(8 * HOUR + 1)
    app.start_bot()
    app.comes_to_lose("carol", ENGINE)


@pytest.mark.timeout(180)
def test_two_processes_share_the_work_and_one_that_is_killed_leaves_nothing_undone_or_done_twice(
    unhurried: AppHarness, tmp_path: Path
) -> None:
    app = unhurried
    told = {**app.sandbox.env(), "PAIREC_DATABASE_URL": app.ledger_address}
    asked = [("carol", ENGINE), ("carol", MONITOR), ("dave", ENGINE), ("frank", ENGINE)]
    with running("run", log=tmp_path / "second.log", **told) as second:
        app.until(lambda: len(app.sandbox.call(app.sandbox.slack.sockets.open_sockets)) == 2, "a second bot")
        refs = [app.asked(app.people.person(who), f"{policy} 8h rollout") for who, policy in asked]
        for ref in refs[:2]:
            app.approve(ref, app.bob)
        app.bob.click("Approve", app.card(refs[2]))
        os.kill(second.pid, signal.SIGKILL)
        second.wait(10)
        app.until(lambda: len(app.sandbox.call(app.sandbox.slack.sockets.open_sockets)) == 1, "it to be gone")
        for ref in refs[2:]:
            # A click that only the dead one had taken is lost, and made again.
            if not app.record(ref).approvals:
                app.bob.click("Approve", app.card(ref))
        for ref in refs:
            app.until(lambda ref=ref: app.states(ref) == ["active"], f"{ref} to be active", LOCK_RUNS_OUT)
    for ref, (who, policy) in zip(refs, asked, strict=True):
        # Whoever clicks again on what the dead one had recorded is told so, which is in the trail as well.
        course = [event for event in app.course(ref) if event != "refused"]
        assert course == ["asked", "approved", "granting", "active"]
        assert app.writes("AttachPolicyToUser", who, policy) == 1
    assert app.chain_holds()
