"""Flow control: 10 writes a second to the account, 100 reads a second of one action."""

from __future__ import annotations

import time
from typing import Any

import pytest
from alibabacloud_tea_openapi.exceptions import ThrottlingException

from bot.sandbox.ram.errors import RamError
from bot.sandbox.ram.throttle import Throttle
from tests.bot.sandbox.ram.ram_calls import attach, detach, holders
from tests.bot.sandbox.ram.ram_world import World


def _write_until_throttled(world: World) -> Any:
    client = world.ram()
    with pytest.raises(ThrottlingException) as caught:
        for _ in range(50):
            attach(client, "carol")
            detach(client, "carol")
    return caught.value


def test_a_burst_of_writes_is_throttled_and_told_when_to_come_back(world: World) -> None:
    error = _write_until_throttled(world)
    assert (error.code, error.status_code) == ("Throttling.User", 400)
    assert 0 < error.retry_after <= 1000
    assert len(world.account.log()) >= 11


def test_a_write_goes_through_after_the_wait_that_was_named(world: World) -> None:
    error = _write_until_throttled(world)
    time.sleep(error.retry_after / 1000)
    attach(world.ram(), "dave")
    assert "dave" in holders(world.ram())


def test_reads_go_on_while_writes_are_throttled(world: World) -> None:
    _write_until_throttled(world)
    assert "erin" in holders(world.ram())


def _admitted(throttle: Throttle, action: str, writes: bool, calls: int) -> int:
    admitted = 0
    for _ in range(calls):
        try:
            throttle.admit(action, writes=writes)
        except RamError:
            continue
        admitted += 1
    return admitted


def test_exactly_ten_writes_of_any_kind_fit_into_a_second() -> None:
    moment = [100.0]
    throttle = Throttle(lambda: moment[0])
    assert _admitted(throttle, "AttachPolicyToUser", True, 7) + _admitted(throttle, "CreateUser", True, 7) == 10
    moment[0] += 1.0
    assert _admitted(throttle, "CreateUser", True, 20) == 10


def test_reads_are_counted_by_action() -> None:
    throttle = Throttle(lambda: 100.0)
    assert _admitted(throttle, "GetUser", False, 120) == 100
    assert _admitted(throttle, "GetPolicy", False, 120) == 100
