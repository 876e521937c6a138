"""What RAM said counts for ten seconds: whoever waits longer for the ledger is judged on what it says then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.harness.app import ADMIN, ENGINE, AppHarness
from tests.harness.held_file import held_file
from tests.scenario.conftest import PACE

TOO_OLD = 11.0 * PACE
"""Seconds, for a bot for which they pass so fast."""
NOT_ANY_MORE = f"RAM user `bob` does not hold `{ADMIN}` at this moment"


@contextmanager
def the_ledger_is_held(office: AppHarness) -> Iterator[None]:
    """From the moment at which RAM has said who may approve, an answer that is slow to arrive. Bob loses the policy
    meanwhile, and eleven seconds pass."""
    office.people.order_ram({"action": "ListEntitiesForPolicy", "policy": ADMIN, "fault": "drip", "seconds": 1.5})
    yield
    orders = office.sandbox.ram_faults
    office.until(lambda: orders.standing()[0]["matched"], "RAM to have been asked")
    with held_file(str(office.ledger_path)):
        office.people.clear_orders()
        office.detach_by_hand("bob", ADMIN)
        office.real_passes(TOO_OLD)


def test_an_approver_who_loses_the_policy_while_the_ledger_is_held_does_not_approve(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    with the_ledger_is_held(office):
        office.bob.click("Approve", office.card(ref))
    office.bob.ephemeral_with(NOT_ANY_MORE)
    assert office.record(ref).pending and not office.record(ref).approvals
    assert not office.holds("carol", ENGINE)


def test_an_approver_who_keeps_it_while_the_ledger_is_held_approves(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    with the_ledger_is_held(office):
        office.judy.click("Approve", office.card(ref))
    office.comes_to_hold("carol", ENGINE)


def test_an_approver_who_loses_the_policy_while_the_ledger_is_held_takes_nothing_back(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    office.approve(ref, office.judy)
    office.comes_to_hold("carol", ENGINE)
    office.card(ref, "active")
    office.bob.types(f"/pairec-access revoke {ref} enough")
    shown = office.bob.ephemeral_with("Active until")
    with the_ledger_is_held(office):
        office.bob.click("Take back", shown)
    office.bob.ephemeral_with(NOT_ANY_MORE)
    assert office.states(ref) == ["active"] and office.holds("carol", ENGINE)
