"""An app whose bots, in whichever process, go by one real time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from approvals.ledger import jobs, trail
from approvals.millis import DomainMillis
from bot.sandbox.server import Sandbox
from bot.sandbox.slack.limits import RateLimits
from tests.harness.app import AppHarness
from tests.harness.passing_time import Passing
from tests.harness.process_pool import PATIENCE


class SharedApp(AppHarness):
    def __init__(self, folder: Path, address: str | None, settings: Mapping[str, str] | None = None) -> None:
        super().__init__(folder, settings, ledger_address=address, first_start=True)
        # A second's pause between two posts would be most of these tests.
        self.sandbox = Sandbox(limits=RateLimits(enabled=False))
        self.time = folder / "time"
        self.passing = Passing(self.time)

    def real_passes(self, seconds: float) -> None:
        self.passing.move(seconds)
        if self.program:
            self.program.wake()

    def _ahead_now(self) -> int:
        return self.passing.ahead()

    def _pace_now(self) -> float:
        return self.passing.pace()

    def wait(self, look: Callable[[], Any], what: str) -> None:
        """Fails with all that the bots have yet to do."""
        deadline = time.monotonic() + PATIENCE
        while not look():
            assert time.monotonic() < deadline, f"waited for {what}\n{self._left()}\n{self.carol.screen_text()}"
            time.sleep(0.01)

    def stands(self, ref: str, state: str) -> bool:
        """Whether the grant is in that state and everybody knows."""
        return self.states(ref) == [state] and self.quiet()

    def quiet(self) -> bool:
        return self.due("due_at <= :now") == 0

    def due(self, which: str) -> int:
        """How many jobs there are of which this is true."""
        now = DomainMillis(round(self.people.now() * 1_000))
        with self.ledger.read() as tx:
            found = tx.rows(f"SELECT id FROM jobs WHERE {which} AND due_at < :never", now=now, never=jobs.NEVER + 1)
        return len(found)

    def key_events(self, since: float) -> list[str]:
        """What the trail says of no request, since then."""
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(since))
        with self.ledger.read() as tx:
            entries = [entry for entry in trail.entries(tx) if entry.at >= moment]
        return [entry.fields["event"] for entry in entries if "request" not in entry.fields]

    def _left(self) -> str:
        with self.ledger.read() as tx:
            return "\n".join(str(row) for row in tx.rows("SELECT * FROM jobs"))
