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
def test_a_grant_arrives_although_ram_is(office: AppHarness, how: str) -> None:
    office.people.order_ram({"action": ATTACH, **TROUBLE[how]})
    ref = carol_has(office)
    assert office.holds("carol", ENGINE)
    time_is_up(office)
    comes_to(office, ref, "ended")
    assert once_given_once_taken(office) and not office.holds("carol", ENGINE)


@pytest.mark.parametrize("how", TROUBLE)
def test_access_is_taken_back_although_ram_is(office: AppHarness, how: str) -> None:
    ref = carol_has(office)
    office.people.order_ram({"action": DETACH, **TROUBLE[how]})
    time_is_up(office)
    comes_to(office, ref, "ended")
    assert once_given_once_taken(office) and not office.holds("carol", ENGINE)
    office.carol.direct_message_with("has ended, its time is up")
    assert office.chain_holds()


@pytest.mark.parametrize(
    "fault", [{"fault": "no_permission"}, {"fault": "error"}, {"fault": "html"}, {"fault": "reset"}]
)
def test_access_is_taken_back_although_ram_cannot_be_read_for_a_while(
    office: AppHarness, fault: dict[str, Any]
) -> None:
    ref = carol_has(office)
    office.people.order_ram({"action": "reads", "times": 4, **fault})
    time_is_up(office)
    comes_to(office, ref, "ended")
    assert once_given_once_taken(office)


def test_reads_that_lag_neither_grant_nor_revoke_twice(unhurried: AppHarness) -> None:
    office = unhurried
    office.people.order_ram({"action": "reads", "fault": "lag", "seconds": LAG})
    ref = carol_has(office)
    since = office.people.now()
    office.until(lambda: office.people.now() > since + LAG, "RAM to show the grant")
    time_is_up(office)
    office.comes_to_lose("carol", ENGINE)
    assert office.states(ref) == ["ending"], "said to be over while RAM still showed it"
    office.until(lambda: office.states(ref) == ["ended"], f"{ref} to be ended")
    assert once_given_once_taken(office)


def test_the_wait_that_ram_asks_for_is_kept(unhurried: AppHarness) -> None:
    office = unhurried
    office.people.order_ram({"action": ATTACH, "fault": "throttle", "seconds": 1.2, "times": 1})
    ref = office.asked(office.carol, f"{ENGINE} 1h rollout")
    office.approve(ref, office.bob)
    office.comes_to_hold("carol", ENGINE)
    refused, done = [entry for entry in office.people.account()["log"] if entry["action"] == ATTACH]
    assert (refused["result"], done["result"]) == ("Throttling.User", "ok")
    assert done["at"] - refused["at"] >= 1.2


def test_a_wait_that_ram_asks_for_holds_up_nobody_else(unhurried: AppHarness) -> None:
    office = unhurried
    office.people.order_ram({"action": ATTACH, "user": "carol", "fault": "throttle", "seconds": 4, "times": 1})
    refs = [office.asked(person, f"{ENGINE} 1h rollout") for person in (office.carol, office.dave)]
    for ref in refs:
        office.approve(ref, office.bob)
    office.comes_to_hold("dave", ENGINE)
    assert not office.holds("carol", ENGINE)
    office.comes_to_hold("carol", ENGINE)


def test_reads_that_ram_throttles_hold_up_no_write(unhurried: AppHarness) -> None:
    office = unhurried
    office.people.order_ram({"action": "ListPoliciesForUser", "user": "carol", "fault": "throttle", "seconds": 30})
    office.people.order_ram({"action": "GetUser", "user": "carol", "fault": "throttle", "seconds": 0.1, "every": 2})
    ref = office.asked(office.dave, f"{ENGINE} 1h rollout")
    office.approve(ref, office.bob)
    office.comes_to_hold("dave", ENGINE)
    office.people.advance(HOUR + 1)
    office.comes_to_lose("dave", ENGINE)


def test_access_that_was_given_back_while_ram_hung_on_its_attach_is_taken_away_when_ram_did_it(
    unhurried: AppHarness,
) -> None:
    office = unhurried
    ref = office.asked(office.carol, f"{ENGINE} 1h rollout")
    office.people.order_ram({"action": ATTACH, "fault": "hang", "seconds": 6, "times": 1})
    office.approve(ref, office.bob)
    office.until(lambda: office.states(ref) == ["granting"], f"{ref} to be granting")
    office.revokes(office.carol, ref)
    comes_to(office, ref, "ended")
    office.until(lambda: office.holds("carol", ENGINE), "RAM to do it after all")
    office.real_passes(LONG_ENOUGH)
    in_time(office, lambda: not office.holds("carol", ENGINE), "the late attach to be undone")


def test_a_revoke_without_permission_is_reported_until_it_holds(office: AppHarness) -> None:
    ref = carol_has(office)
    office.people.order_ram({"action": DETACH, "fault": "no_permission"})
    time_is_up(office)
    in_time(office, lambda: office.record(ref).grants[0].trouble == "no_permission", "RAM to refuse")
    assert office.states(ref) == ["ending"] and _alarms(office) == []
    office.people.advance(5 * 60)
    alarm = in_time(office, lambda: _alarms(office), "an alarm")[0]
    assert "NoPermission" in alarm and "RAM console > Identities > Users > `carol` > Permissions" in alarm
    assert ref in alarm and ENGINE in alarm
    office.people.advance(HOUR - 60)
    office.real_passes(LONG_ENOUGH)
    assert len(_alarms(office)) == 1
    office.people.advance(61)
    in_time(office, lambda: len(_alarms(office)) == 2, "a second alarm")
    office.people.clear_orders()
    comes_to(office, ref, "ended")
    in_time(office, lambda: _said(office, "access is taken back now"), "the all-clear")
    office.carol.direct_message_with("has ended")
    office.until(lambda: not _alarms_due(office), "the alarm to be done with")
    office.people.advance(3 * HOUR)
    office.real_passes(LONG_ENOUGH)
    assert len(_alarms(office)) == 2 and len(_said(office, "access is taken back now")) == 1


def test_a_revoke_is_made_although_nothing_can_be_read(office: AppHarness) -> None:
    carol_has(office)
    office.people.order_ram({"action": "ListPoliciesForUser", "fault": "no_permission"})
    time_is_up(office)
    in_time(office, lambda: not office.holds("carol", ENGINE), "RAM to be without it")


def test_whoever_asks_for_a_revoke_that_is_under_way_hears_so_and_has_it_tried_at_once(office: AppHarness) -> None:
    ref = carol_has(office)
    office.people.order_ram({"action": DETACH, "fault": "no_permission"})
    office.revokes(office.carol, ref)
    in_time(office, lambda: office.record(ref).grants[0].trouble == "no_permission", "RAM to refuse")
    office.people.clear_orders()
    office.bob.types(f"/pairec-access revoke {ref}")
    office.bob.ephemeral_with(f"{ref} is being taken away since")
    office.comes_to_lose("carol", ENGINE, timeout=2.0)


def test_an_alarm_is_called_off_without_saying_gone_while_another_request_keeps_the_key(office: AppHarness) -> None:
    ref = carol_has(office)
    office.people.order_ram({"action": DETACH, "fault": "no_permission"})
    time_is_up(office)
    office.people.advance(5 * 60)
    in_time(office, lambda: _alarms(office), "an alarm")
    longer = carol_has(office)
    over = in_time(office, lambda: _said(office, f"{ref} is over"), "the alarm to be called off")[0]
    assert f"RAM user `carol` still has it through {longer}" in over
    assert _said(office, "access is taken back now") == []
    assert office.holds("carol", ENGINE)


@pytest.mark.parametrize("down", [False, True], ids=["the clock jumps", "the bot was down"])
def test_a_revoke_that_holds_at_the_first_try_after_a_standstill_is_not_reported(
    office: AppHarness, down: bool
) -> None:
    ref = carol_has(office)
    if down:
        office.stop_bot()
    office.people.advance(24 * HOUR)
    if down:
        office.start_bot()
    office.carol.direct_message_with("has ended")
    assert office.states(ref) == ["ended"]
    office.real_passes(LONG_ENOUGH)
    office.until(lambda: not _alarms_due(office), "the alarm to be done with")
    assert _alarms(office) == [] and _said(office, "access is taken back now") == []


def test_a_revoke_that_fails_after_a_standstill_is_reported(office: AppHarness) -> None:
    carol_has(office)
    office.people.order_ram({"action": DETACH, "fault": "no_permission"})
    office.people.advance(24 * HOUR)
    in_time(office, lambda: _alarms(office), "an alarm")


def test_a_revoke_that_held_in_time_is_not_reported(office: AppHarness) -> None:
    ref = carol_has(office)
    time_is_up(office)
    comes_to(office, ref, "ended")
    office.people.advance(2 * HOUR)
    office.real_passes(LONG_ENOUGH)
    assert _alarms(office) == [] and _said(office, "access is taken back now") == []


def test_a_user_deleted_between_approval_and_grant_makes_it_fail(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 1h rollout")
    office.people.order_ram({"action": "ListPoliciesForUser", "fault": "error"})
    office.approve(ref, office.bob)
    office.by_hand("DeleteUser", UserName="carol")
    office.people.clear_orders()
    comes_to(office, ref, "failed")
    in_time(office, lambda: "does not exist any more" in office.card(ref).plain, "the card to say why")


def test_a_user_renamed_meanwhile_still_loses_it(office: AppHarness) -> None:
    ref = carol_has(office)
    office.by_hand("UpdateUser", UserName="carol", NewUserName="caroline")
    assert office.holds("caroline", ENGINE)
    time_is_up(office)
    comes_to(office, ref, "ended")
    assert not office.holds("caroline", ENGINE)
    assert office.writes(DETACH, "caroline", ENGINE) == 1


def test_somebody_new_under_an_old_name_is_not_touched(office: AppHarness) -> None:
    ref = carol_has(office)
    office.detach_by_hand("carol", ENGINE)
    office.by_hand("DeleteUser", UserName="carol")
    office.by_hand("CreateUser", UserName="carol")
    office.attach_by_hand("carol", ENGINE)
    time_is_up(office)
    comes_to(office, ref, "ended")
    office.real_passes(LONG_ENOUGH)
    assert office.holds("carol", ENGINE)
    assert office.writes(DETACH, "carol", ENGINE) == 1, "more than the one by hand"


def test_a_user_deleted_meanwhile_ends_the_grant(office: AppHarness) -> None:
    ref = carol_has(office)
    office.detach_by_hand("carol", ENGINE)
    office.by_hand("DeleteUser", UserName="carol")
    time_is_up(office)
    comes_to(office, ref, "ended")


def test_a_policy_deleted_meanwhile_ends_the_grant_without_an_alarm(office: AppHarness) -> None:
    ref = carol_has(office)
    for holder in office.people.holders(ENGINE):
        office.detach_by_hand(holder, ENGINE)
    office.by_hand("DeletePolicy", PolicyName=ENGINE)
    time_is_up(office)
    comes_to(office, ref, "ended")
    office.people.advance(HOUR)
    office.real_passes(LONG_ENOUGH)
    assert _alarms(office) == []


def _alarms(office: AppHarness) -> list[str]:
    return _said(office, "access is not taken back yet")


def _said(office: AppHarness, text: str) -> list[str]:
    return [message.plain for message in office.bob.messages(APPROVALS) if text in message.plain]


def _alarms_due(office: AppHarness) -> int:
    with office.ledger.read() as tx:
        return len(tx.rows("SELECT id FROM jobs WHERE kind = 'alarm'"))
