"""One answer that did not come fails no read of a product, and no product is asked faster than it takes."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from approvals.errors import CloudErrorKind
from tests.bot.cloud.members.member_products import MemberSandbox, trouble
from tests.harness.products.case import ProductCase

pytestmark = pytest.mark.slow

BAD: dict[str, dict[str, Any]] = {
    "throttled": {"fault": "throttle", "seconds": 0.2},
    "throttled without a word when to come again": {"fault": "throttle", "seconds": 0},
    "lost with its connection": {"fault": "reset"},
}


@pytest.mark.parametrize("how", BAD)
def test_a_read_is_made_again_that_was(workshop: MemberSandbox, case: ProductCase, how: str) -> None:
    product, erin = workshop.connect(case.product), workshop.user("erin")
    workshop.give(case.product, case.place, "erin", case.role)
    workshop.sandbox.ram_faults.add({"action": "reads", "every": 2, **BAD[how]})
    for _ in range(3):
        member = product.observe(case.place, erin, case.role)
        assert member is not None and case.role in member.roles
    assert case.place in product.places()


def test_a_read_that_is_to_wait_longer_than_whoever_asked_is_not_made_again(
    workshop: MemberSandbox, case: ProductCase
) -> None:
    product, erin = workshop.connect(case.product), workshop.user("erin")
    workshop.order("reads", "throttle", seconds=3)
    error = trouble(lambda: product.observe(case.place, erin))
    assert (error.kind, error.retry_after) == (CloudErrorKind.THROTTLED, 3_000)
    assert workshop.actions().count(case.reads) <= 1


def test_a_read_that_is_throttled_for_good_is_given_up_and_says_so(workshop: MemberSandbox, case: ProductCase) -> None:
    product, erin = workshop.connect(case.product), workshop.user("erin")
    workshop.order("reads", "throttle", seconds=0.1)
    assert trouble(lambda: product.observe(case.place, erin)).kind is CloudErrorKind.THROTTLED


def test_dataworks_is_asked_no_more_than_five_times_a_second_whatever_for(workshop: MemberSandbox) -> None:
    product, erin = workshop.connect("dataworks"), workshop.user("erin")
    workshop.give("dataworks", "10001", "erin", "role_project_dev")
    asked = [product.places, lambda: product.observe("10001", erin)] * 5
    with ThreadPoolExecutor(len(asked)) as pool:
        began = time.monotonic()
        for each in [pool.submit(ask) for ask in asked]:
            each.result()
    assert time.monotonic() - began >= (len(asked) - 1) / 5
