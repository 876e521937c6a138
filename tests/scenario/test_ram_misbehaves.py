"""RAM on a bad day: what was approved is granted all the same, and what is over is taken back in the end."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness.app import APPROVALS, ENGINE, HOUR, AppHarness
from tests.harness.waiting import LONG_ENOUGH, carol_has, comes_to, in_time, once_given_once_taken, time_is_up

TROUBLE: dict[str, dict[str, Any]] = {
    "throttled": {"fault": "throttle", "seconds": 0.3, "times": 2},
    "failing": {"fault": "error", "times": 2},
    "unavailable": {"fault": "error", "status": 503, "code": "ServiceUnavailable", "times": 2},
    "answering in HTML": {"fault": "html", "times": 2},
    "hanging up": {"fault": "reset", "times": 2},
    "dropping its answer": {"fault": "drop_answer", "times": 1},
    "denying once": {"fault": "no_permission", "times": 1},
}
LAG = 0.8
"""Seconds by which RAM's reads lag its writes."""
ATTACH, DETACH = "AttachPolicyToUser", "DetachPolicyFromUser"


@pytest.mark.parametrize("how", TROUBLE)
def test_a_grant_arrives_although_ram_is(app: AppHarness, how: str) -> None:
    app.people.inject_ram_fault({"action": ATTACH, **TROUBLE[how]})
    ref = carol_has(app)
    assert app.holds("carol", ENGINE)
    time_is_up(app)
    comes_to(app, ref, "ended")
    assert once_given_once_taken(app) and not app.holds("carol", ENGINE)


@pytest.mark.parametrize("how", TROUBLE)
def test_access_is_taken_back_although_ram_is(app: AppHarness, how: str) -> None:
    ref = carol_has(app)
    app.people.inject_ram_fault({"action": DETACH, **TROUBLE[how]})
    time_is_up(app)
    comes_to(app, ref, "ended")
    assert once_given_once_taken(app) and not app.holds("carol", ENGINE)
    app.carol.direct_message_with("has expired")
    assert app.chain_holds()


@pytest.mark.parametrize(
    "fault", [{"fault": "no_permission"}, {"fault": "error"}, {"fault": "html"}, {"fault": "reset"}]
)
def test_access_is_taken_back_although_ram_cannot_be_read_for_a_while(app: AppHarness, fault: dict[str, Any]) -> None:
    ref = carol_has(app)
    app.people.inject_ram_fault({"action": "reads", "times": 4, **fault})
    time_is_up(app)
    comes_to(app, ref, "ended")
    assert once_given_once_taken(app)


def test_reads_that_lag_neither_grant_nor_revoke_twice(unhurried: AppHarness) -> None:
    app = unhurried
    app.people.inject_ram_fault({"action": "reads", "fault": "lag", "seconds": LAG})
    ref = carol_has(app)
    since = app.people.now()
    app.until(lambda: app.people.now() > since + LAG, "RAM to show the grant")
    time_is_up(app)
    app.comes_to_lose("carol", ENGINE)
    assert app.states(ref) == ["ending"], "said to be over while RAM still showed it"
    app.until(lambda: app.states(ref) == ["ended"], f"{ref} to be ended")
    assert once_given_once_taken(app)


def test_the_wait_that_ram_asks_for_is_kept(unhurried: AppHarness) -> None:
    app = unhurried
    app.people.inject_ram_fault({"action": ATTACH, "fault": "throttle", "seconds": 1.2, "times": 1})
    ref = app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ENGINE)
    refused, done = [entry for entry in app.people.account()["log"] if entry["action"] == ATTACH]
    assert (refused["result"], done["result"]) == ("Throttling.User", "ok")
    assert done["at"] - refused["at"] >= 1.2


def test_a_wait_that_ram_asks_for_holds_up_nobody_else(unhurried: AppHarness) -> None:
    app = unhurried
    app.people.inject_ram_fault({"action": ATTACH, "user": "carol", "fault": "throttle", "seconds": 4, "times": 1})
    refs = [app.asked(person, f"{ENGINE} 1h rollout") for person in (app.carol, app.dave)]
    for ref in refs:
        app.approve(ref, app.bob)
    app.comes_to_hold("dave", ENGINE)
    assert not app.holds("carol", ENGINE)
    app.comes_to_hold("carol", ENGINE)


def test_reads_that_ram_throttles_hold_up_no_write(unhurried: AppHarness) -> None:
    app = unhurried
    app.people.inject_ram_fault({"action": "ListPoliciesForUser", "user": "carol", "fault": "throttle", "seconds": 30})
    app.people.inject_ram_fault({"action": "GetUser", "user": "carol", "fault": "throttle", "seconds": 0.1, "every": 2})
    ref = app.asked(app.dave, f"{ENGINE} 1h rollout")
    app.approve(ref, app.bob)
    app.comes_to_hold("dave", ENGINE)
    app.people.advance(HOUR + 1)
    app.comes_to_lose("dave", ENGINE)


def test_access_that_was_given_back_while_ram_hung_on_its_attach_is_taken_away_when_ram_did_it(
    unhurried: AppHarness,
) -> None:
    app = unhurried
    ref = app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.people.inject_ram_fault({"action": ATTACH, "fault": "hang", "seconds": 6, "times": 1})
    app.approve(ref, app.bob)
    app.until(lambda: app.states(ref) == ["granting"], f"{ref} to be granting")
    app.revokes(app.carol, ref)
    comes_to(app, ref, "ended")
    app.until(lambda: app.holds("carol", ENGINE), "RAM to do it after all")
    app.real_passes(LONG_ENOUGH)
    in_time(app, lambda: not app.holds("carol", ENGINE), "the late attach to be undone")


def test_a_revoke_without_permission_is_reported_until_it_holds(app: AppHarness) -> None:
    ref = carol_has(app)
    app.people.inject_ram_fault({"action": DETACH, "fault": "no_permission"})
    time_is_up(app)
    in_time(app, lambda: app.record(ref).grants[0].error_kind == "no_permission", "RAM to refuse")
    assert app.states(ref) == ["ending"] and _alarms(app) == []
    app.people.advance(5 * 60)
    alarm = in_time(app, lambda: _alarms(app), "an alarm")[0]
    assert "NoPermission" in alarm and "RAM console > Identities > Users > `carol` > Permissions" in alarm
    assert ref in alarm and ENGINE in alarm
    app.people.advance(HOUR - 60)
    app.real_passes(LONG_ENOUGH)
    assert len(_alarms(app)) == 1
    app.people.advance(61)
    in_time(app, lambda: len(_alarms(app)) == 2, "a second alarm")
    app.people.clear_faults()
    comes_to(app, ref, "ended")
    in_time(app, lambda: _said(app, "access is revoked now"), "the all-clear")
    app.carol.direct_message_with("has expired")
    app.until(lambda: not _alarms_due(app), "the alarm to be done with")
    app.people.advance(3 * HOUR)
    app.real_passes(LONG_ENOUGH)
    assert len(_alarms(app)) == 2 and len(_said(app, "access is revoked now")) == 1


def test_a_revoke_is_made_although_nothing_can_be_read(app: AppHarness) -> None:
    carol_has(app)
    app.people.inject_ram_fault({"action": "ListPoliciesForUser", "fault": "no_permission"})
    time_is_up(app)
    in_time(app, lambda: not app.holds("carol", ENGINE), "RAM to be without it")


def test_whoever_asks_for_a_revoke_that_is_under_way_hears_so_and_has_it_tried_at_once(app: AppHarness) -> None:
    ref = carol_has(app)
    app.people.inject_ram_fault({"action": DETACH, "fault": "no_permission"})
    app.revokes(app.carol, ref)
    in_time(app, lambda: app.record(ref).grants[0].error_kind == "no_permission", "RAM to refuse")
    app.people.clear_faults()
    app.bob.type(f"/pairec-access revoke {ref}")
    app.bob.ephemeral_with(f"{ref} is being revoked since")
    app.comes_to_lose("carol", ENGINE, timeout=2.0)


def test_an_alarm_is_called_off_without_saying_gone_while_another_request_keeps_the_key(app: AppHarness) -> None:
    ref = carol_has(app)
    app.people.inject_ram_fault({"action": DETACH, "fault": "no_permission"})
    time_is_up(app)
    app.people.advance(5 * 60)
    in_time(app, lambda: _alarms(app), "an alarm")
    longer = carol_has(app)
    over = in_time(app, lambda: _said(app, f"{ref}: access is revoked;"), "the alarm to be called off")[0]
    assert f"RAM user `carol` still has it through {longer}" in over
    assert _said(app, "access is revoked now") == []
    assert app.holds("carol", ENGINE)


@pytest.mark.parametrize("down", [False, True], ids=["the clock jumps", "the bot was down"])
def test_a_revoke_that_holds_at_the_first_try_after_a_standstill_is_not_reported(app: AppHarness, down: bool) -> None:
    ref = carol_has(app)
    if down:
        app.stop_bot()
    app.people.advance(24 * HOUR)
    if down:
        app.start_bot()
    app.carol.direct_message_with("has expired")
    assert app.states(ref) == ["ended"]
    app.real_passes(LONG_ENOUGH)
    app.until(lambda: not _alarms_due(app), "the alarm to be done with")
    assert _alarms(app) == [] and _said(app, "access is revoked now") == []


def test_a_revoke_that_fails_after_a_standstill_is_reported(app: AppHarness) -> None:
    carol_has(app)
    app.people.inject_ram_fault({"action": DETACH, "fault": "no_permission"})
    app.people.advance(24 * HOUR)
    in_time(app, lambda: _alarms(app), "an alarm")


def test_a_revoke_that_held_in_time_is_not_reported(app: AppHarness) -> None:
    ref = carol_has(app)
    time_is_up(app)
    comes_to(app, ref, "ended")
    app.people.advance(2 * HOUR)
    app.real_passes(LONG_ENOUGH)
    assert _alarms(app) == [] and _said(app, "access is revoked now") == []


def test_a_user_deleted_between_approval_and_grant_makes_it_fail(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.people.inject_ram_fault({"action": "ListPoliciesForUser", "fault": "error"})
    app.approve(ref, app.bob)
    app.by_hand("DeleteUser", UserName="carol")
    app.people.clear_faults()
    comes_to(app, ref, "failed")
    in_time(app, lambda: "no longer exists" in app.card(ref).plain, "the card to say why")


def test_a_user_renamed_meanwhile_still_loses_it(app: AppHarness) -> None:
    ref = carol_has(app)
    app.by_hand("UpdateUser", UserName="carol", NewUserName="caroline")
    assert app.holds("caroline", ENGINE)
    time_is_up(app)
    comes_to(app, ref, "ended")
    assert not app.holds("caroline", ENGINE)
    assert app.writes(DETACH, "caroline", ENGINE) == 1


def test_somebody_new_under_an_old_name_is_not_touched(app: AppHarness) -> None:
    ref = carol_has(app)
    app.detach_by_hand("carol", ENGINE)
    app.by_hand("DeleteUser", UserName="carol")
    app.by_hand("CreateUser", UserName="carol")
    app.attach_by_hand("carol", ENGINE)
    time_is_up(app)
    comes_to(app, ref, "ended")
    app.real_passes(LONG_ENOUGH)
    assert app.holds("carol", ENGINE)
    assert app.writes(DETACH, "carol", ENGINE) == 1, "more than the one by hand"


def test_a_user_deleted_meanwhile_ends_the_grant(app: AppHarness) -> None:
    ref = carol_has(app)
    app.detach_by_hand("carol", ENGINE)
    app.by_hand("DeleteUser", UserName="carol")
    time_is_up(app)
    comes_to(app, ref, "ended")


def test_a_policy_deleted_meanwhile_ends_the_grant_without_an_alarm(app: AppHarness) -> None:
    ref = carol_has(app)
    for holder in app.people.holders(ENGINE):
        app.detach_by_hand(holder, ENGINE)
    app.by_hand("DeletePolicy", PolicyName=ENGINE)
    time_is_up(app)
    comes_to(app, ref, "ended")
    app.people.advance(HOUR)
    app.real_passes(LONG_ENOUGH)
    assert _alarms(app) == []


def _alarms(app: AppHarness) -> list[str]:
    return _said(app, "access is not revoked yet")


def _said(app: AppHarness, text: str) -> list[str]:
    return [message.plain for message in app.bob.messages(APPROVALS) if text in message.plain]


def _alarms_due(app: AppHarness) -> int:
    with app.ledger.read() as tx:
        return len(tx.rows("SELECT id FROM jobs WHERE kind = 'alarm'"))
