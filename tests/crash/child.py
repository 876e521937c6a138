"""A bot that kills itself, without warning, at a numbered point of its work.

Started as a program it imports everything once and then forks a bot for each line of its standard input, since to
start Python anew for each point would take most of the time. A line is JSON: the `environment`, the `folder` in which
bot and test leave notes for each other, by how many milliseconds its real time is `ahead`, and `kill_at`, the number
of the point to die at, counted from the moment when the file `armed` is in the folder.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_credentials.models import Config
from slack_sdk import WebClient

from approvals.ledger import SqliteLedger, Tx
from approvals.model import Entitlement, Principal
from approvals.ports import Sighting
from bot.app import SLACK_TIMEOUT, Parts, Program
from bot.cloud.products import Products
from bot.cloud.ram import Ram
from bot.directory import Directory
from bot.settings import load_settings
from tests.office import EarlyClock

HURRY = 15
"""The bot's real time passes so many times faster than ours, so that nobody waits long for a turn to post."""
TICK = 0.01


class Points:
    """Numbers the points, from the moment when the test arms it, and dies at one of them."""

    def __init__(self, folder: Path, kill_at: int) -> None:
        self._armed = folder / "armed"
        self._notes = os.open(folder / "points", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._kill_at = kill_at
        self._reached = 0
        self._lock = threading.Lock()

    def point(self, name: str) -> None:
        with self._lock:
            if not self._armed.exists():
                return
            self._reached += 1
            os.write(self._notes, f"{self._reached} {name}\n".encode())
            if self._reached == self._kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    @contextmanager
    def around(self, name: str) -> Iterator[None]:
        self.point(f"before {name}")
        yield
        self.point(f"after {name}")


class PointedLedger(SqliteLedger):
    def __init__(self, path: Path, points: Points) -> None:
        self._points = points
        super().__init__(path)

    @contextmanager
    def write(self) -> Iterator[Tx]:  # type: ignore[override]
        self._points.point("before BEGIN")
        with super().write() as tx:
            yield tx
            self._points.point("before COMMIT")
        self._points.point("after COMMIT")


class PointedProducts(Products):
    def __init__(self, ram: Ram, points: Points) -> None:
        super().__init__({"policy": ram}, {})
        self._points = points

    def observe(self, principal: Principal, entitlement: Entitlement) -> Sighting:
        with self._points.around("a look at RAM"):
            return super().observe(principal, entitlement)

    def attach(self, principal: Principal, entitlement: Entitlement, go: Callable[[], None]) -> None:
        with self._points.around("an attach"):
            super().attach(principal, entitlement, go)

    def detach(self, principal: Principal, entitlement: Entitlement, go: Callable[[], None]) -> None:
        with self._points.around("a detach"):
            super().detach(principal, entitlement, go)


class PointedSlack(WebClient):
    points: Points

    def api_call(self, api_method: str, **arguments: Any) -> Any:
        with self.points.around(api_method):
            return super().api_call(api_method, **arguments)


def run(order: dict[str, Any]) -> None:
    """The program as it is, on ports that count, until it dies."""
    environment: dict[str, str] = order["environment"]
    folder = Path(order["folder"])
    logging.basicConfig(filename=folder / "bot.log", level=logging.INFO)
    points = Points(folder, order["kill_at"])
    ahead: int = order["ahead"]
    key = Config(
        type="access_key",
        access_key_id=environment["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        access_key_secret=environment["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
    )
    parts = Parts(load_settings(environment), Credentials(key))
    parts.clock = EarlyClock(environment["PAIREC_CLOCK_URL"], lambda: ahead)
    parts.ledger = PointedLedger(Path(parts.settings.database_url.removeprefix("sqlite:///")), points)
    parts.products = PointedProducts(parts.ram, points)
    parts.slack = PointedSlack(
        token=parts.slack.token, base_url=parts.slack.base_url, timeout=SLACK_TIMEOUT, retry_handlers=[]
    )
    parts.slack.points = points  # type: ignore[attr-defined]
    parts.directory = Directory(parts.slack, parts.ram, parts.products, parts.catalog)
    program = Program(parts)
    program.start()
    (folder / "ready").touch()
    while True:
        time.sleep(TICK)
        ahead += round(TICK * 1_000) * HURRY
        program.wake()


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
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
