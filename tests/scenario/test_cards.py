"""The approval card: what it says, where it goes, and what its buttons do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from approvals.millis import MINUTE
from bot.sandbox.client import SandboxPerson, SeenMessage
from tests.harness.app import ADMIN, APPROVALS, DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.refusals import link, new_ram_user, newcomer, press, refused

USER_PAGE = "https://ram.console.aliyun.com/users/detail?userId={user}"
ADMINISTRATORS = ["U0ALICE", "U0BOB", "U0JUDY"]


def copies(app: AppHarness, ref: str) -> dict[str, SeenMessage]:
    """The copies of a card that its approvers got as direct messages, by whose they are."""
    found = {}
    for person in (app.alice, app.bob, app.judy):
        for message in person.messages():
            if message.channel != APPROVALS and message.plain.startswith(f"{ref} ·"):
                found[person.name] = message
    return found


def deny(person: SandboxPerson, card: SeenMessage, reason: str) -> None:
    person.click("Deny", card)
    person.modal("Reason")
    assert person.submit({"Reason": reason}) == {}


def test_the_card_says_who_as_whom_what_how_long_and_why(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h ticket:ABC-1 rolling out ranker v3")
    card = app.card(ref)
    shown = card.plain
    assert shown.startswith(f"{ref} · needs approval\n<@U0CAROL> requests *Engine* (`{ENGINE}`).")
    page = USER_PAGE.format(user=app.record(ref).request.principal.user_id)
    assert f"*RAM user*\n<{page}|`carol`>" in shown
    assert "*Ticket*\n`ABC-1`" in shown
    assert "*Duration*\n8h" in shown
    assert "*Already holds*\nnone of these policies" in shown
    assert "\nDeploy and run the recommendation engine: PAI-EAS and Hologres.\n" in shown
    assert "*Reason*\nrolling out ranker v3" in shown
    assert f"asked because your RAM user holds `{ADMIN}`" in shown
    assert "needs 1 approval before" in shown
    assert card.buttons == ["Approve", "Approve with changes", "Deny", "Comment", "Details"]
    assert ref in card.text and ENGINE in card.text


def test_the_card_shows_what_is_held_already_also_through_a_group(app: AppHarness) -> None:
    app.by_hand("CreateGroup", GroupName="ranking")
    app.by_hand("AddUserToGroup", UserName="dave", GroupName="ranking")
    app.by_hand("AttachPolicyToGroup", GroupName="ranking", PolicyName=DATA, PolicyType="Custom")
    ref = app.asked(app.dave, f"{ENGINE} 8h rollout")
    assert f"*Already holds*\n`{MONITOR}`, `{DATA}` through group `ranking`" in app.card(ref).plain


def test_a_policy_held_through_a_group_alone_can_still_be_asked_for(app: AppHarness) -> None:
    app.by_hand("CreateGroup", GroupName="ranking")
    app.by_hand("AddUserToGroup", UserName="carol", GroupName="ranking")
    app.by_hand("AttachPolicyToGroup", GroupName="ranking", PolicyName=ENGINE, PolicyType="Custom")
    ref = app.asked(app.carol, f"{ENGINE} 1h rollout")
    assert f"`{ENGINE}` through group `ranking`" in app.card(ref).plain
    app.approve(ref, app.bob)
    app.card(ref, "active")
    app.people.advance(HOUR + 1)
    app.carol.direct_message_with("the direct grant is gone; RAM user `carol` still has it through group `ranking`")


def test_the_card_mentions_the_approvers_and_whoever_it_is_about(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    assert sorted(app.card(ref).mentions) == sorted([*ADMINISTRATORS, "U0CAROL"])


def test_the_card_does_not_ask_those_who_may_not_decide_on_it(app: AppHarness) -> None:
    ref = app.asked(app.alice, f"{ENGINE} @judy 8h rollout")
    foot = app.card(ref).plain.splitlines()[-1]
    assert "<@U0BOB>: asked" in foot
    assert "U0ALICE" not in foot and "U0JUDY" not in foot


def test_the_card_mentions_at_most_ten_approvers(app: AppHarness) -> None:
    for number in range(9):
        person = newcomer(app, f"admin{number}")
        new_ram_user(app, person.name)
        app.attach_by_hand(person.name, ADMIN)
        link(app, person, person.name)
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    card = app.card(ref)
    assert len(card.mentions) == 11, "ten approvers, and Carol herself"
    left_out = [f"admin{number}" for number in range(9) if f"U0ADMIN{number}" not in card.mentions]
    assert len(left_out) == 2
    press(app.people.person(left_out[0]), "approve", app.name(ref), card)
    app.comes_to_hold("carol", ENGINE)


def test_without_a_channel_each_approver_gets_a_copy_and_all_show_the_decision(tmp_path: Path) -> None:
    with AppHarness(tmp_path, {"PAIREC_APPROVALS_CHANNEL": ""}) as app:
        app.carol.type(f"/pairec-access request {ENGINE} 8h rollout")
        app.until(lambda: len(copies(app, "R-1001")) == 3, "three copies")
        assert app.cards() == []
        app.judy.click("Approve", copies(app, "R-1001")["judy"])
        app.comes_to_hold("carol", ENGINE)
        app.until(
            lambda: all("Approve" not in m.buttons and "active" in m.plain for m in copies(app, "R-1001").values()),
            "every copy to show it",
        )
        assert all("<@U0JUDY>" in message.plain for message in copies(app, "R-1001").values())


@pytest.mark.parametrize("error", ["channel_not_found", "not_in_channel", "is_archived"])
def test_a_channel_that_does_not_take_the_card_sends_it_to_each_approver(app: AppHarness, error: str) -> None:
    app.people.inject_slack_fault(
        {"fault": "error", "method": "chat.postMessage", "channel": APPROVALS, "error": error}
    )
    app.carol.type(f"/pairec-access request {ENGINE} 8h rollout")
    app.until(lambda: len(copies(app, "R-1001")) == 3, "three copies")
    assert app.cards() == []
    app.bob.click("Approve", copies(app, "R-1001")["bob"])
    app.comes_to_hold("carol", ENGINE)
    assert "card sent to each approver" in app.events("R-1001")


def test_a_bot_that_is_not_in_the_channel_sends_the_card_to_each_approver(app: AppHarness) -> None:
    app.people.inject_slack_fault({"channel": APPROVALS, "members": ADMINISTRATORS})
    app.carol.type(f"/pairec-access request {ENGINE} 8h rollout")
    app.until(lambda: len(copies(app, "R-1001")) == 3, "three copies")


def test_denying_asks_for_a_reason_and_the_card_shows_it(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.bob.click("Deny", app.card(ref))
    app.bob.modal(f"Deny {ref}")
    assert list(app.bob.submit({"Reason": ""})) == ["reason"]
    errors = app.bob.submit({"Reason": "   "})
    assert "Give a reason in a few words" in errors["reason"]
    assert app.record(ref).pending
    assert app.bob.submit({"Reason": "the release is frozen"}) == {}
    card = app.card(ref, "denied")
    assert "Denied by <@U0BOB>, <!date^" in card.plain
    assert "the release is frozen" in card.plain
    assert card.buttons == []
    assert not app.holds("carol", ENGINE)
    app.bob.direct_message_with(f"*{ref}* is denied.")


def test_closing_the_denial_denies_nothing(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.bob.click("Deny", app.card(ref))
    app.bob.modal("Reason")
    app.bob.close_modal()
    app.approve(ref, app.judy)
    app.comes_to_hold("carol", ENGINE)


def test_details_show_the_whole_reason_and_what_happened(app: AppHarness) -> None:
    reason = " ".join(f"word{number}" for number in range(200))
    ref = app.asked(app.carol, f"{ADMIN} 1h {reason}")
    assert "word199" not in app.card(ref).plain
    app.approve(ref, app.bob)
    app.judy.click("Details", app.card(ref, "1 of 2"))
    shown = app.judy.modal(ref).plain
    assert reason in shown
    assert "<@U0CAROL> requested it." in shown and "<@U0BOB> approved: 1 of 2." in shown
    assert app.judy.modal().buttons == []


def test_approving_the_admin_policy_asks_for_confirmation_and_says_what_it_means(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ADMIN} 1h incident 12")
    card = app.card(ref)
    approve = next(spot.element for spot in card.spots() if spot.element["action_id"] == "approve")
    assert approve["confirm"]["title"]["text"] == "Make an administrator?"
    assert "RAM user carol will be able to attach PAI-Rec policies to anyone, for 1h." in str(approve["confirm"])
    app.bob.click("Approve", card, confirm=False)
    app.judy.click("Details", card)
    app.judy.modal(ref)
    assert app.record(ref).approvals == ()


def test_a_bundle_with_the_admin_policy_in_it_asks_as_well_and_any_other_does_not(
    app: AppHarness, tmp_path: Path
) -> None:
    built_in = Path("approvals/catalog/catalog.toml").read_text("utf-8")
    path = tmp_path / "catalog.toml"
    bundle = f'\n[bundles.lead]\ntitle = "Lead"\nallows = "All."\npolicies = ["{ADMIN}", "{MONITOR}"]\n'
    path.write_text(built_in + bundle, "utf-8")
    app.restart_bot({"PAIREC_CATALOG": str(path)})
    asked = [app.asked(app.carol, f"{item} 1h now") for item in ("lead", ENGINE)]
    confirms = [
        spot.element.get("confirm") is not None
        for ref in asked
        for spot in app.card(ref).spots()
        if spot.element["action_id"] == "approve"
    ]
    assert confirms == [True, False]
    assert app.record(asked[0]).request.approvals_needed == 2


def test_one_of_two_keeps_the_buttons_and_one_denial_closes_it(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ADMIN} 1h incident 12")
    app.approve(ref, app.bob)
    card = app.card(ref, "1 of 2")
    assert "*1 of 2* approved: <@U0BOB> <!date^" in card.plain
    assert card.buttons == ["Approve", "Approve with changes", "Deny", "Comment", "Details"]
    deny(app.judy, card, "no incident is open")
    closed = app.card(ref, "denied")
    assert closed.buttons == []
    assert "of 2" not in closed.plain
    assert not app.holds("carol", ADMIN)


def test_somebody_who_approved_may_still_deny_while_approvals_are_missing(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ADMIN} 1h incident 12")
    app.approve(ref, app.bob)
    deny(app.bob, app.card(ref, "1 of 2"), "I was wrong")
    app.card(ref, "denied")


def test_a_late_click_on_an_old_look_at_the_card_learns_who_decided_and_when(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    old = app.card(ref)
    app.approve(ref, app.bob)
    app.card(ref, "active")
    with refused(app, app.judy, "already_closed", f"{ref} was approved by <@U0BOB>, <!date^", ref):
        press(app.judy, "approve", app.name(ref), old)
    with refused(app, app.alice, "already_closed", f"{ref} was approved by <@U0BOB>, <!date^", ref):
        press(app.alice, "deny", app.name(ref), old)


def test_a_denial_that_was_open_while_somebody_else_decided_learns_so(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.judy.click("Deny", app.card(ref))
    app.judy.modal("Reason")
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ENGINE)
    app.card(ref, "active")
    with refused(app, app.judy, "already_closed", f"{ref} was approved by <@U0BOB>", ref):
        app.judy.submit({"Reason": "too late"})


@pytest.mark.parametrize("how", ["cancelled", "expired"])
def test_a_card_that_closes_without_a_decision_loses_its_buttons_and_says_how(app: AppHarness, how: str) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    old = app.card(ref)
    if how == "cancelled":
        app.cancels(app.carol, ref)
    else:
        app.people.advance(24 * HOUR)
    card = app.card(ref, how)
    assert card.buttons == []
    says = "Cancelled by <@U0CAROL>, <!date^" if how == "cancelled" else "No decision in time; expired <!date^"
    assert says in card.plain
    told = f"{ref} was cancelled by <@U0CAROL>" if how == "cancelled" else f"{ref} expired <!date^"
    with refused(app, app.bob, "already_closed", told, ref):
        press(app.bob, "approve", app.name(ref), old)


def test_each_policy_of_a_bundle_has_a_grant_and_a_line_of_its_own(app: AppHarness) -> None:
    ref = app.asked(app.dave, "algorithm-engineer 8h new features")
    app.approve(ref, app.bob)
    app.comes_to_hold("dave", DATA)
    app.card(ref, f"🔵 `{MONITOR}`: held before, and stays when this request ends")
    app.card(ref, f"🟢 `{DATA}`: active until")
    assert sorted(app.states(ref)) == ["active", "held"]
    app.people.advance(8 * HOUR + 1)
    app.comes_to_lose("dave", DATA)
    assert app.holds("dave", MONITOR)


def limit_exceeded(app: AppHarness, policy: str, times: int | None = 1) -> None:
    order = {"action": "AttachPolicyToUser", "fault": "error", "policy": policy, "status": 409, "times": times}
    app.people.inject_ram_fault(
        {**order, "code": "LimitExceeded.User.Policy", "message": "The count is beyond the limit."}
    )


def test_one_policy_of_a_bundle_that_fails_says_why_and_can_be_tried_again(app: AppHarness) -> None:
    limit_exceeded(app, MONITOR)
    ref = app.asked(app.carol, "engine-engineer 8h rollout")
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ENGINE)
    # Either line may come first.
    app.card(ref, f"🟢 `{ENGINE}`: active until")
    card = app.card(ref, f"🔴 `{MONITOR}`: could not be attached. The RAM user has as many policies as RAM allows")
    assert "needs attention" in card.plain and f"🟢 `{ENGINE}`: active until" in card.plain
    assert card.buttons == ["Retry", "Revoke", "Details"]
    app.judy.click("Retry", card)
    app.comes_to_hold("carol", MONITOR)
    assert app.card(ref, "· active").buttons == ["Revoke", "Details"]
    ends = {grant.ends_at for grant in app.record(ref).grants}
    assert ends == {app.record(ref).request.ends_at}
    app.people.advance(8 * HOUR)
    app.comes_to_lose("carol", MONITOR)
    app.comes_to_lose("carol", ENGINE)


def test_only_an_approver_tries_again(app: AppHarness) -> None:
    limit_exceeded(app, ENGINE)
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.approve(ref, app.bob)
    card = app.card(ref, "needs attention")
    with refused(app, app.carol, "not_approver", "does not hold", ref, act="retry"):
        press(app.carol, "retry", app.name(ref), card)


def test_nothing_can_be_tried_again_once_the_time_is_up(app: AppHarness) -> None:
    limit_exceeded(app, ENGINE)
    ref = app.asked(app.carol, f"{ENGINE} 30m rollout")
    app.approve(ref, app.bob)
    card = app.card(ref, "needs attention")
    app.people.advance(30 * MINUTE / 1_000)
    assert app.card(ref, "ended").buttons == []
    with refused(app, app.bob, "nothing_to_retry", f"Nothing of {ref} can be retried.", ref, act="retry"):
        app.bob.click("Retry", card)
    assert not app.holds("carol", ENGINE)


@pytest.mark.parametrize(
    ("change", "why", "says"),
    [
        ({"deleted": True}, "deleted", "The Slack account of <@U0CAROL> is deactivated."),
        ({"is_restricted": True}, "guest", "<@U0CAROL> is a guest of this workspace"),
        ({"team_id": "T0OTHER"}, "stranger", "<@U0CAROL> is not a member of this workspace"),
    ],
    ids=["deactivated", "a guest", "elsewhere"],
)
def test_nothing_is_tried_again_for_somebody_who_has_left(
    app: AppHarness, change: dict[str, Any], why: str, says: str
) -> None:
    limit_exceeded(app, ENGINE)
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.approve(ref, app.bob)
    card = app.card(ref, "needs attention")
    app.people.inject_slack_fault({"person": "U0CAROL", "set": change})
    with refused(app, app.bob, why, says, ref, act="retry"):
        app.bob.click("Retry", card)
    assert not app.holds("carol", ENGINE)


def test_a_click_on_a_copy_that_the_bot_does_not_know_counts_and_is_redrawn(app: AppHarness) -> None:
    app.people.inject_slack_fault({"fault": "drop_answer", "method": "chat.postMessage", "channel": APPROVALS})
    app.carol.type(f"/pairec-access request {ENGINE} 8h rollout")
    app.until(lambda: len(app.cards()) == 2, "a second copy, since the first one's answer was lost")
    first, second = app.cards()
    app.bob.click("Approve", first)
    app.comes_to_hold("carol", ENGINE)
    app.until(lambda: all("Approve" not in card.buttons for card in app.cards()), "both copies to show it")
    assert [card.ts for card in app.cards()] == [first.ts, second.ts]
