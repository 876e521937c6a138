"""The bot of an office as a process of its own, where what it leaves behind matters."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.harness.app import AppHarness
from tests.harness.program import running


def told(office: AppHarness, **settings: str) -> dict[str, str]:
    """The settings of the office's bot."""
    return {**office.environment(), **settings}


@contextmanager
def process_of(office: AppHarness, log: Path, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """Instead of the bot in here; Slack hears it when the block begins."""
    office.stop_bot()
    with running("run", log=log, **told(office, **settings)) as process:
        office.until(
            lambda: office.sandbox.call(office.sandbox.slack.sockets.open_sockets) or process.poll() is not None,
            "the bot to connect",
            timeout=30,
        )
        assert process.poll() is None, log.read_text("utf-8")
        yield process


def beside(path: Path) -> Sequence[str]:
    """What stands beside a ledger, but for its lock."""
    return sorted(each.name for each in path.parent.glob(f"{path.name}-*"))
