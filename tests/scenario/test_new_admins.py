"""Whoever is given the admin policy outside of the bot decides on nothing until an approver knows of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.audit import differences
from bot.sandbox.client import SandboxPerson
from tests.harness.app import ADMIN, APPROVALS, DATA, ENGINE, HOUR, AppHarness
from tests.harness.refusals import audit_trail, invite, link, new_ram_user, newcomer, press, refused

TELLS = "A new holder of"
NOT_YET = f"was given `{ADMIN}` lately, and not through this app"


def said(person: SandboxPerson, text: str = TELLS) -> list[str]:
    return [message.plain for message in person.messages(APPROVALS) if text in message.plain]


def given_by_hand(office: AppHarness, name: str, way: str) -> None:
    if way == "directly":
        office.attach_by_hand(name, ADMIN)
        return
    office.by_hand("CreateGroup", GroupName="platform")
    office.by_hand("AttachPolicyToGroup", GroupName="platform", PolicyName=ADMIN, PolicyType="Custom")
    office.by_hand("AddUserToGroup", GroupName="platform", UserName=name)


@pytest.mark.parametrize("way", ["directly", "through a group"])
def test_whoever_was_given_the_policy_by_hand_decides_once_an_approver_has_confirmed_them(
    office: AppHarness, way: str
) -> None:
    invite(office, office.dave)
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    given_by_hand(office, "dave", way)
    with refused(office, office.dave, "unconfirmed_admin", NOT_YET, ref):
        office.dave.click("Approve", office.card(ref))
    notice = office.bob.message_with("RAM user `dave` (<@U0DAVE>)", APPROVALS)
    office.bob.click("Confirm as approver", notice)
    office.until(lambda: said(office.bob, "✅ Confirmed as approver by <@U0BOB>: RAM user `dave`"), "it to be said")
    office.approve(ref, office.dave)
    office.comes_to_hold("carol", ENGINE)
    last = next(entry for entry in audit_trail(office) if entry["event"] == "admin holder confirmed")
    assert (last["ram_user"], last["by_slack"]) == ("dave", "U0BOB")


def test_a_new_holder_is_told_of_once_and_is_not_asked(office: AppHarness) -> None:
    office.attach_by_hand("dave", ADMIN)
    for _ in range(3):
        office.look_at_admins()
        office.until(lambda: said(office.bob), "approvers to be told")
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    assert "U0DAVE" not in office.card(ref).mentions
    assert len(said(office.bob)) == 1


def test_an_administrator_for_a_time_makes_nobody_an_approver(office: AppHarness) -> None:
    made = office.asked(office.carol, f"{ADMIN} 1h incident 12")
    office.approve(made, office.bob, office.judy)
    office.comes_to_hold("carol", ADMIN)
    office.attach_by_hand("dave", ADMIN)
    given_by_hand(office, "carol", "through a group")
    office.look_at_admins()
    invite(office, office.carol, office.dave)
    notice = office.bob.message_with("RAM user `dave`", APPROVALS)
    ref = office.asked(office.erin, f"{DATA} 8h rolling out")
    for person in (office.carol, office.dave):
        with refused(office, person, "unconfirmed_admin", NOT_YET, ref):
            person.click("Approve", office.card(ref))
        with refused(office, person, "unconfirmed_admin", NOT_YET, act="confirm"):
            person.click("Confirm as approver", notice)


def test_whoever_holds_no_policy_confirms_nobody(office: AppHarness) -> None:
    office.attach_by_hand("dave", ADMIN)
    office.look_at_admins()
    notice = office.bob.message_with(TELLS, APPROVALS)
    value = notice.blocks[-1]["elements"][0]["value"]
    with refused(office, office.carol, "not_approver", "does not hold", act="confirm"):
        press(office.carol, "confirm_admin", value, notice)
    with refused(office, office.bob, "outdated", "It is drawn anew now", act="confirm"):
        press(office.bob, "confirm_admin", "0" * 32, notice)


def test_a_new_holder_who_loses_it_again_is_nobody_to_be_confirmed(office: AppHarness) -> None:
    office.attach_by_hand("dave", ADMIN)
    office.look_at_admins()
    notice = office.bob.message_with(TELLS, APPROVALS)
    office.detach_by_hand("dave", ADMIN)
    with refused(office, office.bob, "no_longer_admin", "there is nobody to confirm", act="confirm"):
        office.bob.click("Confirm as approver", notice)
    office.look_at_admins()
    office.until(lambda: office.known_admins()[_id(office, "dave")].missing_since_real, "dave to be missed")
    office.real_passes(601)
    office.look_at_admins()
    office.until(lambda: said(office.bob, "✅ No longer a holder of"), "the notice to say so")


def test_an_administrator_who_lost_it_for_a_while_has_to_be_confirmed_again(office: AppHarness) -> None:
    office.detach_by_hand("judy", ADMIN)
    office.look_at_admins()
    office.until(lambda: office.known_admins()[_id(office, "judy")].missing_since_real, "judy to be missed")
    office.real_passes(601)
    office.look_at_admins()
    office.until(lambda: office.known_admins()[_id(office, "judy")].state == "gone", "judy to be gone")
    office.attach_by_hand("judy", ADMIN)
    office.look_at_admins()
    assert "RAM user `judy`" in office.bob.message_with(TELLS, APPROVALS).plain


def test_an_administrator_whom_one_look_does_not_show_goes_on_deciding(office: AppHarness) -> None:
    office.detach_by_hand("judy", ADMIN)
    office.look_at_admins()
    office.until(lambda: office.known_admins()[_id(office, "judy")].missing_since_real, "judy to be missed")
    office.attach_by_hand("judy", ADMIN)
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    office.approve(ref, office.judy)
    office.comes_to_hold("carol", ENGINE)
    assert said(office.bob) == []


def test_an_administrator_whose_time_is_up_is_not_taken_for_a_new_one_while_reads_lag(office: AppHarness) -> None:
    made = office.asked(office.carol, f"{ADMIN} 1h incident 12")
    office.approve(made, office.bob, office.judy)
    office.comes_to_hold("carol", ADMIN)
    office.until(lambda: office.states(made) == ["active"], "the grant to be active")
    office.people.advance(HOUR + 1)
    office.comes_to_lose("carol", ADMIN)
    office.until(lambda: office.states(made) == ["ended"], "the grant to be over")
    # What a read that lags would show.
    office.attach_by_hand("carol", ADMIN)
    before = office.known_admins()
    office.look_at_admins()
    office.attach_by_hand("dave", ADMIN)
    office.look_at_admins()
    assert "RAM user `dave`" in office.bob.message_with(TELLS, APPROVALS).plain
    assert _id(office, "carol") not in office.known_admins() and len(before) == 3


def test_many_new_holders_at_once_are_one_notice(office: AppHarness) -> None:
    names = [f"new{number:02}" for number in range(12)]
    office.by_hand("CreateGroup", GroupName="platform")
    for name in names:
        new_ram_user(office, name)
        office.by_hand("AddUserToGroup", GroupName="platform", UserName=name)
    office.by_hand("AttachPolicyToGroup", GroupName="platform", PolicyName=ADMIN, PolicyType="Custom")
    office.look_at_admins()
    notice = office.bob.message_with("New holders of", APPROVALS)
    assert "`new09` and 2 more." in notice.plain
    office.bob.click("Confirm as approver", notice)
    office.bob.ephemeral_with("`new09` and 2 more are confirmed, and may decide now.")
    assert sum(holder.state == "confirmed" for holder in office.known_admins().values()) == 3 + len(names)
    office.until(lambda: said(office.bob, "✅ Confirmed as approver by <@U0BOB>"), "it to be said")
    assert said(office.bob) == []


def test_where_they_are_trusted_a_new_holder_decides_at_once(tmp_path: Path) -> None:
    with AppHarness(tmp_path, {"PAIREC_NEW_ADMINS": "trust"}, pace=10.0) as office:
        invite(office, office.dave)
        ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
        office.attach_by_hand("dave", ADMIN)
        office.approve(ref, office.dave)
        office.comes_to_hold("carol", ENGINE)
        assert said(office.bob) == []


def test_an_audit_agrees_after_new_holders_were_trusted_for_a_while(office: AppHarness) -> None:
    office.until(office.known_admins, "the first look")
    for how in ("trust", "confirm"):
        office.restart_bot({"PAIREC_NEW_ADMINS": how})
    office.until(office.known_admins, "another first look")
    assert office.chain_holds()


def test_an_audit_says_that_somebody_emptied_the_list_of_those_who_are_known(office: AppHarness) -> None:
    office.until(office.known_admins, "the first look")
    with office.ledger.write() as tx:
        tx.run("DELETE FROM admin_holders")
    office.look_at_admins()
    office.until(office.known_admins, "what looks like a first look")
    with office.ledger.read() as tx:
        [found] = differences(tx)
    assert "were taken as they were found once more" in str(found)


def test_somebody_who_is_linked_on_the_command_line_while_they_hold_it_is_confirmed_with_it(office: AppHarness) -> None:
    henry = newcomer(office, "henry")
    new_ram_user(office, "root-admin")
    office.attach_by_hand("root-admin", ADMIN)
    office.look_at_admins()
    office.bob.message_with("RAM user `root-admin`", APPROVALS)
    link(office, henry, "root-admin")
    office.until(lambda: said(office.bob, "✅ Confirmed as approver on the command line"), "it to be said")
    invite(office, henry)
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    office.approve(ref, henry)
    office.comes_to_hold("carol", ENGINE)


def _id(office: AppHarness, name: str) -> str:
    return str(next(user["user_id"] for user in office.people.account()["users"] if user["name"] == name))
