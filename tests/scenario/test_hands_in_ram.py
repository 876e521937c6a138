"""People change RAM by hand as well: what they gave is theirs, what they took is over, and overlaps are counted."""

from __future__ import annotations

from tests.harness.app import ENGINE, HOUR, AppHarness
from tests.harness.waiting import (
    COMPARED_EVERY,
    LONG_ENOUGH,
    carol_has,
    comes_to,
    in_time,
    once_given_once_taken,
    time_is_up,
)


def test_what_somebody_gave_before_us_stays_when_the_request_is_over(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 1h rollout")
    office.attach_by_hand("carol", ENGINE)
    office.approve(ref, office.bob)
    comes_to(office, ref, "held")
    office.carol.direct_message_with("has")
    office.card(ref, "as there before, and stays when this request ends")
    time_is_up(office, 2 * HOUR)
    office.real_passes(LONG_ENOUGH)
    assert office.holds("carol", ENGINE)
    assert office.writes("DetachPolicyFromUser", "carol", ENGINE) == 0


def test_the_key_stays_until_the_last_of_two_requests_is_over(office: AppHarness) -> None:
    short = carol_has(office, duration="1h")
    long = carol_has(office, duration="3h")
    time_is_up(office)
    comes_to(office, short, "ended")
    assert office.holds("carol", ENGINE) and office.states(long) == ["active"]
    told = office.carol.direct_message_with(f"{short}*: *Engine* (`{ENGINE}`) has ended, its time is up.").plain
    assert f"RAM user `carol` still has it through {long}" in told and "RAM shows it gone" not in told
    office.card(short, f"RAM user `carol` still has it through {long}")
    time_is_up(office, 2 * HOUR)
    comes_to(office, long, "ended")
    assert once_given_once_taken(office) and not office.holds("carol", ENGINE)


def test_the_key_stays_for_the_shorter_request_when_the_longer_is_given_back(office: AppHarness) -> None:
    short = carol_has(office, duration="1h")
    long = carol_has(office, duration="3h")
    office.revokes(office.carol, long)
    comes_to(office, long, "ended")
    assert office.holds("carol", ENGINE) and office.states(short) == ["active"]
    time_is_up(office)
    comes_to(office, short, "ended")
    assert once_given_once_taken(office)


def test_what_somebody_attached_after_a_revoke_whose_answer_was_lost_stays(office: AppHarness) -> None:
    ref = carol_has(office)
    office.people.order_ram({"action": "DetachPolicyFromUser", "fault": "drop_answer", "times": 1})
    time_is_up(office)
    comes_to(office, ref, "ended")
    office.attach_by_hand("carol", ENGINE)
    for _ in range(3):
        office.real_passes(LONG_ENOUGH)
        in_time(office, lambda: not settling(office), "the key to be settled")
    assert office.holds("carol", ENGINE)


def test_what_somebody_removed_after_a_grant_whose_answer_was_lost_stays_removed(office: AppHarness) -> None:
    office.people.order_ram({"action": "AttachPolicyToUser", "fault": "drop_answer", "times": 1})
    ref = carol_has(office, duration="8h")
    office.detach_by_hand("carol", ENGINE)
    office.real_passes(LONG_ENOUGH)
    office.people.advance(COMPARED_EVERY)
    in_time(office, lambda: office.record(ref).grants[0].missing_since_real, "the bot to miss it")
    office.real_passes(LONG_ENOUGH)
    comes_to(office, ref, "ended")
    assert not office.holds("carol", ENGINE)
    assert office.writes("AttachPolicyToUser", "carol", ENGINE) == 1


def settling(office: AppHarness) -> bool:
    with office.ledger.read() as tx:
        return bool(tx.rows("SELECT id FROM jobs WHERE kind = 'settle'"))


def test_what_was_removed_by_hand_is_over_and_is_not_attached_again(office: AppHarness) -> None:
    ref = carol_has(office, duration="8h")
    office.detach_by_hand("carol", ENGINE)
    office.people.advance(COMPARED_EVERY)
    in_time(office, lambda: office.record(ref).grants[0].missing_since_real, "RAM to be compared")
    assert office.states(ref) == ["active"], "one look is not enough"
    office.real_passes(LONG_ENOUGH)
    comes_to(office, ref, "ended")
    in_time(office, lambda: "removed from RAM user `carol` by somebody outside" in office.carol.sees(), "carol to hear")
    office.card(ref, "emoved by somebody outside of this bot")
    time_is_up(office, 9 * HOUR)
    office.real_passes(LONG_ENOUGH)
    assert office.writes("AttachPolicyToUser", "carol", ENGINE) == 1
    assert not office.holds("carol", ENGINE)


def test_what_was_removed_by_hand_and_put_back_goes_on(office: AppHarness) -> None:
    ref = carol_has(office, duration="8h")
    office.detach_by_hand("carol", ENGINE)
    office.people.advance(COMPARED_EVERY)
    in_time(office, lambda: office.record(ref).grants[0].missing_since_real, "RAM to be compared")
    office.attach_by_hand("carol", ENGINE)
    office.real_passes(LONG_ENOUGH)
    in_time(office, lambda: office.record(ref).grants[0].missing_since_real is None, "it to be found again")
    assert office.states(ref) == ["active"]


def test_what_was_removed_by_hand_may_be_asked_for_again(office: AppHarness) -> None:
    first = carol_has(office, duration="8h")
    office.detach_by_hand("carol", ENGINE)
    office.people.advance(COMPARED_EVERY)
    in_time(office, lambda: office.record(first).grants[0].missing_since_real, "RAM to be compared")
    office.real_passes(LONG_ENOUGH)
    comes_to(office, first, "ended")
    second = carol_has(office, duration="1h")
    assert office.holds("carol", ENGINE)
    time_is_up(office)
    comes_to(office, second, "ended")
    assert not office.holds("carol", ENGINE)


def test_access_that_a_group_still_gives_is_not_called_gone(office: AppHarness) -> None:
    ref = carol_has(office)
    office.by_hand("CreateGroup", GroupName="engineers")
    office.by_hand("AddUserToGroup", UserName="carol", GroupName="engineers")
    office.by_hand("AttachPolicyToGroup", GroupName="engineers", PolicyName=ENGINE, PolicyType="Custom")
    time_is_up(office)
    comes_to(office, ref, "ended")
    told = in_time(
        office,
        lambda: [m.plain for m in office.carol.messages() if "still has it through group `engineers`" in m.plain],
        "carol to be told of the group",
    )
    assert "the direct grant is gone" in told[0] and "RAM shows it gone" not in told[0]
    assert office.writes("DetachPolicyFromUser", "carol", ENGINE) == 1


def test_what_is_detached_by_hand_at_the_end_is_over(office: AppHarness) -> None:
    ref = carol_has(office)
    office.detach_by_hand("carol", ENGINE)
    time_is_up(office)
    comes_to(office, ref, "ended")
    in_time(office, lambda: "has ended" in office.carol.sees(), "carol to hear")


def test_access_is_taken_back_although_somebody_removed_what_was_to_be_done_from_the_record(office: AppHarness) -> None:
    ref = carol_has(office)
    with office.ledger.write() as tx:
        assert tx.run("DELETE FROM jobs WHERE kind = 'settle'") >= 1
    office.people.advance(COMPARED_EVERY)
    time_is_up(office)
    comes_to(office, ref, "ended")
    assert not office.holds("carol", ENGINE)
