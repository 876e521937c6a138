"""How long the command line takes to say what it can do, and the demo from its start to its end, after set-up."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

from benchmarks.figures import Figure, in_short
from bot.sandbox.bot_process import bots_environment

GOAL_HELP_SECONDS, GOAL_DEMO_SECONDS = 0.3, 10.0
ROUNDS, DEMOS = 9, 3


def measure() -> list[Figure]:
    """By turns."""
    here, beside = list[float](), list[float]()
    for _ in range(ROUNDS):
        beside.append(_timed("-c", "pass"))
        here.append(_timed("-m", "bot", "--help"))
    demos = [_timed("-m", "bot", "demo") for _ in range(DEMOS)]
    told = f"Python alone {in_short(beside)}"
    return [
        Figure("--help, s", in_short(here), told, ROUNDS, statistics.median(here), GOAL_HELP_SECONDS),
        Figure("make demo after set-up, s", in_short(demos), "", DEMOS, statistics.median(demos), GOAL_DEMO_SECONDS),
    ]


def _timed(*words: str) -> float:
    begun = time.monotonic()
    _run(words)
    return time.monotonic() - begun


def _run(words: Sequence[str]) -> None:
    subprocess.run(
        [sys.executable, *words],
        env=bots_environment({}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
