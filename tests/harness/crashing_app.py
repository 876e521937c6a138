"""An app whose bot dies at any point of its work, in this process.

From the point on at which it dies, nothing that it tries has any effect: what was not committed is rolled back, and no
call reaches Slack or RAM any more. Real processes are killed in `tests/crash`; this one can die thousands of times.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from approvals.ledger import job_leases
from approvals.millis import DomainMillis
from bot.app.parts import Parts
from bot.program import Program
from bot.settings import SettingsError
from tests.harness import numbered_points
from tests.harness.app import AppHarness

LOCKS_RUN_OUT = job_leases.LOCK_MS / 1_000 + 1
"""Seconds after which what a dead bot had in hand is anybody's."""
STARTS = 20


class Killed(BaseException):
    """The bot is no more."""


class Points(numbered_points.Points):
    """Counts down to the point at which the bot dies."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: int | None = None
        self.dead = False

    def die_after(self, points: int | None) -> None:
        """None: not any more, if it is still alive."""
        with self._lock:
            self._left = points

    def point(self, name: str) -> None:
        with self._lock:
            if self._left is not None:
                self._left -= 1
                self.dead = self.dead or self._left <= 0
            if self.dead:
                raise Killed


class CrashingApp(AppHarness):
    """Where several may work from one ledger, a second bot works beside the mortal one, and lives."""

    def __enter__(self) -> Self:
        super().__enter__()
        self._beside: Program | None = None
        if self.ledger.shared:
            parts = super().parts(self.environment())
            self._beside, self._besides_ledger = Program(parts), parts.ledger
            self._beside.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._beside:
            self._beside.stop(within=2.0)
            self._besides_ledger.close()
        super().__exit__(kind, error, trace)

    def real_passes(self, seconds: float) -> None:
        super().real_passes(seconds)
        if self._beside:
            self._beside.wake()

    def parts(self, environment: Mapping[str, str]) -> Parts:
        parts = super().parts(environment)
        self.points = Points()
        self._made = parts.ledger
        numbered_points.number(parts, self.points)
        return parts

    def start_bot(self, kind: type[Program] = Program) -> None:
        """As often as it takes, as whoever supervises a process does it: Slack may not answer right now."""
        for _ in range(STARTS):
            try:
                super().start_bot(kind)
            except SettingsError:
                self._made.close()
            else:
                return
        raise AssertionError("the bot does not start")

    def stop_bot(self) -> None:
        """A dead one does not note that it stops."""
        with suppress(Killed):
            super().stop_bot()
        if self.program:
            self.program = None
            self._made.close()
            self.people.inject_slack_fault({"fault": "disconnect", "drop": True})

    def bury(self) -> None:
        """If the bot is dead, another one is started, and finds what it left."""
        if self.points.dead:
            self.stop_bot()
            self.start_bot()
            self.real_passes(LOCKS_RUN_OUT)

    def settle(self) -> None:
        """The weather is fair, and time passes until the bot has nothing more to do."""
        self.people.clear_faults()

        def quiet() -> bool:
            self.bury()
            self.served()
            left = self._left()
            if left and not any(job["locked_until_real"] > self._real() for job in left):
                self.real_passes(2.0)
            return not left

        self.until(quiet, lambda: f"the bot to have done all; it has yet to do {self._left()}", timeout=60.0)
        self.points.die_after(None)

    def served(self) -> None:
        """Wait until nobody is being served any more."""
        serving = [bot.context.executor for bot in (self.program, self._beside) if bot]
        self.until(lambda: not any(each._running for each in serving), "everybody to be served", timeout=30.0)

    def _left(self) -> list[dict[str, Any]]:
        """Work that is due, in hand, or waits for real time to pass."""
        with self.ledger.read() as tx:
            return tx.rows(
                "SELECT * FROM jobs WHERE due_at <= :now OR also_at_real IS NOT NULL OR locked_until_real > :real",
                now=DomainMillis(round(self.people.now() * 1_000)),
                real=self._real(),
            )

    def _real(self) -> int:
        """As the bot's clock has it."""
        return time.time_ns() // 1_000_000 + self._ahead_now()
