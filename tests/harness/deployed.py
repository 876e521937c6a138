"""The program as one of the files in deploy/ starts it, before a real workspace."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.sandbox.process import SandboxProcess
from tests.harness.app import ENGINE, AppHarness
from tests.harness.timeouts import workshop_at

ROOT = Path(__file__).parents[2]
STARTS_WITHIN = 90.0
"""Seconds: it has everything to import, and a machine may have much else to do."""
PROGRAM = Path(sys.executable).with_name("pairec-access")
_CONFINED = """
import ctypes, os, sys
NO_NEW_PRIVILEGES, NO_WRITABLE_CODE = 38, 65
libc = ctypes.CDLL(None)
libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
libc.prctl(NO_WRITABLE_CODE, 1, 0, 0, 0)
os.umask(0o077)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""prctl(2); a kernel before 6.3 does not know the second, and lets it be."""


_READ_ONLY = """
mount --make-rprivate / && mount --bind "$0" "$0" && mount -o remount,bind,ro / && cd "$0" && exec "$@"
"""


def _on_a_read_only_disk(folder: Path) -> list[str]:
    """What a command is put behind so that it writes nowhere but into a folder; nothing where this user may not."""
    begin = ["unshare", "--mount", "sh", "-c", _READ_ONLY, str(folder)]
    try:
        done = subprocess.run([*begin, "true"], capture_output=True, check=False, timeout=30)
    except FileNotFoundError:
        return []
    return begin if done.returncode == 0 else []


@contextmanager
def deployed(
    workshop: SandboxProcess, command: Sequence[str], environment: Mapping[str, str], folder: Path
) -> Iterator[None]:
    """Run with this environment and nothing else, in this folder, with no new privileges and no memory that is both
    written and executed, until the block ends. Where the tests are root's, it can write into that folder alone.
    """
    log = folder.parent / "deployed.log"
    with log.open("wb") as written:
        confined = [*_on_a_read_only_disk(folder), sys.executable, "-c", _CONFINED, *command]
        process = subprocess.Popen(confined, cwd=folder, env=dict(environment), stdout=written, stderr=written)
    try:
        AppHarness.until(
            lambda: workshop.sandbox.call(workshop.sandbox.slack.sockets.open_sockets) or process.poll() is not None,
            lambda: f"the bot to connect; its log:\n{log.read_text('utf-8')}",
            STARTS_WITHIN,
        )
        assert process.poll() is None, log.read_text("utf-8")
        yield
        process.terminate()
        assert process.wait(15) == 0, log.read_text("utf-8")
    finally:
        process.kill()
        process.wait()


def serves_a_request(workshop: SandboxProcess) -> None:
    """Somebody asks, somebody approves, and RAM has it."""
    people = workshop_at(workshop.sandbox.page_url)
    carol, bob = people.person("carol"), people.person("bob")
    carol.type(f"/pairec-access request {ENGINE} 8h rollout")
    bob.click("Approve", bob.message_with("needs approval", "C0APPROVALS"))
    AppHarness.until(lambda: "carol" in people.holders(ENGINE), "carol to hold it")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port
