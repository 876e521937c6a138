"""Authorize: what is missing on the account's own roles is asked for, approved by somebody else, done, and seen."""

from __future__ import annotations

import pytest

from tests.harness.app import DATA, AppHarness
from tests.harness.boards import board, boards, row, status, whole
from tests.harness.odd_answers import ODD
from tests.harness.refusals import press, refused, unlink
from tests.harness.waiting import LONG_ENOUGH, in_time

ROLE = "AliyunPAIRecEASRole"
OWN = "AliyunServiceRoleForPaiRec"
WHY = {"Reason": "the engine asks for an access key"}


def roles_with(app: AppHarness, policy: str) -> list[str]:
    answer = app.by_hand("ListEntitiesForPolicy", PolicyName=policy, PolicyType="Custom")
    return [role["RoleName"] for role in answer["Roles"]["Role"]]


def asked(app: AppHarness, row: str = "") -> str:
    """Carol finds the engine's role without its policy, on the whole board or in its row alone, and asks for it; the
    reference of her request.
    """
    app.people.turn_switch("engine-role.policy")
    found = status(app, app.carol, row)
    app.carol.click("Authorize", found)
    form = app.carol.modal("Data management for the engine's role")
    assert "so that it starts without an access key" in form.plain
    assert "1 holder of `PaiRecRamAdminAccess` must approve it" in form.plain
    assert app.carol.submit(WHY) == {}
    return app.card("R-1001", "needs approval").plain.split()[0]


def authorised(app: AppHarness, row: str = "") -> str:
    ref = asked(app, row)
    app.approve(ref, app.bob)
    in_time(app, lambda: app.states(ref) == ["active"], "the role to have it")
    return ref


def test_what_the_engines_role_lacks_is_authorised_by_two_people_and_turns_green(app: AppHarness) -> None:
    ref = asked(app)
    card = app.card(ref).plain
    assert "<@U0CAROL> requests *Data management for the engine's role* (`engine-role`)." in card
    assert f"*RAM role*\n`{ROLE}`" in card and "the engine asks for an access key" in card
    assert roles_with(app, DATA) == []
    app.approve(ref, app.bob)
    in_time(app, lambda: roles_with(app, DATA) == [ROLE], "RAM to have it")
    found = board(app, app.carol, "all good")
    assert f"by this app, {ref}" in row(found, "The engine's role")
    assert len(boards(app.carol)) == 1, "the board that was clicked is the one that turns green"
    app.carol.direct_message_with("is active until revoked")
    assert f"*RAM role*\n<https://ram.console.aliyun.com/roles/{ROLE}|`{ROLE}`>" in app.card(ref, "active").plain
    assert app.card(ref, "active").buttons == ["Revoke", "Details"]
    assert app.course(ref) == ["asked", "approved", "granting", "active"]
    assert app.chain_holds()


def test_a_denial_leaves_the_role_as_it_is(app: AppHarness) -> None:
    ref = asked(app)
    app.bob.click("Deny", app.card(ref))
    app.bob.submit({"Reason": "not in this account"})
    app.carol.direct_message_with("was denied by <@U0BOB>")
    assert roles_with(app, DATA) == []


def test_nobody_approves_what_they_asked_for_themselves(app: AppHarness) -> None:
    app.people.turn_switch("engine-role.policy")
    app.bob.click("Authorize", status(app, app.bob))
    app.bob.modal("Authorize")
    assert app.bob.submit(WHY) == {}
    card = app.card("R-1001", "needs approval")
    with refused(app, app.bob, "own_request", "R-1001 is your own", "R-1001"):
        app.bob.click("Approve", card)
    app.approve("R-1001", app.judy)
    in_time(app, lambda: roles_with(app, DATA) == [ROLE], "RAM to have it")


def test_the_board_says_that_it_is_asked_for_already_and_the_form_is_not_opened_twice(app: AppHarness) -> None:
    ref = asked(app)
    stale = boards(app.carol)[0]
    again = status(app, app.dave)
    assert again.buttons == ["Details"] and f"{ref} requests it already." in row(again, "The engine's role")
    with refused(app, app.dave, "mend_pending", f"{ref} requests this already", act="ask"):
        press(app.dave, "authorize", "engine-role", stale)


def test_two_forms_that_were_open_at_once_make_one_request(app: AppHarness) -> None:
    app.people.turn_switch("engine-role.policy")
    found = status(app, app.carol)
    for person in (app.carol, app.dave):
        person.click("Authorize", found)
        person.modal("Authorize")
    assert app.carol.submit(WHY) == {}
    app.card("R-1001")
    with refused(app, app.dave, "mend_pending", "R-1001 requests this already", act="ask"):
        assert app.dave.submit(WHY) == {}


def test_what_was_mended_meanwhile_needs_no_request(app: AppHarness) -> None:
    app.people.turn_switch("engine-role.policy")
    app.carol.click("Authorize", status(app, app.carol))
    app.carol.modal("Authorize")
    app.people.turn_switch("engine-role.policy", broken=False)
    with refused(app, app.carol, "mended", "exists already, so there is nothing to authorize", act="ask"):
        assert app.carol.submit(WHY) == {}


def test_what_was_mended_between_request_and_approval_is_held_and_not_ours(app: AppHarness) -> None:
    ref = asked(app)
    app.people.turn_switch("engine-role.policy", broken=False)
    app.approve(ref, app.bob)
    in_time(app, lambda: app.states(ref) == ["held"], "it to be found")
    with refused(app, app.bob, "held", "granted elsewhere, so it is not revoked here", ref, act="revoke"):
        app.bob.type(f"/pairec-access revoke {ref}")


def test_a_reason_is_needed_and_stands_under_its_field(app: AppHarness) -> None:
    app.people.turn_switch("engine-role.policy")
    app.carol.click("Authorize", status(app, app.carol))
    app.carol.modal("Authorize")
    assert list(app.carol.submit({"Reason": "  "})) == ["reason"]
    assert app.requests() == 0


def test_guests_and_those_who_are_not_linked_cannot_ask(app: AppHarness) -> None:
    app.people.turn_switch("engine-role.policy")
    found = status(app, app.carol)
    with refused(app, app.grace, "guest", "Guests cannot request access", act="ask"):
        press(app.grace, "authorize", "engine-role", found)
    unlink(app, app.dave)
    says = "To request more than your own access you must be linked"
    with refused(app, app.dave, "requester_not_linked", says, act="ask"):
        press(app.dave, "authorize", "engine-role", found)


def test_a_role_that_was_deleted_meanwhile_gets_nothing(app: AppHarness) -> None:
    ref = asked(app)
    app.people.turn_switch("engine-role.role")
    with refused(app, app.bob, "role_gone", f"Role `{ROLE}` does not exist", ref):
        app.bob.click("Approve", app.card(ref))


def test_a_role_that_was_deleted_and_made_again_is_another_one(app: AppHarness) -> None:
    ref = asked(app)
    app.people.turn_switch("engine-role.role")
    app.people.turn_switch("engine-role.role", broken=False)
    app.people.turn_switch("engine-role.policy")
    with refused(app, app.bob, "role_gone", "its name belongs to another role now", ref):
        app.bob.click("Approve", app.card(ref))


def test_nothing_is_asked_for_on_a_role_that_must_be_put_right_first(app: AppHarness) -> None:
    app.people.turn_switch("engine-role.policy")
    app.people.turn_switch("engine-role.trust")
    found = status(app, app.carol)
    assert found.buttons == ["Details"]
    press(app.carol, "authorize", "engine-role", found)
    app.carol.modal("Authorize")
    with refused(app, app.carol, "role_unfit", "something else about it must be fixed first", act="ask"):
        assert app.carol.submit(WHY) == {}


def test_a_role_that_somebody_else_may_assume_by_now_gets_nothing(app: AppHarness) -> None:
    ref = asked(app)
    app.people.turn_switch("engine-role.trust")
    with refused(app, app.bob, "role_unfit", "something else about it must be fixed first", ref):
        app.bob.click("Approve", app.card(ref))
    assert roles_with(app, DATA) == []


def test_a_role_whose_trust_changes_after_the_approval_gets_nothing(app: AppHarness) -> None:
    ref = asked(app)
    app.people.inject_ram_fault({"action": "AttachPolicyToRole", "fault": "throttle", "times": 1, "seconds": 5})
    app.approve(ref, app.bob)
    app.people.turn_switch("engine-role.trust")
    in_time(app, lambda: app.states(ref) == ["failed"], "it to be given up")
    assert roles_with(app, DATA) == []


def test_a_role_that_the_settings_no_longer_name_gets_nothing(app: AppHarness) -> None:
    ref = asked(app)
    app.restart_bot({"PAIREC_ENGINE_ROLE": "RankerRole"})
    with refused(app, app.bob, "role_unfit", "is not the one that `/pairec-status` checks", ref):
        app.bob.click("Approve", app.card(ref))


def test_what_another_role_got_is_not_offered_to_be_taken_back_from_this_one(app: AppHarness) -> None:
    authorised(app)
    trust = app.by_hand("GetRole", RoleName=ROLE)["Role"]["AssumeRolePolicyDocument"]
    app.by_hand("CreateRole", RoleName="RankerRole", AssumeRolePolicyDocument=trust)
    app.by_hand("AttachPolicyToRole", RoleName="RankerRole", PolicyName=DATA, PolicyType="Custom")
    app.restart_bot({"PAIREC_ENGINE_ROLE": "RankerRole"})
    found = status(app, app.bob)
    every = whole(app.bob, found)
    assert "`RankerRole` has" in row(every, "The engine's role")
    assert "by this app" not in every.plain and "by this app" not in found.plain
    assert found.buttons == ["Details"]


@pytest.mark.parametrize("how", ["deny", "held", "fail"])
def test_a_board_offers_it_again_or_shows_it_when_the_request_comes_to_nothing(app: AppHarness, how: str) -> None:
    ref = asked(app)
    status(app, app.dave)
    if how == "deny":
        app.bob.click("Deny", app.card(ref))
        app.bob.submit({"Reason": "not now"})
    else:
        if how == "held":
            app.people.turn_switch("engine-role.policy", broken=False)
        else:
            app.people.inject_ram_fault({"action": "AttachPolicyToRole", "fault": "no_permission"})
        app.approve(ref, app.bob)
    board(app, app.dave, "all good" if how == "held" else "Authorize asks an administrator")


def test_a_role_of_that_name_that_somebody_made_is_not_taken_for_pai_recs_own(app: AppHarness) -> None:
    app.people.turn_switch("service-role")
    app.carol.click("Authorize", status(app, app.carol))
    app.carol.modal("Authorize")
    app.carol.submit(WHY)
    card = app.card("R-1001", "needs approval")
    trust = '{"Version": "1", "Statement": []}'
    app.by_hand("CreateRole", RoleName=OWN, AssumeRolePolicyDocument=trust)
    with refused(app, app.bob, "role_unfit", "something else about it must be fixed first", "R-1001"):
        app.bob.click("Approve", card)


def test_what_the_bot_attached_an_administrator_takes_back_from_the_board(app: AppHarness) -> None:
    ref = authorised(app)
    found = board(app, app.bob, "by this app")
    assert found.buttons == ["Revoke", "Details"]
    app.bob.click("Revoke", found)
    in_time(app, lambda: roles_with(app, DATA) == [], "RAM to be without it")
    in_time(app, lambda: app.states(ref) == ["ended"], "it to be over")
    assert "Authorize" in board(app, app.bob, "1 failed").buttons
    app.carol.direct_message_with("was revoked by <@U0BOB>")


def test_whoever_asked_for_it_cannot_give_it_back_for_everybody(app: AppHarness) -> None:
    ref = authorised(app)
    assert app.carol.direct_message_with("is active until revoked").buttons == ["Details"]
    with refused(app, app.carol, "not_approver", "does not hold `PaiRecRamAdminAccess`", ref, act="revoke"):
        app.carol.type(f"/pairec-access revoke {ref}")


def test_what_the_account_had_before_offers_nothing_to_take_back(app: AppHarness) -> None:
    assert status(app, app.bob).buttons == ["Details"]


def test_what_somebody_detached_by_hand_is_over_and_asked_for_again(app: AppHarness) -> None:
    ref = authorised(app)
    app.people.turn_switch("engine-role.policy")
    app.people.advance(5 * 60 + 1)
    in_time(app, lambda: app.record(ref).grants[0].missing_since_real, "the bot to miss it")
    app.real_passes(LONG_ENOUGH)
    in_time(app, lambda: app.states(ref) == ["ended"], "it to be over")
    app.carol.direct_message_with(f"was removed from RAM role `{ROLE}` outside this app")
    assert "Authorize" in board(app, app.carol, "1 failed").buttons


@pytest.mark.parametrize("fault", [{"fault": "drop_answer", "times": 1}, {"fault": "throttle", "times": 2}])
def test_a_lost_or_throttled_attach_to_a_role_arrives_all_the_same(app: AppHarness, fault: dict[str, object]) -> None:
    app.people.inject_ram_fault({"action": "AttachPolicyToRole", **fault})
    authorised(app)
    assert roles_with(app, DATA) == [ROLE]


def test_pai_recs_own_role_is_created_with_one_approval_and_everything_turns_green(app: AppHarness) -> None:
    app.people.turn_switch("service-role")
    found = status(app, app.carol, "oss")
    app.carol.click("Authorize", found)
    assert "Permanent: PAI-Rec does not work without it." in app.carol.modal("Authorize").plain
    assert app.carol.submit({"Reason": "nothing works"}) == {}
    assert "*Duration*\npermanent" in app.card("R-1001", "needs approval").plain
    app.approve("R-1001", app.bob)
    in_time(app, lambda: app.states("R-1001") == ["active"], "the role to be there")
    assert app.by_hand("GetRole", RoleName=OWN)["Role"]["IsServiceLinkedRole"] is True
    board(app, app.carol, "OSS · all good")
    app.carol.direct_message_with("*PAI-Rec's own role* (`service-role`) exists now.")
    assert "Exists, and stays" in app.card("R-1001", "active").plain
    with refused(app, app.bob, "stays", "it is not revoked here", "R-1001", act="revoke"):
        app.bob.type("/pairec-access revoke R-1001")
    assert "Revoke" not in status(app, app.bob).buttons


def test_a_lost_answer_to_the_creation_of_the_role_is_settled_by_reading(app: AppHarness) -> None:
    app.people.inject_ram_fault({"action": "CreateServiceLinkedRole", "fault": "drop_answer", "times": 1})
    app.people.turn_switch("service-role")
    app.carol.click("Authorize", status(app, app.carol))
    app.carol.modal("Authorize")
    app.carol.submit(WHY)
    app.approve("R-1001", app.bob)
    in_time(app, lambda: app.states("R-1001") == ["active"], "the role to be seen")


def test_the_role_that_somebody_deletes_afterwards_is_over_without_a_write_of_ours(app: AppHarness) -> None:
    app.people.turn_switch("service-role")
    app.carol.click("Authorize", status(app, app.carol))
    app.carol.modal("Authorize")
    app.carol.submit(WHY)
    app.approve("R-1001", app.bob)
    in_time(app, lambda: app.states("R-1001") == ["active"], "the role to be there")
    app.people.turn_switch("service-role")
    app.people.advance(5 * 60 + 1)
    in_time(app, lambda: app.record("R-1001").grants[0].missing_since_real, "the bot to miss it")
    app.real_passes(LONG_ENOUGH)
    in_time(app, lambda: app.states("R-1001") == ["ended"], "it to be over")
    assert not [entry for entry in app.people.account()["log"] if entry["action"].startswith("Delete")]
    app.carol.direct_message_with("was deleted outside this app")


@pytest.mark.parametrize("answer", ODD)
def test_a_role_gets_and_loses_its_policy_although_ram_answered(app: AppHarness, answer: str) -> None:
    app.people.inject_ram_fault({"action": "AttachPolicyToRole", "times": 1, **ODD[answer]})
    ref = authorised(app, "engine-role")
    assert roles_with(app, DATA) == [ROLE]
    app.people.inject_ram_fault({"action": "DetachPolicyFromRole", "times": 1, **ODD[answer]})
    app.revokes(app.bob, ref)
    in_time(app, lambda: app.states(ref) == ["ended"], f"{ref} to be over")
    assert roles_with(app, DATA) == []


@pytest.mark.parametrize("answer", ODD)
def test_a_role_that_was_created_is_known_to_be_there_although_ram_answered(app: AppHarness, answer: str) -> None:
    app.people.turn_switch("service-role")
    app.people.inject_ram_fault({"action": "CreateServiceLinkedRole", "times": 1, **ODD[answer]})
    app.carol.click("Authorize", status(app, app.carol, "oss"))
    assert app.carol.submit(WHY) == {}
    app.approve("R-1001", app.bob)
    in_time(app, lambda: app.states("R-1001") == ["active"], "the role to be there")
    assert OWN in app.sandbox.account.read().roles
