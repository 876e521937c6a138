"""An organisation of several workspaces (Enterprise Grid): who is a member of ours, and everybody stays one person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from approvals.ledger import people
from approvals.model import Person as Account
from approvals.operations.link_identity import link_identity
from approvals.operations.move_workspace import move_workspace
from tests.harness.app import ADMIN, DATA, ENGINE, AppHarness
from tests.harness.refusals import TEAM, is_told, link, newcomer, press, ram_user, refused, unlink
from tests.scenario.claiming import claims, linked_to

ORGANISATION, OTHER = "E0WORKSHOP", "T0OTHER"
NOW = 1_700_000_000_000
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


def grid(office: AppHarness, *, everywhere: bool = False) -> None:
    office.people.order_slack({"organisation": {"id": ORGANISATION, "everywhere": everywhere}})


def becomes(office: AppHarness, name: str, change: dict[str, Any]) -> None:
    office.people.order_slack({"person": f"U0{name.upper()}", "set": change})


@pytest.mark.parametrize("proof", PROOFS)
def test_a_member_is_one_by_whichever_proof_there_is(office: AppHarness, proof: dict[str, Any]) -> None:
    grid(office)
    becomes(office, "carol", proof)
    becomes(office, "bob", proof)
    linked_to(office, office.carol, "You are RAM user `carol` here")
    ref = office.asked(office.carol, f"{DATA} 8h feature work")
    office.approve(ref, office.bob)
    office.comes_to_hold("carol", DATA)
    office.revokes(office.carol, ref)
    office.comes_to_lose("carol", DATA)


@pytest.mark.parametrize("change", NO_PROOFS)
def test_whoever_has_no_proof_neither_asks_nor_decides_nor_looks(office: AppHarness, change: dict[str, Any]) -> None:
    grid(office)
    ref = office.asked(office.carol, f"{DATA} 8h feature work")
    card = office.card(ref)
    becomes(office, "bob", change)
    for button in ("approve", "deny", "change"):
        with refused(office, office.bob, "stranger", STRANGER, ref):
            press(office.bob, button, office.name(ref), card)
    with refused(office, office.bob, "stranger", STRANGER, act="ask"):
        office.bob.types(f"/pairec-access request {DATA} 8h feature work")
    for words in ("list", "link", "who", f"who {DATA}"):
        is_told(office, office.bob, f"/pairec-access {words}", STRANGER)


@pytest.mark.parametrize("proof", PROOFS)
def test_where_the_app_is_installed_in_the_organisation_its_members_may_use_it(
    tmp_path: Path, proof: dict[str, Any]
) -> None:
    with AppHarness(tmp_path, pace=10.0) as office:
        grid(office, everywhere=True)
        office.stop_bot()
        with office.ledger.read() as tx:
            moves = [(each, Account(ORGANISATION, each.slack_user_id)) for each in people.links(tx, TEAM)]
        move_workspace(office.ledger, moves, TEAM, ORGANISATION, "a test", NOW)
        office.start_bot()
        becomes(office, "carol", {"team_id": OTHER, "teams": [OTHER]})
        becomes(office, "bob", proof)
        ref = office.asked(office.carol, f"{DATA} 8h feature work")
        office.approve(ref, office.bob)
        office.comes_to_hold("carol", DATA)
        becomes(office, "carol", {"team_id": OTHER, "enterprise_id": "E0RIVAL", "teams": [OTHER]})
        with refused(office, office.carol, "stranger", STRANGER, act="ask"):
            office.carol.types(f"/pairec-access request {ENGINE} 8h rolling out")


def test_a_link_stays_that_persons_whatever_their_team_comes_to_be(office: AppHarness) -> None:
    grid(office)
    henry = newcomer(office, "henry", id="W0HENRY", team_id=OTHER, teams=[OTHER, TEAM], email="erin@example.com")
    office.approve(claims(office, henry, "erin (Erin Sato)", DATA), office.bob)
    office.comes_to_hold("erin", DATA)
    with office.ledger.read() as tx:
        made = [each for each in people.every_link(tx) if each.slack_user_id == "W0HENRY"]
    assert [each.team_id for each in made] == [TEAM]
    for proof in PROOFS[1:]:
        office.people.order_slack({"person": "W0HENRY", "set": {"teams": None, **proof}})
        linked_to(office, henry, "You are RAM user `erin` here")


def test_somebody_is_named_by_an_id_that_begins_with_w(office: AppHarness) -> None:
    grid(office)
    henry = newcomer(office, "henry", id="W0HENRY")
    link(office, henry, "erin")
    ref = office.asked(office.carol, f"{DATA} @henry 2h on call")
    assert "<@W0HENRY>" in office.card(ref).plain
    office.approve(ref, office.bob)
    office.comes_to_hold("erin", DATA)
    is_told(office, office.carol, "/pairec-access who @henry", "<@W0HENRY>")


def test_two_ids_of_one_account_are_one_person(office: AppHarness) -> None:
    """Whoever was in the workspace before it joined the organisation has an id in each."""
    grid(office)
    henry = newcomer(office, "henry", enterprise_user_id="W0HENRY")
    link_identity(office.ledger, TEAM, Account(TEAM, "W0HENRY"), ram_user(office, "erin"), "a test", NOW)
    linked_to(office, henry, "You are RAM user `erin` here")
    office.approve(office.asked(henry, f"{DATA} 8h feature work"), office.bob)
    office.comes_to_hold("erin", DATA)


def test_nobody_decides_on_what_they_asked_for_by_another_id_of_theirs(office: AppHarness) -> None:
    grid(office)
    ref = office.asked(office.carol, f"{DATA} 8h feature work")
    becomes(office, "bob", {"enterprise_user_id": "U0CAROL"})
    with refused(office, office.bob, "own_request", f"{ref} is your own", ref):
        office.bob.click("Approve", office.card(ref))


def test_a_workspace_that_joins_an_organisation_keeps_its_members_without_a_restart(office: AppHarness) -> None:
    office.approve(office.asked(office.carol, f"{DATA} 8h feature work"), office.bob)
    grid(office)
    for name in ("carol", "bob"):
        becomes(office, name, {"team_id": ORGANISATION})
    office.approve(office.asked(office.carol, f"{ENGINE} 8h rolling out"), office.bob)
    office.comes_to_hold("carol", ENGINE)


def test_app_home_opens_for_a_member_and_tells_anybody_else_why_it_is_empty(office: AppHarness) -> None:
    grid(office)
    becomes(office, "carol", {"team_id": OTHER, "teams": [OTHER, TEAM]})
    becomes(office, "dave", {"team_id": OTHER, "teams": [OTHER]})
    office.carol.open_home()
    office.dave.open_home()
    assert STRANGER not in office.carol.home("Request access").plain
    office.dave.home(STRANGER)


def known_before(office: AppHarness, *names: str) -> None:
    """These were linked by an id of theirs by which Slack calls them no more."""
    for name in names:
        old = f"W0{name.upper()}"
        unlink(office, getattr(office, name))
        becomes(office, name, {"enterprise_user_id": old})
        link_identity(office.ledger, TEAM, Account(TEAM, old), ram_user(office, name), "a test", NOW)


def test_an_approver_decides_by_whichever_id_slack_calls_them(office: AppHarness) -> None:
    grid(office)
    ref = office.asked(office.carol, f"{ADMIN} 2h incident")
    office.bob.click("Approve", office.card(ref))
    office.card(ref, "*1 of 2* approved")
    known_before(office, "bob", "judy")
    office.judy.click("Approve", office.card(ref))
    office.comes_to_hold("carol", ADMIN)
    office.asked(office.dave, f"{ADMIN} 2h incident")
    assert office.chain_holds()


def test_a_link_follows_the_id_by_which_slack_calls_somebody(office: AppHarness) -> None:
    grid(office)
    known_before(office, "carol", "dave")
    is_told(office, office.carol, "/pairec-access who", "RAM user `carol`")
    is_told(office, office.carol, "/pairec-access who @dave", "RAM user `dave`")
    office.carol.types("/pairec-access request")
    office.carol.modal("Request access")
    asked = {"What": ENGINE, "For whom": "dave", "For how long": "2h", "Why": "on call"}
    assert office.carol.submit(asked) == {}
    office.approve("R-1001", office.bob)
    office.dave.click("Give back", office.dave.direct_message_with("is active until"))
    office.comes_to_lose("dave", ENGINE)
    assert office.chain_holds()


def test_whoever_slack_calls_by_another_id_gives_back_what_is_theirs_while_ram_is_silent(office: AppHarness) -> None:
    grid(office)
    office.approve(office.asked(office.carol, f"{ENGINE} 8h rolling out"), office.bob)
    has = office.carol.direct_message_with("is active until")
    known_before(office, "carol")
    office.people.order_ram({"action": "ListEntitiesForPolicy", "fault": "reset", "times": 100})
    office.carol.click("Give back", has)
    office.until(lambda: office.states("R-1001") == ["ending"], "it to be given back")
    office.people.clear_orders()
    office.comes_to_lose("carol", ENGINE)
