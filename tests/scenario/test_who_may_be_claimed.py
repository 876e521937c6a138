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


def test_a_claim_to_an_administrator_is_refused_with_the_command_that_links_them(app: AppHarness) -> None:
    new_ram_user(app, "root-admin")
    app.attach_by_hand("root-admin", ADMIN)
    restart(app)
    henry = newcomer(app, "henry")
    henry.type("/pairec-access request")
    henry.modal(NOT_YET)
    with refused(app, henry, "claim_admin", "`pairec-access link U0HENRY root-admin`", act="ask"):
        henry.submit({"What": DATA, "RAM user": "root-admin (root-admin)", "Duration": "2h", "Reason": "on call"})


def test_an_administrator_whose_e_mail_address_matches_is_not_linked_by_a_click_either(app: AppHarness) -> None:
    henry = newcomer(app, "henry")
    new_ram_user(app, "root-admin", Email="henry@elsewhere.example")
    app.attach_by_hand("root-admin", ADMIN)
    with refused(app, henry, "claim_admin", "`pairec-access link U0HENRY root-admin`", act="ask"):
        henry.type(f"/pairec-access request {DATA} 8h feature work")


def test_a_claim_to_an_administrator_through_a_group_is_refused(app: AppHarness) -> None:
    app.by_hand("CreateGroup", GroupName="platform")
    app.by_hand("AttachPolicyToGroup", GroupName="platform", PolicyName=ADMIN, PolicyType="Custom")
    app.by_hand("AddUserToGroup", GroupName="platform", UserName="erin")
    with refused(app, app.erin, "claim_admin", "`pairec-access link U0ERIN erin`", act="ask"):
        app.erin.type(f"/pairec-access request {DATA} 8h feature work")


def test_a_claim_to_somebody_who_became_administrator_meanwhile_is_not_confirmed_by_the_click(
    app: AppHarness,
) -> None:
    ref = claims(app, app.erin, "erin", DATA)
    app.attach_by_hand("erin", ADMIN)
    with refused(app, app.bob, "claim_admin", "`pairec-access link U0ERIN erin`", ref):
        app.bob.click("Approve", app.card(ref))


def test_a_claim_that_differs_from_the_match_by_e_mail_is_refused_with_the_command(app: AppHarness) -> None:
    new_ram_user(app, "anna")
    restart(app)
    app.erin.type("/pairec-access request")
    app.erin.modal(NOT_YET)
    with untouched(app, "U0ERIN", "claim_differs", act="ask"):
        errors = app.erin.submit({"What": DATA, "RAM user": "anna (anna)", "Duration": "2h", "Reason": "on call"})
    stands_under(errors, "claim", "belongs to RAM user erin, not to anna.")
    assert "an administrator runs pairec-access link U0ERIN anna" in app.erin.modal(NOT_YET).plain
    assert app.erin.submit({"RAM user": "erin (Erin Sato)"}) == {}
    app.card("R-1001", "to RAM user `erin`")


def test_a_claim_that_differs_from_a_match_that_the_form_did_not_know_is_told_by_direct_message(
    app: AppHarness,
) -> None:
    app.by_hand("UpdateUser", UserName="erin", NewEmail="")
    new_ram_user(app, "anna")
    restart(app)
    app.erin.type("/pairec-access request")
    assert "Found by" not in app.erin.modal(NOT_YET).plain
    app.by_hand("UpdateUser", UserName="erin", NewEmail="erin@example.com")
    with refused(app, app.erin, "claim_differs", "belongs to RAM user `erin`, not to `anna`", act="ask"):
        app.erin.submit({"What": DATA, "RAM user": "anna (anna)", "Duration": "2h", "Reason": "on call"})
    app.erin.direct_message_with("an administrator runs `pairec-access link U0ERIN anna`")


def test_a_claim_that_no_longer_is_the_match_by_e_mail_is_not_confirmed_by_the_click(app: AppHarness) -> None:
    ref = claims(app, app.erin, "erin", DATA)
    app.by_hand("UpdateUser", UserName="erin", NewEmail="other@example.com")
    new_ram_user(app, "anna", Email="erin@example.com")
    with refused(app, app.bob, "claim_differs", "belongs to RAM user `anna`, not to `erin`", ref):
        app.bob.click("Approve", app.card(ref))


def test_a_ram_user_with_somebody_elses_address_is_refused_with_the_command(app: AppHarness) -> None:
    new_ram_user(app, "kate", Email="kate@example.com")
    restart(app)
    mallory = newcomer(app, "mallory")
    mallory.type("/pairec-access request")
    mallory.modal(NOT_YET)
    with refused(app, mallory, "claim_of_another", "`pairec-access link U0MALLORY kate`", act="ask"):
        mallory.submit({"What": DATA, "RAM user": "kate (kate)", "Duration": "2h", "Reason": "on call"})


def test_a_ram_user_that_got_somebody_elses_address_meanwhile_is_not_confirmed_by_the_click(app: AppHarness) -> None:
    new_ram_user(app, "kate")
    restart(app)
    ref = claims(app, newcomer(app, "mallory"), "kate", DATA)
    app.by_hand("UpdateUser", UserName="kate", NewEmail="kate@example.com")
    with refused(app, app.bob, "claim_of_another", "`pairec-access link U0MALLORY kate`", ref):
        app.bob.click("Approve", app.card(ref))


def test_two_ram_users_with_one_e_mail_address_are_no_match(app: AppHarness) -> None:
    new_ram_user(app, "erin2", Email="ERIN@example.com")
    restart(app)
    app.erin.type("/pairec-access request")
    assert "Found by" not in app.erin.modal(NOT_YET).plain
    app.erin.close_modal()
    linked_to(app, app.erin, "You are not linked to a RAM user yet. Choose yours in `/pairec-access request`")
    says = "2 RAM users have the email address of <@U0ERIN>"
    with refused(app, app.erin, "email_ambiguous", says, act="ask"):
        app.erin.type(f"/pairec-access request {DATA} 8h feature work")


def test_one_of_two_ram_users_with_one_e_mail_address_cannot_be_claimed_in_the_form(app: AppHarness) -> None:
    new_ram_user(app, "erin2", Email="erin@example.com")
    restart(app)
    app.erin.type("/pairec-access request")
    app.erin.modal(NOT_YET)
    with refused(app, app.erin, "email_ambiguous", "An administrator runs", act="ask"):
        app.erin.submit({"What": DATA, "RAM user": "erin2 (erin2)", "Duration": "2h", "Reason": "on call"})


def test_a_match_that_became_ambiguous_meanwhile_is_not_confirmed_by_the_click(app: AppHarness) -> None:
    ref = claims(app, app.erin, "erin", DATA)
    new_ram_user(app, "erin2", Email="erin@example.com")
    with refused(app, app.bob, "email_ambiguous", "2 RAM users have the email address of <@U0ERIN>", ref):
        app.bob.click("Approve", app.card(ref))


def test_a_ram_user_that_is_linked_already_cannot_be_claimed_by_a_form_that_was_open_before(app: AppHarness) -> None:
    henry = newcomer(app, "henry")
    henry.type("/pairec-access request")
    henry.modal(NOT_YET)
    henry.fill({"What": DATA, "RAM user": "erin (Erin Sato)", "Duration": "2h", "Reason": "on call"})
    link(app, app.erin, "erin")
    with untouched(app, henry.id, "claim_taken", act="ask"):
        errors = henry.submit()
    stands_under(errors, "claim", "RAM user erin is linked to U0ERIN already")


def test_a_form_that_names_a_linked_ram_user_all_the_same_is_refused(app: AppHarness) -> None:
    henry = newcomer(app, "henry")
    henry.type("/pairec-access request")
    form, dave = henry.modal(NOT_YET), ram_user(app, "dave")
    values = {**form.values, **filled(DATA, "claim:U0HENRY", f"{dave.user_id}|dave")}
    view = {**form.body, "state": {"values": values}}
    with untouched(app, henry.id, "claim_taken", act="ask"):
        answer = henry.forge({"type": "view_submission", "view": view})["answer"]
    stands_under(answer["errors"], "claim", "RAM user dave is linked to U0DAVE already")


def test_a_form_that_names_a_ram_user_that_never_was_is_refused(app: AppHarness) -> None:
    henry = newcomer(app, "henry")
    henry.type("/pairec-access request")
    form = henry.modal(NOT_YET)
    values = {**form.values, **filled(DATA, "claim:U0HENRY", "299999999999999999|nobody")}
    view = {**form.body, "state": {"values": values}}
    with untouched(app, henry.id, "claim_unknown", act="ask"):
        answer = henry.forge({"type": "view_submission", "view": view})["answer"]
    stands_under(answer["errors"], "claim", "RAM user nobody no longer exists")


def test_a_form_that_was_opened_for_somebody_else_says_nothing_of_what_is_known(app: AppHarness) -> None:
    henry = newcomer(app, "henry")
    henry.type("/pairec-access request")
    form, dave = henry.modal(NOT_YET), ram_user(app, "dave")
    view = {**form.body, "state": {"values": filled(DATA, "claim:U0HENRY", f"{dave.user_id}|dave")}}
    with refused(app, app.grace, "guest", "Guests cannot request access or decide on it.", act="ask"):
        assert app.grace.forge({"type": "view_submission", "view": view})["answer"] == {}


def filled(item: str, claim_block: str, claim: str) -> dict[str, Any]:
    """The state of a form as somebody could send it who does not use Slack's client."""
    return {
        "what": {"what": {"type": "static_select", "selected_option": {"value": item}}},
        claim_block: {"claim": {"type": "external_select", "selected_option": {"value": claim}}},
        "duration:": {"duration": {"type": "plain_text_input", "value": "2h"}},
        "reason": {"reason": {"type": "plain_text_input", "value": "on call"}},
    }


def test_a_claimed_ram_user_that_was_deleted_and_made_again_is_not_confirmed_by_the_click(app: AppHarness) -> None:
    ref = claims(app, app.erin, "erin", DATA)
    app.detach_by_hand("erin", ENGINE)
    app.by_hand("DeleteUser", UserName="erin")
    new_ram_user(app, "erin", Email="erin@example.com")
    with refused(app, app.bob, "user_gone", "RAM user `erin` of <@U0ERIN> no longer exists", ref):
        app.bob.click("Approve", app.card(ref))


def test_a_claimed_ram_user_that_was_renamed_is_linked_by_its_id(app: AppHarness) -> None:
    ref = claims(app, app.erin, "erin", DATA)
    app.by_hand("UpdateUser", UserName="erin", NewUserName="erin-sato")
    app.approve(ref, app.bob)
    app.comes_to_hold("erin-sato", DATA)
    with app.ledger.read() as tx:
        links = tx.rows("SELECT ram_user_id FROM links WHERE slack_user_id = 'U0ERIN'")
    assert [row["ram_user_id"] for row in links] == [ram_user(app, "erin-sato").user_id]


NOT_A_MEMBER: list[tuple[str, dict[str, Any], str]] = [
    ("guest", {"is_restricted": True}, "Guests cannot request access"),
    ("stranger", {"is_stranger": True, "team_id": "T0OTHER"}, "Only members of this workspace"),
]


@pytest.mark.parametrize(("why", "change", "says"), NOT_A_MEMBER)
def test_whoever_is_no_full_member_cannot_ask(app: AppHarness, why: str, change: dict[str, Any], says: str) -> None:
    app.people.inject_slack_fault({"person": "U0ERIN", "set": change})
    with refused(app, app.erin, why, says, act="ask"):
        app.erin.type(f"/pairec-access request {DATA} 8h feature work")


def test_the_guest_of_the_workspace_can_neither_ask_nor_be_linked(app: AppHarness) -> None:
    with refused(app, app.grace, "guest", "Guests cannot request access or decide on it.", act="ask"):
        app.grace.type(f"/pairec-access request {DATA} 8h feature work")
    linked_to(app, app.grace, "Guests cannot request access or decide on it.")


ABOUT_ANOTHER: list[tuple[str, dict[str, Any], str]] = [
    ("guest", {"is_restricted": True}, "is a guest of this workspace, and nothing is granted to guests."),
    ("stranger", {"is_stranger": True, "team_id": "T0OTHER"}, "is not a member of this workspace"),
    ("deleted", {"deleted": True}, "is deactivated."),
]


@pytest.mark.parametrize(("why", "change", "says"), ABOUT_ANOTHER)
def test_nobody_asks_for_somebody_who_is_no_full_member(
    app: AppHarness, why: str, change: dict[str, Any], says: str
) -> None:
    carol = app.carol
    carol.type("/pairec-access request")
    carol.fill({"What": DATA, "For whom": "dave", "Duration": "2h", "Reason": "on call"})
    app.people.inject_slack_fault({"person": "U0DAVE", "set": change})
    with refused(app, carol, why, says, act="ask"):
        assert carol.submit() == {}
    assert "<@U0DAVE>" in carol.direct_message_with(says).plain


@pytest.mark.parametrize(("why", "change", "says"), ABOUT_ANOTHER)
def test_a_claim_of_somebody_who_is_no_full_member_any_more_is_not_confirmed_by_the_click(
    app: AppHarness, why: str, change: dict[str, Any], says: str
) -> None:
    ref = claims(app, app.erin, "erin", DATA)
    app.people.inject_slack_fault({"person": "U0ERIN", "set": change})
    with refused(app, app.bob, why, says, ref):
        app.bob.click("Approve", app.card(ref))
    assert "<@U0ERIN>" in app.bob.ephemeral_with(says).plain


def test_an_approver_may_ask_for_a_colleague_with_a_claim_but_not_confirm_it(app: AppHarness) -> None:
    invite(app, app.erin)
    app.alice.type(f"/pairec-access request {DATA} @erin 8h feature work")
    assert "<@U0ALICE> says that <@U0ERIN> is RAM user `erin`." in app.card("R-1001").plain
    with refused(app, app.alice, "own_request", "R-1001 is your own", "R-1001"):
        app.alice.click("Approve", app.card("R-1001"))
