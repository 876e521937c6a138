"""What keeps the program from working is known since when it is so, and is logged when it changes."""

from __future__ import annotations

import logging

import pytest

from bot.conditions import Condition, Conditions


def test_a_condition_is_known_since_it_was_first_reported_and_until_it_is_over() -> None:
    now = iter((1_000, 2_000, 3_000))
    conditions = Conditions(lambda: next(now))
    conditions.report("ram", "the key is inactive")
    conditions.report("ram", "RAM does not answer")
    assert conditions.current() == {"ram": Condition(1_000, "RAM does not answer")}
    conditions.clear("ram")
    assert conditions.current() == {}
    conditions.report("ram", "the key is inactive")
    assert conditions.current()["ram"].since == 2_000


def test_what_is_reported_again_and_again_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    conditions = Conditions(lambda: 0)
    for _ in range(5):
        conditions.report("this test's", "the key is inactive")
    for _ in range(5):
        conditions.clear("this test's")
    # A bot of another test that shares the process may be at work yet.
    of_this_test = [record.message for record in caplog.records if record.__dict__.get("condition") == "this test's"]
    assert of_this_test == ["condition", "condition is over"]
