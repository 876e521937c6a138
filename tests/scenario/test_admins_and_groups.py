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


def group_of(app: AppHarness, group: str, policy: str, *members: str) -> None:
    app.by_hand("CreateGroup", GroupName=group)
    app.by_hand("AttachPolicyToGroup", GroupName=group, PolicyName=policy, PolicyType="Custom")
    for member in members:
        app.by_hand("AddUserToGroup", GroupName=group, UserName=member)


@pytest.fixture
def lasting(tmp_path: Path) -> Iterator[AppHarness]:
    """An app whose catalogue lets the admin policy be asked for until revoked."""
    text = files("approvals.catalog").joinpath("catalog.toml").read_text("utf-8")
    allowing, changed = re.subn(r"(?s)(\[policies\.PaiRecRamAdminAccess\].*?until_revoked = )false", r"\1true", text)
    assert changed == 1
    path = tmp_path / "catalogue.toml"
    path.write_text(allowing, "utf-8")
    with AppHarness(tmp_path, {"PAIREC_CATALOG": str(path)}) as opened:
        yield opened


def test_whoever_holds_the_policy_through_a_group_is_asked_and_approves(app: AppHarness) -> None:
    group_of(app, "platform", ADMIN, "dave")
    app.confirmed_admin("dave")
    invite(app, app.dave)
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    assert "U0DAVE" in app.card(ref).mentions
    app.approve(ref, app.dave)
    app.comes_to_hold("carol", ENGINE)


def test_in_a_group_of_more_members_than_ram_lists_at_once_the_last_one_approves(app: AppHarness) -> None:
    group_of(app, "everybody", ADMIN)
    for number in range(1_005):
        app.by_hand("CreateUser", UserName=f"a{number:04}")
        app.by_hand("AddUserToGroup", GroupName="everybody", UserName=f"a{number:04}")
    app.by_hand("AddUserToGroup", GroupName="everybody", UserName="dave")
    first = app.by_hand("ListUsersForGroup", GroupName="everybody", MaxItems="1000")
    assert first["IsTruncated"] and "dave" not in {user["UserName"] for user in first["Users"]["User"]}
    app.look_at_admins()
    app.bob.click("Confirm as approver", app.bob.message_with("and 996 more", APPROVALS))
    invite(app, app.dave)
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    app.approve(ref, app.dave)
    app.comes_to_hold("carol", ENGINE)


def test_what_the_subject_has_through_a_group_is_shown_as_that(app: AppHarness) -> None:
    group_of(app, "watchers", MONITOR, "carol")
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    assert f"`{MONITOR}` through group `watchers`" in app.card(ref).plain


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


def test_one_who_is_administrator_for_a_time_and_through_a_group_approves(app: AppHarness) -> None:
    made = app.asked(app.carol, f"{ADMIN} 1h incident 12")
    app.approve(made, app.bob, app.judy)
    app.comes_to_hold("carol", ADMIN)
    group_of(app, "platform", ADMIN, "carol")
    app.confirmed_admin("carol")
    invite(app, app.carol)
    ref = app.asked(app.dave, f"{ENGINE} 8h rolling out")
    app.approve(ref, app.carol)
    app.comes_to_hold("dave", ENGINE)


def test_where_one_of_two_approvers_is_missing_the_request_is_not_made_and_the_sentence_says_how_to_go_on(
    app: AppHarness,
) -> None:
    app.detach_by_hand("alice", ADMIN)
    app.detach_by_hand("judy", ADMIN)
    says = "too few people can give them: 1 approver is missing."
    with refused(app, app.carol, "too_few_approvers", says, act="ask"):
        app.carol.type(f"/pairec-access request {ADMIN} 1h incident 12")
    told = app.carol.ephemeral_with("This needs 2 approvals").plain
    assert f"The owner of the account can attach `{ADMIN}` to another RAM user: {CONSOLE}." in told
    assert "not linked" not in told
    assert app.requests() == 0 and not app.cards()


def test_the_only_administrator_cannot_ask_for_himself_and_reads_why(app: AppHarness) -> None:
    app.detach_by_hand("alice", ADMIN)
    app.detach_by_hand("judy", ADMIN)
    says = "nobody can give it: 1 approver is missing"
    with refused(app, app.bob, "too_few_approvers", says, act="ask"):
        app.bob.type(f"/pairec-access request {ENGINE} 1h incident 12")
    told = app.bob.ephemeral_with("This needs 1 approval").plain
    assert "The requester, the subject, and whoever has" in told and CONSOLE in told


def test_the_only_administrator_cannot_ask_for_somebody_else_either(app: AppHarness) -> None:
    app.detach_by_hand("alice", ADMIN)
    app.detach_by_hand("judy", ADMIN)
    with refused(app, app.bob, "too_few_approvers", "nobody can give it", act="ask"):
        app.bob.type(f"/pairec-access request {ENGINE} @carol 1h incident 12")


def test_administrators_who_are_not_linked_are_counted_in_the_sentence_that_says_who_is_missing(
    app: AppHarness,
) -> None:
    unlink(app, app.alice)
    unlink(app, app.judy)
    with refused(app, app.carol, "too_few_approvers", "1 approver is missing.", act="ask"):
        app.carol.type(f"/pairec-access request {ADMIN} 1h incident 12")
    told = app.carol.ephemeral_with("This needs 2 approvals").plain
    assert "2 more RAM users hold it but are not linked to Slack accounts; `pairec-access link` does that." in told


@pytest.mark.parametrize("change", [{"deleted": True}, {"is_restricted": True}, {"is_stranger": True}])
def test_administrators_whose_slack_accounts_decide_no_more_are_not_counted(
    app: AppHarness, change: dict[str, bool]
) -> None:
    for user in ("U0BOB", "U0JUDY"):
        app.people.inject_slack_fault({"person": user, "set": change})
    with refused(app, app.alice, "too_few_approvers", "nobody can give it", act="ask"):
        app.alice.type(f"/pairec-access request {ENGINE} 8h rolling out")
    told = app.alice.ephemeral_with("This needs 1 approval").plain
    assert (
        "2 more RAM users hold it, but their Slack accounts cannot decide: deactivated, guests', or outsiders'." in told
    )
    assert "not linked" not in told
    assert app.requests() == 0


def test_two_approvals_are_not_asked_for_where_one_of_two_administrators_has_left_slack(app: AppHarness) -> None:
    app.detach_by_hand("alice", ADMIN)
    app.people.inject_slack_fault({"person": "U0JUDY", "set": {"deleted": True}})
    with refused(app, app.carol, "too_few_approvers", "1 approver is missing.", act="ask"):
        app.carol.type(f"/pairec-access request {ADMIN} 1h incident 12")
    told = app.carol.ephemeral_with("This needs 2 approvals").plain
    assert "1 more RAM user holds it, but their Slack account cannot decide: deactivated, a guest's" in told


def test_the_card_does_not_ask_an_administrator_who_has_left_slack(app: AppHarness) -> None:
    app.people.inject_slack_fault({"person": "U0JUDY", "set": {"deleted": True}})
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    assert set(app.card(ref).mentions) == {"U0ALICE", "U0BOB", "U0CAROL"}
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ENGINE)


def slack_is_silent_about(app: AppHarness, *users: str) -> None:
    for user in users:
        app.people.inject_slack_fault({"fault": "error", "method": "users.info", "user": user, "times": None})


def test_an_administrator_whom_slack_does_not_tell_of_is_not_asked_but_may_decide_later(app: AppHarness) -> None:
    slack_is_silent_about(app, "U0BOB")
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    assert set(app.card(ref).mentions) == {"U0ALICE", "U0JUDY", "U0CAROL"}
    app.people.clear_faults()
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ENGINE)


def test_while_slack_tells_of_nobody_the_administrators_are_taken_for_what_they_were_when_linked(
    app: AppHarness,
) -> None:
    app.people.inject_slack_fault({"person": "U0ALICE", "set": {"deleted": True}})
    slack_is_silent_about(app, "U0BOB", "U0JUDY")
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    assert set(app.card(ref).mentions) == {"U0BOB", "U0JUDY", "U0CAROL"}


def test_an_administrator_for_a_time_is_not_counted_among_those_who_could_approve(app: AppHarness) -> None:
    made = app.asked(app.carol, f"{ADMIN} 8h incident 12")
    app.approve(made, app.bob, app.judy)
    app.comes_to_hold("carol", ADMIN)
    app.detach_by_hand("alice", ADMIN)
    app.detach_by_hand("judy", ADMIN)
    with refused(
        app, app.bob, "too_few_approvers", "and whoever has `PaiRecRamAdminAccess` only for a time", act="ask"
    ):
        app.bob.type(f"/pairec-access request {ENGINE} 1h incident 12")


def test_a_form_that_cannot_be_decided_on_is_answered_by_direct_message(app: AppHarness) -> None:
    for name in ("alice", "bob", "judy"):
        app.detach_by_hand(name, ADMIN)
    app.carol.type("/pairec-access request")
    with refused(app, app.carol, "too_few_approvers", CONSOLE, act="ask"):
        assert app.carol.submit({"What": ENGINE, "Duration": "2h", "Reason": "on call"}) == {}
    app.carol.direct_message_with("nobody can give it")


def test_no_more_than_ten_approvers_are_mentioned(app: AppHarness) -> None:
    group_of(app, "platform", ADMIN)
    for number in range(10):
        name = f"admin{number}"
        app.by_hand("CreateUser", UserName=name)
        app.by_hand("AddUserToGroup", GroupName="platform", UserName=name)
        link(app, newcomer(app, name), name)
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    assert len(set(app.card(ref).mentions) - {"U0CAROL"}) == 10
    assert len(app.record(ref).request.asked_approvers) == 10


def test_an_approver_whose_ram_user_was_renamed_still_approves(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    app.by_hand("UpdateUser", UserName="bob", NewUserName="robert")
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ENGINE)


def test_an_approver_whose_ram_user_was_deleted_and_made_again_under_its_name_does_not_decide(
    app: AppHarness,
) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    made_again(app, "bob", ADMIN)
    app.attach_by_hand("bob", ADMIN)
    with refused(app, app.bob, "not_approver", "RAM user `bob` does not hold", ref):
        app.bob.click("Approve", app.card(ref))


def test_a_subject_whose_ram_user_was_renamed_gets_it_though_another_has_the_old_name(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    app.by_hand("UpdateUser", UserName="carol", NewUserName="caroline")
    app.by_hand("CreateUser", UserName="carol")
    app.approve(ref, app.bob)
    app.comes_to_hold("caroline", ENGINE)
    app.people.advance(8 * HOUR + 1)
    app.comes_to_lose("caroline", ENGINE)
    assert not app.holds("carol", ENGINE)
    assert app.writes("AttachPolicyToUser", "caroline", ENGINE) == 1
    assert app.writes("AttachPolicyToUser", "carol", ENGINE) == 0


def test_a_subject_who_is_renamed_while_the_grant_runs_loses_it_on_time(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ENGINE)
    app.by_hand("UpdateUser", UserName="carol", NewUserName="caroline")
    app.people.advance(8 * HOUR + 1)
    app.comes_to_lose("caroline", ENGINE)


def test_a_request_for_a_ram_user_that_was_deleted_and_made_again_cannot_be_approved(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    made_again(app, "carol")
    with refused(app, app.bob, "user_gone", "no longer exists, or its name belongs to another", ref):
        app.bob.click("Approve", app.card(ref))
    assert not app.holds("carol", ENGINE)


def test_somebody_whose_ram_user_was_deleted_and_made_again_cannot_ask(app: AppHarness) -> None:
    made_again(app, "carol")
    says = "RAM user `carol` of <@U0CAROL> no longer exists, or its name belongs to another user now"
    with refused(app, app.carol, "user_gone", says, act="ask"):
        app.carol.type(f"/pairec-access request {ENGINE} 8h rolling out")


def made_again(app: AppHarness, name: str, *held: str) -> None:
    """Somebody deletes a RAM user, and creates another one under its name."""
    before = ram_user(app, name)
    for policy in held:
        app.detach_by_hand(name, policy)
    app.by_hand("DeleteUser", UserName=name)
    app.by_hand("CreateUser", UserName=name)
    assert ram_user(app, name).user_id != before.user_id


def test_with_the_card_in_direct_messages_only_those_who_may_decide_get_it(tmp_path: Path) -> None:
    with AppHarness(tmp_path, {"PAIREC_APPROVALS_CHANNEL": "C0NOWHERE"}) as app:
        group_of(app, "platform", ADMIN, "dave")
        app.look_at_admins()
        app.bob.click("Confirm as approver", app.bob.message_with("RAM user `dave`"))
        app.bob.type(f"/pairec-access request {ENGINE} 8h rolling out")
        for person in (app.alice, app.judy, app.dave):
            person.direct_message_with("needs approval")
        assert not [message for message in app.bob.messages() if "[Approve]" in message.plain]
        assert not app.bob.messages(APPROVALS)
        app.dave.click("Approve", app.dave.direct_message_with("needs approval"))
        app.comes_to_hold("bob", ENGINE)
