"""The job of an access review: what is due goes before asking the cloud's own record, which never takes long at once,
on both engines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any, cast

import pytest

from approvals.access_review import AccessReview, ReviewedAccess, ReviewItem
from approvals.catalog.model import Catalog
from approvals.evidence import Holders, Survey
from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import access_reviews, cloud_reads, job_leases
from approvals.ledger.cloud_reads import CloudRead
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import DAY
from approvals.operations.access_reviews.last_calls import record_last_calls
from approvals.operations.access_reviews.reminders import LOOKS_UP, MOMENT
from approvals.operations.access_reviews.start import start_review
from approvals.people import Principal
from bot.worker.access_reviews import AccessReviews
from bot.worker.postpone import Postpone
from tests.harness.builders import ENGINE, NOW
from tests.harness.jobs import Work
from tests.harness.one_key import KeyBench

USERS = [Principal(RamUserId(f"20{number}"), f"engineer-{number}") for number in range(5)]
SECONDS_EACH = 15


class SlowCloud:
    """RAM, in which nobody has anything, and its record, of which each answer takes so many seconds."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.asked: list[str] = []

    def admins(self) -> Holders:
        return Holders()

    def own_user(self) -> Principal | None:
        return None

    def of_everybody(self, _expected: object) -> Survey:
        return Survey()

    def last_call(self, ram_user: str, *_between: object) -> None:
        self.asked.append(ram_user)
        self.passed += SECONDS_EACH


class Bench:
    """A review that has just begun, and the worker that performs its job."""

    def __init__(self, address: str) -> None:
        self.clock = KeyBench(address)
        self.work = Work(self.clock.ledger)
        self.cloud = SlowCloud()
        cloud = cast(Any, self.cloud)
        postpone = Postpone(self.clock.ledger, self.clock, Random(1))
        self.worker = AccessReviews(
            self.clock.ledger, Catalog({}), cloud, cloud, self.clock, postpone, "T1", cloud, lambda: self.cloud.passed
        )
        self.review = start_review(self.clock.ledger, 10 * DAY, "somebody", NOW)

    def job(self) -> Job:
        return self.work.claimed(now=self.clock.now(), real=self.clock.real(), kinds=(JobKind.ACCESS_REVIEW,))

    def collected(self) -> None:
        access = [ReviewedAccess(user, ENGINE, requests=(1001,)) for user in USERS]
        items = [
            ReviewItem(f"{at:032x}", self.review.id, each, True, SlackUserId("U2")) for at, each in enumerate(access)
        ]
        with self.clock.ledger.write() as tx:
            access_reviews.collect(tx, replace(self.review, collected_at=NOW), items)
            cloud_reads.put(tx, CloudRead("ram", "r", NOW, "read", NOW))

    def turn(self, **payload: int) -> Job:
        """One, with this in the job before; the next one."""
        job = self.job()
        with self.clock.ledger.write() as tx:
            job_leases.requeue(tx, job, due_at=self.clock.now(), payload=payload)
        self.worker.perform(self.job())
        return self.job()

    def now(self) -> AccessReview:
        with self.clock.ledger.read() as tx:
            return access_reviews.every_one(tx)[0]

    def known(self) -> int:
        with self.clock.ledger.read() as tx:
            return sum(item.access.is_looked_up for item in access_reviews.items(tx, self.review.id))


@pytest.fixture
def bench(address: str) -> Iterator[Bench]:
    opened = Bench(address)
    yield opened
    opened.clock.ledger.close()


def test_who_has_what_is_read_first_although_the_review_before_was_asking_the_record(bench: Bench) -> None:
    bench.turn(**{LOOKS_UP: True, MOMENT: NOW + DAY})
    assert bench.now().collected_at == NOW and bench.cloud.asked == []


def test_what_was_asked_for_the_review_before_does_not_put_off_the_next(bench: Bench) -> None:
    bench.work.again(bench.job(), payload={LOOKS_UP: True, MOMENT: NOW + 5 * DAY})
    record_last_calls(bench.clock.ledger, bench.job(), [], {}, NOW, more=True)
    job = bench.job()
    assert (job.due_at, job.payload[LOOKS_UP]) == (NOW, False)


def test_the_record_is_asked_for_a_short_time_and_then_again_at_once(bench: Bench) -> None:
    bench.collected()
    job = bench.turn(**{LOOKS_UP: True, MOMENT: NOW + 5 * DAY})
    assert len(bench.cloud.asked) == bench.known() == 2
    assert (job.due_at, job.payload[LOOKS_UP]) == (NOW, True)


def test_a_reminder_that_is_due_goes_before_asking_the_record(bench: Bench) -> None:
    bench.collected()
    bench.clock.passed = 5 * DAY
    job = bench.turn(**{LOOKS_UP: True, MOMENT: NOW + 5 * DAY})
    assert bench.cloud.asked == [] and bench.known() == 0
    assert job.payload == {LOOKS_UP: True, MOMENT: NOW + 9 * DAY} and job.due_at == bench.clock.now()
