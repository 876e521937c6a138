"""Each assumption has a probe, or it is said why no read can tell."""

from __future__ import annotations

from bot.check.assumed.probes import PROBES
from bot.check.assumed.untried import UNTRIED
from bot.cloud.assumptions import assumptions


def test_each_assumption_is_tried_or_it_is_said_why_not() -> None:
    names = [each.name for each in assumptions()]
    assert sorted(names) == sorted([*PROBES, *UNTRIED])
    assert all(UNTRIED.values())
