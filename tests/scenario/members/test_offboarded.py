"""Somebody leaves: what was given here in the products ends, and every other membership there is left to people, each
with a link, as far as the product says it.
"""

from __future__ import annotations

from bot.sandbox.client import SeenMessage
from tests.harness.app import APPROVALS, AppHarness
from tests.harness.products.cases import CASES
from tests.harness.products.dataworks import CASE as DATAWORKS
from tests.harness.products.maxcompute import CASE as MAXCOMPUTE
from tests.harness.waiting import comes_to
from tests.scenario.members.asking import give, roles

LISTED = {case: case.role if case is MAXCOMPUTE else case.other for case in CASES}
"""Of MaxCompute nothing but the roles of the catalogue can be asked for."""


def checklist(shown: SeenMessage) -> str:
    return "\n".join(line for line in shown.plain.splitlines() if line.startswith("☐"))


def test_every_membership_that_was_not_given_here_is_on_the_checklist_with_a_link_and_stays(app: AppHarness) -> None:
    for case, role in LISTED.items():
        give(app, case, role)
    app.bob.type("/pairec-access offboard @carol")
    shown = app.bob.message_with("offboards", APPROVALS)
    lines = checklist(shown).splitlines()
    for case in CASES:
        (line,) = [each for each in lines if f"|{case.title}>" in each]
        assert line.startswith("☐ <https://") and (case.other in line or case is MAXCOMPUTE), line
    assert "Could not be read" not in shown.plain
    assert "MaxCompute> tells only of roles that can be requested here" in shown.plain
    app.bob.click("Revoke all", shown)
    app.bob.message_with("no longer linked", APPROVALS)
    for case, role in LISTED.items():
        assert roles(app, case) == {role}, case


def test_what_ends_and_what_a_product_gave_along_with_it_is_not_left_to_people(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{DATAWORKS.item} 8h rollout")
    app.approve(ref, app.bob)
    comes_to(app, ref, "active")
    assert roles(app, MAXCOMPUTE) == {MAXCOMPUTE.role}, "DataWorks gives it"
    app.bob.type("/pairec-access offboard @carol")
    shown = app.bob.message_with("offboards", APPROVALS)
    assert "DataWorks" not in checklist(shown) and "MaxCompute" not in checklist(shown)
    app.bob.click("Revoke all", shown)
    comes_to(app, ref, "ended")
    assert not roles(app, DATAWORKS) and not roles(app, MAXCOMPUTE)


def test_a_product_that_does_not_say_it_is_named(app: AppHarness) -> None:
    app.people.inject_ram_fault(
        {"action": DATAWORKS.reads, "product": DATAWORKS.product, "fault": "error", "status": 500, "code": "Internal"}
    )
    app.bob.type("/pairec-access offboard @carol")
    shown = app.bob.message_with("offboards", APPROVALS)
    assert "Could not be read: DataWorks." in shown.plain
