"""The bot of an app as a process of its own, where what it leaves behind matters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.harness.app import AppHarness
from tests.harness.forked import Process
from tests.harness.program import running


def told(app: AppHarness, **settings: str) -> dict[str, str]:
    """The settings of the app's bot."""
    return {**app.environment(), **settings}


@contextmanager
def process_of(app: AppHarness, log: Path, **settings: str) -> Iterator[Process]:
    """Instead of the bot in here; Slack hears it when the block begins."""
    app.stop_bot()
    with running("run", log=log, **told(app, **settings)) as process:
        app.until(
            lambda: app.sandbox.call(app.sandbox.slack.sockets.open_sockets) or process.poll() is not None,
            "the bot to connect",
            timeout=30,
        )
        assert process.poll() is None, log.read_text("utf-8")
        yield process


def beside(path: Path) -> Sequence[str]:
    """What stands beside a ledger, but for its lock."""
    return sorted(each.name for each in path.parent.glob(f"{path.name}-*"))
