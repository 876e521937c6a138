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

FOLDER = ROOT / "deploy" / "systemd"
UNIT = FOLDER / "pairec-access.service"
WATCHDOG, TIMER = FOLDER / "pairec-access-watchdog.service", FOLDER / "pairec-access-watchdog.timer"
EXPOSURE = 15
"""Of 100, in `systemd-analyze security`."""
needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")


def settings(unit: Path = UNIT) -> dict[str, list[str]]:
    """What the section of the service says, by name."""
    found: dict[str, list[str]] = {}
    for line in unit.read_text("utf-8").partition("[Service]\n")[2].partition("\n[Install]")[0].splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False, timeout=30)


@pytest.fixture(params=[UNIT, WATCHDOG], ids=lambda path: path.stem)
def unit(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """With this tree's program, since systemd looks whether it is there."""
    original: Path = request.param
    path = tmp_path / original.name
    path.write_text(original.read_text("utf-8").replace("/opt/pairec-access/bin/pairec-access", str(PROGRAM)), "utf-8")
    return path


@needs_systemd
def test_systemd_finds_nothing_wrong_with_the_unit(unit: Path) -> None:
    done = analyze("verify", str(unit))
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    unit.write_text(unit.read_text("utf-8").replace("ProtectSystem=strict", "ProtectSystem=strictly"), "utf-8")
    assert "strictly" in analyze("verify", str(unit)).stderr, "nothing would be found"


@needs_systemd
def test_systemd_finds_nothing_wrong_with_the_timer_of_the_watchdog(tmp_path: Path) -> None:
    path = tmp_path / TIMER.name
    path.write_text(TIMER.read_text("utf-8"), "utf-8")
    service = WATCHDOG.read_text("utf-8").replace("/opt/pairec-access/bin/pairec-access", str(PROGRAM))
    (tmp_path / WATCHDOG.name).write_text(service, "utf-8")
    done = analyze("verify", str(path))
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_watchdog_works_from_the_bots_ledger_and_is_held_in_as_the_bot_is() -> None:
    of_bot, of_watchdog = settings(), settings(WATCHDOG)
    assert (
        of_watchdog["Environment"] == of_bot["Environment"]
        and of_watchdog["EnvironmentFile"] != of_bot["EnvironmentFile"]
    )
    differ = {name for name in of_bot.keys() | of_watchdog.keys() if of_bot.get(name) != of_watchdog.get(name)}
    assert differ == {
        *("Type", "EnvironmentFile", "ExecStart"),
        *("TimeoutStartSec", "TimeoutStopSec"),
        *("Restart", "RestartSec", "RestartPreventExitStatus"),
    }


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
