"""A clock that is wrong for a while and put right: access is given and taken back as ever, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from approvals.operations import clock_set
from tests.harness.app import DATA, ENGINE, HOUR, AppHarness

PACE = 10.0
TEN_MINUTES = 600.0
YEAR = 365 * 24 * 3600.0


@pytest.fixture
def office(tmp_path: Path, address: str) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, pace=PACE, ledger_address=address) as opened:
        yield opened


def given(office: AppHarness, line: str, policy: str) -> str:
    ref = office.asked(office.carol, line)
    office.approve(ref, office.bob)
    office.comes_to_hold("carol", policy)
    office.card(ref, "active")
    return ref


def given_back(office: AppHarness, ref: str, policy: str) -> None:
    office.revokes(office.carol, ref)
    office.comes_to_lose("carol", policy)
    office.carol.direct_message_with("was given back")
    office.card(ref, "ended")


@pytest.mark.parametrize("by", [TEN_MINUTES, -TEN_MINUTES, YEAR], ids=["ahead", "behind", "a year ahead"])
def test_a_clock_that_is_wrong_for_a_while_holds_up_nothing_when_it_is_put_right(office: AppHarness, by: float) -> None:
    before = given(office, f"{ENGINE} until-revoked rollout", ENGINE)
    office.clock_is_set(by)
    meanwhile = given(office, f"{DATA} until-revoked rollout", DATA)
    office.clock_is_set(-by)
    given_back(office, before, ENGINE)
    given_back(office, meanwhile, DATA)


@pytest.mark.parametrize("by", [TEN_MINUTES, -TEN_MINUTES, YEAR], ids=["ahead", "behind", "a year ahead"])
def test_a_bot_that_was_started_by_a_wrong_clock_holds_up_nothing_when_it_is_started_by_a_right_one(
    office: AppHarness, by: float
) -> None:
    before = given(office, f"{ENGINE} until-revoked rollout", ENGINE)
    office.stop_bot()
    office.clock_is_set(by)
    office.start_bot()
    meanwhile = given(office, f"{DATA} until-revoked rollout", DATA)
    office.stop_bot()
    office.clock_is_set(-by)
    office.start_bot()
    given_back(office, before, ENGINE)
    given_back(office, meanwhile, DATA)


def test_a_revoke_that_fails_while_the_clock_is_ahead_is_tried_again_when_it_is_put_right(office: AppHarness) -> None:
    ref = given(office, f"{ENGINE} until-revoked rollout", ENGINE)
    office.clock_is_set(TEN_MINUTES)
    office.people.order_ram({"action": "DetachPolicyFromUser", "fault": "no_permission", "times": 2})
    office.revokes(office.carol, ref)
    office.until(lambda: any(grant.trouble for grant in office.record(ref).grants), "the revoke to fail")
    office.clock_is_set(-TEN_MINUTES)
    office.comes_to_lose("carol", ENGINE)


def test_access_that_was_approved_by_a_clock_that_was_ahead_ends_when_it_was_meant_to(office: AppHarness) -> None:
    office.clock_is_set(YEAR)
    ref = given(office, f"{ENGINE} 1h rollout", ENGINE)
    office.clock_is_set(-YEAR)
    office.until(lambda: "clock was ahead" in office.events(ref), "its time to be put right")
    assert office.holds("carol", ENGINE)
    office.people.advance(HOUR + 1)
    office.comes_to_lose("carol", ENGINE)


def test_access_ends_on_time_by_a_clock_that_was_put_right(office: AppHarness) -> None:
    ref = given(office, f"{ENGINE} 1h rollout", ENGINE)
    office.clock_is_set(-TEN_MINUTES)
    office.clock_is_set(TEN_MINUTES)
    office.people.advance(HOUR + 1)
    office.comes_to_lose("carol", ENGINE)
    office.card(ref, "ended")


def test_of_every_kind_of_work_it_is_known_when_it_may_be_due(office: AppHarness) -> None:
    assert office.program is not None
    kinds = {kind for worker in office.program._all_workers for kind in worker._kinds}
    assert kinds == {*clock_set.DUE_AT_ONCE_KINDS, *clock_set.LOOKED_EVERY, *clock_set.DUE_LATER_KINDS}
