"""A policy that was reviewed is given as it was reviewed: one that somebody changed waits until two approvers have read
what is other.
"""

from __future__ import annotations

import pytest

from tests.harness.app import ADMIN, APPROVALS, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.refusals import audit_trail, press, refused
from tests.scenario.policies import (
    CHANGED,
    UNREVIEWED,
    change,
    document,
    engine_is_reviewed,
    notice,
    notices,
    review,
    reviewed,
    swap,
)

READ_ONLY = "AliyunPAIRecReadOnlyAccess"
MORE = ("pairec:Get*", "pairec:List*", "eas:*", "hologram:*", "oss:DeleteObject")


@pytest.fixture
def app_reviewed(app: AppHarness) -> AppHarness:
    engine_is_reviewed(app)
    return app


def test_two_approvers_review_what_a_policy_allows_and_it_is_recorded_with_who_did(app: AppHarness) -> None:
    engine_is_reviewed(app)
    assert reviewed(app)[ENGINE] == ("v1", ("U0BOB", "U0JUDY"))
    said = app.bob.message_with(f"`{ENGINE}` `v1` was reviewed by <@U0BOB> and <@U0JUDY>", APPROVALS)
    assert not said.buttons
    last = [entry for entry in audit_trail(app) if entry.get("policy") == ENGINE]
    assert [(entry["event"], entry["by_slack"], entry["version"]) for entry in last] == [
        ("policy approval", "U0BOB", "v1"),
        ("policy reviewed", "U0JUDY", "v1"),
    ]
    assert app.chain_holds()


def test_the_message_says_in_plain_words_what_it_allows(app: AppHarness) -> None:
    app.bob.type("/pairec-access policies review")
    shown = notice(app, UNREVIEWED).plain
    assert "`pairec`: reads `Get*`, `List*`" in shown
    assert "`eas`: everything" in shown


def test_one_person_does_not_review_it_twice_and_nobody_does_who_may_not_approve(app: AppHarness) -> None:
    app.bob.type("/pairec-access policies review")
    shown = notice(app, UNREVIEWED)
    app.bob.click("Reviewed", shown)
    app.until(lambda: "1 of 2" in notice(app, ENGINE).plain, "the first word to count")
    with refused(app, app.bob, "reviewed_already", "You have reviewed", act="review"):
        app.bob.click("Reviewed", notice(app, UNREVIEWED))
    value = shown.blocks[-1]["elements"][0]["value"]
    with refused(app, app.carol, "not_approver", "does not hold", act="review"):
        press(app.carol, "approve_policy", value, shown)
    assert ENGINE not in reviewed(app)


def test_the_word_of_somebody_who_lost_the_policy_since_does_not_count(app: AppHarness) -> None:
    app.bob.type("/pairec-access policies review")
    app.bob.click("Reviewed", notice(app, UNREVIEWED))
    app.until(lambda: "1 of 2" in notice(app, ENGINE).plain, "the first word to count")
    app.detach_by_hand("bob", ADMIN)
    app.judy.click("Reviewed", notice(app, UNREVIEWED))
    app.until(lambda: "reviewed: <@U0JUDY>" in notice(app, UNREVIEWED).plain, "judy's word to be alone")
    assert ENGINE not in reviewed(app)


def test_a_policy_that_was_changed_is_refused_at_the_click_until_it_is_reviewed_anew(app_reviewed: AppHarness) -> None:
    app = app_reviewed
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    change(app, *MORE)
    with refused(app, app.bob, "policy_changed", "changed since it was reviewed", ref):
        app.bob.click("Approve", app.card(ref))
    shown = notice(app).plain
    assert "(`v1` → `v2`)" in shown
    assert "➕ `oss:DeleteObject`" in shown
    assert "➖" not in shown
    review(app)
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ENGINE)
    assert reviewed(app)[ENGINE][0] == "v2"


def test_one_that_is_changed_between_approval_and_attach_waits_and_goes_on_once_it_is_reviewed(
    app_reviewed: AppHarness,
) -> None:
    app = app_reviewed
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    app.people.inject_ram_fault({"fault": "throttle", "action": "AttachPolicyToUser"})
    app.approve(ref, app.bob)
    app.card(ref, "RAM is throttling")
    change(app, *MORE)
    app.people.clear_faults()
    app.real_passes(120)
    app.card(ref, "The policy changed since it was reviewed")
    assert CHANGED in notice(app).plain
    app.real_passes(600)
    assert app.writes("AttachPolicyToUser", "carol", ENGINE) == 0
    review(app)
    app.comes_to_hold("carol", ENGINE)
    app.card(ref, "· active")
    assert app.writes("AttachPolicyToUser", "carol", ENGINE) == 1
    assert app.chain_holds()


def test_one_that_is_swapped_back_is_given_again_and_nobody_has_to_review_it(app_reviewed: AppHarness) -> None:
    app = app_reviewed
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    change(app, *MORE)
    app.look_at_policies()
    shown = notice(app)
    app.bob.click("Reviewed", shown)
    app.until(lambda: "1 of 2" in notice(app).plain, "the first word to count")
    swap(app, "v1")
    app.judy.click("Reviewed", notice(app))
    app.bob.message_with(f"`{ENGINE}` is again as it was reviewed", APPROVALS)
    assert reviewed(app)[ENGINE][0] == "v1"
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ENGINE)


def test_an_approval_notices_that_it_was_swapped_back(app_reviewed: AppHarness) -> None:
    app = app_reviewed
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    change(app, *MORE)
    with refused(app, app.bob, "policy_changed", "changed since it was reviewed", ref):
        app.bob.click("Approve", app.card(ref))
    notice(app)
    swap(app, "v1")
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ENGINE)
    app.bob.message_with(f"`{ENGINE}` is again as it was reviewed", APPROVALS)


def test_a_button_stands_for_the_document_that_was_shown_and_for_no_later_one(app_reviewed: AppHarness) -> None:
    app = app_reviewed
    change(app, *MORE)
    app.look_at_policies()
    shown = notice(app)
    app.bob.click("Reviewed", shown)
    app.until(lambda: "1 of 2" in notice(app).plain, "the first word to count")
    change(app, *MORE, "ram:*")
    with refused(app, app.judy, "review_outdated", "changed again. A new message", act="review"):
        app.judy.click("Reviewed", notice(app))
    app.until(lambda: "`ram:*`" in notice(app).plain and "1 of 2" not in notice(app).plain, "it to be shown anew")
    app.bob.message_with(f"`{ENGINE}` changed again after `v2`", APPROVALS)
    review(app)
    assert reviewed(app)[ENGINE][0] == "v3"


def test_one_that_is_deleted_and_made_anew_with_another_document_is_not_given(app_reviewed: AppHarness) -> None:
    app = app_reviewed
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    app.by_hand("DetachPolicyFromUser", UserName="erin", PolicyName=ENGINE, PolicyType="Custom")
    app.by_hand("DeletePolicy", PolicyName=ENGINE)
    with refused(app, app.bob, "policy_missing", "Find out who deleted it", ref):
        app.bob.click("Approve", app.card(ref))
    # For five minutes, a policy that was found is not looked for again.
    app.restart_bot()
    app.dave.type(f"/pairec-access request {ENGINE} 8h rolling out")
    app.dave.ephemeral_with("Find out who deleted it")
    assert app.writes("CreatePolicy", "", ENGINE) == 0
    app.by_hand("CreatePolicy", PolicyName=ENGINE, PolicyDocument=document("*"))
    with refused(app, app.bob, "policy_changed", "changed since it was reviewed", ref):
        app.bob.click("Approve", app.card(ref))


def test_one_that_cannot_be_read_is_never_taken_for_the_reviewed_one(app_reviewed: AppHarness) -> None:
    app = app_reviewed
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    change(app, "no action at all")
    with refused(app, app.bob, "policy_unreadable", "cannot be read", ref):
        app.bob.click("Approve", app.card(ref))
    assert not app.bob.message_with(f"*Cannot be read:* the document of `{ENGINE}`", APPROVALS).buttons


def test_while_ram_does_not_say_what_it_allows_nothing_is_approved(app_reviewed: AppHarness) -> None:
    app = app_reviewed
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    app.people.inject_ram_fault({"fault": "no_permission", "action": "GetPolicy"})
    with refused(app, app.bob, "ram_refuses", "ram:GetPolicy", ref):
        app.bob.click("Approve", app.card(ref))
    app.people.clear_faults()
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ENGINE)


def test_what_nobody_reviewed_is_given_as_before_and_ram_is_asked_nothing_more_for_it(app: AppHarness) -> None:
    app.comes_to_lose("carol", MONITOR)
    change(app, *MORE, policy=MONITOR)
    before = app.sandbox.ram_calls.take()
    ref = app.asked(app.carol, f"{MONITOR} 8h rolling out")
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", MONITOR)
    assert app.sandbox.ram_calls.take()["GetPolicy"] <= 2, "whether it is there, and of which type"
    assert before is not None
    app.look_at_policies()
    assert not notices(app.bob, MONITOR)


def test_the_daily_look_tells_of_a_change_once(app_reviewed: AppHarness) -> None:
    app = app_reviewed
    change(app, *MORE)
    app.people.advance(25 * HOUR)
    notice(app)
    app.people.advance(25 * HOUR)
    app.until(lambda: len(notices(app.bob, CHANGED)) == 1, "approvers to be told once")


def test_where_reviews_are_a_must_nothing_is_given_before(app: AppHarness) -> None:
    app.restart_bot({"PAIREC_POLICY_REVIEW": "required"})
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    with refused(app, app.bob, "policy_not_reviewed", "has not been reviewed", ref):
        app.bob.click("Approve", app.card(ref))
    review(app, UNREVIEWED)
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ENGINE)


def test_the_list_says_of_each_policy_how_it_stands(app_reviewed: AppHarness) -> None:
    app = app_reviewed
    app.look_at_policies()
    app.until(lambda: ADMIN in reviewed(app), "the published ones to be known")
    app.carol.type("/pairec-access policies")
    said = app.carol.ephemeral_with(f"✅ `{ENGINE}` `v1`: reviewed by <@U0BOB> and <@U0JUDY>").plain
    assert f"✅ `{ADMIN}` `v1`: as published by Alibaba Cloud" in said
    assert f"⚠️ `{MONITOR}` `v1`: not reviewed" in said
    change(app, *MORE)
    app.carol.type("/pairec-access policies")
    app.carol.ephemeral_with(f"📜 `{ENGINE}` `v2`: changed since it was reviewed, not granted")


def test_whoever_may_not_approve_asks_for_no_reviews(app: AppHarness) -> None:
    with refused(app, app.carol, "not_approver", "does not hold", act="review"):
        app.carol.type("/pairec-access policies review")


def test_a_published_policy_that_gets_a_new_version_is_reviewed_before_it_is_granted(app: AppHarness) -> None:
    app.look_at_policies()
    app.until(lambda: READ_ONLY in reviewed(app), "the published ones to be known")
    ref = app.asked(app.carol, f"{READ_ONLY} 8h reports")
    assert "Not reviewed" not in app.card(ref).plain
    app.people.turn_switch(f"policy.{READ_ONLY}.changed")
    with refused(app, app.bob, "policy_changed", "changed since it was reviewed", ref):
        app.bob.click("Approve", app.card(ref))
    assert "➕ `pairec:Delete*`" in notice(app, READ_ONLY).plain
    review(app, READ_ONLY)
    app.approve(ref, app.bob)
    app.until(lambda: app.states(ref) == ["active"], f"{ref} to be active")


def test_the_card_warns_of_what_nobody_ever_reviewed(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    assert f"⚠️ Not reviewed: `{ENGINE}`" in app.card(ref).plain
    app.approve(ref, app.bob)
    assert "Not reviewed" not in app.card(ref, "· active").plain


def test_the_card_that_waits_says_that_its_policy_changed_until_it_is_the_reviewed_one(
    app_reviewed: AppHarness,
) -> None:
    app, says = app_reviewed, f"⚠️ Changed since it was reviewed: `{ENGINE}`"
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    assert "⚠️" not in app.card(ref).plain
    change(app, *MORE)
    app.look_at_policies()
    app.card(ref, says)
    swap(app, "v1")
    app.look_at_policies()
    app.until(lambda: says not in app.card(ref).plain, "the card to say so no more")
    swap(app, "v2")
    app.look_at_policies()
    app.card(ref, says)
    review(app)
    app.until(lambda: says not in app.card(ref).plain, "the card to say so no more")


def test_the_card_stops_to_warn_once_it_was_reviewed(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    engine_is_reviewed(app)
    app.until(lambda: "Not reviewed" not in app.card(ref).plain, "the card to say so no more")
