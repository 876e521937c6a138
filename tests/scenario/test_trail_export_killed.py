"""Whoever hands on the trail is killed at every point: a file has each entry once, and a webhook each at least once and
none before another.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from random import Random
from shutil import copyfile
from types import FrameType
from typing import NamedTuple

import pytest

from approvals.audit_events import AuditEvent
from approvals.ledger import Ledger, due_jobs, open_ledger, trail
from approvals.ledger.trail_exports import JOB_KINDS, ExportTarget
from approvals.millis import DomainMillis, RealMillis
from approvals.operations import trail_export
from bot.conditions import Conditions
from bot.egress import Egress
from bot.signed_webhook import SignedWebhook
from bot.worker.trail_exports import TrailExports, file_opened, webhook_opened
from tests.harness.builders import NOW, REAL
from tests.harness.received import SECRET, Receiver

ENTRIES = 5
BEFORE = "ledger.db"
OURS = ("trail_exports.py", "trail_export.py", "export_file.py", "signed_webhook.py")
"""Each call from these, and each that these are called by, is a point."""
LEASE_MS = 120_000
EVERY = 1 if os.environ.get("PAIREC_TESTS_EVERY_POINT") == "1" else 4


class Stopwatch:
    """Stands still, but for what is added to it."""

    def __init__(self) -> None:
        self.passed = 0

    def now(self) -> DomainMillis:
        return DomainMillis(NOW + self.passed)

    def real(self) -> RealMillis:
        return RealMillis(REAL + self.passed)

    def steady(self) -> int:
        return self.passed


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


def perform(ledger: Ledger, where: Path | str, clock: Stopwatch) -> None:
    """Whatever is due, until nothing is."""
    to = ExportTarget.FILE if isinstance(where, Path) else ExportTarget.WEBHOOK
    opened = (
        file_opened(where) if isinstance(where, Path) else webhook_opened(SignedWebhook(where, SECRET, Egress()), clock)
    )
    exports = TrailExports(ledger, clock, Random(1), Conditions(clock.real), to, opened)
    while True:
        with ledger.write() as tx:
            job = due_jobs.claim(
                tx,
                [JOB_KINDS[to]],
                now=clock.now(),
                real=clock.real(),
                token=str(clock.passed),
                slot={},
                steady=clock.steady(),
            )
        if job is None:
            return
        exports.perform(job)


class Killed(NamedTuple):
    """What came of one that was killed at a point, and of the one that went on after it."""

    came_to_it: bool
    taken: list[int]


def killed_everywhere(folder: Path, webhook: bool) -> list[Killed]:
    """In a process of its own, which has no other threads, so that it can fork."""
    trail_export.ENTRIES_PER_BATCH = 2
    with closing(open_ledger(f"sqlite:///{folder / BEFORE}")) as ledger:
        trail_export.schedule(ledger, NOW, [ExportTarget.WEBHOOK if webhook else ExportTarget.FILE])
        with ledger.write() as tx:
            for number in range(ENTRIES):
                trail.append_event(tx, NOW, AuditEvent.SETUP_CHANGED, what=f"settings {number}")
    found: list[Killed] = []
    while not found or found[-1].came_to_it:
        point = len(found) * EVERY + 1
        own = folder / str(point)
        own.mkdir()
        copyfile(folder / BEFORE, own / BEFORE)
        found.append(killed_at(point, own, webhook))
    return found


def killed_at(point: int, folder: Path, webhook: bool) -> Killed:
    address, file = f"sqlite:///{folder / BEFORE}", folder / "trail.jsonl"
    receiver = Receiver()
    where: Path | str = receiver.url if webhook else file
    child = os.fork()
    if child == 0:
        with closing(open_ledger(address)) as ledger:
            sys.setprofile(until_point(point))
            try:
                perform(ledger, where, Stopwatch())
            finally:
                os._exit(0)
    with receiver:
        _, status = os.waitpid(child, 0)
        with closing(open_ledger(address)) as ledger:
            later = Stopwatch()
            later.passed = LEASE_MS
            perform(ledger, where, later)
        taken = receiver.entries
    if not webhook:
        taken = [int(line.split(b",")[0].removeprefix(b'{"seq":')) for line in file.read_bytes().splitlines()]
    return Killed(not os.WIFEXITED(status), taken)


@pytest.mark.slow
@pytest.mark.parametrize("webhook", [False, True], ids=["file", "webhook"])
def test_wherever_it_is_killed_the_whole_trail_arrives_in_its_order(tmp_path: Path, webhook: bool) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        found = alone.submit(killed_everywhere, tmp_path, webhook).result()
    assert len(found) * EVERY > 60, "hardly any points"
    whole = [*range(1, ENTRIES + 1)]
    assert found[-1].taken == whole
    for number, each in enumerate(found):
        point = number * EVERY + 1
        if webhook:
            assert sorted({*each.taken}) == whole, f"killed at point {point}"
            newest = 0
            for seq in each.taken:
                assert seq <= newest + 1, f"killed at point {point}: {each.taken}"
                newest = max(newest, seq)
        else:
            assert each.taken == whole, f"killed at point {point}"
    if webhook:
        assert any(each.taken != whole for each in found), "none was killed between sending and recording"
