"""Which entries of the trail come next for a target, and how far it is behind."""

from __future__ import annotations

import pytest

from approvals.audit_events import AuditEvent
from approvals.ledger import trail, trail_exports
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.ledger.trail_exports import ExportLag, ExportTarget
from approvals.millis import DAY, DomainMillis
from approvals.operations import trail_export
from approvals.operations.trail_export import ENTRIES_PER_BATCH, MAX_BATCH_CHARACTERS, LastExported
from tests.harness.builders import NOW
from tests.harness.jobs import Work

WEBHOOK = ExportTarget.WEBHOOK


def written(work: Work, entries: int, what: str = "settings") -> None:
    with work.ledger.write() as tx:
        for _ in range(entries):
            trail.append_event(tx, NOW, AuditEvent.SETUP_CHANGED, what=what)


def claimed(work: Work, now: DomainMillis = NOW) -> Job:
    return work.claimed(now=now, kinds=(JobKind.EXPORT_WEBHOOK,))


def batch(work: Work, job: Job, last: LastExported | None = None) -> list[int]:
    return [each.seq for each in trail_export.next_batch(work.ledger, job, WEBHOOK, last)]


def handed_on(work: Work, now: DomainMillis = NOW) -> list[int]:
    job = claimed(work, now)
    found = trail_export.next_batch(work.ledger, job, WEBHOOK, None)
    trail_export.record_taken(work.ledger, job, WEBHOOK, found, now)
    return [each.seq for each in found]


@pytest.fixture
def wanted(work: Work) -> Work:
    trail_export.schedule(work.ledger, NOW, [WEBHOOK])
    return work


def test_all_entries_go_in_their_order_some_at_a_time_and_the_next_is_looked_for_10_seconds_later(wanted: Work) -> None:
    written(wanted, ENTRIES_PER_BATCH + 7)
    assert handed_on(wanted) == [*range(1, ENTRIES_PER_BATCH + 1)]
    assert handed_on(wanted) == [*range(ENTRIES_PER_BATCH + 1, ENTRIES_PER_BATCH + 8)]
    assert handed_on(wanted) == []
    assert wanted.claim(now=NOW + 9_999, kinds=(JobKind.EXPORT_WEBHOOK,)) is None
    written(wanted, 1)
    assert handed_on(wanted, NOW + 10_000) == [ENTRIES_PER_BATCH + 8]


def test_a_batch_is_bounded_in_characters_and_one_entry_that_is_longer_goes_alone(wanted: Work) -> None:
    written(wanted, 2, what="x" * (MAX_BATCH_CHARACTERS // 3))
    written(wanted, 1, what="y" * MAX_BATCH_CHARACTERS)
    assert [handed_on(wanted) for _ in range(3)] == [[1, 2], [3], []]


def test_after_a_batch_that_was_not_taken_its_first_entry_goes_alone(wanted: Work) -> None:
    written(wanted, 3)
    job = claimed(wanted)
    assert batch(wanted, job) == [1, 2, 3]
    wanted.again(job)
    job = claimed(wanted)
    assert batch(wanted, job) == [1]


def test_what_a_target_says_that_it_has_counts_where_it_is_of_this_trail_and_further(wanted: Work) -> None:
    written(wanted, 3)
    with wanted.ledger.read() as tx:
        second = [*trail.entries(tx)][1]
    job = claimed(wanted)
    assert batch(wanted, job, LastExported(2, second.hash)) == [3]
    assert batch(wanted, job, LastExported(2, "of another trail")) == [1, 2, 3]
    assert batch(wanted, job, LastExported(9, second.hash)) == [1, 2, 3]


def test_whoever_is_wanted_again_goes_on_where_it_was(wanted: Work) -> None:
    written(wanted, 2)
    assert handed_on(wanted) == [1, 2]
    trail_export.schedule(wanted.ledger, NOW, [])
    assert wanted.left() == []
    written(wanted, 1)
    trail_export.schedule(wanted.ledger, NOW, [WEBHOOK])
    assert handed_on(wanted) == [3]


def test_how_far_it_is_behind_is_known_of_those_that_are_wanted(wanted: Work) -> None:
    def lags(now: DomainMillis) -> list[ExportLag]:
        with wanted.ledger.read() as tx:
            return trail_exports.lags(tx, now)

    assert lags(NOW) == [ExportLag(WEBHOOK, 0, 0)]
    written(wanted, 5)
    week = DomainMillis(NOW + 7 * DAY)
    assert lags(week) == [ExportLag(WEBHOOK, 5, 7 * DAY)]
    assert handed_on(wanted, week) == [1, 2, 3, 4, 5]
    assert lags(week) == [ExportLag(WEBHOOK, 0, 0)]
    trail_export.schedule(wanted.ledger, NOW, [])
    assert lags(week) == []
