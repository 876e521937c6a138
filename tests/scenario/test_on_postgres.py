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
def office(tmp_path: Path, databases: Databases) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, pace=PACE, ledger_address=databases.new()) as opened:
        yield opened


@pytest.fixture
def unhurried(tmp_path: Path, databases: Databases) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, ledger_address=databases.new()) as opened:
        yield opened


def test_access_is_granted_and_taken_back_on_time(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out ranker v3")
    office.approve(ref, office.bob)
    office.comes_to_hold("carol", ENGINE)
    office.carol.direct_message_with("is active until")
    office.people.advance(8 * HOUR + 1)
    office.comes_to_lose("carol", ENGINE)
    office.carol.direct_message_with("has ended, its time is up")
    assert office.course(ref) == ["asked", "approved", "granting", "active", "ending", "ended"]
    assert office.chain_holds()


def test_what_is_due_while_nothing_runs_is_done_after_the_restart(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    office.approve(ref, office.bob)
    office.comes_to_hold("carol", ENGINE)
    office.stop_bot()
    office.people.advance(8 * HOUR + 1)
    office.start_bot()
    office.comes_to_lose("carol", ENGINE)


@pytest.mark.timeout(180)
def test_two_processes_share_the_work_and_one_that_is_killed_leaves_nothing_undone_or_done_twice(
    unhurried: AppHarness, tmp_path: Path
) -> None:
    office = unhurried
    told = {**office.sandbox.env(), "PAIREC_DATABASE_URL": office.ledger_address}
    asked = [("carol", ENGINE), ("carol", MONITOR), ("dave", ENGINE), ("frank", ENGINE)]
    with running("run", log=tmp_path / "second.log", **told) as second:
        office.until(lambda: len(office.sandbox.call(office.sandbox.slack.sockets.open_sockets)) == 2, "a second bot")
        refs = [office.asked(office.people.person(who), f"{policy} 8h rollout") for who, policy in asked]
        for ref in refs[:2]:
            office.approve(ref, office.bob)
        office.bob.click("Approve", office.card(refs[2]))
        os.kill(second.pid, signal.SIGKILL)
        second.wait(10)
        office.until(lambda: len(office.sandbox.call(office.sandbox.slack.sockets.open_sockets)) == 1, "it to be gone")
        for ref in refs[2:]:
            # A click that only the dead one had taken is lost, and made again.
            if not office.record(ref).approvals:
                office.bob.click("Approve", office.card(ref))
        for ref in refs:
            office.until(lambda ref=ref: office.states(ref) == ["active"], f"{ref} to be active", LOCK_RUNS_OUT)
    for ref, (who, policy) in zip(refs, asked, strict=True):
        # Whoever clicks again on what the dead one had recorded is told so, which is in the trail as well.
        course = [event for event in office.course(ref) if event != "refused"]
        assert course == ["asked", "approved", "granting", "active"]
        assert office.writes("AttachPolicyToUser", who, policy) == 1
    assert office.chain_holds()
