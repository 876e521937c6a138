"""An access review on whose last day no bot ran for hours: what its reviewers said may be lost; on both engines."""

from __future__ import annotations

import pytest

from approvals.access_review import Stays
from approvals.audit_events import AuditEvent
from approvals.kinds import NoticeKind
from approvals.ledger import identity, notices, trail
from approvals.ledger.job_kinds import JobKind
from approvals.millis import DAY, HOUR, DomainMillis, RealMillis
from approvals.operations import origin
from approvals.operations.access_reviews.finish import advance
from tests.harness.builders import NOW, REAL
from tests.harness.jobs import Work
from tests.harness.large_review import DUE_AT, HOLDERS, TEAM, LargeReview

EVENING = DomainMillis(DUE_AT - 12 * HOUR)


@pytest.fixture
def large(work: Work) -> LargeReview:
    with work.ledger.write() as tx:
        trail.append_event(tx, NOW, AuditEvent.ASKED, request_id=1001)
    return LargeReview(work, 1)


def starts(large: LargeReview, now: DomainMillis, restored: DomainMillis | None = None) -> None:
    """A bot, which does what is due then."""
    if restored is not None:
        with large.work.ledger.write() as tx:
            identity.put(tx, identity.RESTORED_UNTIL, str(restored))
    origin.schedule(large.work.ledger, now, RealMillis(REAL + now - NOW))
    works(large, now)


def works(large: LargeReview, now: DomainMillis) -> None:
    while job := large.work.claim(now=now, kinds=(JobKind.ACCESS_REVIEW,)):
        advance(large.work.ledger, job, TEAM, HOLDERS, None, now, implied_by={})


def stops(large: LargeReview, now: DomainMillis) -> None:
    works(large, now)
    origin.record_stop(large.work.ledger, now)


def told(large: LargeReview) -> DomainMillis:
    """When a reviewer was told last what is left for them."""
    with large.work.ledger.read() as tx:
        [notice] = notices.open_of(tx, NoticeKind.ACCESS_REVIEW)
    return notice.raised_at


def test_with_a_bot_that_is_stopped_every_night_it_runs_for_a_day_more_and_ends(large: LargeReview) -> None:
    for day in range(3):
        stops(large, DomainMillis(EVENING + day * DAY))
        starts(large, DomainMillis(EVENING + day * DAY + 11 * HOUR))
    stops(large, DomainMillis(EVENING + 3 * DAY))
    assert large.now().closed_at == EVENING + 11 * HOUR + DAY
    assert large.items()[0].stays is None, "its reviewers were reminded in time"


def test_the_second_time_reviewers_are_reminded_and_its_end_stays(large: LargeReview) -> None:
    stops(large, EVENING)
    starts(large, DomainMillis(DUE_AT - 10 * HOUR))
    due_at = large.now().due_at
    assert (due_at, told(large)) == (DUE_AT + 14 * HOUR, DUE_AT - 10 * HOUR)
    stops(large, DUE_AT)
    starts(large, DomainMillis(DUE_AT + 2 * HOUR))
    assert (large.now().due_at, told(large)) == (due_at, DUE_AT + 2 * HOUR)


@pytest.mark.parametrize("before", [False, True], ids=["first", "after another gap"])
def test_a_backup_that_is_put_back_gives_a_day_each_time(large: LargeReview, before: bool) -> None:
    stops(large, EVENING)
    if before:
        starts(large, DomainMillis(EVENING + HOUR))
        stops(large, DomainMillis(EVENING + 2 * HOUR))
    for hours in (4, 6):
        now = DomainMillis(EVENING + hours * HOUR)
        starts(large, now, EVENING)
        assert large.now().due_at == now + DAY
        stops(large, DomainMillis(now + HOUR))


def test_where_that_reminder_comes_too_late_nothing_is_revoked(large: LargeReview) -> None:
    stops(large, EVENING)
    starts(large, DomainMillis(EVENING + HOUR))
    due_at = large.now().due_at
    before = DomainMillis(due_at - HOUR)
    origin.schedule(large.work.ledger, before, RealMillis(REAL + before - NOW))
    works(large, due_at)
    assert large.items()[0].stays is Stays.UNREMINDED
