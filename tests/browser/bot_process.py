"""The bot of a sandbox as a process of its own, which has nothing left to import."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.sandbox.bot_process import ALWAYS, BOT_START_TIMEOUT_SECONDS
from bot.sandbox.process import SandboxProcess
from tests.harness.app import AppHarness
from tests.harness.program import running


@contextmanager
def bot_of(workshop: SandboxProcess, **settings: str) -> Iterator[None]:
    sandbox, log = workshop.sandbox, workshop.log_file
    with running("run", log=log, **{**ALWAYS, **workshop.environment(), **settings}):
        AppHarness.until(
            lambda: sandbox.call(lambda: bool(sandbox.slack.sockets.open_sockets())),
            lambda: f"the bot to connect; its log:\n{log.read_text('utf-8')}",
            BOT_START_TIMEOUT_SECONDS,
        )
        yield
