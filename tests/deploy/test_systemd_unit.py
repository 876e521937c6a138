"""The systemd unit: by systemd's own word on it, and by a bot that is started as it says."""

from __future__ import annotations

import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from bot.cli.command_errors import MISCONFIGURED
from bot.cli.run import LOST
from bot.sandbox.bot_process import ALWAYS
from bot.sandbox.process import SandboxProcess
from tests.harness.deployed import PROGRAM, ROOT, deployed, serves_a_request

UNIT = ROOT / "deploy" / "systemd" / "pairec-access.service"
EXPOSURE = 15
"""Of 100, in `systemd-analyze security`."""
needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")


def settings() -> dict[str, list[str]]:
    """What the section of the service says, by name."""
    found: dict[str, list[str]] = {}
    for line in UNIT.read_text("utf-8").partition("[Service]\n")[2].partition("\n[Install]")[0].splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False, timeout=30)


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """With this tree's program, since systemd looks whether it is there."""
    path = tmp_path / UNIT.name
    path.write_text(UNIT.read_text("utf-8").replace("/opt/pairec-access/bin/pairec-access", str(PROGRAM)), "utf-8")
    return path


@needs_systemd
def test_systemd_finds_nothing_wrong_with_the_unit(unit: Path) -> None:
    done = analyze("verify", str(unit))
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    unit.write_text(unit.read_text("utf-8").replace("ProtectSystem=strict", "ProtectSystem=strictly"), "utf-8")
    assert "strictly" in analyze("verify", str(unit)).stderr, "nothing would be found"


@needs_systemd
def test_the_unit_leaves_the_program_little_that_it_has_no_use_for(unit: Path) -> None:
    done = analyze("security", "--offline=true", f"--threshold={EXPOSURE}", str(unit))
    assert done.returncode == 0, done.stdout[-200:] + done.stderr


def test_what_is_not_cured_by_another_start_ends_for_good() -> None:
    """A bot that begins a new ledger where one was lost takes nothing back of what it gave."""
    assert settings()["RestartPreventExitStatus"] == [f"{MISCONFIGURED} {LOST}"]
    (ledger,) = settings()["Environment"]
    there = ledger.removeprefix("PAIREC_DATABASE_URL=sqlite:///")
    assert f"\nAssertPathExists={there}\n" in UNIT.read_text("utf-8")


@pytest.mark.slow
def test_a_bot_that_is_started_as_the_unit_says_serves_a_request_and_keeps_its_files_to_itself(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    told = dict(line.split("=", 1) for line in settings()["Environment"])
    (start,) = settings()["ExecStart"]
    with SandboxProcess(with_bot=False) as workshop:
        shutil.copy(workshop.ledger_path, state / "ledger.db")
        told = {name: value.replace("/var/lib/pairec-access", str(state)) for name, value in told.items()}
        command = start.replace("/opt/pairec-access/bin/pairec-access", str(PROGRAM)).split()
        environment = {**ALWAYS, **workshop.environment(), **told}
        (state / "ledger.db").chmod(0o600)
        with deployed(workshop, command, environment, state):
            serves_a_request(workshop)
            modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in state.iterdir()}
    assert "ledger.db-wal" in modes and set(modes.values()) == {0o600}, modes
