"""`pairec-access` as a process of its own, the way people meet it."""

from __future__ import annotations

import os
import subprocess
import sys

MISCONFIGURED = 2
TOLD = ("SLACK_", "PAIREC_", "ALIBABA_CLOUD_ACCESS_KEY_", "ALIBABA_CLOUD_SECURITY_TOKEN")


def surroundings(**settings: str) -> dict[str, str]:
    """The environment of a process that is told these settings and no others."""
    return {**{name: value for name, value in os.environ.items() if not name.startswith(TOLD)}, **settings}


def pairec_access(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        env=surroundings(**settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def says_plainly(done: subprocess.CompletedProcess[str], line: str) -> None:
    """It ended with status 2 and one line that begins like this, and said nothing else."""
    assert done.returncode == MISCONFIGURED, done.stdout + done.stderr
    assert done.stderr.startswith(f"pairec-access: {line}"), done.stderr
    assert done.stderr.count("\n") == 1 and done.stderr.endswith("\n"), done.stderr
    assert done.stdout == ""
