"""A bot that is stopped and started goes on where it was: nothing is done twice, nothing is forgotten."""

from __future__ import annotations

import time

from tests.harness.app import ENGINE, HOUR, AppHarness
from tests.harness.waiting import carol_has, comes_to, in_time, once_given_once_taken, time_is_up


def test_what_is_active_stays_active_and_ends_once(app: AppHarness) -> None:
    ref = carol_has(app)
    in_time(app, lambda: "is active until" in app.carol.screen_text(), "carol to hear")
    in_time(app, lambda: any("is active." in each.plain for each in app.carol.messages()), "the reply that says so")
    told = len(app.carol.messages())
    app.restart_bot()
    app.people.advance(60)
    app.until(lambda: app.states(ref) == ["active"], "it to be active")
    time_is_up(app)
    comes_to(app, ref, "ended")
    in_time(app, lambda: "has expired" in app.carol.screen_text(), "carol to hear")
    assert once_given_once_taken(app)
    assert len(app.carol.messages()) == told, "that it is over is shown where it was said to be active"


def test_a_request_that_waits_can_be_decided_after_a_restart(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.restart_bot()
    app.approve(ref, app.bob)
    comes_to(app, ref, "active")


def test_a_request_whose_time_ran_out_while_the_bot_was_down_expires(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.stop_bot()
    app.people.advance(25 * HOUR)
    app.start_bot()
    app.card(ref, "expired")
    assert app.record(ref).request.state.value == "expired"


def test_what_was_approved_but_not_granted_is_granted_after_a_restart(app: AppHarness) -> None:
    app.people.inject_ram_fault({"action": "AttachPolicyToUser", "fault": "reset"})
    ref = app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.approve(ref, app.bob)
    app.until(lambda: app.states(ref) == ["granting"], "it to be tried")
    app.stop_bot()
    app.people.clear_faults()
    app.start_bot()
    comes_to(app, ref, "active")
    assert app.writes("AttachPolicyToUser", "carol", ENGINE) == 1


def test_what_was_approved_but_not_granted_in_time_is_never_granted(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.people.inject_ram_fault({"action": "ListPoliciesForUser", "fault": "reset"})
    app.approve(ref, app.bob)
    app.stop_bot()
    app.people.clear_faults()
    app.people.advance(2 * HOUR)
    app.start_bot()
    comes_to(app, ref, "void")
    assert app.writes("AttachPolicyToUser", "carol", ENGINE) == 0
    in_time(app, lambda: "Nothing was granted" in app.carol.screen_text(), "carol to hear")


def test_a_bot_that_is_stopped_while_ram_hangs_stops_in_time_and_the_next_one_finishes(unhurried: AppHarness) -> None:
    app = unhurried
    ref = carol_has(app)
    app.people.inject_ram_fault({"action": "DetachPolicyFromUser", "fault": "hang", "seconds": 4.5, "times": 1})
    time_is_up(app)
    app.until(lambda: app.states(ref) == ["ending"], "it to end")
    began = time.monotonic()
    app.stop_bot()
    assert time.monotonic() - began < 4
    app.start_bot()
    comes_to(app, ref, "ended")
    assert not app.holds("carol", ENGINE)
    with app.ledger.read() as tx:
        assert tx.rows("SELECT seq FROM audit WHERE entry LIKE '%taken over%'"), "the trail does not name the take-over"


def test_what_happened_in_ram_while_the_bot_was_down_is_noticed(app: AppHarness) -> None:
    ref = carol_has(app, duration="8h")
    app.stop_bot()
    app.detach_by_hand("carol", ENGINE)
    app.start_bot()
    in_time(app, lambda: app.record(ref).grants[0].missing_since_real, "it to be missed")
    app.real_passes(61)
    comes_to(app, ref, "ended")
    assert app.record(ref).grants[0].end_cause == "removed outside"
