"""Killed at each point between the click and the last message, and started again, the bot ends as if it never was."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.crash.fate import Fates, Nursery

OFFICES = 6
"""So many work side by side, since most of a bot's short life is waiting: the first has points 1, 7, 13, ..."""


def test_a_bot_killed_at_any_point_ends_as_if_it_had_not_been(tmp_path: Path) -> None:
    def share(first: int, nursery: Nursery) -> int:
        """Every so many points, until a bot lives to the end; how many points that one came to."""
        folder = tmp_path / f"from-{first}"
        folder.mkdir()
        with Fates(folder, nursery) as fates:
            kill_at = first
            while (reached := len(fates.live_through(kill_at))) == kill_at:
                kill_at += OFFICES
        return reached

    with Nursery() as nursery, ThreadPoolExecutor(OFFICES) as pool:
        shares = [pool.submit(share, first, nursery) for first in range(1, OFFICES + 1)]
        reached = [share.result() for share in shares]
    assert min(reached) > 80, f"hardly any points were counted: {reached}"
