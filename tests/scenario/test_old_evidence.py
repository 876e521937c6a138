"""What RAM said counts for ten seconds: whoever waits longer for the ledger is judged on what it says then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.harness.app import ADMIN, ENGINE, AppHarness
from tests.harness.held_file import held_file
from tests.scenario.conftest import PACE

TOO_OLD = 11.0 * PACE
"""Seconds, for a bot for which they pass so fast."""
NOT_ANY_MORE = f"RAM user `bob` does not hold `{ADMIN}` now"


@contextmanager
def the_ledger_is_held(app: AppHarness) -> Iterator[None]:
    """From the moment at which RAM has said who may approve, an answer that is slow to arrive. Bob loses the policy
    meanwhile, and eleven seconds pass.
    """
    app.people.inject_ram_fault({"action": "ListEntitiesForPolicy", "policy": ADMIN, "fault": "drip", "seconds": 1.5})
    yield
    orders = app.sandbox.ram_faults
    app.until(lambda: orders.standing()[0]["matched"], "RAM to have been asked")
    with held_file(str(app.ledger_path)):
        app.people.clear_faults()
        app.detach_by_hand("bob", ADMIN)
        app.real_passes(TOO_OLD)


def test_an_approver_who_loses_the_policy_while_the_ledger_is_held_does_not_approve(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    with the_ledger_is_held(app):
        app.bob.click("Approve", app.card(ref))
    app.bob.ephemeral_with(NOT_ANY_MORE)
    assert app.record(ref).pending and not app.record(ref).approvals
    assert not app.holds("carol", ENGINE)


def test_an_approver_who_keeps_it_while_the_ledger_is_held_approves(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    with the_ledger_is_held(app):
        app.judy.click("Approve", app.card(ref))
    app.comes_to_hold("carol", ENGINE)


def test_an_approver_who_loses_the_policy_while_the_ledger_is_held_takes_nothing_back(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    app.approve(ref, app.judy)
    app.comes_to_hold("carol", ENGINE)
    app.card(ref, "active")
    app.bob.type(f"/pairec-access revoke {ref} enough")
    shown = app.bob.ephemeral_with("Active until")
    with the_ledger_is_held(app):
        app.bob.click("Revoke", shown)
    app.bob.ephemeral_with(NOT_ANY_MORE)
    assert app.states(ref) == ["active"] and app.holds("carol", ENGINE)
