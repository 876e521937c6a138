"""The bot's policy allows what the bot does and nothing else, part by part: by what the sandbox's RAM was asked in runs
in which the bot does everything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from approvals.catalog.load import load_catalog
from approvals.catalog.model import Item
from bot.ram_policy import BASE, policy_parts
from bot.sandbox.products.members.hologres import RANKING
from bot.sandbox.products.places import Place, PlaceKey
from bot.sandbox.ram.evaluator import EvaluatorVerdict, decide
from tests.harness.app import APPROVALS, DATA, ENGINE, AppHarness
from tests.harness.boards import board, status, whole
from tests.harness.products.case import ProductCase
from tests.harness.products.cases import ALL_CASES, CASES
from tests.harness.waiting import comes_to, in_time
from tests.scenario.members.asking import approved, catalog_that_gives_all, gets, give, person_of
from tests.scenario.onboarding import becomes, heidi, onboard

MEMBERS = "members-"
pytestmark = pytest.mark.slow


def ends(app: AppHarness, ref: str) -> None:
    app.revokes(app.bob, ref)
    comes_to(app, ref, "ended")


def base(app: AppHarness) -> None:
    app.by_hand("CreateGroup", GroupName="engineers")
    app.by_hand("AddUserToGroup", UserName="carol", GroupName="engineers")
    app.by_hand("AttachPolicyToGroup", GroupName="engineers", PolicyName=DATA, PolicyType="Custom")
    ref = gets(app, ENGINE)
    app.carol.type("/pairec-access who")
    app.carol.ephemeral_with("through group")
    app.bob.type(f"/pairec-access who {DATA}")
    app.erin.type("/pairec-access request")
    app.erin.modal("Request")
    ends(app, ref)


def system_policies(app: AppHarness) -> None:
    for item in offered("System"):
        ref = app.asked(app.carol, f"{item.name} 1h rollout")
        app.approve(ref, *(app.bob, app.judy)[: item.approvals])
        comes_to(app, ref, "active")
        ends(app, ref)


def offered(kind: str) -> list[Item]:
    """The policies of this type in the catalogue as it comes; those of the account's own have none that is named."""
    policies = [item for item in load_catalog().items.values() if not item.is_bundle]
    return [item for item in policies if (item.type or "Custom") == kind]


def status_board(app: AppHarness) -> None:
    found = whole(app.carol, status(app, app.carol)).plain
    assert "lacks the permission" not in found and "was refused" not in found


def role_repairs(app: AppHarness) -> None:
    ref = ""
    for broken in ("service-role", "engine-role.policy"):
        app.people.turn_switch(broken)
        app.carol.click("Authorize", status(app, app.carol))
        assert app.carol.submit({"Reason": "PAI-Rec asks for it"}) == {}
        ref = app.bob.message_with("needs approval", APPROVALS).plain.split()[0]
        app.approve(ref, app.bob)
        comes_to(app, ref, "active")
        board(app, app.carol, "all good")
    ends(app, ref)


def onboarding(app: AppHarness) -> None:
    new = heidi(app)
    app.bob.click("Approve", onboard(app, app.carol, new))
    becomes(app, new, "done")


def offboarding(app: AppHarness) -> None:
    app.bob.type("/pairec-access offboard @heidi")
    assert "Could not be read" not in app.bob.message_with("offboards", APPROVALS).plain


def actiontrail(app: AppHarness) -> None:
    app.restart_bot({"PAIREC_ACTIONTRAIL_REGION": "ap-southeast-1"})
    used = "actiontrail:LookupEvents"
    app.until(lambda: used in {action for action, _ in app.sandbox.account.permissions_used()}, "it to be asked")


RUNS: dict[str, Callable[[AppHarness], None]] = {
    BASE: base,
    "system-policies": system_policies,
    "status": status_board,
    "role-repairs": role_repairs,
    "onboarding": onboarding,
    "offboarding": offboarding,
    "actiontrail": actiontrail,
}
"""What the bot does with each part, in an order in which no part needs a later one."""


def test_every_policy_that_the_catalogue_offers_may_be_given_and_taken_back() -> None:
    policies = [*offered("Custom"), *offered("System")]
    assert len(policies) >= 6
    for item in policies:
        owner = "system" if item.type == "System" else "1000000000000001"
        for action in ("ram:AttachPolicyToUser", "ram:DetachPolicyFromUser"):
            verdict = decide(policy_parts().values(), action, f"acs:ram:*:{owner}:policy/{item.name}", {})
            assert verdict is EvaluatorVerdict.ALLOW, (action, item.name)


def test_every_part_is_for_a_product_or_has_its_run_here() -> None:
    products = {f"{MEMBERS}{case.product}" for case in ALL_CASES}
    assert set(policy_parts()) == {*RUNS, *products, "anchors-oss"}, "its own: test_anchors_in_a_bucket.py"


def test_no_part_allows_an_action_or_a_resource_that_the_bot_does_not_use_or_lacks_one_that_it_does(
    tmp_path: Path,
) -> None:
    allowed: set[str] = set()
    with AppHarness(tmp_path, pace=10.0, first_start=True) as app:
        for name, run in RUNS.items():
            run(app)
            allowed |= actions(policy_parts()[name])
            asked = app.sandbox.account.permissions_used()
            assert {action for action, _ in asked} == allowed, name
            assert unused(policy_parts()[name], asked) == [], name


def test_the_parts_of_the_products_allow_what_the_bot_does_with_their_members_and_nothing_else(tmp_path: Path) -> None:
    with AppHarness(tmp_path, catalog_that_gives_all(tmp_path), pace=10.0, members=True) as app:
        status(app, app.carol)
        for case in CASES:
            join_and_leave(app, case)
        asked = app.sandbox.account.permissions_used()
    for case in CASES:
        of_product = {(action, arn) for action, arn in asked if action.startswith(f"{case.prefix}:")}
        text = policy_parts()[f"{MEMBERS}{case.product}"]
        assert {action for action, _ in of_product} == actions(text), case.product
        assert unused(text, of_product) == [], case.product


def test_the_parts_of_hologres_allow_what_the_bot_does_there_and_nothing_else(tmp_path: Path) -> None:
    with AppHarness(tmp_path, pace=10.0, members=True) as app:
        app.erin.type("/pairec-access request")
        app.erin.modal("Request")
        ends(app, gets(app, "hologres-viewer@ranking"))
        app.sandbox.membership.hologres.switch_statements(RANKING, False)
        assert "enable ExecuteStatement" in status(app, app.carol, "hologres-bot").plain
        in_time(app, lambda: "hologram:ListDatabases" in used(app), "what there is to be listed")
        assert used(app) == {action for case in ALL_CASES if case.prefix == "hologram" for action in of_part(case)}


def used(app: AppHarness) -> set[str]:
    """What was asked of Hologres."""
    return {action for action, _ in app.sandbox.account.permissions_used() if action.startswith("hologram:")}


def of_part(case: ProductCase) -> set[str]:
    return actions(policy_parts()[f"{MEMBERS}{case.product}"])


def join_and_leave(app: AppHarness, case: ProductCase) -> None:
    """Somebody becomes a member and is none again; somebody who has another role there gets one more for a while; and
    then the product has no such role any more.
    """
    person = person_of(app, case)
    ends(app, gets(app, case.item, person=person))
    give(app, case, case.other, person)
    ends(app, gets(app, case.item, person=person))
    key = PlaceKey(case.product, case.place)
    app.sandbox.membership.change(lambda places, _: {**places, key: without(places[key], case.role)})
    ref = approved(app, case.item, person=person)
    comes_to(app, ref, "failed")


def without(place: Place, role: str) -> Place:
    return replace(place, roles=tuple(each for each in place.roles if each != role))


def actions(text: str) -> set[str]:
    return {action for statement in json.loads(text)["Statement"] for action in listed(statement["Action"])}


def unused(text: str, used: set[tuple[str, str]]) -> list[str]:
    """The resources that a policy names, and that no call was about."""
    return [
        resource
        for statement in json.loads(text)["Statement"]
        for resource in listed(statement["Resource"])
        if not any(fits(arn, resource) for action, arn in used if action in listed(statement["Action"]))
    ]


def fits(arn: str, pattern: str) -> bool:
    # Roles are written in lower case in ARNs.
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), arn, re.IGNORECASE) is not None


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
