"""Where the bots come from that are to die or to be stopped, and how a test sees one of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.harness.app import AppHarness

PATIENCE = 60.0
"""Seconds; on a busy machine, many bots start and write to the disk at once."""
ROOT = Path(__file__).parents[2]


class ProcessPool:
    """Whatever was born here and is still there, running or stopped, is gone when this ends."""

    def __enter__(self) -> Self:
        self._lock = threading.Lock()
        self._spawned: list[SpawnedApp] = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.harness.killed_app"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for spawned in self._spawned:
            spawned.kill()
        self._process.kill()
        self._process.communicate()

    def spawn(
        self, environment: dict[str, str], folder: Path, passing: Path, at: int | str, *, dies: bool = True
    ) -> SpawnedApp:
        """A bot that dies at that point, or stands still there."""
        assert self._process.stdin and self._process.stdout
        order = {"environment": environment, "folder": str(folder), "time": str(passing), "at": at, "dies": dies}
        with self._lock:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            spawned = SpawnedApp(int(self._process.stdout.readline()), folder)
            self._spawned.append(spawned)
        return spawned


def _stands_still(task: Path) -> bool:
    """Whether the kernel says so of a thread."""
    return (task / "stat").read_text("ascii", "replace").rpartition(")")[2].split()[0] == "T"


class SpawnedApp:
    def __init__(self, pid: int, folder: Path) -> None:
        self.pid = pid
        self._folder = folder
        self._killed = False

    @property
    def alive(self) -> bool:
        if self._killed:
            # Its number may be somebody else's by now.
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            self._killed = True
            return False
        return True

    @property
    def ready(self) -> bool:
        assert self.alive, f"the bot did not start: {self.log()}"
        return (self._folder / "ready").exists()

    @property
    def there(self) -> bool:
        """Whether it has come to its point, and so is dead or about to be stopped."""
        points = self.points()
        return not self.alive or (bool(points) and any(point.endswith("!") for point in points))

    def arm(self) -> None:
        (self._folder / "armed").touch()

    def points(self) -> list[str]:
        notes = self._folder / "points"
        return notes.read_text("utf-8").splitlines() if notes.exists() else []

    def point(self) -> str:
        """The one that it came to, or the last of all when it lived through."""
        points = self.points()
        return next((point for point in points if point.endswith("!")), points[-1] if points else "none").rstrip("!")

    def log(self) -> str:
        return (self._folder / "bot.log").read_text("utf-8")

    def stop(self) -> None:
        """Back when all of its threads stand still."""
        os.kill(self.pid, signal.SIGSTOP)
        tasks = Path(f"/proc/{self.pid}/task")
        if tasks.parent.parent.joinpath("self").exists():
            AppHarness.until(lambda: all(map(_stands_still, tasks.iterdir())), "the bot to stand still", PATIENCE)
        else:
            time.sleep(0.5)

    def let_be(self, seconds: float) -> None:
        """What else it was at goes on for a moment; at its point it stays."""
        os.kill(self.pid, signal.SIGCONT)
        time.sleep(seconds)
        self.stop()

    def go_on(self) -> None:
        (self._folder / "on").touch()
        os.kill(self.pid, signal.SIGCONT)

    def kill(self) -> None:
        """Also one that is stopped: SIGKILL waits for nobody."""
        if self.alive:
            os.kill(self.pid, signal.SIGKILL)
            AppHarness.until(lambda: not self.alive, "the bot to be dead")
