"""What is to be reviewed is collected while there is time to review it, on both engines."""

from __future__ import annotations

import pytest

from approvals.access_review import AccessReview, Unreviewed
from approvals.catalog.access_reviews import ReviewTerms
from approvals.catalog.model import Catalog
from approvals.evidence import Holders
from approvals.ledger import access_reviews
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import DAY, DomainMillis
from approvals.operations.access_reviews.collect import record_collected
from approvals.operations.access_reviews.finish import advance
from approvals.operations.access_reviews.start import start_review
from approvals.outbox.access_reviews import close_if_done
from approvals.queries.access_report import AccessReport
from tests.harness.builders import NOW
from tests.harness.jobs import Work

TEAM = "T1"
REVOKES = Catalog({}, access_review=ReviewTerms(unreviewed=Unreviewed.REVOKE))


@pytest.fixture
def review(work: Work) -> AccessReview:
    return start_review(work.ledger, 2 * DAY, "somebody", NOW)


def claimed(work: Work, now: DomainMillis = NOW) -> Job:
    return work.claimed(now=now, kinds=(JobKind.ACCESS_REVIEW,))


def collect(work: Work, job: Job, now: DomainMillis) -> AccessReview:
    record_collected(work.ledger, REVOKES, TEAM, job, AccessReport((), ()), None, Holders(), now)
    return newest(work)


def newest(work: Work) -> AccessReview:
    with work.ledger.read() as tx:
        return access_reviews.every_one(tx)[0]


@pytest.mark.parametrize(
    ("after", "then"), [(DAY, Unreviewed.REVOKE), (DAY + 1, Unreviewed.ESCALATE)], ids=["half is left", "less is"]
)
def test_it_revokes_only_where_half_of_its_time_is_left_when_it_is_collected(
    work: Work, review: AccessReview, after: int, then: Unreviewed
) -> None:
    assert collect(work, claimed(work), DomainMillis(NOW + after)).unreviewed is then


def test_what_was_still_being_read_when_its_time_was_up_is_not_reviewed(work: Work, review: AccessReview) -> None:
    assert collect(work, claimed(work), review.due_at) == review
    advance(work.ledger, claimed(work, review.due_at), TEAM, Holders(), None, review.due_at, implied_by={})
    ended = newest(work)
    assert (ended.collected_at, ended.closed_at, ended.complete) == (None, review.due_at, False)


def test_one_that_began_a_moment_ago_is_not_over_before_it_is_collected(work: Work, review: AccessReview) -> None:
    advance(work.ledger, claimed(work), TEAM, Holders(), None, NOW, implied_by={})
    assert newest(work) == review
    again = claimed(work)
    with work.ledger.write() as tx:
        close_if_done(tx, review, NOW)
    assert newest(work).open and collect(work, again, NOW).collected_at == NOW
