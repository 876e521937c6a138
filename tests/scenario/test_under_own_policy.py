"""The bot's identity has exactly the policy that people are told to give it: that is enough for everything that it
does, and each permission that is missing shows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.ram_policy import policy_parts
from bot.sandbox.ram.identity import bot_identity
from bot.sandbox.ram.seed import ACCESS_KEY_ID
from tests.harness.app import APPROVALS, DATA, ENGINE, HOUR, AppHarness
from tests.harness.boards import board, row, status, whole
from tests.harness.products.cases import SEVERAL_ROLES
from tests.harness.waiting import comes_to, in_time, time_is_up
from tests.scenario.onboarding import becomes, heidi, onboard

BUNDLE = "algorithm-engineer@ranking"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, pace=10.0, members=True) as opened:
        yield opened


def without(app: AppHarness, *actions: str) -> None:
    identities = app.sandbox.account.identities
    identities[ACCESS_KEY_ID] = identities[ACCESS_KEY_ID].without(*actions)


def denied(app: AppHarness) -> list[tuple[str, str]]:
    """What RAM and the products refused the bot for want of permission, by their own logs."""
    account = app.people.account()
    calls = [(call["product"], call["action"]) for call in account["calls"] if call["result"] == "NoPermission"]
    return calls + [("ram", write["action"]) for write in account["log"] if write["result"] == "NoPermission"]


def test_it_is_enough_to_give_and_take_policies_and_member_roles(app: AppHarness) -> None:
    app.by_hand("CreateGroup", GroupName="engineers")
    app.by_hand("AddUserToGroup", UserName="carol", GroupName="engineers")
    app.by_hand("AttachPolicyToGroup", GroupName="engineers", PolicyName=ENGINE, PolicyType="Custom")
    ref = app.asked(app.carol, f"{BUNDLE} 1h rollout")
    app.approve(ref, app.bob)
    comes_to(app, ref, "active")
    app.carol.type("/pairec-access who")
    app.carol.ephemeral_with("through group")
    app.bob.type(f"/pairec-access who {DATA}")
    time_is_up(app)
    comes_to(app, ref, "ended")
    assert denied(app) == []


def test_it_is_enough_to_onboard_and_to_offboard_somebody(app: AppHarness) -> None:
    new = heidi(app)
    app.bob.click("Approve", onboard(app, app.carol, new))
    becomes(app, new, "done")
    app.bob.type("/pairec-access offboard @heidi")
    shown = app.bob.message_with("offboards", APPROVALS)
    assert "Could not be read" not in shown.plain
    app.bob.click("Revoke all", shown)
    app.bob.message_with("revokes all access of", APPROVALS)
    assert denied(app) == []


def test_it_is_enough_to_link_a_claim_and_to_revoke_by_hand(app: AppHarness) -> None:
    app.erin.type("/pairec-access request")
    form = app.erin.modal("Request")
    assert "erin" in form.plain
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ENGINE)
    app.revokes(app.carol, ref)
    comes_to(app, ref, "ended")
    assert denied(app) == []


@pytest.mark.parametrize("broken", ["engine-role.policy", "service-role"])
def test_it_is_enough_for_the_status_and_for_authorize(app: AppHarness, broken: str) -> None:
    app.people.turn_switch(broken)
    found = status(app, app.carol)
    every = whole(app.carol, found).plain
    assert "lacks the permission" not in every and "was refused" not in every
    app.carol.click("Authorize", found)
    assert app.carol.submit({"Reason": "PAI-Rec asks for it"}) == {}
    app.approve("R-1001", app.bob)
    comes_to(app, "R-1001", "active")
    board(app, app.carol, "all good")
    assert denied(app) == []


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("ram:ListEntitiesForPolicy", "RAM answered `ListEntitiesForPolicy` with `NoPermission`, request id `"),
        ("ram:GetUser", "RAM answered `GetUser` with `NoPermission`, request id `"),
        ("ram:ListPoliciesForUser", "RAM answered `ListPoliciesForUser` with `NoPermission`, request id `"),
        ("ram:ListGroupsForUser", "RAM answered `ListGroupsForUser` with `NoPermission`, request id `"),
    ],
)
def test_whoever_asks_is_told_which_permission_the_bot_lacks_to_look(app: AppHarness, action: str, told: str) -> None:
    without(app, action)
    app.carol.type(f"/pairec-access request {ENGINE} 8h rollout")
    app.carol.ephemeral_with(told)
    assert app.requests() == 0


@pytest.mark.parametrize(
    ("action", "item", "permission"),
    [
        ("ram:AttachPolicyToUser", ENGINE, "RAM says that the app lacks the permission (NoPermission)."),
        *((f"{case.prefix}:{case.joins}", case.item, f"`{case.prefix}:{case.joins}`") for case in SEVERAL_ROLES),
    ],
)
def test_what_the_bot_may_not_give_fails_and_says_so(app: AppHarness, action: str, item: str, permission: str) -> None:
    without(app, action)
    ref = app.asked(app.carol, f"{item} 8h rollout")
    app.approve(ref, app.bob)
    in_time(app, lambda: app.states(ref) == ["failed"], f"{ref} to fail")
    card = app.card(ref, "needs attention").plain
    assert permission in card
    assert "with `NoPermission`, request id `" in card


def test_what_the_bot_may_not_take_away_is_reported(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.approve(ref, app.bob)
    comes_to(app, ref, "active")
    without(app, "ram:DetachPolicyFromUser")
    app.people.advance(HOUR + 1)
    in_time(app, lambda: app.record(ref).grants[0].error_kind == "no_permission", "RAM to refuse")
    assert app.holds("carol", ENGINE) and app.states(ref) == ["ending"]


def test_a_row_of_the_status_says_which_permission_it_wants(app: AppHarness) -> None:
    without(app, "ram:GetRole", "pairec:ListInstanceResources")
    found = whole(app.carol, status(app, app.carol))
    assert "ram:GetRole" in row(found, "The engine's role")
    assert "pairec:ListInstanceResources" in row(found, "OSS")


def test_a_bot_that_may_not_read_one_policy_finds_its_type_in_the_list(app: AppHarness) -> None:
    lists = json.dumps(
        {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "ram:ListPolicies", "Resource": "*"}]}
    )
    app.sandbox.account.identities[ACCESS_KEY_ID] = bot_identity(*policy_parts().values(), lists)
    without(app, "ram:GetPolicy")
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ENGINE)
