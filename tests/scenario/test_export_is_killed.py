"""`pairec-access audit export` is killed at every point: the file is what it was before, or there whole."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from types import FrameType

import pytest

from approvals.audit_events import AuditEvent
from approvals.ledger import open_ledger, trail
from bot.cli.main import main
from tests.harness.builders import NOW

BEFORE = b"what was exported before"
ENTRIES = 5
OURS = ("audit_export.py", "audit_database.py", "output_file.py")
"""Each call from these, and each that these are called by, is a point."""


def until_point(point: int) -> Callable[[FrameType, str, object], None]:
    """For `sys.setprofile`: the process is gone at that point, without another word."""
    passed = 0

    def profile(frame: FrameType, event: str, _: object) -> None:
        nonlocal passed
        if event in ("call", "c_call") and frame.f_code.co_filename.endswith(OURS):
            passed += 1
            if passed == point:
                os.kill(os.getpid(), signal.SIGKILL)

    return profile


def killed_everywhere(database: str, file: Path) -> list[bytes]:
    """What is in the file after each; what the one that nobody killed wrote is the last. In a process of its own, which
    has no other threads, so that it can fork.
    """
    os.environ["PAIREC_DATABASE_URL"] = database
    main(["audit", "export", str(file)], standalone_mode=False)
    found = []
    for point in range(1, 10_000):
        file.write_bytes(BEFORE)
        child = os.fork()
        if child == 0:
            sys.setprofile(until_point(point))
            try:
                main(["audit", "export", str(file)], standalone_mode=False)
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
        found.append(file.read_bytes())
        if os.WIFEXITED(status):
            break
    return found


@pytest.mark.slow
@pytest.mark.parametrize("end", ["jsonl", "csv", "db"])
def test_wherever_it_is_killed_the_file_is_as_it_was_or_whole(tmp_path: Path, end: str) -> None:
    database, folder = f"sqlite:///{tmp_path / 'ledger.db'}", tmp_path / "exported"
    folder.mkdir()
    with closing(open_ledger(database)) as ledger, ledger.write() as tx:
        for number in range(ENTRIES):
            trail.append_event(tx, NOW, AuditEvent.SETUP_CHANGED, what=f"settings {number}")
    file = folder / f"trail.{end}"
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        found = alone.submit(killed_everywhere, database, file).result()
    *others, whole = found
    assert len(others) > 20 and BEFORE in others and is_whole(whole, end, tmp_path)
    assert all(each == BEFORE or is_whole(each, end, tmp_path) for each in others)


def is_whole(content: bytes, end: str, folder: Path) -> bool:
    if end != "db":
        return content.count(b"\n") == ENTRIES + (end == "csv") and content.endswith(b"\n")
    copy = folder / "copy.db"
    copy.write_bytes(content)
    with closing(sqlite3.connect(copy)) as opened:
        [[well]] = opened.execute("PRAGMA integrity_check").fetchall()
        [[entries]] = opened.execute("SELECT count(*) FROM audit").fetchall()
        views = opened.execute("SELECT count(*) FROM sqlite_master WHERE type = 'view'").fetchone()
    return (well, entries, views) == ("ok", ENTRIES, (3,))
