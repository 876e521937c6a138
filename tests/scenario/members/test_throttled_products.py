"""Products throttle their reads: what people ask for is answered and done all the same, in real time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.app import HOUR, AppHarness
from tests.harness.boards import status
from tests.scenario.members.asking import approved, roles
from tests.scenario.members.cases import Case
from tests.scenario.members.test_who import who

PATIENCE = 20.0


@pytest.fixture
def office(tmp_path: Path) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, members=True) as opened:
        yield opened


def comes_to(office: AppHarness, ref: str, state: str) -> None:
    office.until(lambda: office.states(ref) == [state], f"{ref} to be {state}", PATIENCE)


def test_a_role_comes_is_shown_and_goes_while_its_product_throttles_reads(office: AppHarness, case: Case) -> None:
    throttled = {"action": "reads", "product": case.product, "fault": "throttle", "every": 3, "seconds": 0.2}
    office.people.order_ram(throttled)
    ref = approved(office, case.item)
    comes_to(office, ref, "active")
    assert roles(office, case) == {case.role}
    shown = who(office.bob, "@carol").plain
    assert ref in shown and "read" not in shown, shown
    office.people.advance(HOUR + 1)
    comes_to(office, ref, "ended")
    assert not roles(office, case)


def test_a_board_is_all_good_while_every_tenth_read_is_throttled(office: AppHarness) -> None:
    office.people.order_ram({"action": "reads", "fault": "throttle", "every": 10, "seconds": 0.2})
    for _ in range(2):
        shown = status(office, office.carol).plain
        assert shown.startswith("PAI-Rec status · all good"), shown


def test_a_start_goes_on_although_sts_throttles_the_question_whose_the_key_is(office: AppHarness) -> None:
    office.people.order_ram({"action": "GetCallerIdentity", "fault": "throttle", "seconds": 0.2, "times": 2})
    office.restart_bot()
    approved(office, "PaiRecEngineAccess")
    office.comes_to_hold("carol", "PaiRecEngineAccess")
