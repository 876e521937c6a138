"""RAM knows no conditional write, so what a process had about to leave when it was stopped arrives when it goes on:
an attach of what was taken back meanwhile, a detach of what somebody was given meanwhile. It is put right, and named.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.app import ENGINE, HOUR
from tests.harness.databases import Databases
from tests.harness.kill_points import Course, KillPoints
from tests.harness.process_pool import ProcessPool

MINUTES = 60.0


@pytest.fixture
def kill_points(tmp_path: Path, process_pool: ProcessPool, databases_of: Databases | None) -> Iterator[KillPoints]:
    address = databases_of.new() if databases_of else None
    with KillPoints(tmp_path, process_pool, Course(dies=False), address) as opened:
        yield opened


@pytest.fixture(params=[1, 10], ids=["a minute", "ten minutes"])
def stopped_for(request: pytest.FixtureRequest) -> float:
    """Seconds, besides the minute of its lock: until others have looked after it again, and long after that."""
    return 5.0 if request.param == 1 else request.param * MINUTES


def test_an_attach_that_leaves_after_its_grant_was_taken_back_is_undone_and_named(
    kill_points: KillPoints, stopped_for: float
) -> None:
    app, began = kill_points.app, kill_points.app.people.now()
    late = kill_points.spawned("the attach leaves")
    ref = kill_points.asked()
    late.arm()
    kill_points.approve(ref)
    kill_points.replaced(late, lambda: kill_points.gives_back(ref))
    app.wait(lambda: app.states(ref) == ["ended"], f"{ref} to be taken back")
    kill_points.passes(stopped_for)
    assert not app.holds("carol", ENGINE)
    kill_points.goes_on(late)
    kill_points.comes_right(False, ref)
    assert app.writes("AttachPolicyToUser", "carol", ENGINE) == 1, "the attach did not leave late"
    assert {"late write", "late write undone"} & set(app.key_events(began))
    assert app.chain_holds()
    late.kill()


def test_a_detach_that_leaves_after_somebody_was_given_the_same_is_undone_and_named(
    kill_points: KillPoints, stopped_for: float
) -> None:
    app, began = kill_points.app, kill_points.app.people.now()
    late = kill_points.spawned("the detach leaves")
    ref = kill_points.asked()
    late.arm()
    kill_points.approve(ref)
    app.wait(lambda: app.states(ref) == ["active"], f"{ref} to be active")
    app.people.advance(HOUR + 1)
    kill_points.replaced(late)
    app.wait(lambda: app.states(ref) == ["ended"], f"{ref} to be ended")
    again = kill_points.asked()
    kill_points.approve(again)
    app.wait(lambda: app.states(again) == ["active"], f"{again} to be active")
    kill_points.passes(stopped_for)
    assert app.holds("carol", ENGINE)
    kill_points.goes_on(late)
    kill_points.comes_right(True, again)
    assert app.writes("DetachPolicyFromUser", "carol", ENGINE) == 2, "the detach did not leave late"
    assert app.states(again) == ["active"]
    assert {"late write", "late write undone"} & set(app.key_events(began))
    assert app.chain_holds()
    late.kill()


def test_a_card_that_is_drawn_late_does_not_stay_as_it_was(kill_points: KillPoints) -> None:
    app = kill_points.app
    late = kill_points.spawned("before chat.update")
    ref = kill_points.asked()
    late.arm()
    kill_points.approve(ref)
    kill_points.replaced(late)
    app.wait(lambda: app.states(ref) == ["active"], f"{ref} to be active")
    app.people.advance(HOUR + 1)
    app.wait(lambda: app.states(ref) == ["ended"] and app.quiet(), f"{ref} to be ended")
    kill_points.passes(10 * MINUTES)
    app.card(ref, "· ended")
    kill_points.goes_on(late)
    kill_points.comes_right(False, ref)
    app.card(ref, "· ended")
    late.kill()
