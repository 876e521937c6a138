"""An access review that began by a clock that was ahead, which was put right; on both engines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from approvals.access_review import AccessReview, ReviewedAccess, ReviewItem
from approvals.audit_events import AuditEvent
from approvals.catalog.access_reviews import ReviewSchedule
from approvals.evidence import Holders
from approvals.ids import SlackUserId
from approvals.kinds import NoticeKind
from approvals.ledger import access_reviews, notices, trail
from approvals.ledger.job_kinds import JobKind
from approvals.millis import DAY, HOUR, MINUTE, DomainMillis
from approvals.operations import clock_set
from approvals.operations.access_reviews.finish import advance
from approvals.operations.access_reviews.moved import give_time
from approvals.operations.access_reviews.reminders import LOOKS_UP, MOMENT, is_reminded
from approvals.operations.access_reviews.start import start_due, start_review
from approvals.queries.access_reviews import next_start
from bot.cli.audit_record import differences
from tests.harness.builders import CAROL, ENGINE, NOW, REAL
from tests.harness.jobs import Work

SCHEDULE = ReviewSchedule(90 * DAY, 30 * DAY)
AHEAD = pytest.mark.parametrize("ahead", [10 * MINUTE, 365 * DAY], ids=["ten minutes", "a year"])


def begun(work: Work, ahead: int, *, collected: bool = True, closed: bool = False) -> AccessReview:
    """By that clock; of one whose items are known, the next turn is at its first reminder."""
    then = DomainMillis(NOW + ahead)
    review = start_review(work.ledger, 30 * DAY, "somebody", then)
    item = ReviewItem("b" * 32, review.id, ReviewedAccess(CAROL, ENGINE, requests=(1001,)), True, SlackUserId("U2"))
    job = work.claimed(now=then, kinds=(JobKind.ACCESS_REVIEW,))
    with work.ledger.write() as tx:
        if collected:
            access_reviews.collect(tx, replace(review, collected_at=then), [item])
        if closed:
            access_reviews.close(tx, review, then)
    moment = then + (15 * DAY if collected else HOUR)
    work.again(job, DomainMillis(moment), payload={LOOKS_UP: True, MOMENT: moment})
    return review


def put_right(work: Work) -> list[str]:
    with work.ledger.write() as tx:
        clock_set.correct_times(tx, NOW, REAL, stepped=True)
        return clock_set.begin_future_reviews(tx, NOW)


def newest(work: Work) -> AccessReview:
    with work.ledger.read() as tx:
        return access_reviews.every_one(tx)[0]


@AHEAD
def test_it_begins_now_and_runs_for_as_long_as_it_was_to(work: Work, ahead: int) -> None:
    review = begun(work, ahead)
    assert put_right(work) == [review.id]
    found = newest(work)
    assert (found.started_at, found.collected_at, found.due_at) == (NOW, NOW, NOW + 30 * DAY)
    assert put_right(work) == [], "once is enough"


@AHEAD
def test_its_reviewers_are_told_at_once_and_reminded_as_of_any_other(work: Work, ahead: int) -> None:
    begun(work, ahead)
    put_right(work)
    job = work.claimed(now=NOW, kinds=(JobKind.ACCESS_REVIEW,))
    assert job.payload[MOMENT] == NOW
    advance(work.ledger, job, "T1", None, None, NOW, implied_by={})
    with work.ledger.read() as tx:
        [told] = notices.open_of(tx, NoticeKind.ACCESS_REVIEW)
    assert (told.recipient, told.details["due_at"]) == ("U2", NOW + 30 * DAY)
    assert work.claim(now=DomainMillis(NOW + 15 * DAY - 1), kinds=(JobKind.ACCESS_REVIEW,)) is None
    half = work.claimed(now=DomainMillis(NOW + 15 * DAY), kinds=(JobKind.ACCESS_REVIEW,))
    assert not is_reminded(newest(work), half)


def test_who_has_what_is_read_no_later_than_usual(work: Work) -> None:
    begun(work, 365 * DAY, collected=False)
    with work.ledger.write() as tx:
        tx.run("UPDATE access_reviews SET started_at = :now, due_at = :due", now=NOW, due=NOW + 30 * DAY)
        clock_set.correct_times(tx, NOW, REAL, stepped=True)
    assert work.claim(now=DomainMillis(NOW + HOUR), kinds=(JobKind.ACCESS_REVIEW,)) is not None


def test_one_that_began_by_a_right_clock_is_reminded_of_in_time_whatever_a_wrong_one_put_off(work: Work) -> None:
    review = begun(work, 0)
    job = work.claimed(now=review.due_at, kinds=(JobKind.ACCESS_REVIEW,))
    work.again(job, DomainMillis(NOW + 365 * DAY), payload={MOMENT: NOW + 365 * DAY})
    assert put_right(work) == [] and newest(work).due_at == review.due_at
    assert work.claim(now=DomainMillis(NOW + 15 * DAY), kinds=(JobKind.ACCESS_REVIEW,)) is not None


def test_the_next_one_starts_so_long_after_it_as_it_began_now(work: Work) -> None:
    begun(work, 365 * DAY, closed=True)
    put_right(work)
    assert newest(work).closed_at == NOW
    with work.ledger.read() as tx:
        assert next_start(tx, SCHEDULE, NOW) == NOW + 90 * DAY
    assert start_due(work.ledger, SCHEDULE, DomainMillis(NOW + 90 * DAY - 1)) is None
    assert start_due(work.ledger, SCHEDULE, DomainMillis(NOW + 90 * DAY)) is not None


def test_the_trail_agrees_where_it_was_collected_by_such_a_clock_and_then_a_backup_was_put_back(work: Work) -> None:
    review = start_review(work.ledger, DAY, "somebody", NOW)
    ahead = DomainMillis(NOW + 12 * HOUR)
    with work.ledger.write() as tx:
        access_reviews.collect(tx, replace(review, collected_at=ahead), [])
        trail.append_event(
            tx, ahead, AuditEvent.ACCESS_REVIEW_COLLECTED, review=review.id, items=0, complete=True, reviewers=[]
        )
        clock_set.correct_times(tx, NOW, REAL, stepped=True)
        clock_set.begin_future_reviews(tx, NOW)
        assert give_time(tx, replace(review, collected_at=ahead), DomainMillis(NOW + HOUR)).due_at == NOW + 25 * HOUR
        assert differences(tx) == []


@AHEAD
def test_the_trail_agrees_where_it_began_by_such_a_clock(work: Work, ahead: int) -> None:
    review = start_review(work.ledger, 30 * DAY, "somebody", DomainMillis(NOW + ahead))
    put_right(work)
    assert newest(work).started_at == NOW != review.started_at
    with work.ledger.read() as tx:
        assert differences(tx) == []


def test_what_was_ending_by_that_clock_goes_on_at_once(work: Work) -> None:
    review = begun(work, 365 * DAY)
    with work.ledger.write() as tx:
        access_reviews.begin_end(tx, review, review.due_at, None)
    put_right(work)
    assert newest(work).ending_at == NOW
    advance(
        work.ledger, work.claimed(now=NOW, kinds=(JobKind.ACCESS_REVIEW,)), "T1", Holders(), None, NOW, implied_by={}
    )
    assert newest(work).closed_at == NOW
