"""A bot that is stopped and started goes on where it was: nothing is done twice, nothing is forgotten."""

from __future__ import annotations

import time

from tests.harness.app import ENGINE, HOUR, AppHarness
from tests.harness.waiting import carol_has, comes_to, in_time, once_given_once_taken, time_is_up


def test_what_is_active_stays_active_and_ends_once(office: AppHarness) -> None:
    ref = carol_has(office)
    in_time(office, lambda: "is active until" in office.carol.sees(), "carol to hear")
    told = len(office.carol.messages())
    office.restart_bot()
    office.people.advance(60)
    office.until(lambda: office.states(ref) == ["active"], "it to be active")
    time_is_up(office)
    comes_to(office, ref, "ended")
    in_time(office, lambda: "has ended" in office.carol.sees(), "carol to hear")
    assert once_given_once_taken(office)
    assert len(office.carol.messages()) == told + 1


def test_a_request_that_waits_can_be_decided_after_a_restart(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 1h rollout")
    office.restart_bot()
    office.approve(ref, office.bob)
    comes_to(office, ref, "active")


def test_a_request_whose_time_ran_out_while_the_bot_was_down_expires(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 1h rollout")
    office.stop_bot()
    office.people.advance(25 * HOUR)
    office.start_bot()
    office.card(ref, "expired")
    assert office.record(ref).request.state.value == "expired"


def test_what_was_approved_but_not_granted_is_granted_after_a_restart(office: AppHarness) -> None:
    office.people.order_ram({"action": "AttachPolicyToUser", "fault": "reset"})
    ref = office.asked(office.carol, f"{ENGINE} 1h rollout")
    office.approve(ref, office.bob)
    office.until(lambda: office.states(ref) == ["granting"], "it to be tried")
    office.stop_bot()
    office.people.clear_orders()
    office.start_bot()
    comes_to(office, ref, "active")
    assert office.writes("AttachPolicyToUser", "carol", ENGINE) == 1


def test_what_was_approved_but_not_granted_in_time_is_never_granted(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 1h rollout")
    office.people.order_ram({"action": "ListPoliciesForUser", "fault": "reset"})
    office.approve(ref, office.bob)
    office.stop_bot()
    office.people.clear_orders()
    office.people.advance(2 * HOUR)
    office.start_bot()
    comes_to(office, ref, "void")
    assert office.writes("AttachPolicyToUser", "carol", ENGINE) == 0
    in_time(office, lambda: "Nothing was granted" in office.carol.sees(), "carol to hear")


def test_a_bot_that_is_stopped_while_ram_hangs_stops_in_time_and_the_next_one_finishes(unhurried: AppHarness) -> None:
    office = unhurried
    ref = carol_has(office)
    office.people.order_ram({"action": "DetachPolicyFromUser", "fault": "hang", "seconds": 4.5, "times": 1})
    time_is_up(office)
    office.until(lambda: office.states(ref) == ["ending"], "it to end")
    began = time.monotonic()
    office.stop_bot()
    assert time.monotonic() - began < 4
    office.start_bot()
    comes_to(office, ref, "ended")
    assert not office.holds("carol", ENGINE)
    with office.ledger.read() as tx:
        assert tx.rows("SELECT seq FROM audit WHERE entry LIKE '%taken over%'"), "the trail does not name the take-over"


def test_what_happened_in_ram_while_the_bot_was_down_is_noticed(office: AppHarness) -> None:
    ref = carol_has(office, duration="8h")
    office.stop_bot()
    office.detach_by_hand("carol", ENGINE)
    office.start_bot()
    in_time(office, lambda: office.record(ref).grants[0].missing_since_real, "it to be missed")
    office.real_passes(61)
    comes_to(office, ref, "ended")
    assert office.record(ref).grants[0].end_cause == "removed outside"
