"""In an account of thousands of users and hundreds of groups, whose answers take long, people ask, decide and look."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.sandbox.ram.large import make_large
from tests.harness.app import DATA, ENGINE, MONITOR, AppHarness
from tests.harness.restoring import looked

SLOW = {"action": "*", "fault": "hang", "seconds": 0.25}
"""Half of what the benchmark tries: here the account, the bot and other tests share a processor."""

PATIENCE = 150.0
"""Seconds, for people and for the reads of the bot; on an idle machine none of these takes more than ten."""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppHarness]:
    with AppHarness(tmp_path_factory.mktemp("large"), pace=10.0, read_timeout=PATIENCE) as opened:
        looked(opened)
        make_large(opened.sandbox.account, "carol")
        opened.people.inject_ram_fault(SLOW)
        yield opened


def test_asking_and_deciding_work(large: AppHarness) -> None:
    ref = large.asked(large.carol, f"{MONITOR} 8h rollout")
    assert f"`{ENGINE}` through group" in large.card(ref).plain
    large.approve(ref, large.bob)
    large.comes_to_hold("carol", MONITOR, timeout=PATIENCE)


def test_somebody_who_is_not_linked_asks_by_their_address(large: AppHarness) -> None:
    ref = large.asked(large.erin, f"{DATA} 8h features")
    assert "links <@U0ERIN> to RAM user `erin`" in large.card(ref).plain


def test_what_somebody_has_through_ten_groups_is_told_whole(large: AppHarness) -> None:
    large.bob.type("/pairec-access who <@U0CAROL>")
    told = large.bob.ephemeral_with("group-299", timeout=PATIENCE).plain
    assert "Not known" not in told


def test_whoever_has_a_policy_through_three_hundred_groups_is_counted_whole(large: AppHarness) -> None:
    large.bob.type(f"/pairec-access who {ENGINE}")
    told = large.bob.ephemeral_with("user-", timeout=PATIENCE).plain
    assert "Not known" not in told


def test_drift_is_listed_page_by_page(large: AppHarness) -> None:
    large.bob.type("/pairec-access drift")
    told = large.bob.ephemeral_with("*Drift:*", timeout=PATIENCE)
    assert "Page 1 of " in told.plain and "Not known" not in told.plain
    large.bob.click("Next page", told)
    large.bob.ephemeral_with("Page 2 of ", timeout=PATIENCE)
