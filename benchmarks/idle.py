"""What a bot that has nothing to do takes of a processor, with a ledger of 10,000 live grants and 1,000,000 closed
requests, and beside it one with an empty ledger.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.filled_file import make_sandbox
from bot.sandbox.process import SandboxProcess

GOAL = 0.3
SETTLE_SECONDS, SECONDS, ROUNDS = 60, 60, 3
TICKS = os.sysconf("SC_CLK_TCK")


def measure() -> list[Figure]:
    """Both in the same minutes. A bot that has just begun looks at everything once; that is not measured."""
    with make_sandbox(filled=True) as filled, make_sandbox(filled=False) as empty:
        time.sleep(SETTLE_SECONDS)
        found: tuple[list[float], list[float]] = ([], [])
        for _ in range(ROUNDS):
            before = [_ticks(each) for each in (filled, empty)]
            time.sleep(SECONDS)
            for series, process, ticks in zip(found, (filled, empty), before, strict=True):
                series.append(100 * (_ticks(process) - ticks) / TICKS / SECONDS)
    here, beside = sorted(found[0])[ROUNDS // 2], sorted(found[1])[ROUNDS // 2]
    name = "idle, % of a processor, at 10,000 live grants and 1,000,000 closed requests"
    return [Figure(name, f"{here:.2f} %", f"empty ledger {beside:.2f} %", ROUNDS, here, GOAL)]


def _ticks(process: SandboxProcess) -> int:
    fields = Path(f"/proc/{process.bot_pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
