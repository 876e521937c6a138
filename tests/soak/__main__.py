"""`make soak`: anything may happen, and bots are killed at every point of their work, for as long as one asks.

    make soak SOAK=30m

Each round plays courses of events that Hypothesis makes up, on either engine, and then kills at every point. The first
thing that is found ends it, with the steps that led there and exit status 1.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import threading
from pathlib import Path
from random import SystemRandom

import pytest

from approvals.durations import parse_duration
from tests.harness.databases import Databases
from tests.property.courses import on, play
from tests.property.machine import Anything
from tests.soak.progress import Progress

COURSES, STEPS = 20, 50
SEEDS = 1 << 32
EVERY_POINT = "PAIREC_TESTS_EVERY_POINT"


class Found(Exception):
    """Something that was promised did not hold."""


def main() -> None:
    seconds = parse_duration(os.environ.get("SOAK") or "30m") / 1_000
    os.environ["ALIBABA_CLOUD_ECS_METADATA_DISABLED"] = "true"
    # Bots die by the hundred, and each says so.
    logging.disable(logging.CRITICAL)
    threading.excepthook = lambda _: None
    with tempfile.TemporaryDirectory() as folder, Progress(seconds) as progress:
        databases = Databases(Path(folder) / "server")
        engines = {
            "SQLite": on(lambda folder: f"sqlite:///{folder / 'ledger.db'}"),
            "PostgreSQL": on(lambda _: databases.new()),
        }
        try:
            while progress.left > 0:
                for engine, machine in engines.items():
                    _play(machine, engine, progress)
                _kill(progress)
        finally:
            databases.close()
            sys.stderr.write(progress.line() + "\n")
    sys.stderr.write("Nothing was found.\n")


def _play(machine: type[Anything], engine: str, progress: Progress) -> None:
    chosen = SystemRandom().randrange(SEEDS)
    progress.trying = f"anything, on {engine}, seed {chosen}"

    class Counted(machine):  # type: ignore[misc, valid-type]
        def teardown(self) -> None:
            granted = len(self.oracle.grants())
            super().teardown()
            progress.counted["courses"] += 1
            progress.counted["grants"] += granted

    play(Counted, COURSES, STEPS, chosen)


def _kill(progress: Progress) -> None:
    """At every point, with one bot and with two, as `make test` does it at some."""
    if progress.left <= 0:
        return
    progress.trying = "kill -9 and SIGSTOP at every point"
    os.environ[EVERY_POINT] = "1"
    if pytest.main(["-q", "-n", "2", "--no-header", "tests/crash", "tests/scenario/test_started_together.py"]) != 0:
        raise Found("a bot that was killed or stopped left something behind")
    progress.counted["rounds of every point"] += 1


if __name__ == "__main__":
    main()
