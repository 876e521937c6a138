"""A bot of a version before works beside one of this version. Once that recorded something in its form of the trail,
the other one claims nothing any more, so that its failures put nothing off.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from approvals.audit_events import AuditEvent
from approvals.ledger import open_ledger, trail
from approvals.ledger.jobs import Job
from approvals.ledger.lanes import shut_until
from approvals.millis import HOUR, RealMillis
from tests.approvals.ledger.test_upgrade_on_the_way import finish_move
from tests.harness.builders import NOW, REAL
from tests.harness.databases import Databases
from tests.harness.jobs import Work
from tests.harness.older_ledgers import program_of_step

BEFORE = 28
"""The last step of the second form of the trail."""
LATER = RealMillis(REAL + HOUR)


@pytest.fixture
def upgraded(address: str) -> Iterator[Work]:
    """A ledger of the version before, with an entry in its form, that the new one has brought up to date."""
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        trail.append_event(tx, NOW, AuditEvent.ASKED)
    opened = open_ledger(address)
    yield Work(opened)
    opened.close()


def newer_one_records(work: Work) -> None:
    with work.ledger.write() as tx:
        trail.append_event(tx, NOW, AuditEvent.ASKED)


def claimed_by_older(work: Work) -> Job:
    with program_of_step(BEFORE):
        return work.claimed()


def test_until_the_newer_one_recorded_something_the_older_one_does_what_is_due(upgraded: Work) -> None:
    upgraded.put()
    upgraded.finish(claimed_by_older(upgraded))
    assert upgraded.left() == []


def test_what_is_due_from_then_on_is_claimed_by_the_newer_one_alone(upgraded: Work) -> None:
    upgraded.put(lane="ram")
    newer_one_records(upgraded)
    with pytest.raises(upgraded.ledger.engine_errors, match="written by a newer program"):
        claimed_by_older(upgraded)
    with upgraded.ledger.read() as tx:
        assert shut_until(tx) == {}, "its lane is nobody's yet"
    job = upgraded.claimed()
    assert (job.attempts, job.taken_over) == (1, False)
    upgraded.again(job)
    upgraded.finish(upgraded.claimed(real=LATER))
    assert upgraded.left() == []


def test_what_the_older_one_has_in_hand_it_ends_or_is_taken_over_from(upgraded: Work) -> None:
    upgraded.put("a")
    upgraded.put("b")
    first, second = claimed_by_older(upgraded), claimed_by_older(upgraded)
    newer_one_records(upgraded)
    assert upgraded.claim() is None
    upgraded.finish(first)
    with pytest.raises(upgraded.ledger.engine_errors, match="written by a newer program"), program_of_step(BEFORE):
        upgraded.claimed(real=LATER)
    taken = upgraded.claimed(real=LATER)
    assert (taken.id, taken.taken_over) == (second.id, True)


@pytest.mark.parametrize(("why", "at_once"), [("unforeseen", True), ("silent", False)])
def test_what_the_older_one_could_not_record_is_due_at_once_and_what_has_to_wait_waits(
    upgraded: Work, why: str, at_once: bool
) -> None:
    upgraded.put()
    job = claimed_by_older(upgraded)
    newer_one_records(upgraded)
    upgraded.again(job, not_before_real=REAL + 500, error=why)
    assert (upgraded.claim() is not None) is at_once


def test_what_fails_with_the_newer_one_waits_as_ever(upgraded: Work) -> None:
    newer_one_records(upgraded)
    upgraded.put()
    upgraded.again(upgraded.claimed(), not_before_real=REAL + 500, error="unforeseen")
    assert upgraded.claim() is None
    assert upgraded.claim(real=REAL + 500) is not None


def test_it_is_so_in_a_ledger_that_was_moved_to_a_server_too(tmp_path: Path, databases: Databases) -> None:
    file, database = tmp_path / "file.db", databases.new()
    with closing(open_ledger(f"sqlite:///{file}")) as opened:
        work = Work(opened)
        work.put()
        newer_one_records(work)
    finish_move(file, database)
    with closing(open_ledger(database)) as moved:
        with pytest.raises(moved.engine_errors, match="written by a newer program"):
            claimed_by_older(Work(moved))
        assert Work(moved).claim() is not None
