"""RAM knows no conditional write, so what a process had about to leave when it was stopped arrives when it goes on:
an attach of what was taken back meanwhile, a detach of what somebody was given meanwhile. It is put right, and named.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.app import ENGINE, HOUR
from tests.harness.databases import Databases
from tests.harness.kill_points import Course, Fates
from tests.harness.process_pool import Nursery

MINUTES = 60.0


@pytest.fixture
def fates(tmp_path: Path, nursery: Nursery, databases_of: Databases | None) -> Iterator[Fates]:
    address = databases_of.new() if databases_of else None
    with Fates(tmp_path, nursery, Course(dies=False), address) as opened:
        yield opened


@pytest.fixture(params=[1, 10], ids=["a minute", "ten minutes"])
def stopped_for(request: pytest.FixtureRequest) -> float:
    """Seconds, besides the minute of its lock: until others have looked after it again, and long after that."""
    return 5.0 if request.param == 1 else request.param * MINUTES


def test_an_attach_that_leaves_after_its_grant_was_taken_back_is_undone_and_named(
    fates: Fates, stopped_for: float
) -> None:
    office, began = fates.office, fates.office.people.now()
    late = fates.born("the attach leaves")
    ref = fates.asked()
    late.arm()
    fates.approve(ref)
    fates.replaced(late, lambda: fates.gives_back(ref))
    office.wait(lambda: office.states(ref) == ["ended"], f"{ref} to be taken back")
    fates.passes(stopped_for)
    assert not office.holds("carol", ENGINE)
    fates.goes_on(late)
    fates.comes_right(False, ref)
    assert office.writes("AttachPolicyToUser", "carol", ENGINE) == 1, "the attach did not leave late"
    assert {"late write", "late write undone"} & set(office.key_events(began))
    assert office.chain_holds()
    late.kill()


def test_a_detach_that_leaves_after_somebody_was_given_the_same_is_undone_and_named(
    fates: Fates, stopped_for: float
) -> None:
    office, began = fates.office, fates.office.people.now()
    late = fates.born("the detach leaves")
    ref = fates.asked()
    late.arm()
    fates.approve(ref)
    office.wait(lambda: office.states(ref) == ["active"], f"{ref} to be active")
    office.people.advance(HOUR + 1)
    fates.replaced(late)
    office.wait(lambda: office.states(ref) == ["ended"], f"{ref} to be ended")
    again = fates.asked()
    fates.approve(again)
    office.wait(lambda: office.states(again) == ["active"], f"{again} to be active")
    fates.passes(stopped_for)
    assert office.holds("carol", ENGINE)
    fates.goes_on(late)
    fates.comes_right(True, again)
    assert office.writes("DetachPolicyFromUser", "carol", ENGINE) == 2, "the detach did not leave late"
    assert office.states(again) == ["active"]
    assert {"late write", "late write undone"} & set(office.key_events(began))
    assert office.chain_holds()
    late.kill()


def test_a_card_that_is_drawn_late_does_not_stay_as_it_was(fates: Fates) -> None:
    office = fates.office
    late = fates.born("before chat.update")
    ref = fates.asked()
    late.arm()
    fates.approve(ref)
    fates.replaced(late)
    office.wait(lambda: office.states(ref) == ["active"], f"{ref} to be active")
    office.people.advance(HOUR + 1)
    office.wait(lambda: office.states(ref) == ["ended"] and office.quiet(), f"{ref} to be ended")
    fates.passes(10 * MINUTES)
    office.card(ref, "· ended")
    fates.goes_on(late)
    fates.comes_right(False, ref)
    office.card(ref, "· ended")
    late.kill()
