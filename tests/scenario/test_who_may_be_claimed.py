"""Claims that no click confirms: administrators, doubtful e-mail addresses, taken RAM users, outsiders."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness.app import ADMIN, DATA, ENGINE, AppHarness
from tests.harness.refusals import (
    invite,
    link,
    new_ram_user,
    newcomer,
    ram_user,
    refused,
    restart,
    stands_under,
    untouched,
)
from tests.scenario.claiming import NOT_YET, claims, linked_to


def test_a_claim_to_an_administrator_is_refused_with_the_command_that_links_them(office: AppHarness) -> None:
    new_ram_user(office, "root-admin")
    office.attach_by_hand("root-admin", ADMIN)
    restart(office)
    henry = newcomer(office, "henry")
    henry.types("/pairec-access request")
    henry.modal(NOT_YET)
    with refused(office, henry, "claim_admin", "`pairec-access link U0HENRY root-admin`", act="ask"):
        henry.submit({"What": DATA, "RAM user": "root-admin (root-admin)", "For how long": "2h", "Why": "on call"})


def test_an_administrator_whose_e_mail_address_matches_is_not_linked_by_a_click_either(office: AppHarness) -> None:
    henry = newcomer(office, "henry")
    new_ram_user(office, "root-admin", Email="henry@elsewhere.example")
    office.attach_by_hand("root-admin", ADMIN)
    with refused(office, henry, "claim_admin", "`pairec-access link U0HENRY root-admin`", act="ask"):
        henry.types(f"/pairec-access request {DATA} 8h feature work")


def test_a_claim_to_an_administrator_through_a_group_is_refused(office: AppHarness) -> None:
    office.by_hand("CreateGroup", GroupName="platform")
    office.by_hand("AttachPolicyToGroup", GroupName="platform", PolicyName=ADMIN, PolicyType="Custom")
    office.by_hand("AddUserToGroup", GroupName="platform", UserName="erin")
    with refused(office, office.erin, "claim_admin", "`pairec-access link U0ERIN erin`", act="ask"):
        office.erin.types(f"/pairec-access request {DATA} 8h feature work")


def test_a_claim_to_somebody_who_became_administrator_meanwhile_is_not_confirmed_by_the_click(
    office: AppHarness,
) -> None:
    ref = claims(office, office.erin, "erin", DATA)
    office.attach_by_hand("erin", ADMIN)
    with refused(office, office.bob, "claim_admin", "`pairec-access link U0ERIN erin`", ref):
        office.bob.click("Approve", office.card(ref))


def test_a_claim_that_differs_from_the_match_by_e_mail_is_refused_with_the_command(office: AppHarness) -> None:
    new_ram_user(office, "anna")
    restart(office)
    office.erin.types("/pairec-access request")
    office.erin.modal(NOT_YET)
    with untouched(office, "U0ERIN", "claim_differs", act="ask"):
        errors = office.erin.submit({"What": DATA, "RAM user": "anna (anna)", "For how long": "2h", "Why": "on call"})
    stands_under(errors, "claim", "belongs to RAM user erin, not to anna.")
    assert "an administrator runs pairec-access link U0ERIN anna" in office.erin.modal(NOT_YET).plain
    assert office.erin.submit({"RAM user": "erin (Erin Sato)"}) == {}
    office.card("R-1001", "is RAM user `erin`")


def test_a_claim_that_differs_from_a_match_that_the_form_did_not_know_is_told_by_direct_message(
    office: AppHarness,
) -> None:
    office.by_hand("UpdateUser", UserName="erin", NewEmail="")
    new_ram_user(office, "anna")
    restart(office)
    office.erin.types("/pairec-access request")
    assert "Found by" not in office.erin.modal(NOT_YET).plain
    office.by_hand("UpdateUser", UserName="erin", NewEmail="erin@example.com")
    with refused(office, office.erin, "claim_differs", "belongs to RAM user `erin`, not to `anna`", act="ask"):
        office.erin.submit({"What": DATA, "RAM user": "anna (anna)", "For how long": "2h", "Why": "on call"})
    office.erin.direct_message_with("an administrator runs `pairec-access link U0ERIN anna`")


def test_a_claim_that_no_longer_is_the_match_by_e_mail_is_not_confirmed_by_the_click(office: AppHarness) -> None:
    ref = claims(office, office.erin, "erin", DATA)
    office.by_hand("UpdateUser", UserName="erin", NewEmail="other@example.com")
    new_ram_user(office, "anna", Email="erin@example.com")
    with refused(office, office.bob, "claim_differs", "belongs to RAM user `anna`, not to `erin`", ref):
        office.bob.click("Approve", office.card(ref))


def test_a_ram_user_with_somebody_elses_address_is_refused_with_the_command(office: AppHarness) -> None:
    new_ram_user(office, "kate", Email="kate@example.com")
    restart(office)
    mallory = newcomer(office, "mallory")
    mallory.types("/pairec-access request")
    mallory.modal(NOT_YET)
    with refused(office, mallory, "claim_of_another", "`pairec-access link U0MALLORY kate`", act="ask"):
        mallory.submit({"What": DATA, "RAM user": "kate (kate)", "For how long": "2h", "Why": "on call"})


def test_a_ram_user_that_got_somebody_elses_address_meanwhile_is_not_confirmed_by_the_click(office: AppHarness) -> None:
    new_ram_user(office, "kate")
    restart(office)
    ref = claims(office, newcomer(office, "mallory"), "kate", DATA)
    office.by_hand("UpdateUser", UserName="kate", NewEmail="kate@example.com")
    with refused(office, office.bob, "claim_of_another", "`pairec-access link U0MALLORY kate`", ref):
        office.bob.click("Approve", office.card(ref))


def test_two_ram_users_with_one_e_mail_address_are_no_match(office: AppHarness) -> None:
    new_ram_user(office, "erin2", Email="ERIN@example.com")
    restart(office)
    office.erin.types("/pairec-access request")
    assert "Found by" not in office.erin.modal(NOT_YET).plain
    office.erin.close_modal()
    linked_to(office, office.erin, "You are not linked to a RAM user yet. `/pairec-access request` lets you choose")
    says = "2 RAM users have the e-mail address of <@U0ERIN>"
    with refused(office, office.erin, "email_ambiguous", says, act="ask"):
        office.erin.types(f"/pairec-access request {DATA} 8h feature work")


def test_one_of_two_ram_users_with_one_e_mail_address_cannot_be_claimed_in_the_form(office: AppHarness) -> None:
    new_ram_user(office, "erin2", Email="erin@example.com")
    restart(office)
    office.erin.types("/pairec-access request")
    office.erin.modal(NOT_YET)
    with refused(office, office.erin, "email_ambiguous", "An administrator links them with", act="ask"):
        office.erin.submit({"What": DATA, "RAM user": "erin2 (erin2)", "For how long": "2h", "Why": "on call"})


def test_a_match_that_became_ambiguous_meanwhile_is_not_confirmed_by_the_click(office: AppHarness) -> None:
    ref = claims(office, office.erin, "erin", DATA)
    new_ram_user(office, "erin2", Email="erin@example.com")
    with refused(office, office.bob, "email_ambiguous", "2 RAM users have the e-mail address of <@U0ERIN>", ref):
        office.bob.click("Approve", office.card(ref))


def test_a_ram_user_that_is_linked_already_cannot_be_claimed_by_a_form_that_was_open_before(office: AppHarness) -> None:
    henry = newcomer(office, "henry")
    henry.types("/pairec-access request")
    henry.modal(NOT_YET)
    henry.fill({"What": DATA, "RAM user": "erin (Erin Sato)", "For how long": "2h", "Why": "on call"})
    link(office, office.erin, "erin")
    with untouched(office, henry.id, "claim_taken", act="ask"):
        errors = henry.submit()
    stands_under(errors, "claim", "RAM user erin is linked to U0ERIN already")


def test_a_form_that_names_a_linked_ram_user_all_the_same_is_refused(office: AppHarness) -> None:
    henry = newcomer(office, "henry")
    henry.types("/pairec-access request")
    form, dave = henry.modal(NOT_YET), ram_user(office, "dave")
    values = {**form.values, **filled(DATA, "claim:U0HENRY", f"{dave.user_id}|dave")}
    view = {**form.body, "state": {"values": values}}
    with untouched(office, henry.id, "claim_taken", act="ask"):
        answer = henry.forge({"type": "view_submission", "view": view})["answer"]
    stands_under(answer["errors"], "claim", "RAM user dave is linked to U0DAVE already")


def test_a_form_that_names_a_ram_user_that_never_was_is_refused(office: AppHarness) -> None:
    henry = newcomer(office, "henry")
    henry.types("/pairec-access request")
    form = henry.modal(NOT_YET)
    values = {**form.values, **filled(DATA, "claim:U0HENRY", "299999999999999999|nobody")}
    view = {**form.body, "state": {"values": values}}
    with untouched(office, henry.id, "claim_unknown", act="ask"):
        answer = henry.forge({"type": "view_submission", "view": view})["answer"]
    stands_under(answer["errors"], "claim", "RAM has no user nobody any more")


def test_a_form_that_was_opened_for_somebody_else_says_nothing_of_what_is_known(office: AppHarness) -> None:
    henry = newcomer(office, "henry")
    henry.types("/pairec-access request")
    form, dave = henry.modal(NOT_YET), ram_user(office, "dave")
    view = {**form.body, "state": {"values": filled(DATA, "claim:U0HENRY", f"{dave.user_id}|dave")}}
    with refused(office, office.grace, "guest", "Guests cannot ask for access or decide on it.", act="ask"):
        assert office.grace.forge({"type": "view_submission", "view": view})["answer"] == {}


def filled(item: str, claim_block: str, claim: str) -> dict[str, Any]:
    """The state of a form as somebody could send it who does not use Slack's client."""
    return {
        "what": {"what": {"type": "static_select", "selected_option": {"value": item}}},
        claim_block: {"claim": {"type": "external_select", "selected_option": {"value": claim}}},
        "duration:": {"duration": {"type": "plain_text_input", "value": "2h"}},
        "reason": {"reason": {"type": "plain_text_input", "value": "on call"}},
    }


def test_a_claimed_ram_user_that_was_deleted_and_made_again_is_not_confirmed_by_the_click(office: AppHarness) -> None:
    ref = claims(office, office.erin, "erin", DATA)
    office.detach_by_hand("erin", ENGINE)
    office.by_hand("DeleteUser", UserName="erin")
    new_ram_user(office, "erin", Email="erin@example.com")
    with refused(office, office.bob, "user_gone", "RAM user `erin` of <@U0ERIN> does not exist any more", ref):
        office.bob.click("Approve", office.card(ref))


def test_a_claimed_ram_user_that_was_renamed_is_linked_by_its_id(office: AppHarness) -> None:
    ref = claims(office, office.erin, "erin", DATA)
    office.by_hand("UpdateUser", UserName="erin", NewUserName="erin-sato")
    office.approve(ref, office.bob)
    office.comes_to_hold("erin-sato", DATA)
    with office.ledger.read() as tx:
        links = tx.rows("SELECT ram_user_id FROM links WHERE slack_user_id = 'U0ERIN'")
    assert [row["ram_user_id"] for row in links] == [ram_user(office, "erin-sato").user_id]


NOT_A_MEMBER: list[tuple[str, dict[str, Any], str]] = [
    ("guest", {"is_restricted": True}, "Guests cannot ask for access"),
    ("stranger", {"is_stranger": True, "team_id": "T0OTHER"}, "Only members of this workspace"),
]


@pytest.mark.parametrize(("why", "change", "says"), NOT_A_MEMBER)
def test_whoever_is_no_full_member_cannot_ask(office: AppHarness, why: str, change: dict[str, Any], says: str) -> None:
    office.people.order_slack({"person": "U0ERIN", "set": change})
    with refused(office, office.erin, why, says, act="ask"):
        office.erin.types(f"/pairec-access request {DATA} 8h feature work")


def test_the_guest_of_the_workspace_can_neither_ask_nor_be_linked(office: AppHarness) -> None:
    with refused(office, office.grace, "guest", "Guests cannot ask for access or decide on it.", act="ask"):
        office.grace.types(f"/pairec-access request {DATA} 8h feature work")
    linked_to(office, office.grace, "Guests cannot ask for access or decide on it.")


ABOUT_ANOTHER: list[tuple[str, dict[str, Any], str]] = [
    ("guest", {"is_restricted": True}, "is a guest of this workspace, and nothing is granted to guests."),
    ("stranger", {"is_stranger": True, "team_id": "T0OTHER"}, "is not a member of this workspace"),
    ("deleted", {"deleted": True}, "is deactivated."),
]


@pytest.mark.parametrize(("why", "change", "says"), ABOUT_ANOTHER)
def test_nobody_asks_for_somebody_who_is_no_full_member(
    office: AppHarness, why: str, change: dict[str, Any], says: str
) -> None:
    carol = office.carol
    carol.types("/pairec-access request")
    carol.fill({"What": DATA, "For whom": "dave", "For how long": "2h", "Why": "on call"})
    office.people.order_slack({"person": "U0DAVE", "set": change})
    with refused(office, carol, why, says, act="ask"):
        assert carol.submit() == {}
    assert "<@U0DAVE>" in carol.direct_message_with(says).plain


@pytest.mark.parametrize(("why", "change", "says"), ABOUT_ANOTHER)
def test_a_claim_of_somebody_who_is_no_full_member_any_more_is_not_confirmed_by_the_click(
    office: AppHarness, why: str, change: dict[str, Any], says: str
) -> None:
    ref = claims(office, office.erin, "erin", DATA)
    office.people.order_slack({"person": "U0ERIN", "set": change})
    with refused(office, office.bob, why, says, ref):
        office.bob.click("Approve", office.card(ref))
    assert "<@U0ERIN>" in office.bob.ephemeral_with(says).plain


def test_an_approver_may_ask_for_a_colleague_with_a_claim_but_not_confirm_it(office: AppHarness) -> None:
    invite(office, office.erin)
    office.alice.types(f"/pairec-access request {DATA} @erin 8h feature work")
    assert "<@U0ALICE> says that <@U0ERIN> is RAM user `erin`." in office.card("R-1001").plain
    with refused(office, office.alice, "own_request", "R-1001 is your own", "R-1001"):
        office.alice.click("Approve", office.card("R-1001"))
