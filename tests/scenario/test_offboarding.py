"""Somebody leaves: an approver sees what ends and what is left, and ends it; the RAM user stays."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.sandbox.client import SeenMessage
from bot.sandbox.ram.identity import bot_identity
from bot.sandbox.ram.seed import ACCESS_KEY_ID
from bot.sandbox.ram.state import AccountState
from tests.harness.app import APPROVALS, DATA, ENGINE, AppHarness
from tests.harness.refusals import audit_trail, is_told, link, newcomer, press, refused, unlink
from tests.harness.waiting import comes_to
from tests.scenario.onboarding import heidi, link_of, mention, notice_of, onboard

SAYS = "offboards"


def burden(app: AppHarness, name: str = "carol") -> None:
    """All that a user may have besides what was granted here."""

    def change(state: AccountState, now: float) -> None:
        state.users[name] = replace(
            state.users[name], access_keys=("LTAI0OLDKEY",), mfa_device="serial", console_login=True
        )

    app.sandbox.account.write(change)
    app.by_hand("CreateGroup", GroupName="engineers")
    app.by_hand("AddUserToGroup", UserName=name, GroupName="engineers")
    app.attach_by_hand(name, ENGINE)


def offboard(app: AppHarness, who: str = "carol") -> SeenMessage:
    app.bob.type(f"/pairec-access offboard @{who}")
    return app.bob.message_with(SAYS, APPROVALS)


def test_all_that_was_granted_ends_and_the_rest_is_a_checklist_with_links(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{DATA} 8h rollout")
    app.approve(ref, app.bob)
    comes_to(app, ref, "active")
    waits = app.asked(app.carol, "PaiRecMonitorAccess 8h watching")
    burden(app)
    shown = offboard(app)
    for part in (DATA, ref, waits, "LTAI0OLDKEY", ENGINE, "engineers", "password", "MFA device", "never deleted"):
        assert part in shown.plain, shown.plain
    assert shown.plain.count(DATA) == 1, "what ends is not left to people"
    assert "https://ram.console.aliyun.com/users/detail?userId=200000000000000004" in json.dumps(shown.blocks)
    app.judy.click("Revoke all", shown)
    comes_to(app, ref, "ended")
    assert not app.holds("carol", DATA) and app.holds("carol", ENGINE)
    app.until(lambda: app.record(waits).request.state == "cancelled", "what waits to be cancelled")
    said = app.bob.message_with("revokes all access of", APPROVALS)
    assert "LTAI0OLDKEY" in said.plain and not said.buttons
    assert "carol" in app.sandbox.account.read().users
    (left,) = [entry for entry in audit_trail(app) if entry["event"] == "left"]
    assert left["by_slack"] == app.judy.id and left["by_ram_user"] == "judy"
    assert link_of(app, app.carol) is None
    (unlinked,) = [entry for entry in audit_trail(app) if entry["event"] == "unlinked"]
    assert (unlinked["slack"], unlinked["ram_user"], unlinked["by"]) == (app.carol.id, "carol", "offboarded by judy")
    assert app.chain_holds()


def test_whoever_is_offboarded_does_not_ask_anew_by_mistake(app: AppHarness) -> None:
    shown = offboard(app)
    assert "the link of" in shown.plain
    asks = json.dumps([block for block in shown.blocks if block["type"] == "actions"])
    assert "their Slack account is unlinked" in asks
    app.bob.click("Revoke all", shown)
    app.bob.message_with("no longer linked", APPROVALS)
    is_told(app, app.carol, "/pairec-access link", "You are not linked")
    is_told(app, app.carol, f"/pairec-access onboard {mention(heidi(app))}", "must be linked")
    ref = app.asked(app.carol, f"{DATA} 8h rollout")
    card = app.bob.message_with(ref, APPROVALS)
    assert "to RAM user `carol`" in card.plain, "whoever approves is asked who it is"


def test_a_link_that_somebody_else_got_meanwhile_stays(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{DATA} 8h rollout")
    app.approve(ref, app.bob)
    comes_to(app, ref, "active")
    shown = offboard(app)
    unlink(app, app.carol)
    other = newcomer(app, "carol2")
    link(app, other, "carol")
    app.bob.click("Revoke all", shown)
    comes_to(app, ref, "ended")
    said = app.bob.message_with("revokes all access of", APPROVALS)
    assert link_of(app, other) is not None and "no longer linked" not in said.plain


def test_what_does_not_end_although_they_are_unlinked_is_offboarded_again(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{DATA} 8h rollout")
    app.approve(ref, app.bob)
    comes_to(app, ref, "active")
    shown = offboard(app)
    app.people.inject_ram_fault({"action": "DetachPolicyFromUser", "fault": "throttle", "seconds": 1})
    app.bob.click("Revoke all", shown)
    app.bob.message_with("revokes all access of", APPROVALS)
    app.bob.type("/pairec-access offboard @carol")
    again = app.bob.message_with("This ends", APPROVALS)
    assert DATA in again.plain and "the link of" not in again.plain
    app.people.clear_faults()
    comes_to(app, ref, "ended")
    is_told(app, app.bob, "/pairec-access offboard @carol", "is not linked to a RAM user")


def test_nobody_offboards_themselves_or_keeps_what_they_have(app: AppHarness) -> None:
    is_told(app, app.bob, "/pairec-access offboard @bob", "Nobody offboards themselves")
    app.judy.type("/pairec-access offboard @bob")
    shown = app.judy.message_with(SAYS, APPROVALS)
    for button in ("Revoke all", "Cancel"):
        with refused(app, app.bob, "own_offboarding", "Nobody offboards themselves", act="revoke_all"):
            app.bob.click(button, shown)
    app.judy.click("Revoke all", shown)
    app.judy.message_with("no longer linked", APPROVALS)


def test_forged_buttons_of_a_message_about_somebody_who_leaves_change_nothing(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{DATA} 8h rollout")
    app.approve(ref, app.bob)
    comes_to(app, ref, "active")
    shown = offboard(app)
    notice = notice_of(shown)
    new = heidi(app)
    onboarding = notice_of(onboard(app, app.bob, new))
    for action in ("offboarding_take_back", "offboarding_keep"):
        for person in (app.carol, app.dave):
            with refused(app, person, "not_approver", "PaiRecRamAdminAccess", act="revoke_all"):
                press(person, action, notice, shown)
        with refused(app, app.judy, "unknown_notice", "", act="revoke_all"):
            press(app.judy, action, onboarding, shown)
        with refused(app, app.judy, "outdated", "", act="revoke_all"):
            press(app.judy, action, "0" * 32, shown)
    assert app.holds("carol", DATA) and link_of(app, app.carol) is not None


def test_what_is_given_after_the_message_ends_with_it(app: AppHarness) -> None:
    shown = offboard(app)
    assert "nothing that was granted here is active" in shown.plain
    ref = app.asked(app.carol, f"{DATA} 8h rollout")
    app.approve(ref, app.bob)
    comes_to(app, ref, "active")
    app.bob.click("Revoke all", shown)
    comes_to(app, ref, "ended")


def test_only_approvers_see_it_and_end_it(app: AppHarness) -> None:
    is_told(app, app.carol, "/pairec-access offboard @dave", "PaiRecRamAdminAccess")
    new = heidi(app)
    is_told(app, app.bob, f"/pairec-access offboard @{new.name}", "is not linked to a RAM user")
    is_told(app, app.bob, "/pairec-access offboard", "There is nobody called")
    assert not [message for message in app.bob.messages(APPROVALS) if SAYS in message.plain]


def test_it_is_said_anew_when_it_is_asked_again_and_a_late_click_changes_nothing(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{DATA} 8h rollout")
    app.approve(ref, app.bob)
    comes_to(app, ref, "active")
    shown = offboard(app)
    app.judy.type("/pairec-access offboard @carol")
    app.bob.message_with("is offboarded further down", APPROVALS)
    again = app.bob.message_with("This ends", APPROVALS)
    app.bob.click("Cancel", again)
    app.bob.message_with("keeps their access", APPROVALS)
    app.judy.click("Revoke all", shown)
    app.judy.ephemeral_with("handled already")
    assert app.holds("carol", DATA)


def test_whoever_left_slack_is_offboarded_like_anybody(app: AppHarness) -> None:
    new = newcomer(app, "ivan", email="ivan@example.com")
    app.by_hand("CreateUser", UserName="ivan")
    link(app, new, "ivan")
    app.people.inject_slack_fault({"person": new.id, "set": {"deleted": True}})
    assert "`ivan`" in offboard(app, "ivan").plain


def test_whoever_was_renamed_is_read_by_their_name_now_and_not_who_has_the_old_one(app: AppHarness) -> None:
    burden(app)
    app.by_hand("UpdateUser", UserName="carol", NewUserName="carol.diaz")
    app.by_hand("CreateUser", UserName="carol")
    app.attach_by_hand("carol", DATA)
    shown = offboard(app)
    assert "`carol.diaz`" in shown.plain and "LTAI0OLDKEY" in shown.plain and DATA not in shown.plain


def test_a_user_that_is_gone_is_said_to_be(app: AppHarness) -> None:
    app.by_hand("DeleteUser", UserName="carol")
    assert "no longer has this user" in offboard(app).plain


@pytest.mark.parametrize("missing", ["ListAccessKeys", "GetUserMFAInfo", "GetLoginProfile"])
def test_what_cannot_be_read_is_named_and_nothing_is_said_of_it(app: AppHarness, missing: str) -> None:
    burden(app)
    app.sandbox.account.identities[ACCESS_KEY_ID] = bot_identity().without(f"ram:{missing}")
    shown = offboard(app)
    assert f"`ram:{missing}`" in shown.plain and "Could not be read" in shown.plain
    assert "engineers" in shown.plain
