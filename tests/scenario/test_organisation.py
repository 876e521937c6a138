"""An organisation of several workspaces (Enterprise Grid): who is a member of ours, and everybody stays one person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from approvals.ids import SlackUserId
from approvals.ledger import people
from approvals.millis import DomainMillis
from approvals.operations.link_identity import link_identity
from approvals.operations.move_workspace import move_workspace
from approvals.people import Person as Account
from handlers.commands.registry import ACCESS
from handlers.commands.status.registry import STATUS
from tests.harness.app import ADMIN, DATA, ENGINE, AppHarness
from tests.harness.refusals import TEAM, is_told, link, newcomer, press, ram_user, refused, unlink
from tests.scenario.claiming import claims, linked_to

ORGANISATION, OTHER = "E0WORKSHOP", "T0OTHER"
NOW = DomainMillis(1_700_000_000_000)
STRANGER = "Only members of this workspace can do this"

PROOFS: list[dict[str, Any]] = [
    {},
    {"team_id": OTHER, "teams": [OTHER, TEAM]},
    {"team_id": ORGANISATION, "teams": [TEAM]},
    {"team_id": None, "teams": [OTHER, TEAM]},
    {"team_id": ORGANISATION},
    {"team_id": None, "teams": []},
]
NO_PROOFS: list[dict[str, Any]] = [
    {"team_id": OTHER, "teams": [OTHER]},
    {"team_id": OTHER, "teams": [OTHER, "T0THIRD"]},
    {"team_id": ORGANISATION, "teams": [OTHER]},
    {"team_id": OTHER, "enterprise_id": "E0RIVAL", "teams": []},
    {"team_id": "E0RIVAL", "enterprise_id": "E0RIVAL", "teams": [OTHER]},
    {"team_id": None, "enterprise_id": "E0RIVAL"},
    {"team_id": OTHER, "teams": [OTHER, TEAM], "is_stranger": True},
    {"team_id": TEAM, "is_stranger": True},
]


def grid(app: AppHarness, *, everywhere: bool = False) -> None:
    app.people.inject_slack_fault({"organisation": {"id": ORGANISATION, "everywhere": everywhere}})


def becomes(app: AppHarness, name: str, change: dict[str, Any]) -> None:
    app.people.inject_slack_fault({"person": f"U0{name.upper()}", "set": change})


@pytest.mark.parametrize("proof", PROOFS)
def test_a_member_is_one_by_whichever_proof_there_is(app: AppHarness, proof: dict[str, Any]) -> None:
    grid(app)
    becomes(app, "carol", proof)
    becomes(app, "bob", proof)
    linked_to(app, app.carol, "You are RAM user `carol`")
    ref = app.asked(app.carol, f"{DATA} 8h feature work")
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", DATA)
    app.revokes(app.carol, ref)
    app.comes_to_lose("carol", DATA)


@pytest.mark.parametrize("change", NO_PROOFS)
def test_whoever_has_no_proof_neither_asks_nor_decides_nor_looks(app: AppHarness, change: dict[str, Any]) -> None:
    grid(app)
    ref = app.asked(app.carol, f"{DATA} 8h feature work")
    card = app.card(ref)
    becomes(app, "bob", change)
    for button in ("approve", "deny", "change"):
        with refused(app, app.bob, "stranger", STRANGER, ref):
            press(app.bob, button, app.name(ref), card)
    with refused(app, app.bob, "stranger", STRANGER, act="ask"):
        app.bob.type(f"/pairec-access request {DATA} 8h feature work")
    usages = [each.usage for each in ACCESS.subcommands]
    for words in (*usages, f"who {DATA}"):
        is_told(app, app.bob, f"/pairec-access {words.replace('R-1042', ref)}", STRANGER)
    for each in STATUS.subcommands:
        is_told(app, app.bob, f"/pairec-status {each.usage}", STRANGER)


@pytest.mark.parametrize("proof", PROOFS)
def test_where_the_app_is_installed_in_the_organisation_its_members_may_use_it(
    tmp_path: Path, proof: dict[str, Any]
) -> None:
    with AppHarness(tmp_path, pace=10.0) as app:
        grid(app, everywhere=True)
        app.stop_bot()
        with app.ledger.read() as tx:
            moves = [(each, Account(ORGANISATION, each.slack_user_id)) for each in people.links(tx, TEAM)]
        move_workspace(app.ledger, moves, TEAM, ORGANISATION, "a test", NOW)
        app.start_bot()
        becomes(app, "carol", {"team_id": OTHER, "teams": [OTHER]})
        becomes(app, "bob", proof)
        ref = app.asked(app.carol, f"{DATA} 8h feature work")
        app.approve(ref, app.bob)
        app.comes_to_hold("carol", DATA)
        becomes(app, "carol", {"team_id": OTHER, "enterprise_id": "E0RIVAL", "teams": [OTHER]})
        with refused(app, app.carol, "stranger", STRANGER, act="ask"):
            app.carol.type(f"/pairec-access request {ENGINE} 8h rolling out")


def test_a_link_stays_that_persons_whatever_their_team_comes_to_be(app: AppHarness) -> None:
    grid(app)
    henry = newcomer(app, "henry", id="W0HENRY", team_id=OTHER, teams=[OTHER, TEAM], email="erin@example.com")
    app.approve(claims(app, henry, "erin (Erin Sato)", DATA), app.bob)
    app.comes_to_hold("erin", DATA)
    with app.ledger.read() as tx:
        made = [each for each in people.every_link(tx) if each.slack_user_id == "W0HENRY"]
    assert [each.team_id for each in made] == [TEAM]
    for proof in PROOFS[1:]:
        app.people.inject_slack_fault({"person": "W0HENRY", "set": {"teams": None, **proof}})
        linked_to(app, henry, "You are RAM user `erin`")


def test_somebody_is_named_by_an_id_that_begins_with_w(app: AppHarness) -> None:
    grid(app)
    henry = newcomer(app, "henry", id="W0HENRY")
    link(app, henry, "erin")
    ref = app.asked(app.carol, f"{DATA} @henry 2h on call")
    assert "<@W0HENRY>" in app.card(ref).plain
    app.approve(ref, app.bob)
    app.comes_to_hold("erin", DATA)
    is_told(app, app.carol, "/pairec-access who @henry", "<@W0HENRY>")


def test_two_ids_of_one_account_are_one_person(app: AppHarness) -> None:
    """Whoever was in the workspace before it joined the organisation has an id in each."""
    grid(app)
    henry = newcomer(app, "henry", enterprise_user_id="W0HENRY")
    link_identity(app.ledger, TEAM, Account(TEAM, SlackUserId("W0HENRY")), ram_user(app, "erin"), "a test", NOW)
    linked_to(app, henry, "You are RAM user `erin`")
    app.approve(app.asked(henry, f"{DATA} 8h feature work"), app.bob)
    app.comes_to_hold("erin", DATA)


def test_nobody_decides_on_what_they_asked_for_by_another_id_of_theirs(app: AppHarness) -> None:
    grid(app)
    ref = app.asked(app.carol, f"{DATA} 8h feature work")
    becomes(app, "bob", {"enterprise_user_id": "U0CAROL"})
    with refused(app, app.bob, "own_request", f"{ref} is your own", ref):
        app.bob.click("Approve", app.card(ref))


def test_a_workspace_that_joins_an_organisation_keeps_its_members_without_a_restart(app: AppHarness) -> None:
    app.approve(app.asked(app.carol, f"{DATA} 8h feature work"), app.bob)
    grid(app)
    for name in ("carol", "bob"):
        becomes(app, name, {"team_id": ORGANISATION})
    app.approve(app.asked(app.carol, f"{ENGINE} 8h rolling out"), app.bob)
    app.comes_to_hold("carol", ENGINE)


def test_app_home_opens_for_a_member_and_tells_anybody_else_why_it_is_empty(app: AppHarness) -> None:
    grid(app)
    becomes(app, "carol", {"team_id": OTHER, "teams": [OTHER, TEAM]})
    becomes(app, "dave", {"team_id": OTHER, "teams": [OTHER]})
    app.carol.open_home()
    app.dave.open_home()
    assert STRANGER not in app.carol.home("Request access").plain
    app.dave.home(STRANGER)


def known_before(app: AppHarness, *names: str) -> None:
    """These were linked by an id of theirs by which Slack calls them no more."""
    for name in names:
        old = f"W0{name.upper()}"
        unlink(app, getattr(app, name))
        becomes(app, name, {"enterprise_user_id": old})
        link_identity(app.ledger, TEAM, Account(TEAM, SlackUserId(old)), ram_user(app, name), "a test", NOW)


def test_an_approver_decides_by_whichever_id_slack_calls_them(app: AppHarness) -> None:
    grid(app)
    ref = app.asked(app.carol, f"{ADMIN} 2h incident")
    app.bob.click("Approve", app.card(ref))
    app.card(ref, "*1 of 2* approved")
    known_before(app, "bob", "judy")
    app.judy.click("Approve", app.card(ref))
    app.comes_to_hold("carol", ADMIN)
    app.asked(app.dave, f"{ADMIN} 2h incident")
    assert app.chain_holds()


def test_a_link_follows_the_id_by_which_slack_calls_somebody(app: AppHarness) -> None:
    grid(app)
    known_before(app, "carol", "dave")
    is_told(app, app.carol, "/pairec-access who", "|`carol`>. Read from the cloud now")
    is_told(app, app.carol, "/pairec-access who @dave", "|`dave`>. Read from the cloud now")
    app.carol.type("/pairec-access request")
    app.carol.modal("Request access")
    asked = {"What": ENGINE, "For whom": "dave", "Duration": "2h", "Reason": "on call"}
    assert app.carol.submit(asked) == {}
    app.approve("R-1001", app.bob)
    app.dave.click("End access", app.dave.direct_message_with("is active until"))
    app.comes_to_lose("dave", ENGINE)
    assert app.chain_holds()


def test_whoever_slack_calls_by_another_id_gives_back_what_is_theirs_while_ram_is_silent(app: AppHarness) -> None:
    grid(app)
    app.approve(app.asked(app.carol, f"{ENGINE} 8h rolling out"), app.bob)
    has = app.carol.direct_message_with("is active until")
    known_before(app, "carol")
    app.people.inject_ram_fault({"action": "ListEntitiesForPolicy", "fault": "reset", "times": 100})
    app.carol.click("End access", has)
    app.until(lambda: app.states("R-1001") == ["ending"], "it to be given back")
    app.people.clear_faults()
    app.comes_to_lose("carol", ENGINE)
