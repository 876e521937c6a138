"""One product on a bad day: its part of a bundle waits, fails or is tried again, and the rest is active meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.client import SeenMessage
from tests.harness.app import APPROVALS, DATA, MONITOR, AppHarness
from tests.harness.odd_answers import BY_ITS_CODE, ODD
from tests.harness.products.case import ProductCase
from tests.harness.products.cases import SEVERAL_ROLES
from tests.harness.products.dataworks import CASE as DATAWORKS
from tests.harness.products.pai import CASE as PAI
from tests.harness.waiting import comes_to, in_time, time_is_up
from tests.scenario.members.asking import (
    BUNDLE,
    BUNDLED,
    all_get,
    approved,
    done,
    give,
    mapping_switched_off,
    roles,
    stand,
    states,
    writes,
)

TROUBLE: dict[str, dict[str, Any]] = {
    "failing": {"fault": "error", "times": 2},
    "answering in HTML": {"fault": "html", "times": 2},
    "throttling": {"fault": "throttle", "seconds": 0.3, "times": 2},
    "hanging up": {"fault": "reset", "times": 2},
    "dropping its answer": {"fault": "drop_answer", "times": 1},
    "denying once": {"fault": "no_permission", "times": 1},
}
HOLOGRES = {"hologres": "active", "hologres_database": "active"}
"""How the parts of the bundle that are there stand, which have stories of their own."""


@pytest.mark.parametrize("how", TROUBLE)
def test_every_part_comes_once_and_goes_once_although_each_product_is(app: AppHarness, how: str) -> None:
    app.sandbox.membership.change(mapping_switched_off)
    for case in SEVERAL_ROLES:
        app.people.inject_ram_fault({"action": case.joins, "product": case.product, **TROUBLE[how]})
    refs = all_get(app)
    assert all(roles(app, case) == {case.role} for case in SEVERAL_ROLES)
    for case in SEVERAL_ROLES:
        app.people.inject_ram_fault({"action": case.leaves, "product": case.product, **TROUBLE[how]})
    time_is_up(app)
    for ref in refs:
        comes_to(app, ref, "ended")
    assert [roles(app, case) for case in SEVERAL_ROLES] == [case.left for case in SEVERAL_ROLES]
    for case in SEVERAL_ROLES:
        assert done(app, case.product) == [(case.product, case.joins), (case.product, case.leaves)]
    assert app.chain_holds()


@pytest.mark.parametrize("case", BUNDLED, ids=str)
def test_a_product_that_forbids_it_fails_alone_says_what_the_bot_lacks_and_is_tried_again(
    app: AppHarness, case: ProductCase
) -> None:
    app.sandbox.membership.change(mapping_switched_off)
    app.people.inject_ram_fault({"action": case.joins, "product": case.product, "fault": "no_permission"})
    ref = approved(app, BUNDLE)
    others = {other.product: "active" for other in BUNDLED if other is not case} | HOLOGRES | {"policy": "active"}
    stand(app, ref, **others)
    lacks = f"{case.title} says that the app lacks the permission `{case.prefix}:{case.joins}`."
    stand(app, ref, **others, **{case.product: "failed"})
    card = app.card(ref, "needs attention")
    line = line_of(card, case)
    assert line.startswith("🔴") and lacks in line and "active" not in line and "retried" not in line
    way = case.console.replace(">", ">")
    assert f"*By hand:* {way}, RAM user `carol`, role `{case.role}`." in line
    assert card.plain.count("🟢") == 6
    told = app.carol.direct_message_with("only part of *Algorithm engineer*").plain
    assert "An administrator sees why on the card and can retry." in told
    assert not roles(app, case) and done(app, case.product) == []
    app.people.clear_faults()
    app.bob.click("Retry", card)
    comes_to(app, ref, "active")
    assert roles(app, case) == {case.role}
    assert done(app, case.product) == [(case.product, case.joins)]


def test_a_product_that_hangs_holds_up_no_other_and_its_part_is_not_shown_as_there(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{BUNDLE} 1h rollout")
    app.people.inject_ram_fault({"action": "reads", "product": "pai", "fault": "hang", "seconds": 30})
    app.approve(ref, app.bob)
    stand(app, ref, dataworks="active", maxcompute="active", policy="active")
    card = app.card(ref, "PAI does not answer; it is retried automatically.")
    assert card.plain.startswith(f"{ref} · approved, granting"), "not all of it is active"
    assert line_of(card, PAI).startswith("🕓") and states(app, ref)[f"pai/{PAI.place}/{PAI.role}"] == "planned"
    assert app.holds("carol", DATA) and app.holds("carol", MONITOR) and roles(app, PAI) is None
    app.people.clear_faults()
    comes_to(app, ref, "active")
    assert roles(app, PAI) == {PAI.role}
    app.carol.direct_message_with("is active until")


def test_what_was_never_given_is_not_among_what_is_shown_gone(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{BUNDLE} 1h rollout")
    app.people.inject_ram_fault({"action": "reads", "product": "pai", "fault": "error"})
    app.approve(ref, app.bob)
    stand(app, ref, dataworks="active", maxcompute="active", policy="active", pai="planned", **HOLOGRES)
    app.revokes(app.carol, ref)
    told = app.carol.direct_message_with(f"*{ref}*: *Algorithm engineer* (`{BUNDLE}`) was ended.").plain
    assert "RAM, DataWorks, MaxCompute, Hologres and Hologres database show it gone from `carol`." in told
    assert "PAI Algorithm Developer in Ranking (workspace `20001`): never granted, it ended before that" in told


def test_a_write_that_hangs_is_carried_out_once(app: AppHarness) -> None:
    app.people.inject_ram_fault({"action": PAI.joins, "fault": "hang", "seconds": 5.3, "times": 1})
    ref = approved(app, PAI.item)
    app.until(lambda: "PAI does not answer" in app.card(ref).plain, "the card to say so", timeout=20)
    comes_to(app, ref, "active")
    assert done(app) == [("pai", PAI.joins)] and roles(app, PAI) == {PAI.role}
    time_is_up(app)
    comes_to(app, ref, "ended")
    # The one that hung may be carried out now only; that is undone.
    in_time(app, lambda: not roles(app, PAI), "the role to be gone")


def test_access_is_taken_back_although_no_product_can_be_read(app: AppHarness) -> None:
    refs = all_get(app)
    for case in SEVERAL_ROLES:
        app.people.inject_ram_fault({"action": "reads", "product": case.product, "fault": "no_permission"})
    time_is_up(app)
    in_time(app, lambda: not any(roles(app, case) for case in SEVERAL_ROLES), "the roles to go")
    assert states(app, refs[0])[f"dataworks/{DATAWORKS.place}/{DATAWORKS.role}"] == "ending", "nobody saw it gone"
    app.people.clear_faults()
    for ref in refs:
        comes_to(app, ref, "ended")


def test_what_a_product_does_not_let_the_bot_take_back_is_reported_with_the_way_to_do_it_by_hand(
    app: AppHarness, case: ProductCase
) -> None:
    ref = approved(app, case.item)
    comes_to(app, ref, "active")
    app.people.inject_ram_fault({"action": case.leaves, "product": case.product, "fault": "no_permission"})
    time_is_up(app)
    in_time(app, lambda: app.record(ref).grants[0].error_kind == "no_permission", "the product to refuse")
    app.people.advance(5 * 60)
    alarm = app.bob.message_with("access is not revoked yet", APPROVALS).plain
    assert f"{case.title} says that the app lacks the permission `{case.prefix}:{case.leaves}`." in alarm
    assert f"*By hand:* {case.console.replace('>', '>')}, RAM user `carol`, role `{case.role}`." in alarm
    assert roles(app, case) == {case.role} and app.states(ref) == ["ending"]
    app.people.clear_faults()
    comes_to(app, ref, "ended")
    app.bob.message_with(f"{case.title} shows", APPROVALS)
    assert not roles(app, case) and len(done(app)) == 2 and writes(app)[-1]["result"] == "ok"


def line_of(card: SeenMessage, case: ProductCase) -> str:
    """The line about a product's part on a card, where it says how it stands."""
    return next(
        line
        for line in card.plain.splitlines()
        if f" in Ranking ({case.kind} `{case.place}`): " in line and line[0] in SIGNS
    )


SIGNS = "🕓🟢🟠🔵🔴⚪"


@pytest.mark.parametrize("answer", [answer for answer in ODD if answer != BY_ITS_CODE])
def test_every_part_comes_once_and_goes_once_although_each_product_answered(app: AppHarness, answer: str) -> None:
    """Only what is known to prove that nothing was done is a refusal."""
    app.sandbox.membership.change(mapping_switched_off)
    for case in SEVERAL_ROLES:
        app.people.inject_ram_fault({"action": case.joins, "product": case.product, "times": 1, **ODD[answer]})
    refs = all_get(app)
    assert all(roles(app, case) == {case.role} for case in SEVERAL_ROLES)
    for case in SEVERAL_ROLES:
        app.people.inject_ram_fault({"action": case.leaves, "product": case.product, "times": 1, **ODD[answer]})
    time_is_up(app)
    for ref in refs:
        comes_to(app, ref, "ended")
    assert [roles(app, case) for case in SEVERAL_ROLES] == [case.left for case in SEVERAL_ROLES]
    assert app.chain_holds()


SOME = ("a code of a firewall, and not done", "a code of a firewall, and done", "its nonce was used, and done")


@pytest.mark.parametrize("answer", SOME)
def test_a_members_role_comes_once_and_goes_once_although_each_product_answered(app: AppHarness, answer: str) -> None:
    """The calls that give a role to a member, and take it and leave the member."""
    app.sandbox.membership.change(mapping_switched_off)
    for case in SEVERAL_ROLES:
        give(app, case, case.other)
        app.people.inject_ram_fault({"action": case.adds, "product": case.product, "times": 1, **ODD[answer]})
    refs = all_get(app)
    assert all(roles(app, case) == {case.role, case.other} for case in SEVERAL_ROLES)
    for case in SEVERAL_ROLES:
        app.people.inject_ram_fault({"action": case.takes, "product": case.product, "times": 1, **ODD[answer]})
    time_is_up(app)
    for ref in refs:
        comes_to(app, ref, "ended")
    assert all(roles(app, case) == {case.other} for case in SEVERAL_ROLES)
