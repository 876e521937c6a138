"""Who may approve: whoever RAM says holds the policy at the click, and what happens when they are too few."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from tests.harness.app import ADMIN, APPROVALS, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.refusals import invite, link, newcomer, ram_user, refused, unlink

CONSOLE = "RAM console > Identities > Users > the user > Permissions > Grant Permission"


def group_of(office: AppHarness, group: str, policy: str, *members: str) -> None:
    office.by_hand("CreateGroup", GroupName=group)
    office.by_hand("AttachPolicyToGroup", GroupName=group, PolicyName=policy, PolicyType="Custom")
    for member in members:
        office.by_hand("AddUserToGroup", GroupName=group, UserName=member)


@pytest.fixture
def lasting(tmp_path: Path) -> Iterator[AppHarness]:
    """An office whose catalogue lets the admin policy be asked for until revoked."""
    text = files("approvals.catalog").joinpath("catalog.toml").read_text("utf-8")
    allowing, changed = re.subn(r"(?s)(\[policies\.PaiRecRamAdminAccess\].*?until_revoked = )false", r"\1true", text)
    assert changed == 1
    path = tmp_path / "catalogue.toml"
    path.write_text(allowing, "utf-8")
    with AppHarness(tmp_path, {"PAIREC_CATALOG": str(path)}) as opened:
        yield opened


def test_whoever_holds_the_policy_through_a_group_is_asked_and_approves(office: AppHarness) -> None:
    group_of(office, "platform", ADMIN, "dave")
    office.confirmed_admin("dave")
    invite(office, office.dave)
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    assert "U0DAVE" in office.card(ref).mentions
    office.approve(ref, office.dave)
    office.comes_to_hold("carol", ENGINE)


def test_in_a_group_of_more_members_than_ram_lists_at_once_the_last_one_approves(office: AppHarness) -> None:
    group_of(office, "everybody", ADMIN)
    for number in range(1_005):
        office.by_hand("CreateUser", UserName=f"a{number:04}")
        office.by_hand("AddUserToGroup", GroupName="everybody", UserName=f"a{number:04}")
    office.by_hand("AddUserToGroup", GroupName="everybody", UserName="dave")
    first = office.by_hand("ListUsersForGroup", GroupName="everybody", MaxItems="1000")
    assert first["IsTruncated"] and "dave" not in {user["UserName"] for user in first["Users"]["User"]}
    office.look_at_admins()
    office.bob.click("Confirm as approver", office.bob.message_with("and 996 more", APPROVALS))
    invite(office, office.dave)
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    office.approve(ref, office.dave)
    office.comes_to_hold("carol", ENGINE)


def test_what_the_subject_has_through_a_group_is_shown_as_that(office: AppHarness) -> None:
    group_of(office, "watchers", MONITOR, "carol")
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    assert f"`{MONITOR}` through group `watchers`" in office.card(ref).plain


def test_an_administrator_until_revoked_approves_and_is_asked(lasting: AppHarness) -> None:
    made = lasting.asked(lasting.carol, f"{ADMIN} until-revoked joins the administrators")
    lasting.approve(made, lasting.bob, lasting.judy)
    lasting.comes_to_hold("carol", ADMIN)
    lasting.until(lambda: lasting.states(made) == ["active"], "the grant to be active")
    invite(lasting, lasting.carol)
    ref = lasting.asked(lasting.dave, f"{ENGINE} 8h rolling out")
    assert "U0CAROL" in lasting.card(ref).mentions
    lasting.approve(ref, lasting.carol)
    lasting.comes_to_hold("dave", ENGINE)


def test_one_who_is_administrator_for_a_time_and_through_a_group_approves(office: AppHarness) -> None:
    made = office.asked(office.carol, f"{ADMIN} 1h incident 12")
    office.approve(made, office.bob, office.judy)
    office.comes_to_hold("carol", ADMIN)
    group_of(office, "platform", ADMIN, "carol")
    office.confirmed_admin("carol")
    invite(office, office.carol)
    ref = office.asked(office.dave, f"{ENGINE} 8h rolling out")
    office.approve(ref, office.carol)
    office.comes_to_hold("dave", ENGINE)


def test_where_one_of_two_approvers_is_missing_the_request_is_not_made_and_the_sentence_says_how_to_go_on(
    office: AppHarness,
) -> None:
    office.detach_by_hand("alice", ADMIN)
    office.detach_by_hand("judy", ADMIN)
    says = "too few people can give them: 1 approver is missing."
    with refused(office, office.carol, "too_few_approvers", says, act="ask"):
        office.carol.types(f"/pairec-access request {ADMIN} 1h incident 12")
    told = office.carol.ephemeral_with("This needs 2 approvals").plain
    assert f"The owner of the account can attach `{ADMIN}` to another RAM user: {CONSOLE}." in told
    assert "not linked" not in told
    assert office.requests() == 0 and not office.cards()


def test_the_only_administrator_cannot_ask_for_himself_and_reads_why(office: AppHarness) -> None:
    office.detach_by_hand("alice", ADMIN)
    office.detach_by_hand("judy", ADMIN)
    says = "there is nobody who could give it: 1 approver is missing"
    with refused(office, office.bob, "too_few_approvers", says, act="ask"):
        office.bob.types(f"/pairec-access request {ENGINE} 1h incident 12")
    told = office.bob.ephemeral_with("This needs 1 approval").plain
    assert "Whoever asks or gets the access does not count" in told and CONSOLE in told


def test_the_only_administrator_cannot_ask_for_somebody_else_either(office: AppHarness) -> None:
    office.detach_by_hand("alice", ADMIN)
    office.detach_by_hand("judy", ADMIN)
    with refused(office, office.bob, "too_few_approvers", "there is nobody who could give it", act="ask"):
        office.bob.types(f"/pairec-access request {ENGINE} @carol 1h incident 12")


def test_administrators_who_are_not_linked_are_counted_in_the_sentence_that_says_who_is_missing(
    office: AppHarness,
) -> None:
    unlink(office, office.alice)
    unlink(office, office.judy)
    with refused(office, office.carol, "too_few_approvers", "1 approver is missing.", act="ask"):
        office.carol.types(f"/pairec-access request {ADMIN} 1h incident 12")
    told = office.carol.ephemeral_with("This needs 2 approvals").plain
    assert "2 more RAM users hold it but are not linked to Slack accounts here; `pairec-access link` does that." in told


@pytest.mark.parametrize("change", [{"deleted": True}, {"is_restricted": True}, {"is_stranger": True}])
def test_administrators_whose_slack_accounts_decide_no_more_are_not_counted(
    office: AppHarness, change: dict[str, bool]
) -> None:
    for user in ("U0BOB", "U0JUDY"):
        office.people.order_slack({"person": user, "set": change})
    with refused(office, office.alice, "too_few_approvers", "there is nobody who could give it", act="ask"):
        office.alice.types(f"/pairec-access request {ENGINE} 8h rolling out")
    told = office.alice.ephemeral_with("This needs 1 approval").plain
    assert (
        "2 more RAM users hold it, but their Slack accounts may not decide: deactivated, guests', or outsiders'."
        in told
    )
    assert "not linked" not in told
    assert office.requests() == 0


def test_two_approvals_are_not_asked_for_where_one_of_two_administrators_has_left_slack(office: AppHarness) -> None:
    office.detach_by_hand("alice", ADMIN)
    office.people.order_slack({"person": "U0JUDY", "set": {"deleted": True}})
    with refused(office, office.carol, "too_few_approvers", "1 approver is missing.", act="ask"):
        office.carol.types(f"/pairec-access request {ADMIN} 1h incident 12")
    told = office.carol.ephemeral_with("This needs 2 approvals").plain
    assert "1 more RAM user holds it, but their Slack account may not decide: deactivated, a guest's" in told


def test_the_card_does_not_ask_an_administrator_who_has_left_slack(office: AppHarness) -> None:
    office.people.order_slack({"person": "U0JUDY", "set": {"deleted": True}})
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    assert set(office.card(ref).mentions) == {"U0ALICE", "U0BOB", "U0CAROL"}
    office.approve(ref, office.bob)
    office.comes_to_hold("carol", ENGINE)


def slack_is_silent_about(office: AppHarness, *users: str) -> None:
    for user in users:
        office.people.order_slack({"fault": "error", "method": "users.info", "user": user, "times": None})


def test_an_administrator_whom_slack_does_not_tell_of_is_not_asked_but_may_decide_later(office: AppHarness) -> None:
    slack_is_silent_about(office, "U0BOB")
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    assert set(office.card(ref).mentions) == {"U0ALICE", "U0JUDY", "U0CAROL"}
    office.people.clear_orders()
    office.approve(ref, office.bob)
    office.comes_to_hold("carol", ENGINE)


def test_while_slack_tells_of_nobody_the_administrators_are_taken_for_what_they_were_when_linked(
    office: AppHarness,
) -> None:
    office.people.order_slack({"person": "U0ALICE", "set": {"deleted": True}})
    slack_is_silent_about(office, "U0BOB", "U0JUDY")
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    assert set(office.card(ref).mentions) == {"U0BOB", "U0JUDY", "U0CAROL"}


def test_an_administrator_for_a_time_is_not_counted_among_those_who_could_approve(office: AppHarness) -> None:
    made = office.asked(office.carol, f"{ADMIN} 8h incident 12")
    office.approve(made, office.bob, office.judy)
    office.comes_to_hold("carol", ADMIN)
    office.detach_by_hand("alice", ADMIN)
    office.detach_by_hand("judy", ADMIN)
    with refused(
        office, office.bob, "too_few_approvers", "nor who has `PaiRecRamAdminAccess` only for a time", act="ask"
    ):
        office.bob.types(f"/pairec-access request {ENGINE} 1h incident 12")


def test_a_form_that_cannot_be_decided_on_is_answered_by_direct_message(office: AppHarness) -> None:
    for name in ("alice", "bob", "judy"):
        office.detach_by_hand(name, ADMIN)
    office.carol.types("/pairec-access request")
    with refused(office, office.carol, "too_few_approvers", CONSOLE, act="ask"):
        assert office.carol.submit({"What": ENGINE, "For how long": "2h", "Why": "on call"}) == {}
    office.carol.direct_message_with("there is nobody who could give it")


def test_no_more_than_ten_approvers_are_mentioned(office: AppHarness) -> None:
    group_of(office, "platform", ADMIN)
    for number in range(10):
        name = f"admin{number}"
        office.by_hand("CreateUser", UserName=name)
        office.by_hand("AddUserToGroup", GroupName="platform", UserName=name)
        link(office, newcomer(office, name), name)
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    assert len(set(office.card(ref).mentions) - {"U0CAROL"}) == 10
    assert len(office.record(ref).request.asked_approvers) == 10


def test_an_approver_whose_ram_user_was_renamed_still_approves(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    office.by_hand("UpdateUser", UserName="bob", NewUserName="robert")
    office.approve(ref, office.bob)
    office.comes_to_hold("carol", ENGINE)


def test_an_approver_whose_ram_user_was_deleted_and_made_again_under_its_name_does_not_decide(
    office: AppHarness,
) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    made_again(office, "bob", ADMIN)
    office.attach_by_hand("bob", ADMIN)
    with refused(office, office.bob, "not_approver", "RAM user `bob` does not hold", ref):
        office.bob.click("Approve", office.card(ref))


def test_a_subject_whose_ram_user_was_renamed_gets_it_though_another_has_the_old_name(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    office.by_hand("UpdateUser", UserName="carol", NewUserName="caroline")
    office.by_hand("CreateUser", UserName="carol")
    office.approve(ref, office.bob)
    office.comes_to_hold("caroline", ENGINE)
    office.people.advance(8 * HOUR + 1)
    office.comes_to_lose("caroline", ENGINE)
    assert not office.holds("carol", ENGINE)
    assert office.writes("AttachPolicyToUser", "caroline", ENGINE) == 1
    assert office.writes("AttachPolicyToUser", "carol", ENGINE) == 0


def test_a_subject_who_is_renamed_while_the_grant_runs_loses_it_on_time(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    office.approve(ref, office.bob)
    office.comes_to_hold("carol", ENGINE)
    office.by_hand("UpdateUser", UserName="carol", NewUserName="caroline")
    office.people.advance(8 * HOUR + 1)
    office.comes_to_lose("caroline", ENGINE)


def test_a_request_for_a_ram_user_that_was_deleted_and_made_again_cannot_be_approved(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    made_again(office, "carol")
    with refused(office, office.bob, "user_gone", "does not exist any more, or its name belongs to another", ref):
        office.bob.click("Approve", office.card(ref))
    assert not office.holds("carol", ENGINE)


def test_somebody_whose_ram_user_was_deleted_and_made_again_cannot_ask(office: AppHarness) -> None:
    made_again(office, "carol")
    says = "RAM user `carol` of <@U0CAROL> does not exist any more, or its name belongs to another user now"
    with refused(office, office.carol, "user_gone", says, act="ask"):
        office.carol.types(f"/pairec-access request {ENGINE} 8h rolling out")


def made_again(office: AppHarness, name: str, *held: str) -> None:
    """Somebody deletes a RAM user, and creates another one under its name."""
    before = ram_user(office, name)
    for policy in held:
        office.detach_by_hand(name, policy)
    office.by_hand("DeleteUser", UserName=name)
    office.by_hand("CreateUser", UserName=name)
    assert ram_user(office, name).user_id != before.user_id


def test_with_the_card_in_direct_messages_only_those_who_may_decide_get_it(tmp_path: Path) -> None:
    with AppHarness(tmp_path, {"PAIREC_APPROVALS_CHANNEL": "C0NOWHERE"}) as office:
        group_of(office, "platform", ADMIN, "dave")
        office.look_at_admins()
        office.bob.click("Confirm as approver", office.bob.message_with("RAM user `dave`"))
        office.bob.types(f"/pairec-access request {ENGINE} 8h rolling out")
        for person in (office.alice, office.judy, office.dave):
            person.direct_message_with("waiting for approval")
        assert not [message for message in office.bob.messages() if "[Approve]" in message.plain]
        assert not office.bob.messages(APPROVALS)
        office.dave.click("Approve", office.dave.direct_message_with("waiting for approval"))
        office.comes_to_hold("bob", ENGINE)
