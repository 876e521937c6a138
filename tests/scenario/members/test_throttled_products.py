"""Products throttle their reads: what people ask for is answered and done all the same, in real time."""

from __future__ import annotations

import pytest

from tests.harness.app import HOUR, AppHarness
from tests.harness.boards import status
from tests.harness.products.case import ProductCase
from tests.scenario.members.asking import approved, roles
from tests.scenario.members.test_who import who

PATIENCE = 20.0


@pytest.fixture
def pace() -> float:
    return 1.0


def comes_to(app: AppHarness, ref: str, state: str) -> None:
    app.until(lambda: app.states(ref) == [state], f"{ref} to be {state}", PATIENCE)


def test_a_role_comes_is_shown_and_goes_while_its_product_throttles_reads(app: AppHarness, case: ProductCase) -> None:
    throttled = {"action": "reads", "product": case.product, "fault": "throttle", "every": 3, "seconds": 0.2}
    app.people.inject_ram_fault(throttled)
    ref = approved(app, case.item)
    comes_to(app, ref, "active")
    assert roles(app, case) == {case.role}
    shown = who(app.bob, "@carol").plain
    assert ref in shown and "read" not in shown, shown
    app.people.advance(HOUR + 1)
    comes_to(app, ref, "ended")
    assert not roles(app, case)


def test_a_board_is_all_good_while_every_tenth_read_is_throttled(app: AppHarness) -> None:
    app.people.inject_ram_fault({"action": "reads", "fault": "throttle", "every": 10, "seconds": 0.2})
    for _ in range(2):
        shown = status(app, app.carol).plain
        assert shown.startswith("PAI-Rec status · all good"), shown


def test_a_start_goes_on_although_sts_throttles_the_question_whose_the_key_is(app: AppHarness) -> None:
    app.people.inject_ram_fault({"action": "GetCallerIdentity", "fault": "throttle", "seconds": 0.2, "times": 2})
    app.restart_bot()
    approved(app, "PaiRecEngineAccess")
    app.comes_to_hold("carol", "PaiRecEngineAccess")
