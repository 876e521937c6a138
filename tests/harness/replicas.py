"""Bots in HTTP mode as processes of their own, and where each of them listens."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.harness.app import ANY_NUMBER, AppHarness
from tests.harness.forked import Process
from tests.harness.program import running

STARTED_WITHIN = 60.0


class Replica:
    """One `pairec-access run`. It takes any free port, and says in its log which."""

    def __init__(self, process: Process, log: Path) -> None:
        self.process = process
        self.log = log

    @property
    def address(self) -> str:
        """Host and port, once it works."""
        AppHarness.until(
            lambda: self._said("started") or self.process.poll() is not None,
            lambda: f"it to start; its log:\n{self.log.read_text('utf-8')}",
            STARTED_WITHIN,
        )
        said = self._said("listening")
        assert said, self.log.read_text("utf-8")
        return str(said[0]["address"])

    @property
    def url(self) -> str:
        return f"http://{self.address}/slack/events"

    def lines(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines() if line.endswith("}")]

    def is_killed(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def _said(self, event: str) -> list[dict[str, str]]:
        return [line for line in self.lines() if line["event"] == event]


@contextmanager
def replicas(number: int, folder: Path, **settings: str) -> Iterator[list[Replica]]:
    """So many, started side by side with the same settings."""
    told = {**ANY_NUMBER, **settings, "PAIREC_SLACK_MODE": "http", "PAIREC_HTTP_LISTEN": "127.0.0.1:0"}
    with ExitStack() as stack:
        found = []
        for name in range(number):
            log = folder / f"replica-{name}.log"
            found.append(Replica(stack.enter_context(running("run", log=log, **told)), log))
        yield found
