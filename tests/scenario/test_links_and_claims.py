"""Who is who: claims in the form and on the card, what confirms them, and how they end."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.client import SandboxPerson
from tests.harness.app import ADMIN, DATA, HOUR, MONITOR, AppHarness
from tests.harness.refusals import (
    audit_trail,
    link,
    new_ram_user,
    newcomer,
    ram_user,
    refused,
    restart,
    stands_under,
    unlink,
    untouched,
)
from tests.scenario.claiming import NOT_YET, claims, linked_to

# -- the form and the card


def test_the_form_offers_the_match_by_e_mail_first_and_has_it_chosen_already(app: AppHarness) -> None:
    new_ram_user(app, "anna")
    restart(app)
    app.erin.type("/pairec-access request")
    form = app.erin.modal(NOT_YET)
    assert "RAM user: erin (Erin Sato)\n  Found by the email address confirmed in Slack." in form.plain
    assert app.erin.suggestions("RAM user", "")[0] == "erin (Erin Sato)"
    assert "anna (anna)" in app.erin.suggestions("RAM user", "")


def test_the_form_offers_only_ram_users_that_nobody_is_linked_to(app: AppHarness) -> None:
    app.erin.type("/pairec-access request")
    app.erin.modal(NOT_YET)
    assert app.erin.suggestions("RAM user", "") == ["erin (Erin Sato)"]
    assert app.erin.suggestions("RAM user", "dave") == []


def test_the_names_of_ram_users_are_offered_only_to_whom_the_form_was_opened_for(app: AppHarness) -> None:
    app.erin.type("/pairec-access request")
    form = app.erin.modal(NOT_YET)
    assert offered_to(app.erin, form.body) == ["erin (Erin Sato)"]
    for person in (app.grace, app.dave):
        assert offered_to(person, form.body) == []
        assert offered_to(person, {}) == []


def offered_to(person: SandboxPerson, view: dict[str, Any]) -> list[str]:
    """What the app answers when this person's client asks which RAM users there are, with any view at all."""
    asked = {"type": "block_suggestion", "block_id": "claim", "action_id": "claim", "value": "", "view": view}
    return [option["text"]["text"] for option in person.forge(asked)["answer"].get("options", [])]


def test_somebody_who_is_linked_is_not_asked_which_ram_user_they_are(app: AppHarness) -> None:
    app.carol.type("/pairec-access request")
    assert "RAM user" not in app.carol.modal("Request access").plain


def test_a_claim_in_the_form_has_a_line_on_the_card_and_the_approval_says_both(app: AppHarness) -> None:
    ref = claims(app, app.erin, "erin", DATA)
    card = app.card(ref, "needs approval").plain
    assert "Approving also links <@U0ERIN> to RAM user `erin`." in card
    linked_to(app, app.erin, "You are not linked to a RAM user yet")
    app.approve(ref, app.bob)
    app.comes_to_hold("erin", DATA)
    linked_to(app, app.erin, "You are RAM user `erin`")
    assert "Nobody has confirmed" not in app.card(ref, "active").plain
    said = [entry for entry in audit_trail(app) if entry["event"] == "linked" and entry.get("request")]
    assert [(entry["slack"], entry["ram_user"]) for entry in said] == [("U0ERIN", "erin")]
    claim = app.record(ref).claim
    assert claim and claim.state == "confirmed"


def test_the_match_by_e_mail_that_the_form_has_chosen_need_not_be_touched(app: AppHarness) -> None:
    app.erin.type("/pairec-access request")
    app.erin.modal(NOT_YET)
    assert app.erin.submit({"What": DATA, "Duration": "2h", "Reason": "on call"}) == {}
    assert "links <@U0ERIN> to RAM user `erin`" in app.card("R-1001").plain


def test_a_claim_with_two_approvals_to_come_is_confirmed_by_the_last_one(app: AppHarness) -> None:
    ref = claims(app, app.erin, "erin", ADMIN)
    app.approve(ref, app.bob)
    linked_to(app, app.erin, "You are not linked to a RAM user yet")
    app.approve(ref, app.judy)
    app.comes_to_hold("erin", ADMIN)
    linked_to(app, app.erin, "You are RAM user `erin`")


def test_a_line_by_somebody_who_is_not_linked_claims_the_match_by_e_mail(app: AppHarness) -> None:
    ref = app.asked(app.erin, f"{DATA} 8h feature work")
    assert "links <@U0ERIN> to RAM user `erin`" in app.card(ref).plain
    app.approve(ref, app.bob)
    app.comes_to_hold("erin", DATA)


def test_a_line_by_somebody_whom_no_e_mail_address_matches_leads_to_the_form(app: AppHarness) -> None:
    henry = newcomer(app, "henry")
    says = "Open `/pairec-access request` and choose the RAM user of"
    with refused(app, henry, "claim_missing", says, act="ask"):
        henry.type(f"/pairec-access request {DATA} 8h feature work")


def test_somebody_whom_no_e_mail_address_matches_chooses_in_the_form(app: AppHarness) -> None:
    new_ram_user(app, "anna")
    restart(app)
    henry = newcomer(app, "henry")
    henry.type("/pairec-access request")
    assert "Found by" not in henry.modal(NOT_YET).plain
    assert henry.submit({"What": DATA, "RAM user": "anna (anna)", "Duration": "2h", "Reason": "on call"}) == {}
    app.approve("R-1001", app.bob)
    app.comes_to_hold("anna", DATA)
    linked_to(app, henry, "You are RAM user `anna`")


def test_a_form_without_a_chosen_ram_user_is_not_taken(app: AppHarness) -> None:
    henry = newcomer(app, "henry")
    henry.type("/pairec-access request")
    form = henry.modal(NOT_YET)
    errors = henry.submit({"What": DATA, "Duration": "2h", "Reason": "on call"})
    assert any(name.startswith("claim") for name in errors) and henry.modal(form.title)
    assert app.requests() == 0


def test_a_claim_that_was_chosen_for_one_person_is_not_taken_for_the_next(app: AppHarness) -> None:
    new_ram_user(app, "anna")
    restart(app)
    henry = newcomer(app, "henry")
    app.carol.type("/pairec-access request")
    app.carol.modal("Request access")
    app.carol.fill({"For whom": "erin"})
    form = app.carol.modal(f"{NOT_YET} Choose the RAM user of <@U0ERIN>")
    anna = ram_user(app, "anna")
    values = {
        "what": {"what": {"type": "static_select", "selected_option": {"value": DATA}}},
        "subject": {"subject": {"type": "users_select", "selected_user": henry.id}},
        "claim:U0ERIN": {"claim": {"type": "external_select", "selected_option": {"value": f"{anna.user_id}|anna"}}},
        "duration:": {"duration": {"type": "plain_text_input", "value": "2h"}},
        "reason": {"reason": {"type": "plain_text_input", "value": "on call"}},
    }
    with refused(app, app.carol, "claim_missing", "the RAM user of <@U0HENRY>", act="ask"):
        app.carol.forge({"type": "view_submission", "view": {**form.body, "state": {"values": values}}})


def test_somebody_who_is_not_linked_cannot_ask_for_others(app: AppHarness) -> None:
    says = "To request more than your own access you must be linked to a RAM user."
    with refused(app, app.erin, "requester_not_linked", says, act="ask"):
        app.erin.type(f"/pairec-access request {DATA} @carol 8h feature work")


def test_somebody_who_is_not_linked_is_told_so_under_the_person_that_the_form_is_for(app: AppHarness) -> None:
    app.erin.type("/pairec-access request")
    app.erin.modal(NOT_YET)
    app.erin.fill({"For whom": "carol"})
    with untouched(app, "U0ERIN", "requester_not_linked", act="ask"):
        errors = app.erin.submit({"What": DATA, "Duration": "2h", "Reason": "on call"})
    stands_under(errors, "subject", "To request more than your own access you must be linked to a RAM user.")
    app.erin.fill({"For whom": "erin"})
    app.erin.modal(NOT_YET)
    assert app.erin.submit() == {}
    app.card("R-1001", "to RAM user `erin`")


def test_the_case_of_an_e_mail_address_does_not_matter(app: AppHarness) -> None:
    app.by_hand("UpdateUser", UserName="erin", NewEmail="Erin@EXAMPLE.com")
    restart(app)
    app.erin.type("/pairec-access request")
    assert "Found by the email address" in app.erin.modal(NOT_YET).plain
    app.erin.close_modal()
    ref = app.asked(app.erin, f"{DATA} 8h feature work")
    assert "links <@U0ERIN> to RAM user `erin`" in app.card(ref).plain


# -- what a claim does not survive


def denied(app: AppHarness, ref: str) -> None:
    app.bob.click("Deny", app.card(ref))
    app.bob.submit({"Reason": "not you"})
    app.erin.direct_message_with("was denied by")


def expired(app: AppHarness, _: str) -> None:
    app.people.advance(24 * HOUR + 1)
    app.erin.direct_message_with("expired without a decision")


def cancelled(app: AppHarness, ref: str) -> None:
    app.cancels(app.erin, ref)
    app.erin.ephemeral_with("is cancelled")


@pytest.mark.parametrize("ending", [denied, expired, cancelled])
def test_a_claim_dies_with_its_request(app: AppHarness, ending: Any) -> None:
    ref = claims(app, app.erin, "erin", DATA)
    ending(app, ref)
    claim = app.record(ref).claim
    assert claim and claim.state == "closed"
    assert "Nobody has confirmed" not in app.card(ref, ending.__name__).plain
    linked_to(app, app.erin, "You are not linked to a RAM user yet")
    assert not app.holds("erin", DATA)
    again = claims(app, app.erin, "erin", MONITOR)
    assert "links <@U0ERIN> to RAM user `erin`" in app.card(again).plain


def test_the_first_confirmed_claim_closes_the_request_of_a_rival(app: AppHarness) -> None:
    henry, rival = rival_for_a_ram_user_without_an_address(app)
    ref = claims(app, newcomer(app, "ines"), "anna", MONITOR)
    stale = app.card(rival)
    app.approve(ref, app.bob)
    app.comes_to_hold("anna", MONITOR)
    closed = app.card(rival, "cancelled")
    assert "its RAM user was confirmed to be somebody else's" in closed.plain and closed.buttons == []
    henry.direct_message_with("closed: RAM user `anna` was confirmed to be somebody else's")
    linked_to(app, henry, "You are not linked to a RAM user yet")
    assert "claim lost" in app.events(rival)
    with refused(app, app.judy, "already_closed", "its RAM user was confirmed to be somebody else's", rival):
        app.judy.click("Approve", stale)
    assert not app.holds("anna", DATA)


def rival_for_a_ram_user_without_an_address(app: AppHarness) -> tuple[SandboxPerson, str]:
    """Henry, and his claim to RAM user `anna`, whose e-mail address nobody knows."""
    new_ram_user(app, "anna")
    restart(app)
    henry = newcomer(app, "henry")
    return henry, claims(app, henry, "anna", DATA)


def test_a_confirmed_claim_closes_other_claims_of_the_same_person(app: AppHarness) -> None:
    for name in ("anna", "berta"):
        new_ram_user(app, name)
    restart(app)
    henry = newcomer(app, "henry")
    other = claims(app, henry, "berta", DATA)
    ref = claims(app, henry, "anna", DATA)
    app.approve(ref, app.bob)
    app.comes_to_hold("anna", DATA)
    closed = app.card(other, "cancelled")
    assert closed.buttons == [] and "its subject was confirmed to be another RAM user" in closed.plain
    henry.direct_message_with("<@U0HENRY> was confirmed to be another RAM user than `berta`")
    assert not app.holds("berta", DATA)


def test_a_confirmed_claim_settles_the_same_claim_of_another_request_which_goes_on(app: AppHarness) -> None:
    other = claims(app, app.erin, "erin", DATA)
    ref = claims(app, app.erin, "erin", MONITOR)
    app.approve(ref, app.bob)
    app.until(
        lambda: "Nobody has confirmed" not in app.card(other).plain,
        lambda: f"the claim's line to go from the other card:\n{app.card(other).plain}",
    )
    app.approve(other, app.bob)
    app.comes_to_hold("erin", DATA)


def test_a_link_made_on_the_command_line_closes_the_requests_of_rivals(app: AppHarness) -> None:
    henry, rival = rival_for_a_ram_user_without_an_address(app)
    link(app, newcomer(app, "ines"), "anna")
    henry.direct_message_with("closed: RAM user `anna` was confirmed to be somebody else's")
    assert app.card(rival, "cancelled").buttons == []


def test_what_somebody_asked_for_before_an_administrator_unlinked_them_cannot_be_approved(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{DATA} 8h feature work")
    unlink(app, app.carol)
    with refused(app, app.bob, "link_stale", "<@U0CAROL> is no longer linked to RAM user `carol`", ref):
        app.bob.click("Approve", app.card(ref))


def test_what_somebody_asked_for_before_they_were_linked_anew_cannot_be_approved(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{DATA} 8h feature work")
    unlink(app, app.carol)
    link(app, app.carol, "erin")
    with refused(app, app.bob, "link_stale", "<@U0CAROL> is no longer linked to RAM user `carol`", ref):
        app.bob.click("Approve", app.card(ref))


def test_a_claim_that_was_settled_does_not_stand_in_for_a_link_that_was_undone(app: AppHarness) -> None:
    other = claims(app, app.erin, "erin", DATA)
    ref = claims(app, app.erin, "erin", MONITOR)
    app.approve(ref, app.bob)
    app.until(lambda: app.states(ref) == ["active"], "the grant to be active")
    unlink(app, app.erin)
    with refused(app, app.bob, "link_stale", "<@U0ERIN> is no longer linked to RAM user `erin`", other):
        app.bob.click("Approve", app.card(other))
