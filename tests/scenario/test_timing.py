"""Access is taken back on time, before anything is given, and never faster than RAM allows."""

from __future__ import annotations

import time
from typing import Any

from approvals.model import Entitlement, Principal, policy
from tests.harness.app import ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.builders import approve
from tests.harness.stalls import Stalls
from tests.harness.waiting import carol_has, comes_to

MANY = 20


def newcomers(office: AppHarness, number: int) -> list[Principal]:
    made = [office.by_hand("CreateUser", UserName=f"new{count}")["User"] for count in range(number)]
    return [Principal(user["UserId"], user["UserName"]) for user in made]


def grant_all(
    office: AppHarness, people: list[Principal], what: Entitlement, ends_at: float | None, first: int = 5000
) -> None:
    """As if all of these were approved at this moment."""
    now = round(office.people.now() * 1_000)
    end = None if ends_at is None else round(ends_at * 1_000)
    with office.ledger.write() as tx:
        for number, person in enumerate(people, first):
            approve(tx, number, now=now, ends_at=end, entitlement=what, principal=person)


def log(office: AppHarness, action: str) -> list[dict[str, Any]]:
    return [entry for entry in office.people.account()["log"] if entry["action"] == action]


def test_many_that_end_together_end_on_time_and_at_rams_pace(unhurried: AppHarness, stalls: Stalls) -> None:
    office = unhurried
    ends_at = office.people.now() + HOUR
    grant_all(office, newcomers(office, MANY), policy(ENGINE), ends_at)
    office.real_passes(0)
    office.until(lambda: len(office.people.holders(ENGINE)) >= MANY, "all to hold it")
    # A few slow looks, so that the writes of some jobs would catch up with those of others.
    office.people.order_ram({"action": "ListPoliciesForUser", "fault": "hang", "seconds": 0.3, "times": 3})
    office.people.advance(ends_at - office.people.now() - 1.0)
    office.until(lambda: len(log(office, "DetachPolicyFromUser")) >= MANY, "all to lose it")
    detached = log(office, "DetachPolicyFromUser")
    for number, entry in enumerate(detached):
        assert 0 <= entry["at"] - ends_at <= 1.0 + 0.1 * number + stalls.seconds
    results = {entry["result"] for entry in office.people.account()["log"]}
    assert results == {"ok"}, "RAM was asked for more than it allows"


def test_access_whose_time_is_up_goes_before_access_that_is_new(unhurried: AppHarness) -> None:
    office = unhurried
    old = carol_has(office)
    office.stop_bot()
    office.people.advance(HOUR + 1)
    grant_all(office, newcomers(office, 10), policy(MONITOR), None)
    office.start_bot()
    office.until(lambda: len(log(office, "AttachPolicyToUser")) == 11, "all to be done")
    comes_to(office, old, "ended")
    after = [entry["action"] for entry in office.people.account()["log"] if entry["action"] != "CreateUser"][1:]
    assert "DetachPolicyFromUser" in after[:2]


def test_access_whose_time_ran_out_while_the_bot_was_down_goes_when_it_is_up(
    unhurried: AppHarness, stalls: Stalls
) -> None:
    office = unhurried
    ref = carol_has(office)
    office.stop_bot()
    office.people.advance(HOUR + 1)
    assert office.holds("carol", ENGINE)
    office.start_bot()
    began = time.monotonic()
    office.comes_to_lose("carol", ENGINE)
    assert time.monotonic() - began < 1.0 + stalls.seconds
    comes_to(office, ref, "ended")


def test_access_ends_within_a_second_without_anybody_moving_the_clock(unhurried: AppHarness, stalls: Stalls) -> None:
    office = unhurried
    ref = carol_has(office)
    ends_at = (office.record(ref).request.ends_at or 0) / 1_000
    office.people.advance(ends_at - office.people.now() - 0.7)
    assert office.holds("carol", ENGINE)
    office.comes_to_lose("carol", ENGINE)
    [entry] = log(office, "DetachPolicyFromUser")
    assert 0 <= entry["at"] - ends_at <= 1.0 + stalls.seconds


def test_a_failing_revoke_does_not_hold_up_the_others(unhurried: AppHarness, stalls: Stalls) -> None:
    office = unhurried
    ref = carol_has(office)
    other = office.asked(office.dave, f"{ENGINE} 1h rollout")
    office.approve(other, office.bob)
    comes_to(office, other, "active")
    office.people.order_ram({"action": "DetachPolicyFromUser", "user": "carol", "fault": "no_permission"})
    office.people.advance(HOUR + 1)
    began = time.monotonic()
    office.comes_to_lose("dave", ENGINE)
    assert time.monotonic() - began < 1.5 + stalls.seconds
    assert office.states(ref) == ["ending"]
