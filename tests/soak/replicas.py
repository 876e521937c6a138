"""Several bots as processes of their own, of which any may be killed without warning and is replaced."""

from __future__ import annotations

import itertools
import logging
import multiprocessing
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_credentials.models import Config

from approvals.millis import HOUR
from bot.app.parts import Parts
from bot.program import Program
from bot.sandbox.server import Sandbox
from bot.settings import load_settings
from tests.harness.app import ANY_NUMBER, AppHarness, EarlyClock

STARTS_WITHIN = 60.0
PARENT_CHECK_SECONDS = 0.1
_FORKS = multiprocessing.get_context("forkserver")
"""Everything is imported once, and each bot forked from there."""
_FORKS.set_forkserver_preload([__name__])


@dataclass(frozen=True, slots=True)
class Pace:
    """The bots' real time passes so many `times` as fast as ours since `began`, when it was `ahead` of ours."""

    times: float = 1.0
    began: float = 0.0
    """By the machine's monotonic clock, which all of its processes share."""
    ahead: int = 0
    """Milliseconds."""

    def ahead_now(self) -> int:
        return self.ahead + round((time.monotonic() - self.began) * (self.times - 1.0) * 1_000)

    def becomes(self, times: float) -> Pace:
        return Pace(times, time.monotonic(), self.ahead_now())


def live(environment: dict[str, str], pace: Pace, log_file: str) -> None:
    """The program as it is, until it is killed; it does not outlive whoever had it started."""
    parent = os.getppid()
    sys.stderr.flush()
    os.dup2(os.open(log_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), 2)
    logging.basicConfig(level=logging.INFO, force=True)
    key = Config(
        type="access_key",
        access_key_id=environment["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        access_key_secret=environment["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
    )
    parts = Parts(load_settings(environment), Credentials(key), upgrade_in_use=True)
    parts.clock = EarlyClock(environment["PAIREC_CLOCK_URL"], pace.ahead_now, pace=lambda: pace.times)
    # Its clock runs fast, which says nothing of how old is what was read.
    parts.evidence_holds = HOUR
    program = Program(parts)
    program.start()
    while os.getppid() == parent:
        time.sleep(PARENT_CHECK_SECONDS)
    os._exit(1)


class Replicas:
    """So many of them at one ledger; all are gone when this ends."""

    def __init__(
        self, sandbox: Sandbox, address: str, folder: Path, number: int, chance: Random, counted: Counter[str]
    ) -> None:
        self._sandbox = sandbox
        self._environment = {**sandbox.env(), **ANY_NUMBER, "PAIREC_DATABASE_URL": address}
        self._folder = folder
        self._number = number
        self._chance = chance
        self._born: list[tuple[multiprocessing.process.BaseProcess, Path]] = []
        self._numbers = 0
        self._pace = Pace()
        self._counted = counted

    def __enter__(self) -> Replicas:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def live_at(self, times: float) -> None:
        """Real time passes so fast for all of them; new ones, if it passed otherwise until now."""
        if self._born and times == self._pace.times:
            return
        self._end()
        self._pace = self._pace.becomes(times)
        for _ in range(self._number):
            self._bear()
        self._all_there()

    def _all_there(self) -> None:
        """Wait until each of them listens to Slack."""
        AppHarness.until(self._connected, "all replicas to be connected", STARTS_WITHIN)

    @contextmanager
    def dying(self, every: float, most: int | None = None) -> Iterator[None]:
        """Every so many seconds, one of them is killed and another one started; no more than so many in all."""
        over = threading.Event()
        wrong: list[BaseException] = []

        def kill() -> None:
            try:
                for number in itertools.count(1):
                    if over.wait(self._chance.uniform(0.5, 1.5) * every) or (most and number > most):
                        return
                    self._kill_one()
                    self._all_there()
            except BaseException as error:  # noqa: BLE001 - told to whoever waits
                wrong.append(error)

        killer = threading.Thread(target=kill, name="killer", daemon=True)
        killer.start()
        try:
            yield
        finally:
            over.set()
            killer.join()
        if wrong:
            raise wrong[0]

    def _connected(self) -> bool:
        for process, log_file in self._born:
            assert process.is_alive(), f"a bot ended by itself:\n{log_file.read_text('utf-8')[-2_000:]}"
        return len(self._sandbox.call(self._sandbox.slack.sockets.open_sockets)) == self._number

    def _kill_one(self) -> None:
        process, _ = self._born.pop(self._chance.randrange(len(self._born)))
        process.kill()
        process.join()
        self._counted["bots killed"] += 1
        self._bear()

    def _bear(self) -> None:
        self._numbers += 1
        log_file = self._folder / f"bot-{self._numbers}.log"
        log_file.touch()
        process = _FORKS.Process(target=live, args=(self._environment, self._pace, str(log_file)), daemon=True)
        process.start()
        self._born.append((process, log_file))

    def _end(self) -> None:
        for process, _ in self._born:
            process.kill()
        for process, _ in self._born:
            process.join()
        self._born.clear()
        AppHarness.until(
            lambda: not self._sandbox.call(self._sandbox.slack.sockets.open_sockets), "nobody to listen", 10
        )
