"""Only what is known to prove that nothing was done counts as a refusal: any other answer to a write is settled by
looking, and whatever was sent is over only when RAM is seen without it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness.app import ENGINE, HOUR, AppHarness
from tests.harness.odd_answers import DONE_ALL_THE_SAME, ODD
from tests.harness.waiting import carol_has, comes_to, in_time, once_given_once_taken, time_is_up

ATTACH, DETACH = "AttachPolicyToUser", "DetachPolicyFromUser"
BLOCKED: dict[str, Any] = {"fault": "error", "status": 403, "code": "WAF.Blocked"}


@pytest.mark.parametrize("answer", ODD)
def test_what_is_given_and_taken_is_so_once_although_ram_answered(office: AppHarness, answer: str) -> None:
    office.people.order_ram({"action": ATTACH, "times": 1, **ODD[answer]})
    ref = carol_has(office)
    assert office.holds("carol", ENGINE)
    office.people.order_ram({"action": DETACH, "times": 1, **ODD[answer]})
    time_is_up(office)
    comes_to(office, ref, "ended")
    assert not office.holds("carol", ENGINE)
    assert once_given_once_taken(office)
    office.carol.direct_message_with("has ended, its time is up")
    assert office.chain_holds()


@pytest.mark.parametrize("answer", ODD)
def test_what_is_given_back_while_its_attach_was_answered_so_is_not_left_behind(
    office: AppHarness, answer: str
) -> None:
    office.people.order_ram({"action": ATTACH, "times": 1, **ODD[answer]})
    office.people.order_ram({"action": ATTACH, "fault": "reset", "after": 1})
    ref = office.asked(office.carol, f"{ENGINE} 1h rollout")
    office.approve(ref, office.bob)
    in_time(office, lambda: len(office.sandbox.ram_faults.standing()) == 1, "RAM to have answered so")
    time_is_up(office)
    in_time(office, lambda: office.states(ref)[0] in ("ended", "void", "failed"), f"{ref} to be over")
    assert not office.holds("carol", ENGINE)


@pytest.mark.parametrize("answer", DONE_ALL_THE_SAME)
def test_nobody_is_told_that_nothing_was_given_where_it_was(office: AppHarness, answer: str) -> None:
    """Every time it is sent, something between sends it twice."""
    office.people.order_ram({"action": ATTACH, **DONE_ALL_THE_SAME[answer]})
    ref = carol_has(office)
    office.card(ref, "· active")
    assert office.carol.direct_message_with("is active until")
    time_is_up(office)
    comes_to(office, ref, "ended")
    assert not office.holds("carol", ENGINE)


def test_what_was_attached_by_hand_while_reads_lag_stays_by_rams_own_date(unhurried: AppHarness) -> None:
    office = unhurried
    ref = office.asked(office.carol, f"{ENGINE} 1h rollout")
    office.attach_by_hand("carol", ENGINE)
    by_hand = office.people.now()
    office.until(lambda: office.people.now() > by_hand + 5, "some seconds to pass")
    office.people.order_ram(
        {"action": "ListPoliciesForUser", "fault": "lag", "seconds": office.people.now() - by_hand + 2}
    )
    office.approve(ref, office.bob)
    office.until(lambda: office.states(ref) == ["granting"], "RAM to say that it is there already")
    office.people.clear_orders()
    office.until(lambda: office.states(ref) == ["held"], lambda: f"{ref} to be held, not {office.states(ref)}")
    office.people.advance(HOUR + 1)
    assert office.holds("carol", ENGINE)


def test_a_firewall_that_never_lets_it_through_is_named_and_nothing_is_left(office: AppHarness) -> None:
    """It blocks every write, with a code of its own."""
    office.people.order_ram({"action": "writes", **BLOCKED})
    ref = office.asked(office.carol, f"{ENGINE} 1h rollout")
    office.approve(ref, office.bob)
    card = office.card(ref, "WAF.Blocked").plain
    assert "The answer of RAM leaves open whether it was done; it is looked at, and tried again by itself." in card
    assert f"RAM answered `{ATTACH}` with `WAF.Blocked`, request id `" in card

    def failed() -> bool:
        if office.states(ref) == ["failed"]:
            return True
        office.real_passes(5)
        return False

    office.until(failed, f"{ref} to be failed", timeout=20)
    card = office.card(ref, "needs attention").plain
    assert "RAM answers with a code that is not known here, and does not do it." in card
    assert not office.holds("carol", ENGINE)
    office.people.clear_orders()
    office.bob.click("Try again", office.card(ref))
    office.comes_to_hold("carol", ENGINE)


def test_access_that_a_firewall_takes_away_without_saying_so_ends_once_it_is_seen_gone(office: AppHarness) -> None:
    ref = carol_has(office)
    office.people.order_ram({"action": DETACH, **BLOCKED, "done": True})
    time_is_up(office)
    office.comes_to_lose("carol", ENGINE)
    assert office.states(ref) == ["ending"], "one look is not enough"
    comes_to(office, ref, "ended")


def test_access_that_nobody_lets_the_bot_take_away_is_over_when_somebody_took_it_by_hand(office: AppHarness) -> None:
    ref = carol_has(office)
    office.people.order_ram({"action": DETACH, "fault": "no_permission"})
    time_is_up(office)
    in_time(office, lambda: office.record(ref).grants[0].trouble == "no_permission", "RAM to refuse")
    office.detach_by_hand("carol", ENGINE)
    comes_to(office, ref, "ended")


def test_an_alarm_names_rams_code_and_request_id(office: AppHarness) -> None:
    ref = carol_has(office)
    office.people.order_ram({"action": DETACH, **BLOCKED})
    time_is_up(office)
    in_time(office, lambda: office.record(ref).grants[0].trouble == "unclear", "RAM to answer")
    office.people.advance(5 * 60)
    said = lambda: [m.plain for m in office.bob.messages("C0APPROVALS") if "not taken back yet" in m.plain]  # noqa: E731
    [alarm] = in_time(office, said, "an alarm")
    assert f"RAM answered `{DETACH}` with `WAF.Blocked`, request id `" in alarm
