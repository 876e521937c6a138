"""Whoever is given the admin policy outside of the bot decides on nothing until an approver knows of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from approvals.ids import RamUserId
from bot.cli.audit_record import differences
from bot.sandbox.client import SandboxPerson
from tests.harness.app import ADMIN, APPROVALS, DATA, ENGINE, HOUR, AppHarness
from tests.harness.refusals import audit_trail, invite, link, new_ram_user, newcomer, press, refused

TELLS = "A new holder of"
NOT_YET = f"got `{ADMIN}` recently, outside this app"


def said(person: SandboxPerson, text: str = TELLS) -> list[str]:
    return [message.plain for message in person.messages(APPROVALS) if text in message.plain]


def given_by_hand(app: AppHarness, name: str, way: str) -> None:
    if way == "directly":
        app.attach_by_hand(name, ADMIN)
        return
    app.by_hand("CreateGroup", GroupName="platform")
    app.by_hand("AttachPolicyToGroup", GroupName="platform", PolicyName=ADMIN, PolicyType="Custom")
    app.by_hand("AddUserToGroup", GroupName="platform", UserName=name)


@pytest.mark.parametrize("way", ["directly", "through a group"])
def test_whoever_was_given_the_policy_by_hand_decides_once_an_approver_has_confirmed_them(
    app: AppHarness, way: str
) -> None:
    invite(app, app.dave)
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    given_by_hand(app, "dave", way)
    with refused(app, app.dave, "unconfirmed_admin", NOT_YET, ref):
        app.dave.click("Approve", app.card(ref))
    notice = app.bob.message_with("RAM user `dave` (<@U0DAVE>)", APPROVALS)
    app.bob.click("Confirm as approver", notice)
    app.until(lambda: said(app.bob, "✅ Confirmed as approver by <@U0BOB>: RAM user `dave`"), "it to be said")
    app.approve(ref, app.dave)
    app.comes_to_hold("carol", ENGINE)
    last = next(entry for entry in audit_trail(app) if entry["event"] == "admin holder confirmed")
    assert (last["ram_user"], last["by_slack"]) == ("dave", "U0BOB")


def test_a_new_holder_is_told_of_once_and_is_not_asked(app: AppHarness) -> None:
    app.attach_by_hand("dave", ADMIN)
    for _ in range(3):
        app.look_at_admins()
        app.until(lambda: said(app.bob), "approvers to be told")
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    assert "U0DAVE" not in app.card(ref).mentions
    assert len(said(app.bob)) == 1


def test_an_administrator_for_a_time_makes_nobody_an_approver(app: AppHarness) -> None:
    made = app.asked(app.carol, f"{ADMIN} 1h incident 12")
    app.approve(made, app.bob, app.judy)
    app.comes_to_hold("carol", ADMIN)
    app.attach_by_hand("dave", ADMIN)
    given_by_hand(app, "carol", "through a group")
    app.look_at_admins()
    invite(app, app.carol, app.dave)
    notice = app.bob.message_with("RAM user `dave`", APPROVALS)
    ref = app.asked(app.erin, f"{DATA} 8h rolling out")
    for person in (app.carol, app.dave):
        with refused(app, person, "unconfirmed_admin", NOT_YET, ref):
            person.click("Approve", app.card(ref))
        with refused(app, person, "unconfirmed_admin", NOT_YET, act="confirm"):
            person.click("Confirm as approver", notice)


def test_whoever_holds_no_policy_confirms_nobody(app: AppHarness) -> None:
    app.attach_by_hand("dave", ADMIN)
    app.look_at_admins()
    notice = app.bob.message_with(TELLS, APPROVALS)
    value = notice.blocks[-1]["elements"][0]["value"]
    with refused(app, app.carol, "not_approver", "does not hold", act="confirm"):
        press(app.carol, "confirm_admin", value, notice)
    with refused(app, app.bob, "outdated", "It is updated now", act="confirm"):
        press(app.bob, "confirm_admin", "0" * 32, notice)


def test_a_new_holder_who_loses_it_again_is_nobody_to_be_confirmed(app: AppHarness) -> None:
    app.attach_by_hand("dave", ADMIN)
    app.look_at_admins()
    notice = app.bob.message_with(TELLS, APPROVALS)
    app.detach_by_hand("dave", ADMIN)
    with refused(app, app.bob, "no_longer_admin", "there is nobody to confirm", act="confirm"):
        app.bob.click("Confirm as approver", notice)
    app.look_at_admins()
    app.until(lambda: app.known_admins()[_id(app, "dave")].missing_since_real, "dave to be missed")
    app.real_passes(601)
    app.look_at_admins()
    app.until(lambda: said(app.bob, "✅ No longer a holder of"), "the notice to say so")


def test_an_administrator_who_lost_it_for_a_while_has_to_be_confirmed_again(app: AppHarness) -> None:
    app.detach_by_hand("judy", ADMIN)
    app.look_at_admins()
    app.until(lambda: app.known_admins()[_id(app, "judy")].missing_since_real, "judy to be missed")
    app.real_passes(601)
    app.look_at_admins()
    app.until(lambda: app.known_admins()[_id(app, "judy")].state == "gone", "judy to be gone")
    app.attach_by_hand("judy", ADMIN)
    app.look_at_admins()
    assert "RAM user `judy`" in app.bob.message_with(TELLS, APPROVALS).plain


def test_an_administrator_whom_one_look_does_not_show_goes_on_deciding(app: AppHarness) -> None:
    app.detach_by_hand("judy", ADMIN)
    app.look_at_admins()
    app.until(lambda: app.known_admins()[_id(app, "judy")].missing_since_real, "judy to be missed")
    app.attach_by_hand("judy", ADMIN)
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    app.approve(ref, app.judy)
    app.comes_to_hold("carol", ENGINE)
    assert said(app.bob) == []


def test_an_administrator_whose_time_is_up_is_not_taken_for_a_new_one_while_reads_lag(app: AppHarness) -> None:
    made = app.asked(app.carol, f"{ADMIN} 1h incident 12")
    app.approve(made, app.bob, app.judy)
    app.comes_to_hold("carol", ADMIN)
    app.until(lambda: app.states(made) == ["active"], "the grant to be active")
    app.people.advance(HOUR + 1)
    app.comes_to_lose("carol", ADMIN)
    app.until(lambda: app.states(made) == ["ended"], "the grant to be over")
    # What a read that lags would show.
    app.attach_by_hand("carol", ADMIN)
    before = app.known_admins()
    app.look_at_admins()
    app.attach_by_hand("dave", ADMIN)
    app.look_at_admins()
    assert "RAM user `dave`" in app.bob.message_with(TELLS, APPROVALS).plain
    assert _id(app, "carol") not in app.known_admins() and len(before) == 3


def test_many_new_holders_at_once_are_one_notice(app: AppHarness) -> None:
    names = [f"new{number:02}" for number in range(12)]
    app.by_hand("CreateGroup", GroupName="platform")
    for name in names:
        new_ram_user(app, name)
        app.by_hand("AddUserToGroup", GroupName="platform", UserName=name)
    app.by_hand("AttachPolicyToGroup", GroupName="platform", PolicyName=ADMIN, PolicyType="Custom")
    app.look_at_admins()
    notice = app.bob.message_with("New holders of", APPROVALS)
    assert "`new09` and 2 more." in notice.plain
    app.bob.click("Confirm as approver", notice)
    app.bob.ephemeral_with("`new09` and 2 more are confirmed as approvers.")
    assert sum(holder.state == "confirmed" for holder in app.known_admins().values()) == 3 + len(names)
    app.until(lambda: said(app.bob, "✅ Confirmed as approver by <@U0BOB>"), "it to be said")
    assert said(app.bob) == []


def test_where_they_are_trusted_a_new_holder_decides_at_once(tmp_path: Path) -> None:
    with AppHarness(tmp_path, {"PAIREC_NEW_ADMINS": "trust"}, pace=10.0) as app:
        invite(app, app.dave)
        ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
        app.attach_by_hand("dave", ADMIN)
        app.approve(ref, app.dave)
        app.comes_to_hold("carol", ENGINE)
        assert said(app.bob) == []


def test_an_audit_agrees_after_new_holders_were_trusted_for_a_while(app: AppHarness) -> None:
    app.until(app.known_admins, "the first look")
    for how in ("trust", "confirm"):
        app.restart_bot({"PAIREC_NEW_ADMINS": how})
    app.until(app.known_admins, "another first look")
    assert app.chain_holds()


def test_an_audit_says_that_somebody_emptied_the_list_of_those_who_are_known(app: AppHarness) -> None:
    app.until(app.known_admins, "the first look")
    with app.ledger.write() as tx:
        tx.run("DELETE FROM admin_holders")
    app.look_at_admins()
    app.until(app.known_admins, "what looks like a first look")
    with app.ledger.read() as tx:
        [found] = differences(tx)
    assert "were taken as they were found once more" in str(found)


def test_somebody_who_is_linked_on_the_command_line_while_they_hold_it_is_confirmed_with_it(app: AppHarness) -> None:
    henry = newcomer(app, "henry")
    new_ram_user(app, "root-admin")
    app.attach_by_hand("root-admin", ADMIN)
    app.look_at_admins()
    app.bob.message_with("RAM user `root-admin`", APPROVALS)
    link(app, henry, "root-admin")
    app.until(lambda: said(app.bob, "✅ Confirmed as approver on the command line"), "it to be said")
    invite(app, henry)
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    app.approve(ref, henry)
    app.comes_to_hold("carol", ENGINE)


def _id(app: AppHarness, name: str) -> RamUserId:
    return RamUserId(next(user["user_id"] for user in app.people.account()["users"] if user["name"] == name))
