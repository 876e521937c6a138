"""The bot's identity has exactly the policy that README tells people to give it: that is enough for everything that it
does, and each permission that is missing shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.ram.identity import bot_identity
from bot.sandbox.ram.seed import ACCESS_KEY_ID
from tests.harness.app import DATA, ENGINE, HOUR, AppHarness
from tests.harness.boards import board, row, status
from tests.harness.readme import bot_policy
from tests.harness.waiting import comes_to, in_time, time_is_up

BUNDLE = "algorithm-engineer@ranking"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, pace=10.0, members=True) as opened:
        opened.sandbox.account.identities[ACCESS_KEY_ID] = bot_identity(json.dumps(bot_policy()))
        yield opened


def without(office: AppHarness, *actions: str) -> None:
    identities = office.sandbox.account.identities
    identities[ACCESS_KEY_ID] = identities[ACCESS_KEY_ID].without(*actions)


def denied(office: AppHarness) -> list[tuple[str, str]]:
    """What RAM and the products refused the bot for want of permission, by their own logs."""
    account = office.people.account()
    calls = [(call["product"], call["action"]) for call in account["calls"] if call["result"] == "NoPermission"]
    return calls + [("ram", write["action"]) for write in account["log"] if write["result"] == "NoPermission"]


def test_it_is_enough_to_give_and_take_policies_and_member_roles(office: AppHarness) -> None:
    office.by_hand("CreateGroup", GroupName="engineers")
    office.by_hand("AddUserToGroup", UserName="carol", GroupName="engineers")
    office.by_hand("AttachPolicyToGroup", GroupName="engineers", PolicyName=ENGINE, PolicyType="Custom")
    ref = office.asked(office.carol, f"{BUNDLE} 1h rollout")
    office.approve(ref, office.bob)
    comes_to(office, ref, "active")
    office.carol.types("/pairec-access who")
    office.carol.ephemeral_with("through group")
    office.bob.types(f"/pairec-access who {DATA}")
    time_is_up(office)
    comes_to(office, ref, "ended")
    assert denied(office) == []


def test_it_is_enough_to_link_a_claim_and_to_revoke_by_hand(office: AppHarness) -> None:
    office.erin.types("/pairec-access request")
    form = office.erin.modal("Request")
    assert "erin" in form.plain
    ref = office.asked(office.carol, f"{ENGINE} 8h rollout")
    office.approve(ref, office.bob)
    office.comes_to_hold("carol", ENGINE)
    office.revokes(office.carol, ref)
    comes_to(office, ref, "ended")
    assert denied(office) == []


@pytest.mark.parametrize("broken", ["engine-role.policy", "service-role"])
def test_it_is_enough_for_the_status_and_for_authorize(office: AppHarness, broken: str) -> None:
    office.people.break_it(broken)
    found = status(office, office.carol)
    assert "lacks the permission" not in found.plain and "was refused" not in found.plain
    office.carol.click("Authorize", found)
    assert office.carol.submit({"Why": "PAI-Rec asks for it"}) == {}
    office.approve("R-1001", office.bob)
    comes_to(office, "R-1001", "active")
    board(office, office.carol, "all good")
    assert denied(office) == []


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("ram:ListEntitiesForPolicy", "RAM answered `ListEntitiesForPolicy` with `NoPermission`, request id `"),
        ("ram:GetUser", "RAM answered `GetUser` with `NoPermission`, request id `"),
        ("ram:ListPoliciesForUser", "RAM answered `ListPoliciesForUser` with `NoPermission`, request id `"),
        ("ram:ListGroupsForUser", "RAM answered `ListGroupsForUser` with `NoPermission`, request id `"),
    ],
)
def test_whoever_asks_is_told_which_permission_the_bot_lacks_to_look(
    office: AppHarness, action: str, told: str
) -> None:
    without(office, action)
    office.carol.types(f"/pairec-access request {ENGINE} 8h rollout")
    office.carol.ephemeral_with(told)
    assert office.requests() == 0


@pytest.mark.parametrize(
    ("action", "item", "permission"),
    [
        ("ram:AttachPolicyToUser", ENGINE, "RAM says that the bot lacks the permission (NoPermission)."),
        ("dataworks:CreateProjectMember", "dataworks-deployer@search", "`dataworks:CreateProjectMember`"),
        ("paiworkspace:CreateMember", "pai-algorithm-developer@ranking", "`paiworkspace:CreateMember`"),
        ("odps:UpdateUsersToRole", "maxcompute-developer@ranking", "`odps:UpdateUsersToRole`"),
    ],
)
def test_what_the_bot_may_not_give_fails_and_says_so(
    office: AppHarness, action: str, item: str, permission: str
) -> None:
    without(office, action)
    ref = office.asked(office.carol, f"{item} 8h rollout")
    office.approve(ref, office.bob)
    in_time(office, lambda: office.states(ref) == ["failed"], f"{ref} to fail")
    card = office.card(ref, "needs attention").plain
    assert permission in card
    assert "with `NoPermission`, request id `" in card


def test_what_the_bot_may_not_take_away_is_reported(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 1h rollout")
    office.approve(ref, office.bob)
    comes_to(office, ref, "active")
    without(office, "ram:DetachPolicyFromUser")
    office.people.advance(HOUR + 1)
    in_time(office, lambda: office.record(ref).grants[0].trouble == "no_permission", "RAM to refuse")
    assert office.holds("carol", ENGINE) and office.states(ref) == ["ending"]


def test_a_row_of_the_status_says_which_permission_it_wants(office: AppHarness) -> None:
    without(office, "ram:GetRole", "pairec:ListInstanceResources")
    found = status(office, office.carol)
    assert "ram:GetRole" in row(found, "The engine's role")
    assert "pairec:ListInstanceResources" in row(found, "OSS")


def test_a_bot_that_may_not_read_one_policy_finds_its_type_in_the_list(office: AppHarness) -> None:
    without(office, "ram:GetPolicy")
    ref = office.asked(office.carol, f"{ENGINE} 8h rollout")
    office.approve(ref, office.bob)
    office.comes_to_hold("carol", ENGINE)
