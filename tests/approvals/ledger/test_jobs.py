"""Due work: claimed by one, fenced against those who lost it, and never lost."""

from __future__ import annotations

import threading

import pytest

from approvals.errors import LostLock
from approvals.ledger import job_leases, jobs
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.job_leases import LOCK_MS
from approvals.ledger.jobs import NEVER
from approvals.millis import RealMillis
from tests.harness.builders import NOW, REAL
from tests.harness.jobs import Work


def test_a_job_is_claimed_once_it_is_due_and_not_before(work: Work) -> None:
    work.put(due_at=NOW + 5)
    assert work.claim(now=NOW + 4) is None
    assert work.claimed(now=NOW + 5).id == "a"


def test_only_the_kinds_that_a_worker_does_are_claimed(work: Work) -> None:
    work.put(kind=JobKind.TELL)
    assert work.claim(kinds=(JobKind.RECONCILE_KEY, JobKind.FIND_DRIFT)) is None
    assert work.claim(kinds=(JobKind.RECONCILE_KEY, JobKind.TELL)) is not None


def test_a_claimed_job_is_nobody_elses(work: Work) -> None:
    work.put()
    work.claimed()
    assert work.claim(real=RealMillis(REAL + LOCK_MS - 1)) is None


def test_a_job_whose_lock_ran_out_is_taken_over_and_says_so(work: Work) -> None:
    work.put()
    assert not work.claimed().taken_over
    second = work.claimed(real=REAL + LOCK_MS)
    assert (second.taken_over, second.attempts) == (True, 2)


def test_a_job_given_back_is_not_taken_over(work: Work) -> None:
    work.put()
    work.again(work.claimed())
    assert not work.claimed().taken_over


@pytest.mark.parametrize("deed", ["finish", "again"])
def test_whoever_lost_a_job_changes_nothing_about_it(work: Work, deed: str) -> None:
    work.put(payload={"key": "first"})
    old = work.claimed()
    new = work.claimed(real=REAL + LOCK_MS)
    with pytest.raises(LostLock):
        work.finish(old) if deed == "finish" else work.again(old, payload={"key": "old"})
    work.again(new)
    assert work.claimed(real=REAL + LOCK_MS).payload == {"key": "first"}


def test_whoever_has_a_job_that_was_dropped_learns_it(work: Work) -> None:
    work.put()
    job = work.claimed()
    with work.ledger.write() as tx:
        jobs.drop(tx, "a")
    with pytest.raises(LostLock):
        work.finish(job)


def test_locks_that_are_let_go_are_taken_over_at_once(work: Work) -> None:
    work.put()
    work.claimed()
    with work.ledger.write() as tx:
        job_leases.release_all(tx)
    assert work.claimed().taken_over


def test_a_finished_job_is_gone(work: Work) -> None:
    work.put()
    work.finish(work.claimed())
    assert work.left() == []


def test_the_same_wanted_twice_is_one_job(work: Work) -> None:
    work.put()
    work.put()
    work.finish(work.claimed())
    assert work.left() == []


def test_a_job_wanted_while_somebody_has_it_is_done_once_more(work: Work) -> None:
    work.put()
    job = work.claimed()
    work.put()
    work.finish(job)
    again = work.claimed()
    work.finish(again)
    assert (again.taken_over, work.left()) == (False, [])


def test_a_job_wanted_sooner_is_due_sooner_and_one_wanted_later_is_not_put_off(work: Work) -> None:
    work.put("a", due_at=NOW + 100)
    work.put("a", due_at=NOW)
    work.put("b", due_at=NOW)
    work.put("b", due_at=NOW + 100)
    assert {work.claimed().id, work.claimed().id} == {"a", "b"}


def test_a_job_wanted_again_does_not_wait_for_its_backoff(work: Work) -> None:
    work.put()
    work.again(work.claimed(), not_before_real=REAL + 60_000)
    assert work.claim() is None
    work.put()
    assert work.claimed().attempts == 1


def test_a_wish_that_came_meanwhile_is_not_put_off_by_the_run_it_came_in(work: Work) -> None:
    work.put()
    job = work.claimed()
    work.put()
    work.again(job, due_at=NEVER, not_before_real=REAL + 60_000)
    assert work.claim() is not None


def test_what_a_run_learned_is_kept_although_the_job_was_wanted_meanwhile(work: Work) -> None:
    work.put(payload={"key": "k"})
    job = work.claimed()
    work.put()
    work.again(job, due_at=NEVER, also_at_real=REAL + 60_000, payload={"key": "k", "repair_at_real": REAL + 60_000})
    found = work.claimed()
    assert (found.payload, found.also_at_real) == ({"key": "k", "repair_at_real": REAL + 60_000}, REAL + 60_000)


def test_backoff_is_real_time_and_holds_although_domain_time_moves_on(work: Work) -> None:
    work.put()
    work.again(work.claimed(), not_before_real=REAL + 500)
    assert work.claim(now=NOW + 10**9, real=REAL + 499) is None
    assert work.claim(real=REAL + 500) is not None


def test_a_job_is_also_due_at_its_other_moment_whatever_its_due_time_says(work: Work) -> None:
    work.put()
    work.again(work.claimed(), due_at=NEVER, not_before_real=REAL + 60_000, also_at_real=REAL + 500)
    assert work.claim(real=REAL + 499) is None
    assert work.claim(real=REAL + 500) is not None


def test_progress_begins_the_count_of_attempts_anew(work: Work) -> None:
    work.put()
    work.again(work.claimed())
    second = work.claimed()
    assert second.attempts == 2
    work.again(second, progress=True)
    assert work.claimed().attempts == 1


def test_a_job_is_claimed_by_one_of_many_workers(work: Work) -> None:
    for number in range(40):
        work.put(f"job{number}")
    got: list[str] = []

    def claim_all() -> None:
        while job := work.claim():
            got.append(job.id)

    threads = [threading.Thread(target=claim_all) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(got) == sorted(f"job{number}" for number in range(40))
