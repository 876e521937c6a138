"""A bot that dies, or is about to be stopped, at a point of its work.

Started as a program it imports everything once and then forks a bot for each line of its standard input, since to
start Python anew for each point would take most of the time. A line is JSON: the `environment`, the `folder` in which
bot and test leave notes for each other, the file with the `time` that has passed, and the point: its number, `at`,
counted from the moment when the file `armed` is in the folder, or its name. There the bot kills itself without
warning or, if it is to be stopped, stands still until it was stopped and the file `on` is in the folder.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import signal
import ssl
import sys
import threading
import time
from pathlib import Path
from typing import Any

from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_credentials.models import Config

from approvals.ledger.postgres import PostgresLedger
from approvals.millis import HOUR
from bot.app.parts import Parts
from bot.egress import Egress
from bot.program import Program
from bot.settings import load_settings
from tests.harness import numbered_points
from tests.harness.app import EarlyClock
from tests.harness.passing_time import Passing
from tests.harness.quick import quick

TICK = 0.01
SERVER_WAITS = 1
"""Seconds for which PostgreSQL keeps a transaction of a stopped process open; in life it is a minute of its own."""


class Points(numbered_points.Points):
    """Numbers the points, from the moment when the test arms it."""

    def __init__(self, folder: Path, at: int | str, *, dies: bool) -> None:
        self._armed = folder / "armed"
        self._on = folder / "on"
        self._notes = os.open(folder / "points", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._at = at
        self._dies = dies
        self._reached = 0
        self._over = False
        self._lock = threading.Lock()

    def point(self, name: str) -> None:
        with self._lock:
            if not self._armed.exists():
                return
            self._reached += 1
            here = not self._over and self._at in (self._reached, name)
            os.write(self._notes, f"{self._reached} {name}{'!' if here else ''}\n".encode())
            if here and self._dies:
                os.kill(os.getpid(), signal.SIGKILL)
            self._over = self._over or here
        while here and not self._on.exists():
            time.sleep(TICK / 2)


def run(order: dict[str, Any]) -> None:
    """The program as it is, on ports that count, until it is killed."""
    environment: dict[str, str] = order["environment"]
    folder = Path(order["folder"])
    logging.basicConfig(filename=folder / "bot.log", level=logging.INFO)
    points = Points(folder, order["at"], dies=order["dies"])
    passing = Passing(Path(order["time"]))
    key = Config(
        type="access_key",
        access_key_id=environment["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        access_key_secret=environment["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
    )
    parts = Parts(load_settings(environment), Credentials(key), upgrade_in_use=True)
    parts.clock = EarlyClock(environment["PAIREC_CLOCK_URL"], passing.ahead, pace=passing.pace)
    # Its clock is set ahead by minutes; that says nothing of how old is what was read.
    parts.evidence_holds = HOUR
    if parts.ledger.shared and not order["dies"]:
        parts.ledger.close()
        parts.ledger = PostgresLedger(parts.settings.database_url, hold_at_most=SERVER_WAITS)
    numbered_points.number(parts, points)
    program = Program(parts)
    program.start()
    (folder / "ready").touch()
    parent = os.getppid()
    moves = passing.moves()
    # Whoever outlives its nursery is nobody's any more.
    while os.getppid() == parent:
        time.sleep(TICK)
        if (now := passing.moves()) != moves:
            moves = now
            program.wake()


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # What was imported stays, and a fork that looked through it for garbage would get a copy of each page.
    gc.freeze()
    with quick():
        # Whom the machine trusts is read here, for the bot and for the SDK; each fork would do it again.
        assert Egress().tls and ssl.create_default_context()
        _fork_for_each_line()


def _fork_for_each_line() -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                run(json.loads(line))
            finally:
                os._exit(1)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
