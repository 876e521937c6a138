"""Authorize: what is missing on the account's own roles is asked for, approved by somebody else, done, and seen."""

from __future__ import annotations

import pytest

from tests.harness.app import DATA, AppHarness
from tests.harness.boards import board, boards, row, status
from tests.harness.odd_answers import ODD
from tests.harness.refusals import press, refused, unlink
from tests.harness.waiting import LONG_ENOUGH, in_time

ROLE = "AliyunPAIRecEASRole"
OWN = "AliyunServiceRoleForPaiRec"
WHY = {"Why": "the engine asks for an access key"}


def roles_with(office: AppHarness, policy: str) -> list[str]:
    answer = office.by_hand("ListEntitiesForPolicy", PolicyName=policy, PolicyType="Custom")
    return [role["RoleName"] for role in answer["Roles"]["Role"]]


def asked(office: AppHarness) -> str:
    """Carol finds the engine's role without its policy, and asks for it; the reference of her request."""
    office.people.break_it("engine-role.policy")
    found = status(office, office.carol)
    office.carol.click("Authorize", found)
    form = office.carol.modal("Data management for the engine's role")
    assert "so that it starts without an access key" in form.plain
    assert "1 holder of `PaiRecRamAdminAccess` has to approve it" in form.plain
    assert office.carol.submit(WHY) == {}
    return office.card("R-1001", "waiting for approval").plain.split()[0]


def authorised(office: AppHarness) -> str:
    ref = asked(office)
    office.approve(ref, office.bob)
    in_time(office, lambda: office.states(ref) == ["active"], "the role to have it")
    return ref


def test_what_the_engines_role_lacks_is_authorised_by_two_people_and_turns_green(office: AppHarness) -> None:
    ref = asked(office)
    card = office.card(ref).plain
    assert "<@U0CAROL> asks for *Data management for the engine's role* (`engine-role`)." in card
    assert f"*RAM role*\n`{ROLE}`" in card and "the engine asks for an access key" in card
    assert roles_with(office, DATA) == []
    office.approve(ref, office.bob)
    in_time(office, lambda: roles_with(office, DATA) == [ROLE], "RAM to have it")
    found = board(office, office.carol, "all good")
    assert f"by this bot, {ref}" in row(found, "The engine's role")
    assert len(boards(office.carol)) == 1, "the board that was clicked is the one that turns green"
    office.carol.direct_message_with("is active until revoked")
    assert office.card(ref, "active").buttons == []
    assert office.course(ref) == ["asked", "approved", "granting", "active"]
    assert office.chain_holds()


def test_a_denial_leaves_the_role_as_it_is(office: AppHarness) -> None:
    ref = asked(office)
    office.bob.click("Deny", office.card(ref))
    office.bob.submit({"Why not?": "not in this account"})
    office.carol.direct_message_with("was denied by <@U0BOB>")
    assert roles_with(office, DATA) == []


def test_nobody_approves_what_they_asked_for_themselves(office: AppHarness) -> None:
    office.people.break_it("engine-role.policy")
    office.bob.click("Authorize", status(office, office.bob))
    office.bob.modal("Authorize")
    assert office.bob.submit(WHY) == {}
    card = office.card("R-1001", "waiting for approval")
    with refused(office, office.bob, "own_request", "R-1001 is your own", "R-1001"):
        office.bob.click("Approve", card)
    office.approve("R-1001", office.judy)
    in_time(office, lambda: roles_with(office, DATA) == [ROLE], "RAM to have it")


def test_the_board_says_that_it_is_asked_for_already_and_the_form_is_not_opened_twice(office: AppHarness) -> None:
    ref = asked(office)
    stale = boards(office.carol)[0]
    again = status(office, office.dave)
    assert again.buttons == [] and f"{ref} asks for it already." in row(again, "The engine's role")
    with refused(office, office.dave, "mend_pending", f"{ref} asks for this already", act="ask"):
        press(office.dave, "authorize", "engine-role", stale)


def test_two_forms_that_were_open_at_once_make_one_request(office: AppHarness) -> None:
    office.people.break_it("engine-role.policy")
    found = status(office, office.carol)
    for person in (office.carol, office.dave):
        person.click("Authorize", found)
        person.modal("Authorize")
    assert office.carol.submit(WHY) == {}
    office.card("R-1001")
    with refused(office, office.dave, "mend_pending", "R-1001 asks for this already", act="ask"):
        assert office.dave.submit(WHY) == {}


def test_what_was_mended_meanwhile_needs_no_request(office: AppHarness) -> None:
    office.people.break_it("engine-role.policy")
    office.carol.click("Authorize", status(office, office.carol))
    office.carol.modal("Authorize")
    office.people.break_it("engine-role.policy", broken=False)
    with refused(office, office.carol, "mended", "it is there already, so there is nothing to authorize", act="ask"):
        assert office.carol.submit(WHY) == {}


def test_what_was_mended_between_request_and_approval_is_held_and_not_ours(office: AppHarness) -> None:
    ref = asked(office)
    office.people.break_it("engine-role.policy", broken=False)
    office.approve(ref, office.bob)
    in_time(office, lambda: office.states(ref) == ["held"], "it to be found")
    with refused(office, office.bob, "held", "was given to `AliyunPAIRecEASRole` before", ref, act="revoke"):
        office.bob.types(f"/pairec-access revoke {ref}")


def test_a_reason_is_needed_and_stands_under_its_field(office: AppHarness) -> None:
    office.people.break_it("engine-role.policy")
    office.carol.click("Authorize", status(office, office.carol))
    office.carol.modal("Authorize")
    assert list(office.carol.submit({"Why": "  "})) == ["reason"]
    assert office.requests() == 0


def test_guests_and_those_who_are_not_linked_cannot_ask(office: AppHarness) -> None:
    office.people.break_it("engine-role.policy")
    found = status(office, office.carol)
    with refused(office, office.grace, "guest", "Guests cannot ask for access", act="ask"):
        press(office.grace, "authorize", "engine-role", found)
    unlink(office, office.dave)
    says = "To ask for more than your own access you must be linked"
    with refused(office, office.dave, "requester_not_linked", says, act="ask"):
        press(office.dave, "authorize", "engine-role", found)


def test_a_role_that_was_deleted_meanwhile_gets_nothing(office: AppHarness) -> None:
    ref = asked(office)
    office.people.break_it("engine-role.role")
    with refused(office, office.bob, "role_gone", f"The role `{ROLE}` does not exist", ref):
        office.bob.click("Approve", office.card(ref))


def test_a_role_that_was_deleted_and_made_again_is_another_one(office: AppHarness) -> None:
    ref = asked(office)
    office.people.break_it("engine-role.role")
    office.people.break_it("engine-role.role", broken=False)
    office.people.break_it("engine-role.policy")
    with refused(office, office.bob, "role_gone", "its name belongs to another role now", ref):
        office.bob.click("Approve", office.card(ref))


def test_nothing_is_asked_for_on_a_role_that_must_be_put_right_first(office: AppHarness) -> None:
    office.people.break_it("engine-role.policy")
    office.people.break_it("engine-role.trust")
    found = status(office, office.carol)
    assert found.buttons == []
    press(office.carol, "authorize", "engine-role", found)
    office.carol.modal("Authorize")
    with refused(office, office.carol, "role_unfit", "something else about it must be put right first", act="ask"):
        assert office.carol.submit(WHY) == {}


def test_a_role_that_somebody_else_may_assume_by_now_gets_nothing(office: AppHarness) -> None:
    ref = asked(office)
    office.people.break_it("engine-role.trust")
    with refused(office, office.bob, "role_unfit", "something else about it must be put right first", ref):
        office.bob.click("Approve", office.card(ref))
    assert roles_with(office, DATA) == []


def test_a_role_whose_trust_changes_after_the_approval_gets_nothing(office: AppHarness) -> None:
    ref = asked(office)
    office.people.order_ram({"action": "AttachPolicyToRole", "fault": "throttle", "times": 1, "seconds": 5})
    office.approve(ref, office.bob)
    office.people.break_it("engine-role.trust")
    in_time(office, lambda: office.states(ref) == ["failed"], "it to be given up")
    assert roles_with(office, DATA) == []


def test_a_role_that_the_settings_no_longer_name_gets_nothing(office: AppHarness) -> None:
    ref = asked(office)
    office.restart_bot({"PAIREC_ENGINE_ROLE": "RankerRole"})
    with refused(office, office.bob, "role_unfit", "is not the one that `/pairec-status` looks at", ref):
        office.bob.click("Approve", office.card(ref))


def test_what_another_role_got_is_not_offered_to_be_taken_back_from_this_one(office: AppHarness) -> None:
    authorised(office)
    trust = office.by_hand("GetRole", RoleName=ROLE)["Role"]["AssumeRolePolicyDocument"]
    office.by_hand("CreateRole", RoleName="RankerRole", AssumeRolePolicyDocument=trust)
    office.by_hand("AttachPolicyToRole", RoleName="RankerRole", PolicyName=DATA, PolicyType="Custom")
    office.restart_bot({"PAIREC_ENGINE_ROLE": "RankerRole"})
    found = status(office, office.bob)
    assert "`RankerRole` has" in row(found, "The engine's role") and "by this bot" not in found.plain
    assert found.buttons == []


@pytest.mark.parametrize("how", ["deny", "held", "fail"])
def test_a_board_offers_it_again_or_shows_it_when_the_request_comes_to_nothing(office: AppHarness, how: str) -> None:
    ref = asked(office)
    status(office, office.dave)
    if how == "deny":
        office.bob.click("Deny", office.card(ref))
        office.bob.submit({"Why not?": "not now"})
    else:
        if how == "held":
            office.people.break_it("engine-role.policy", broken=False)
        else:
            office.people.order_ram({"action": "AttachPolicyToRole", "fault": "no_permission"})
        office.approve(ref, office.bob)
    board(office, office.dave, "all good" if how == "held" else "Authorize asks an administrator")


def test_a_role_of_that_name_that_somebody_made_is_not_taken_for_pai_recs_own(office: AppHarness) -> None:
    office.people.break_it("service-role")
    office.carol.click("Authorize", status(office, office.carol))
    office.carol.modal("Authorize")
    office.carol.submit(WHY)
    card = office.card("R-1001", "waiting for approval")
    trust = '{"Version": "1", "Statement": []}'
    office.by_hand("CreateRole", RoleName=OWN, AssumeRolePolicyDocument=trust)
    with refused(office, office.bob, "role_unfit", "something else about it must be put right first", "R-1001"):
        office.bob.click("Approve", card)


def test_what_the_bot_attached_an_administrator_takes_back_from_the_board(office: AppHarness) -> None:
    ref = authorised(office)
    found = board(office, office.bob, "by this bot")
    assert found.buttons == ["Take back"]
    office.bob.click("Take back", found)
    in_time(office, lambda: roles_with(office, DATA) == [], "RAM to be without it")
    in_time(office, lambda: office.states(ref) == ["ended"], "it to be over")
    assert "Authorize" in board(office, office.bob, "1 failed").buttons
    office.carol.direct_message_with("was taken back by <@U0BOB>")


def test_whoever_asked_for_it_cannot_give_it_back_for_everybody(office: AppHarness) -> None:
    ref = authorised(office)
    assert office.carol.direct_message_with("is active until revoked").buttons == []
    with refused(office, office.carol, "not_approver", "does not hold `PaiRecRamAdminAccess`", ref, act="revoke"):
        office.carol.types(f"/pairec-access revoke {ref}")


def test_what_the_account_had_before_offers_nothing_to_take_back(office: AppHarness) -> None:
    assert status(office, office.bob).buttons == []


def test_what_somebody_detached_by_hand_is_over_and_asked_for_again(office: AppHarness) -> None:
    ref = authorised(office)
    office.people.break_it("engine-role.policy")
    office.people.advance(5 * 60 + 1)
    in_time(office, lambda: office.record(ref).grants[0].missing_since_real, "the bot to miss it")
    office.real_passes(LONG_ENOUGH)
    in_time(office, lambda: office.states(ref) == ["ended"], "it to be over")
    office.carol.direct_message_with(f"was removed from RAM role `{ROLE}` by somebody outside of this bot")
    assert "Authorize" in board(office, office.carol, "1 failed").buttons


@pytest.mark.parametrize("fault", [{"fault": "drop_answer", "times": 1}, {"fault": "throttle", "times": 2}])
def test_a_lost_or_throttled_attach_to_a_role_arrives_all_the_same(
    office: AppHarness, fault: dict[str, object]
) -> None:
    office.people.order_ram({"action": "AttachPolicyToRole", **fault})
    authorised(office)
    assert roles_with(office, DATA) == [ROLE]


def test_pai_recs_own_role_is_created_with_one_approval_and_everything_turns_green(office: AppHarness) -> None:
    office.people.break_it("service-role")
    found = status(office, office.carol, "oss")
    office.carol.click("Authorize", found)
    assert "It stays: PAI-Rec does not work without it." in office.carol.modal("Authorize").plain
    assert office.carol.submit({"Why": "nothing works"}) == {}
    assert "*How long*\nfor good" in office.card("R-1001", "waiting for approval").plain
    office.approve("R-1001", office.bob)
    in_time(office, lambda: office.states("R-1001") == ["active"], "the role to be there")
    assert office.by_hand("GetRole", RoleName=OWN)["Role"]["IsServiceLinkedRole"] is True
    board(office, office.carol, "OSS · all good")
    office.carol.direct_message_with("*PAI-Rec's own role* (`service-role`) is there now.")
    assert "There, and stays" in office.card("R-1001", "active").plain
    with refused(office, office.bob, "stays", "It is not taken back from here", "R-1001", act="revoke"):
        office.bob.types("/pairec-access revoke R-1001")
    assert "Take back" not in status(office, office.bob).buttons


def test_a_lost_answer_to_the_creation_of_the_role_is_settled_by_reading(office: AppHarness) -> None:
    office.people.order_ram({"action": "CreateServiceLinkedRole", "fault": "drop_answer", "times": 1})
    office.people.break_it("service-role")
    office.carol.click("Authorize", status(office, office.carol))
    office.carol.modal("Authorize")
    office.carol.submit(WHY)
    office.approve("R-1001", office.bob)
    in_time(office, lambda: office.states("R-1001") == ["active"], "the role to be seen")


def test_the_role_that_somebody_deletes_afterwards_is_over_without_a_write_of_ours(office: AppHarness) -> None:
    office.people.break_it("service-role")
    office.carol.click("Authorize", status(office, office.carol))
    office.carol.modal("Authorize")
    office.carol.submit(WHY)
    office.approve("R-1001", office.bob)
    in_time(office, lambda: office.states("R-1001") == ["active"], "the role to be there")
    office.people.break_it("service-role")
    office.people.advance(5 * 60 + 1)
    in_time(office, lambda: office.record("R-1001").grants[0].missing_since_real, "the bot to miss it")
    office.real_passes(LONG_ENOUGH)
    in_time(office, lambda: office.states("R-1001") == ["ended"], "it to be over")
    assert not [entry for entry in office.people.account()["log"] if entry["action"].startswith("Delete")]
    office.carol.direct_message_with("was deleted by somebody outside of this bot")


@pytest.mark.parametrize("answer", ODD)
def test_a_role_gets_and_loses_its_policy_although_ram_answered(office: AppHarness, answer: str) -> None:
    office.people.order_ram({"action": "AttachPolicyToRole", "times": 1, **ODD[answer]})
    ref = authorised(office)
    assert roles_with(office, DATA) == [ROLE]
    office.people.order_ram({"action": "DetachPolicyFromRole", "times": 1, **ODD[answer]})
    office.revokes(office.bob, ref)
    in_time(office, lambda: office.states(ref) == ["ended"], f"{ref} to be over")
    assert roles_with(office, DATA) == []


@pytest.mark.parametrize("answer", ODD)
def test_a_role_that_was_created_is_known_to_be_there_although_ram_answered(office: AppHarness, answer: str) -> None:
    office.people.break_it("service-role")
    office.people.order_ram({"action": "CreateServiceLinkedRole", "times": 1, **ODD[answer]})
    office.carol.click("Authorize", status(office, office.carol))
    assert office.carol.submit(WHY) == {}
    office.approve("R-1001", office.bob)
    in_time(office, lambda: office.states("R-1001") == ["active"], "the role to be there")
    assert OWN in office.sandbox.account.read().roles
