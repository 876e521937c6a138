"""A review of many things that requests granted, each to another RAM user, whose time is up."""

from __future__ import annotations

import secrets

from approvals.access_review import AccessReview, ReviewedAccess, ReviewItem, Unreviewed
from approvals.entitlements import Entitlement, policy
from approvals.evidence import Holder, Holders
from approvals.grant import GrantState
from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import access_reviews, grants, jobs, people
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import DAY, DomainMillis
from approvals.operations.access_reviews.finish import advance
from approvals.operations.access_reviews.reminders import MOMENT
from approvals.people import Link, Principal
from tests.harness.builders import ENGINE, NOW, approve
from tests.harness.jobs import Work

TEAM = "T1"
ADMINS = tuple(Principal(RamUserId(f"30{number}"), f"admin-{number}") for number in range(3))
HOLDERS = Holders(tuple(map(Holder, ADMINS)))
DATA = policy("PaiRecDataManagementAccess")
DUE_AT = DomainMillis(NOW + 10 * DAY)


class LargeReview:
    def __init__(self, work: Work, people_in_it: int, *, two_of: int | None = None) -> None:
        """`two_of`: of the request of this one of them there are two things, DATA and, next to it, ENGINE."""
        self.work = work
        self.review = AccessReview("a" * 32, NOW, "somebody", DUE_AT, NOW, unreviewed=Unreviewed.REVOKE)
        users = [Principal(RamUserId(f"{number:018}"), f"engineer-{number}") for number in range(people_in_it)]
        items = [self._item(at, user, ENGINE) for at, user in enumerate(users)]
        items += [self._item(at, user, DATA) for at, user in enumerate(users) if at == two_of]
        with work.ledger.write() as tx:
            for at, admin in enumerate(ADMINS):
                people.add_link(tx, Link(TEAM, SlackUserId(f"UADMIN{at}"), admin, NOW))
            for number, user in enumerate(users, 1001):
                approve(tx, number, ends_at=None, principal=user)
                if number - 1001 == two_of:
                    grants.plan(tx, number, user, DATA, None)
                for state in (GrantState.GRANTING, GrantState.ACTIVE):
                    for grant in grants.of_request(tx, number):
                        grants.move(tx, grant, state)
            access_reviews.add(tx, self.review)
            access_reviews.collect(tx, self.review, items)
            jobs.enqueue(tx, JobKind.ACCESS_REVIEW, JobKind.ACCESS_REVIEW, due_at=DUE_AT, payload={MOMENT: int(DUE_AT)})

    def _item(self, at: int, user: Principal, what: Entitlement) -> ReviewItem:
        access = ReviewedAccess(user, what, requests=(1001 + at,))
        return ReviewItem(secrets.token_hex(16), self.review.id, access, True, SlackUserId(f"UADMIN{at % 3}"))

    def job(self) -> Job | None:
        """Claimed, if it is due."""
        return self.work.claim(now=DUE_AT, kinds=(JobKind.ACCESS_REVIEW,))

    def turn(self, holders: Holders | None = HOLDERS) -> bool:
        """Of its job, if that is due; whether it was."""
        job = self.job()
        if job is not None:
            advance(self.work.ledger, job, TEAM, holders, None, DUE_AT, implied_by={})
        return job is not None

    def now(self) -> AccessReview:
        with self.work.ledger.read() as tx:
            return access_reviews.every_one(tx)[0]

    def items(self) -> list[ReviewItem]:
        with self.work.ledger.read() as tx:
            return access_reviews.items(tx, self.review.id)
