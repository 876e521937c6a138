"""Only what is known to prove that nothing was done counts as a refusal: any other answer to a write is settled by
looking, and whatever was sent is over only when RAM is seen without it.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness.app import ENGINE, HOUR, AppHarness
from tests.harness.odd_answers import DONE_ALL_THE_SAME, ODD
from tests.harness.waiting import carol_has, comes_to, in_time, once_given_once_taken, time_is_up

ATTACH, DETACH = "AttachPolicyToUser", "DetachPolicyFromUser"
BLOCKED: dict[str, Any] = {"fault": "error", "status": 403, "code": "WAF.Blocked"}


@pytest.mark.parametrize("answer", ODD)
def test_what_is_given_and_taken_is_so_once_although_ram_answered(app: AppHarness, answer: str) -> None:
    app.people.inject_ram_fault({"action": ATTACH, "times": 1, **ODD[answer]})
    ref = carol_has(app)
    assert app.holds("carol", ENGINE)
    app.people.inject_ram_fault({"action": DETACH, "times": 1, **ODD[answer]})
    time_is_up(app)
    comes_to(app, ref, "ended")
    assert not app.holds("carol", ENGINE)
    assert once_given_once_taken(app)
    app.carol.direct_message_with("has expired")
    assert app.chain_holds()


@pytest.mark.parametrize("answer", ODD)
def test_what_is_given_back_while_its_attach_was_answered_so_is_not_left_behind(app: AppHarness, answer: str) -> None:
    app.people.inject_ram_fault({"action": ATTACH, "times": 1, **ODD[answer]})
    app.people.inject_ram_fault({"action": ATTACH, "fault": "reset", "after": 1})
    ref = app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.approve(ref, app.bob)
    in_time(app, lambda: len(app.sandbox.ram_faults.standing()) == 1, "RAM to have answered so")
    time_is_up(app)
    in_time(app, lambda: app.states(ref)[0] in ("ended", "void", "failed"), f"{ref} to be over")
    assert not app.holds("carol", ENGINE)


@pytest.mark.parametrize("answer", DONE_ALL_THE_SAME)
def test_nobody_is_told_that_nothing_was_given_where_it_was(app: AppHarness, answer: str) -> None:
    """Every time it is sent, something between sends it twice."""
    app.people.inject_ram_fault({"action": ATTACH, **DONE_ALL_THE_SAME[answer]})
    ref = carol_has(app)
    app.card(ref, "· active")
    assert app.carol.direct_message_with("is active until")
    time_is_up(app)
    comes_to(app, ref, "ended")
    assert not app.holds("carol", ENGINE)


def test_what_was_attached_by_hand_while_reads_lag_stays_by_rams_own_date(unhurried: AppHarness) -> None:
    app = unhurried
    ref = app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.attach_by_hand("carol", ENGINE)
    by_hand = app.people.now()
    app.until(lambda: app.people.now() > by_hand + 5, "some seconds to pass")
    app.people.inject_ram_fault(
        {"action": "ListPoliciesForUser", "fault": "lag", "seconds": app.people.now() - by_hand + 2}
    )
    app.approve(ref, app.bob)
    app.until(lambda: app.states(ref) == ["granting"], "RAM to say that it is there already")
    app.people.clear_faults()
    app.until(lambda: app.states(ref) == ["held"], lambda: f"{ref} to be held, not {app.states(ref)}")
    app.people.advance(HOUR + 1)
    assert app.holds("carol", ENGINE)


def test_a_firewall_that_never_lets_it_through_is_named_and_nothing_is_left(app: AppHarness) -> None:
    """It blocks every write, with a code of its own."""
    app.people.inject_ram_fault({"action": "writes", **BLOCKED})
    ref = app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.approve(ref, app.bob)
    card = app.card(ref, "WAF.Blocked").plain
    assert "RAM's answer leaves open whether it was done; it is checked, and retried automatically." in card
    assert f"RAM answered `{ATTACH}` with `WAF.Blocked`, request id `" in card

    def failed() -> bool:
        if app.states(ref) == ["failed"]:
            return True
        app.real_passes(5)
        return False

    app.until(failed, f"{ref} to be failed", timeout=20)
    card = app.card(ref, "needs attention").plain
    assert "RAM answers with a code that is not known here, and does not do it." in card
    assert not app.holds("carol", ENGINE)
    app.people.clear_faults()
    app.bob.click("Retry", app.card(ref))
    app.comes_to_hold("carol", ENGINE)


def test_access_that_a_firewall_takes_away_without_saying_so_ends_once_it_is_seen_gone(app: AppHarness) -> None:
    ref = carol_has(app)
    app.people.inject_ram_fault({"action": DETACH, **BLOCKED, "done": True})
    time_is_up(app)
    app.comes_to_lose("carol", ENGINE)
    assert app.states(ref) == ["ending"], "one look is not enough"
    comes_to(app, ref, "ended")


def test_access_that_nobody_lets_the_bot_take_away_is_over_when_somebody_took_it_by_hand(app: AppHarness) -> None:
    ref = carol_has(app)
    app.people.inject_ram_fault({"action": DETACH, "fault": "no_permission"})
    time_is_up(app)
    in_time(app, lambda: app.record(ref).grants[0].error_kind == "no_permission", "RAM to refuse")
    app.detach_by_hand("carol", ENGINE)
    comes_to(app, ref, "ended")


def test_an_alarm_names_rams_code_and_request_id(app: AppHarness) -> None:
    ref = carol_has(app)
    app.people.inject_ram_fault({"action": DETACH, **BLOCKED})
    time_is_up(app)
    in_time(app, lambda: app.record(ref).grants[0].error_kind == "unclear", "RAM to answer")
    app.people.advance(5 * 60)
    said = lambda: [m.plain for m in app.bob.messages("C0APPROVALS") if "not revoked yet" in m.plain]  # noqa: E731
    [alarm] = in_time(app, said, "an alarm")
    assert f"RAM answered `{DETACH}` with `WAF.Blocked`, request id `" in alarm
