"""Requests on which two people decide at once, while the replicas that hear them are killed; `tests/soak/decisions.py`
does it with 2,000.
"""

from __future__ import annotations

from pathlib import Path
from random import SystemRandom

import pytest

from tests.harness.databases import Databases
from tests.soak.decisions import decide_under_kill
from tests.soak.progress import Progress

PACE = 10.0
"""What a dead replica had in hand is free after 6 s then."""


@pytest.mark.timeout(300)
def test_requests_decided_while_replicas_are_killed_have_one_outcome_each_that_ram_shows(
    tmp_path: Path, databases: Databases
) -> None:
    progress = Progress()
    seed = SystemRandom().randrange(1 << 32)
    try:
        decide_under_kill(
            tmp_path,
            databases.new(),
            progress,
            number=24,
            replicas=3,
            approving=4,
            every=0.5,
            most=2,
            times=PACE,
            seed=seed,
        )
    except AssertionError as error:
        error.add_note(f"seed {seed}; {progress.line()}")
        raise
    assert progress.counted["bots killed"] > 0
