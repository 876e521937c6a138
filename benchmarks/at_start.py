"""How long it takes from the start to the connection to Slack, over a bare Bolt app that connects to the same place;
and what memory the bot has then.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.figures import Figure, ratio
from bot.sandbox.bot_process import BotProcess, bots_environment
from bot.sandbox.process import SandboxProcess

GOAL, GOAL_MB = 2.5, 80.0
ROUNDS = 5
SETTLE_SECONDS, POLL_SECONDS, PATIENCE = 5.0, 0.01, 30.0
BARE = """
import os
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
app = App(client=WebClient(os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["PAIREC_SLACK_API_URL"]))
SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start()
"""
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def measure() -> list[Figure]:
    """By turns."""
    here, beside, memory, theirs = list[float](), list[float](), list[float](), list[float]()
    with SandboxProcess(with_bot=False) as workshop:
        told = workshop.environment()
        for _ in range(ROUNDS):
            beside.append(_bare(workshop, told, theirs))
            here.append(_bot(workshop, told, memory))
    mb, other = statistics.median(memory), statistics.median(theirs)
    return [
        ratio("start to connected, over a bare Bolt app", here, beside, GOAL),
        Figure("memory at rest, MB", f"{mb:.0f} MB", f"bare Bolt app {other:.0f} MB", ROUNDS, mb, GOAL_MB),
    ]


def _bot(workshop: SandboxProcess, told: Mapping[str, str], memory: list[float]) -> float:
    begun = time.monotonic()
    bot = BotProcess(dict(told), workshop.log_file)
    return _connected(workshop, begun, bot.pid, bot.stop, memory)


def _bare(workshop: SandboxProcess, told: Mapping[str, str], memory: list[float]) -> float:
    begun = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-c", BARE], env=bots_environment(dict(told)), stdout=subprocess.DEVNULL
    ) as app:
        return _connected(workshop, begun, app.pid, app.kill, memory)


def _connected(
    workshop: SandboxProcess, begun: float, pid: int, stop: Callable[[], None], memory: list[float]
) -> float:
    """Seconds from `begun`."""
    try:
        _until(workshop, connected=True)
        took = time.monotonic() - begun
        time.sleep(SETTLE_SECONDS)
        memory.append(_resident(pid))
    finally:
        stop()
    _until(workshop, connected=False)
    return took


def _until(workshop: SandboxProcess, *, connected: bool) -> None:
    deadline = time.monotonic() + PATIENCE
    while workshop.sandbox.call(lambda: bool(workshop.sandbox.slack.sockets.open_sockets())) is not connected:
        if time.monotonic() > deadline:
            raise SystemExit(f"waited {PATIENCE:.0f} s for a connection to {'come' if connected else 'go'}")
        time.sleep(POLL_SECONDS)


def _resident(pid: int) -> float:
    """In millions of bytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("utf-8").split()[1])
    return pages * PAGE_BYTES / 1e6
