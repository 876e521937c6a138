"""`pairec-access` as a process of its own, the way people meet it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.harness.app import AppHarness
from tests.harness.forked import Process, forks

MISCONFIGURED = 2
TOLD = ("SLACK_", "PAIREC_", "ALIBABA_CLOUD_ACCESS_KEY_", "ALIBABA_CLOUD_SECURITY_TOKEN")


def surroundings(**settings: str) -> dict[str, str]:
    """The environment of a process that is told these settings and no others."""
    return {**{name: value for name, value in os.environ.items() if not name.startswith(TOLD)}, **settings}


def pairec_access(
    *words: str, python: Sequence[str] | None = None, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run it to its end; `python`: what it is run by, where that matters."""
    if python is None:
        return forks().start(words, surroundings(**settings))
    return subprocess.run(
        [*python, "-m", "bot", *words],
        env=surroundings(**settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def held_to_permissions(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run it to its end, as one who may do only what files and folders allow, even if that is root."""
    return forks().start(words, surroundings(**settings), held=True)


def says_plainly(done: subprocess.CompletedProcess[str], line: str) -> None:
    """It ended with status 2 and one line that begins like this, and said nothing else but what it had done by then."""
    assert done.returncode == MISCONFIGURED, done.stdout + done.stderr
    *before, last = done.stderr.splitlines()
    assert last.startswith(f"pairec-access: {line}") and done.stderr.endswith("\n"), done.stderr
    assert [json.loads(each)["level"] for each in before] == ["info"] * len(before), done.stderr
    assert done.stdout == ""


def _heeding_ctrl_c() -> None:
    """Also where whoever started the tests in the background has it ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def running(
    *words: str, log: Path, program: str | None = None, cwd: str | Path | None = None, **settings: str
) -> Iterator[Process]:
    """A `pairec-access` that goes on until it is told to stop; it is gone when the block ends.

    `program` is an installed one, to be tried instead of this tree's.
    """
    environment = surroundings(**settings)
    # What Python itself is told, it reads where it starts; and a pipe is this process's own.
    forked = program is None and not any(name.startswith("PYTHON") for name in settings) and not log.is_fifo()
    if forked:
        process: Process = forks().begin(words, environment, log, cwd)
    else:
        command = [program] if program else [sys.executable, "-m", "bot"]
        with log.open("wb") as written:
            process = subprocess.Popen(
                [*command, *words], cwd=cwd, env=environment, stdout=written, stderr=written, preexec_fn=_heeding_ctrl_c
            )
    try:
        yield process
    finally:
        # Asked first, so that what it started itself ends with it.
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        finally:
            process.kill()
            process.wait()


def lines_of(env_file: Path, process: Process, log: Path) -> dict[str, str]:
    """What an open sandbox wrote for whoever wants to reach it, once it did."""
    AppHarness.until(
        lambda: env_file.exists() or process.poll() is not None,
        lambda: f"the sandbox to open; its log:\n{log.read_text('utf-8')}",
        timeout=60,
    )
    assert env_file.exists(), log.read_text("utf-8")
    return dict(line.split("=", 1) for line in env_file.read_text("utf-8").splitlines())
