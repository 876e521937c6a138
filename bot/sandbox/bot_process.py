"""The bot of a sandbox: the same program as `pairec-access run`, in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from bot.environment_files import ENV_FILE, SECRETS, secret_file_name
from bot.sandbox.server import Sandbox
from bot.settings import SettingsError

BOT_START_TIMEOUT_SECONDS = 30.0
STOP_TIMEOUT_SECONDS = 6.0
ALWAYS = {"ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true", "PAIREC_SLACK_MODE": "socket", "MALLOC_ARENA_MAX": "2"}
"""Whatever is set on the machine for a bot that is not the sandbox's; the last as deploy/ has it."""


def bots_environment(environment: dict[str, str]) -> dict[str, str]:
    """What this process's own is for a bot of the sandbox, or for a command beside it."""
    files = {ENV_FILE, *map(secret_file_name, SECRETS)}
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.casefold().endswith("_proxy") and name not in files
    }
    return {**clean, **ALWAYS, **environment}


class BotProcess:
    """`pairec-access run` with the sandbox's addresses as its environment."""

    def __init__(self, environment: dict[str, str], log_file: Path) -> None:
        self._log_file = log_file
        self._log = log_file.open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            env=bots_environment(environment),
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def wait_until_connected(self, sandbox: Sandbox) -> None:
        """Wait until the bot has a socket to the workspace.

        Raises:
            SettingsError: the bot ended, or did not connect in time.
        """
        deadline = time.monotonic() + BOT_START_TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            if sandbox.call(lambda: bool(sandbox.slack.sockets.open_sockets())):
                return
            if self._process.poll() is not None:
                raise SettingsError(f"the bot did not start: {self._last_words()}")
            time.sleep(0.05)
        raise SettingsError(f"the bot did not connect within {BOT_START_TIMEOUT_SECONDS:.0f} s: {self._last_words()}")

    def _last_words(self) -> str:
        """The end of its log, which is gone with the sandbox."""
        lines = self._log_file.read_text("utf-8", "replace").splitlines()
        return lines[-1].removeprefix("pairec-access: ") if lines else "it said nothing"

    def stop(self) -> None:
        """SIGTERM, and SIGKILL where it is not gone after some seconds."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOP_TIMEOUT_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._log.close()
