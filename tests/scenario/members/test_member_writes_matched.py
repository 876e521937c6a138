"""Writes to the products that have members are known by two ids as well; see the scenario of RAM's."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness.app import AppHarness
from tests.harness.products.case import ProductCase
from tests.harness.waiting import comes_to, time_is_up
from tests.scenario.members.asking import gets, give, roles, written
from tests.scenario.test_writes_matched import both_confirmed, calls, carries


def test_each_product_is_told_the_id_and_tells_its_own(app: AppHarness, case: ProductCase) -> None:
    ref = gets(app, case.item)
    time_is_up(app)
    comes_to(app, ref, "ended")
    confirmed, done = both_confirmed(app, ref), written(app, case.product)
    assert [call["action"] for call in done] == [case.joins, case.leaves]
    assert all(carries(call, each["write_id"]) for call, each in zip(done, confirmed, strict=True))
    assert [call["request_id"] for call in done] == [each["ram_request_id"] for each in confirmed]


def test_to_somebody_who_is_a_member_too(app: AppHarness, case: ProductCase) -> None:
    give(app, case, case.other)
    ref = gets(app, case.item)
    time_is_up(app)
    comes_to(app, ref, "ended")
    confirmed, done = both_confirmed(app, ref), written(app, case.product)
    # Where a member has one role, the one that they had before is given back.
    assert [call["action"] for call in done] == [case.adds, case.adds if case.one_role else case.takes]
    assert all(carries(call, each["write_id"]) for call, each in zip(done, confirmed, strict=True))


@pytest.mark.parametrize("write", ["attach", "detach"])
def test_a_write_whose_answer_was_lost_is_found_in_the_products_log(
    app: AppHarness, case: ProductCase, write: str
) -> None:
    gives = write == "attach"
    order = {
        "action": case.joins if gives else case.leaves,
        "product": case.product,
        "fault": "drop_answer",
        "times": 1,
    }
    if gives:
        app.people.inject_ram_fault(order)
    ref = gets(app, case.item)
    if not gives:
        app.people.inject_ram_fault(order)
        time_is_up(app)
        comes_to(app, ref, "ended")
        assert not roles(app, case)
    lost, *_ = calls(app, ref, f"{write} not confirmed")
    assert lost["trouble"] == "silent" and "ram_request_id" not in lost
    [call] = [each for each in written(app, case.product) if carries(each, lost["write_id"])]
    assert call["result"] == "ok"


def test_what_is_only_read_has_no_such_id(app: AppHarness, case: ProductCase) -> None:
    gets(app, case.item)
    reads: list[dict[str, Any]] = [
        call for call in app.sandbox.membership.calls() if call["action"].startswith(("List", "Get"))
    ]
    assert reads and not any("pairec-access-write" in call["user_agent"] for call in reads)
