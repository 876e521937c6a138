"""Members whose e-mail address Slack did not confirm, such as those who sign in by SSO: only that address counts for
nothing.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness.app import ADMIN, DATA, ENGINE, AppHarness
from tests.harness.refusals import link, new_ram_user, newcomer, ram_user, refused, restart
from tests.scenario.claiming import NOT_YET, claims, linked_to

UNCONFIRMED: list[dict[str, Any]] = [
    {"is_email_confirmed": False},
    {"is_email_confirmed": None},
    {"is_email_confirmed": None, "email": ""},
]
"""Not confirmed; not said, as of older accounts and of members by SSO; and not shown at all."""


def are(app: AppHarness, change: dict[str, Any], *names: str) -> None:
    for name in names:
        app.people.inject_slack_fault({"person": f"U0{name.upper()}", "set": change})


@pytest.mark.parametrize("change", UNCONFIRMED)
def test_whoever_is_linked_asks_decides_and_takes_back_without_a_confirmed_address(
    app: AppHarness, change: dict[str, Any]
) -> None:
    are(app, change, "carol", "dave", "bob", "judy", "alice")
    linked_to(app, app.carol, "You are RAM user `carol`")
    ref = app.asked(app.carol, f"{DATA} 8h feature work")
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", DATA)
    app.revokes(app.judy, ref, "done")
    app.comes_to_lose("carol", DATA)
    other = app.asked(app.carol, f"{ENGINE} @dave 2h on call")
    app.approve(other, app.bob)
    app.comes_to_hold("dave", ENGINE)


@pytest.mark.parametrize("change", UNCONFIRMED)
def test_two_approvers_without_a_confirmed_address_are_two(app: AppHarness, change: dict[str, Any]) -> None:
    are(app, change, "bob", "judy")
    ref = app.asked(app.carol, f"{ADMIN} 1h incident 12")
    app.approve(ref, app.bob, app.judy)
    app.comes_to_hold("carol", ADMIN)


def test_an_address_that_is_not_confirmed_finds_nobody_and_the_form_is_named_as_what_helps(app: AppHarness) -> None:
    are(app, UNCONFIRMED[0], "erin")
    says = "Slack has not confirmed the email address of <@U0ERIN>, so it does not tell which RAM user they are."
    with refused(app, app.erin, "email_unconfirmed", says, act="ask"):
        app.erin.type(f"/pairec-access request {DATA} 8h feature work")
    told = next(m.plain for m in app.erin.messages() if says in m.plain)
    assert "choose the RAM user in the form; approving confirms it." in told
    assert "an administrator runs `pairec-access link`" in told
    linked_to(app, app.erin, "Choose yours in `/pairec-access request`; approving confirms it.")
    app.erin.type("/pairec-access request")
    form = app.erin.modal(NOT_YET)
    assert "Found by" not in form.plain and form.values["claim:U0ERIN"]["claim"]["selected_option"] is None


def test_a_link_by_an_administrator_is_enough(app: AppHarness) -> None:
    are(app, UNCONFIRMED[1], "erin")
    link(app, app.erin, "erin")
    app.approve(app.asked(app.erin, f"{DATA} 8h feature work"), app.bob)
    app.comes_to_hold("erin", DATA)


@pytest.mark.parametrize("change", UNCONFIRMED[:2])
def test_whoever_chooses_their_ram_user_is_linked_by_the_approval(app: AppHarness, change: dict[str, Any]) -> None:
    are(app, change, "erin")
    ref = claims(app, app.erin, "erin", DATA)
    assert "links <@U0ERIN> to RAM user `erin`" in app.card(ref).plain
    app.approve(ref, app.bob)
    app.comes_to_hold("erin", DATA)
    linked_to(app, app.erin, "You are RAM user `erin`")


def test_whoever_has_no_address_chooses_a_ram_user_without_one(app: AppHarness) -> None:
    new_ram_user(app, "anna")
    restart(app)
    henry = newcomer(app, "henry", email="", is_email_confirmed=None)
    ref = claims(app, henry, "anna (anna)", DATA)
    app.approve(ref, app.bob)
    app.comes_to_hold("anna", DATA)


@pytest.mark.parametrize("change", [*UNCONFIRMED, {"is_email_confirmed": False, "email": "other@example.com"}])
def test_a_ram_user_with_an_address_that_is_not_theirs_is_no_more_theirs_for_want_of_a_confirmed_one(
    app: AppHarness, change: dict[str, Any]
) -> None:
    new_ram_user(app, "kate", Email="kate@example.com")
    restart(app)
    mallory = newcomer(app, "mallory", **change)
    mallory.type("/pairec-access request")
    mallory.modal(NOT_YET)
    with refused(app, mallory, "claim_of_another", "`pairec-access link U0MALLORY kate`", act="ask"):
        mallory.submit({"What": DATA, "RAM user": "kate (kate)", "Duration": "2h", "Reason": "on call"})


def test_an_address_that_is_not_confirmed_still_says_who_somebody_is_not(app: AppHarness) -> None:
    """Or else it would be of use not to have it confirmed."""
    new_ram_user(app, "anna")
    restart(app)
    are(app, UNCONFIRMED[0], "erin")
    app.erin.type("/pairec-access request")
    app.erin.modal(NOT_YET)
    with refused(app, app.erin, "claim_differs", "belongs to RAM user `erin`, not to `anna`", act="ask"):
        app.erin.submit({"What": DATA, "RAM user": "anna (anna)", "Duration": "2h", "Reason": "on call"})


def test_a_claim_outlives_an_address_that_is_confirmed_no_more(app: AppHarness) -> None:
    ref = claims(app, app.erin, "erin", DATA)
    are(app, UNCONFIRMED[0], "erin")
    app.approve(ref, app.bob)
    app.comes_to_hold("erin", DATA)
    with app.ledger.read() as tx:
        rows = tx.rows("SELECT ram_user_id FROM links WHERE slack_user_id = 'U0ERIN'")
    assert [row["ram_user_id"] for row in rows] == [ram_user(app, "erin").user_id]
