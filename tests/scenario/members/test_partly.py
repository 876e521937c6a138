"""One product on a bad day: its part of a bundle waits, fails or is tried again, and the rest is active meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.client import SeenMessage
from tests.harness.app import APPROVALS, DATA, MONITOR, AppHarness
from tests.harness.odd_answers import BY_ITS_CODE, ODD
from tests.harness.waiting import comes_to, in_time, time_is_up
from tests.scenario.members.asking import (
    BUNDLE,
    approved,
    done,
    give,
    mapping_switched_off,
    roles,
    stand,
    states,
    writes,
)
from tests.scenario.members.cases import CASES, DATAWORKS, MAXCOMPUTE, PAI, Case

TROUBLE: dict[str, dict[str, Any]] = {
    "failing": {"fault": "error", "times": 2},
    "answering in HTML": {"fault": "html", "times": 2},
    "throttling": {"fault": "throttle", "seconds": 0.3, "times": 2},
    "hanging up": {"fault": "reset", "times": 2},
    "dropping its answer": {"fault": "drop_answer", "times": 1},
    "denying once": {"fault": "no_permission", "times": 1},
}


@pytest.mark.parametrize("how", TROUBLE)
def test_every_part_comes_once_and_goes_once_although_each_product_is(office: AppHarness, how: str) -> None:
    office.sandbox.membership.change(mapping_switched_off)
    for case in CASES:
        office.people.order_ram({"action": case.joins, "product": case.product, **TROUBLE[how]})
    ref = approved(office, BUNDLE)
    comes_to(office, ref, "active")
    assert all(roles(office, case) == {case.role} for case in CASES)
    for case in CASES:
        office.people.order_ram({"action": case.leaves, "product": case.product, **TROUBLE[how]})
    time_is_up(office)
    comes_to(office, ref, "ended")
    assert (roles(office, DATAWORKS), roles(office, MAXCOMPUTE), roles(office, PAI)) == (None, set(), None)
    for case in CASES:
        assert done(office, case.product) == [(case.product, case.joins), (case.product, case.leaves)]
    assert office.chain_holds()


def test_a_product_that_forbids_it_fails_alone_says_what_the_bot_lacks_and_is_tried_again(
    office: AppHarness, case: Case
) -> None:
    office.sandbox.membership.change(mapping_switched_off)
    office.people.order_ram({"action": case.joins, "product": case.product, "fault": "no_permission"})
    ref = approved(office, BUNDLE)
    others = {other.product: "active" for other in CASES if other is not case} | {"policy": "active"}
    stand(office, ref, **others)
    lacks = f"{case.title} says that the bot lacks the permission `{case.prefix}:{case.joins}`."
    stand(office, ref, **others, **{case.product: "failed"})
    card = office.card(ref, "needs attention")
    line = line_of(card, case)
    assert line.startswith("🔴") and lacks in line and "active" not in line and "tried again" not in line
    way = case.console.replace(">", ">")
    assert f"*By hand:* {way}, RAM user `carol`, role `{case.role}`." in line
    assert card.plain.count("🟢") == 4
    told = office.carol.direct_message_with("only part of *Algorithm engineer*").plain
    assert "An administrator sees why on the card and can try again." in told
    assert not roles(office, case) and done(office, case.product) == []
    office.people.clear_orders()
    office.bob.click("Try again", card)
    comes_to(office, ref, "active")
    assert roles(office, case) == {case.role}
    assert done(office, case.product) == [(case.product, case.joins)]


def test_a_product_that_hangs_holds_up_no_other_and_its_part_is_not_shown_as_there(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{BUNDLE} 1h rollout")
    office.people.order_ram({"action": "reads", "product": "pai", "fault": "hang", "seconds": 30})
    office.approve(ref, office.bob)
    stand(office, ref, dataworks="active", maxcompute="active", policy="active")
    card = office.card(ref, "PAI does not answer; it is tried again by itself.")
    assert card.plain.startswith(f"{ref} · approved, being given"), "not all of it is active"
    assert line_of(card, PAI).startswith("🕓") and states(office, ref)[f"pai/{PAI.place}/{PAI.role}"] == "planned"
    assert office.holds("carol", DATA) and office.holds("carol", MONITOR) and roles(office, PAI) is None
    office.people.clear_orders()
    comes_to(office, ref, "active")
    assert roles(office, PAI) == {PAI.role}
    office.carol.direct_message_with("is active until")


def test_what_was_never_given_is_not_among_what_is_shown_gone(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{BUNDLE} 1h rollout")
    office.people.order_ram({"action": "reads", "product": "pai", "fault": "error"})
    office.approve(ref, office.bob)
    stand(office, ref, dataworks="active", maxcompute="active", policy="active", pai="planned")
    office.revokes(office.carol, ref)
    told = office.carol.direct_message_with(f"*{ref}*: *Algorithm engineer* (`{BUNDLE}`) was given back.").plain
    assert "RAM, DataWorks and MaxCompute show it gone from `carol`." in told
    assert "PAI Algorithm Developer in Ranking (workspace `20001`): never given, it ended before that" in told


def test_a_write_that_hangs_is_carried_out_once(office: AppHarness) -> None:
    office.people.order_ram({"action": PAI.joins, "fault": "hang", "seconds": 5.3, "times": 1})
    ref = approved(office, PAI.item)
    office.until(lambda: "PAI does not answer" in office.card(ref).plain, "the card to say so", timeout=20)
    comes_to(office, ref, "active")
    assert done(office) == [("pai", PAI.joins)] and roles(office, PAI) == {PAI.role}
    time_is_up(office)
    comes_to(office, ref, "ended")
    # The one that hung may be carried out now only; that is undone.
    in_time(office, lambda: not roles(office, PAI), "the role to be gone")


def test_access_is_taken_back_although_no_product_can_be_read(office: AppHarness) -> None:
    ref = approved(office, BUNDLE)
    comes_to(office, ref, "active")
    for product in ("dataworks", "maxcompute", "pai"):
        office.people.order_ram({"action": "reads", "product": product, "fault": "no_permission"})
    time_is_up(office)
    in_time(office, lambda: not any(roles(office, case) for case in CASES), "the roles to go")
    assert states(office, ref)[f"dataworks/{DATAWORKS.place}/{DATAWORKS.role}"] == "ending", "nobody saw it gone"
    office.people.clear_orders()
    comes_to(office, ref, "ended")


def test_what_a_product_does_not_let_the_bot_take_back_is_reported_with_the_way_to_do_it_by_hand(
    office: AppHarness, case: Case
) -> None:
    ref = approved(office, case.item)
    comes_to(office, ref, "active")
    office.people.order_ram({"action": case.leaves, "product": case.product, "fault": "no_permission"})
    time_is_up(office)
    in_time(office, lambda: office.record(ref).grants[0].trouble == "no_permission", "the product to refuse")
    office.people.advance(5 * 60)
    alarm = office.bob.message_with("access is not taken back yet", APPROVALS).plain
    assert f"{case.title} says that the bot lacks the permission `{case.prefix}:{case.leaves}`." in alarm
    assert f"*By hand:* {case.console.replace('>', '>')}, RAM user `carol`, role `{case.role}`." in alarm
    assert roles(office, case) == {case.role} and office.states(ref) == ["ending"]
    office.people.clear_orders()
    comes_to(office, ref, "ended")
    office.bob.message_with(f"{case.title} shows", APPROVALS)
    assert not roles(office, case) and len(done(office)) == 2 and writes(office)[-1]["result"] == "ok"


def line_of(card: SeenMessage, case: Case) -> str:
    """The line about a product's part on a card, where it says how it stands."""
    return next(
        line
        for line in card.plain.splitlines()
        if f" in Ranking ({case.kind} `{case.place}`): " in line and line[0] in SIGNS
    )


SIGNS = "🕓🟢🟠🔵🔴⚪"


@pytest.mark.parametrize("answer", [answer for answer in ODD if answer != BY_ITS_CODE])
def test_every_part_comes_once_and_goes_once_although_each_product_answered(office: AppHarness, answer: str) -> None:
    """Only what is known to prove that nothing was done is a refusal."""
    office.sandbox.membership.change(mapping_switched_off)
    for case in CASES:
        office.people.order_ram({"action": case.joins, "product": case.product, "times": 1, **ODD[answer]})
    ref = approved(office, BUNDLE)
    comes_to(office, ref, "active")
    assert all(roles(office, case) == {case.role} for case in CASES)
    for case in CASES:
        office.people.order_ram({"action": case.leaves, "product": case.product, "times": 1, **ODD[answer]})
    time_is_up(office)
    comes_to(office, ref, "ended")
    assert (roles(office, DATAWORKS), roles(office, MAXCOMPUTE), roles(office, PAI)) == (None, set(), None)
    assert office.chain_holds()


SOME = ("a code of a firewall, and not done", "a code of a firewall, and done", "its nonce was used, and done")


@pytest.mark.parametrize("answer", SOME)
def test_a_members_role_comes_once_and_goes_once_although_each_product_answered(
    office: AppHarness, answer: str
) -> None:
    """The calls that give a role to a member, and take it and leave the member."""
    office.sandbox.membership.change(mapping_switched_off)
    for case in CASES:
        give(office, case, case.other)
        office.people.order_ram({"action": case.adds, "product": case.product, "times": 1, **ODD[answer]})
    ref = approved(office, BUNDLE)
    comes_to(office, ref, "active")
    assert all(roles(office, case) == {case.role, case.other} for case in CASES)
    for case in CASES:
        office.people.order_ram({"action": case.takes, "product": case.product, "times": 1, **ODD[answer]})
    time_is_up(office)
    comes_to(office, ref, "ended")
    assert all(roles(office, case) == {case.other} for case in CASES)
