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


def test_what_somebody_gave_before_us_stays_when_the_request_is_over(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.attach_by_hand("carol", ENGINE)
    app.approve(ref, app.bob)
    comes_to(app, ref, "held")
    app.carol.direct_message_with("has")
    app.card(ref, "eld before, and stays when this request ends")
    time_is_up(app, 2 * HOUR)
    app.real_passes(LONG_ENOUGH)
    assert app.holds("carol", ENGINE)
    assert app.writes("DetachPolicyFromUser", "carol", ENGINE) == 0


def test_the_key_stays_until_the_last_of_two_requests_is_over(app: AppHarness) -> None:
    short = carol_has(app, duration="1h")
    long = carol_has(app, duration="3h")
    time_is_up(app)
    comes_to(app, short, "ended")
    assert app.holds("carol", ENGINE) and app.states(long) == ["active"]
    told = app.carol.direct_message_with(f"{short}*: *Engine* (`{ENGINE}`) has expired.").plain
    assert f"RAM user `carol` still has it through {long}" in told and "RAM shows it gone" not in told
    app.card(short, f"RAM user `carol` still has it through {long}")
    time_is_up(app, 2 * HOUR)
    comes_to(app, long, "ended")
    assert once_given_once_taken(app) and not app.holds("carol", ENGINE)


def test_the_key_stays_for_the_shorter_request_when_the_longer_is_given_back(app: AppHarness) -> None:
    short = carol_has(app, duration="1h")
    long = carol_has(app, duration="3h")
    app.revokes(app.carol, long)
    comes_to(app, long, "ended")
    assert app.holds("carol", ENGINE) and app.states(short) == ["active"]
    time_is_up(app)
    comes_to(app, short, "ended")
    assert once_given_once_taken(app)


def test_what_somebody_attached_after_a_revoke_whose_answer_was_lost_stays(app: AppHarness) -> None:
    ref = carol_has(app)
    app.people.inject_ram_fault({"action": "DetachPolicyFromUser", "fault": "drop_answer", "times": 1})
    time_is_up(app)
    comes_to(app, ref, "ended")
    app.attach_by_hand("carol", ENGINE)
    for _ in range(3):
        app.real_passes(LONG_ENOUGH)
        in_time(app, lambda: not settling(app), "the key to be settled")
    assert app.holds("carol", ENGINE)


def test_what_somebody_removed_after_a_grant_whose_answer_was_lost_stays_removed(app: AppHarness) -> None:
    app.people.inject_ram_fault({"action": "AttachPolicyToUser", "fault": "drop_answer", "times": 1})
    ref = carol_has(app, duration="8h")
    app.detach_by_hand("carol", ENGINE)
    app.real_passes(LONG_ENOUGH)
    app.people.advance(COMPARED_EVERY)
    in_time(app, lambda: app.record(ref).grants[0].missing_since_real, "the bot to miss it")
    app.real_passes(LONG_ENOUGH)
    comes_to(app, ref, "ended")
    assert not app.holds("carol", ENGINE)
    assert app.writes("AttachPolicyToUser", "carol", ENGINE) == 1


def settling(app: AppHarness) -> bool:
    with app.ledger.read() as tx:
        return bool(tx.rows("SELECT id FROM jobs WHERE kind = 'reconcile_key'"))


def test_what_was_removed_by_hand_is_over_and_is_not_attached_again(app: AppHarness) -> None:
    ref = carol_has(app, duration="8h")
    app.detach_by_hand("carol", ENGINE)
    app.people.advance(COMPARED_EVERY)
    in_time(app, lambda: app.record(ref).grants[0].missing_since_real, "RAM to be compared")
    assert app.states(ref) == ["active"], "one look is not enough"
    app.real_passes(LONG_ENOUGH)
    comes_to(app, ref, "ended")
    in_time(app, lambda: "removed from RAM user `carol` outside this app" in app.carol.screen_text(), "carol to hear")
    app.card(ref, "emoved outside this app")
    time_is_up(app, 9 * HOUR)
    app.real_passes(LONG_ENOUGH)
    assert app.writes("AttachPolicyToUser", "carol", ENGINE) == 1
    assert not app.holds("carol", ENGINE)


def test_what_was_removed_by_hand_and_put_back_goes_on(app: AppHarness) -> None:
    ref = carol_has(app, duration="8h")
    app.detach_by_hand("carol", ENGINE)
    app.people.advance(COMPARED_EVERY)
    in_time(app, lambda: app.record(ref).grants[0].missing_since_real, "RAM to be compared")
    app.attach_by_hand("carol", ENGINE)
    app.real_passes(LONG_ENOUGH)
    in_time(app, lambda: app.record(ref).grants[0].missing_since_real is None, "it to be found again")
    assert app.states(ref) == ["active"]


def test_what_was_removed_by_hand_may_be_asked_for_again(app: AppHarness) -> None:
    first = carol_has(app, duration="8h")
    app.detach_by_hand("carol", ENGINE)
    app.people.advance(COMPARED_EVERY)
    in_time(app, lambda: app.record(first).grants[0].missing_since_real, "RAM to be compared")
    app.real_passes(LONG_ENOUGH)
    comes_to(app, first, "ended")
    second = carol_has(app, duration="1h")
    assert app.holds("carol", ENGINE)
    time_is_up(app)
    comes_to(app, second, "ended")
    assert not app.holds("carol", ENGINE)


def test_access_that_a_group_still_gives_is_not_called_gone(app: AppHarness) -> None:
    ref = carol_has(app)
    app.by_hand("CreateGroup", GroupName="engineers")
    app.by_hand("AddUserToGroup", UserName="carol", GroupName="engineers")
    app.by_hand("AttachPolicyToGroup", GroupName="engineers", PolicyName=ENGINE, PolicyType="Custom")
    time_is_up(app)
    comes_to(app, ref, "ended")
    told = in_time(
        app,
        lambda: [m.plain for m in app.carol.messages() if "still has it through group `engineers`" in m.plain],
        "carol to be told of the group",
    )
    assert "the direct grant is gone" in told[0] and "RAM shows it gone" not in told[0]
    assert app.writes("DetachPolicyFromUser", "carol", ENGINE) == 1


def test_what_is_detached_by_hand_at_the_end_is_over(app: AppHarness) -> None:
    ref = carol_has(app)
    app.detach_by_hand("carol", ENGINE)
    time_is_up(app)
    comes_to(app, ref, "ended")
    in_time(app, lambda: "has expired" in app.carol.screen_text(), "carol to hear")


def test_access_is_taken_back_although_somebody_removed_what_was_to_be_done_from_the_record(app: AppHarness) -> None:
    ref = carol_has(app)
    with app.ledger.write() as tx:
        assert tx.changed("DELETE FROM jobs WHERE kind = 'reconcile_key'") >= 1
    app.people.advance(COMPARED_EVERY)
    time_is_up(app)
    comes_to(app, ref, "ended")
    assert not app.holds("carol", ENGINE)
