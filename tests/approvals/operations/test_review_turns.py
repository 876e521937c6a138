"""Something else is wanted of a review while a worker is about to look after it: the worker goes by what was so before,
and takes nothing of that back; on both engines.
"""

from __future__ import annotations

import pytest

from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import DAY, HOUR, DomainMillis
from approvals.operations import clock_set
from approvals.operations.access_reviews.finish import advance
from approvals.operations.access_reviews.last_calls import record_last_calls
from approvals.operations.access_reviews.moved import tell_anew
from approvals.operations.access_reviews.reminders import LOOKS_UP, MOMENT
from tests.harness.builders import NOW
from tests.harness.jobs import Work
from tests.harness.large_review import DUE_AT, HOLDERS, TEAM, LargeReview


@pytest.fixture
def large(work: Work) -> LargeReview:
    return LargeReview(work, 1)


def works(large: LargeReview, job: Job, now: DomainMillis) -> None:
    advance(large.work.ledger, job, TEAM, HOLDERS, None, now, implied_by={})


def put_back(large: LargeReview, now: DomainMillis) -> None:
    with large.work.ledger.write() as tx:
        tell_anew(tx, now, restored=True)


def has_a_day(large: LargeReview, now: DomainMillis) -> None:
    works(large, large.work.claimed(now=now, kinds=(JobKind.ACCESS_REVIEW,)), now)
    assert (large.now().open, large.now().due_at) == (True, now + DAY)


@pytest.mark.parametrize("before", [0, HOUR], ids=["at its end", "at a reminder"])
def test_reviewers_have_time_although_a_worker_was_about_to_look_after_it(large: LargeReview, before: int) -> None:
    now = DomainMillis(DUE_AT - before)
    stale = large.job()
    assert stale is not None
    put_back(large, now)
    works(large, stale, now)
    assert large.now() == large.review
    has_a_day(large, now)


def test_they_have_it_although_a_worker_was_asking_the_record(large: LargeReview) -> None:
    now = DomainMillis(DUE_AT - HOUR)
    job = large.job()
    assert job is not None
    large.work.again(job, payload={LOOKS_UP: True, MOMENT: int(DUE_AT)})
    asking = large.work.claimed(now=now, kinds=(JobKind.ACCESS_REVIEW,))
    put_back(large, now)
    record_last_calls(large.work.ledger, asking, [], {}, now, more=False)
    has_a_day(large, now)


def test_it_does_not_end_by_a_clock_that_was_put_right_meanwhile(large: LargeReview) -> None:
    stale = large.job()
    assert stale is not None
    before = DomainMillis(NOW - 365 * DAY)
    with large.work.ledger.write() as tx:
        clock_set.begin_future_reviews(tx, before)
    works(large, stale, DUE_AT)
    assert (large.now().open, large.now().due_at) == (True, before + DUE_AT - NOW)
