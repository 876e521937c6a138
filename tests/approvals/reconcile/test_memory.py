"""A job's memory is read as it was written, by this program or an older one."""

from __future__ import annotations

import json

import pytest

from approvals.millis import RealMillis
from approvals.reconcile.memory import LATE_WRITE_MS, LateWrite, Memory
from approvals.reconcile.plan import Write
from tests.harness.builders import KEY, REAL

FULL = Memory(
    late_writes=(LateWrite(Write.ATTACH, REAL + 1), LateWrite(Write.DETACH, RealMillis(REAL - 1))),
    repair_at=REAL + 5,
    late=frozenset({Write.DETACH}),
    absent_at=REAL - 7,
    attaching=True,
    delayed=True,
    taken_over=True,
    waits=3,
)


@pytest.mark.parametrize("memory", [FULL, Memory(), Memory(repair_at=REAL)])
def test_what_is_stored_is_what_is_read(memory: Memory) -> None:
    stored = json.loads(json.dumps(memory.to_payload(KEY)))
    assert stored["key"] == str(KEY)
    assert Memory.read(stored, REAL) == memory


def test_what_is_as_usual_takes_no_room() -> None:
    assert Memory().to_payload(KEY) == {"key": str(KEY)}


def test_an_older_program_did_not_say_which_write_was_late() -> None:
    assert Memory.read({"key": str(KEY), "mend_at_real": REAL}, REAL).late == set(Write)


def test_no_write_comes_later_than_it_can() -> None:
    stored = {"mend_at_real": REAL * 2, "came_late": [["attach", REAL * 2]]}
    read = Memory.read(stored, REAL)
    assert read.repair_at == REAL + LATE_WRITE_MS
    assert read.late_writes == (LateWrite(Write.ATTACH, REAL + LATE_WRITE_MS),)
