"""Access is taken back on time, before anything is given, and never faster than RAM allows."""

from __future__ import annotations

import time
from typing import Any

from approvals.entitlements import Entitlement, policy
from approvals.millis import DomainMillis
from approvals.people import Principal
from tests.harness.app import ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.builders import approve
from tests.harness.stalls import Stalls
from tests.harness.waiting import carol_has, comes_to

MANY = 20


def newcomers(app: AppHarness, number: int) -> list[Principal]:
    made = [app.by_hand("CreateUser", UserName=f"new{count}")["User"] for count in range(number)]
    return [Principal(user["UserId"], user["UserName"]) for user in made]


def grant_all(
    app: AppHarness, people: list[Principal], what: Entitlement, ends_at: float | None, first: int = 5000
) -> None:
    """As if all of these were approved at this moment."""
    now = DomainMillis(round(app.people.now() * 1_000))
    end = None if ends_at is None else DomainMillis(round(ends_at * 1_000))
    with app.ledger.write() as tx:
        for number, person in enumerate(people, first):
            approve(tx, number, now=now, ends_at=end, entitlement=what, principal=person)


def log(app: AppHarness, action: str) -> list[dict[str, Any]]:
    return [entry for entry in app.people.account()["log"] if entry["action"] == action]


def test_many_that_end_together_end_on_time_and_at_rams_pace(unhurried: AppHarness, stalls: Stalls) -> None:
    app = unhurried
    ends_at = app.people.now() + HOUR
    grant_all(app, newcomers(app, MANY), policy(ENGINE), ends_at)
    app.real_passes(0)
    app.until(lambda: len(app.people.holders(ENGINE)) >= MANY, "all to hold it")
    # A few slow looks, so that the writes of some jobs would catch up with those of others.
    app.people.inject_ram_fault({"action": "ListPoliciesForUser", "fault": "hang", "seconds": 0.3, "times": 3})
    app.people.advance(ends_at - app.people.now() - 1.0)
    app.until(lambda: len(log(app, "DetachPolicyFromUser")) >= MANY, "all to lose it")
    detached = log(app, "DetachPolicyFromUser")
    for number, entry in enumerate(detached):
        assert 0 <= entry["at"] - ends_at <= 1.0 + 0.1 * number + stalls.seconds
    results = {entry["result"] for entry in app.people.account()["log"]}
    assert results == {"ok"}, "RAM was asked for more than it allows"


def test_access_whose_time_is_up_goes_before_access_that_is_new(unhurried: AppHarness) -> None:
    app = unhurried
    old = carol_has(app)
    app.stop_bot()
    app.people.advance(HOUR + 1)
    grant_all(app, newcomers(app, 10), policy(MONITOR), None)
    app.start_bot()
    app.until(lambda: len(log(app, "AttachPolicyToUser")) == 11, "all to be done")
    comes_to(app, old, "ended")
    after = [entry["action"] for entry in app.people.account()["log"] if entry["action"] != "CreateUser"][1:]
    assert "DetachPolicyFromUser" in after[:2]


def test_access_whose_time_ran_out_while_the_bot_was_down_goes_when_it_is_up(
    unhurried: AppHarness, stalls: Stalls
) -> None:
    app = unhurried
    ref = carol_has(app)
    app.stop_bot()
    app.people.advance(HOUR + 1)
    assert app.holds("carol", ENGINE)
    app.start_bot()
    began = time.monotonic()
    app.comes_to_lose("carol", ENGINE)
    assert time.monotonic() - began < 1.0 + stalls.seconds
    comes_to(app, ref, "ended")


def test_access_ends_within_a_second_without_anybody_moving_the_clock(unhurried: AppHarness, stalls: Stalls) -> None:
    app = unhurried
    ref = carol_has(app)
    ends_at = (app.record(ref).request.ends_at or 0) / 1_000
    app.people.advance(ends_at - app.people.now() - 0.7)
    assert app.holds("carol", ENGINE)
    app.comes_to_lose("carol", ENGINE)
    [entry] = log(app, "DetachPolicyFromUser")
    assert 0 <= entry["at"] - ends_at <= 1.0 + stalls.seconds


def test_a_failing_revoke_does_not_hold_up_the_others(unhurried: AppHarness, stalls: Stalls) -> None:
    app = unhurried
    ref = carol_has(app)
    other = app.asked(app.dave, f"{ENGINE} 1h rollout")
    app.approve(other, app.bob)
    comes_to(app, other, "active")
    app.people.inject_ram_fault({"action": "DetachPolicyFromUser", "user": "carol", "fault": "no_permission"})
    app.people.advance(HOUR + 1)
    began = time.monotonic()
    app.comes_to_lose("dave", ENGINE)
    assert time.monotonic() - began < 1.5 + stalls.seconds
    assert app.states(ref) == ["ending"]
