"""The demo ends well with what `make setup` installs, which is not every extra."""

from __future__ import annotations

import pytest

from bot.sandbox.demo.play import unless_installed
from tests.harness.checked import Installation

pytestmark = pytest.mark.slow


def test_training_is_looked_at_where_its_extra_is_there() -> None:
    assert unless_installed(lambda name: name) == {}


def test_nothing_of_the_check_asks_for_an_extra_that_is_left_out(installed: Installation) -> None:
    told = {**installed.everything, **unless_installed(lambda _: None)}
    rows = installed.rows(**told)
    assert [name for name in rows if "extra" in name or "tenant" in name or "quota" in name] == ["extras"]
