"""When a key is looked at next, case by case; and what of a run's memory comes along."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from approvals.errors import CloudError, CloudErrorKind
from approvals.grant import Grant, GrantState
from approvals.ledger import jobs
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import GRANT_NEXT, REVOKE_FIRST, Job
from approvals.millis import HOUR, SECOND, DomainMillis
from approvals.reconcile.context import Instant, KeyContext
from approvals.reconcile.memory import LATE_WRITE_MS, LateWrite, Memory
from approvals.reconcile.next_run import DELAYED_AFTER_ATTEMPTS, DENIED_PAUSE_MS, NextRun, RunResult, next_run
from approvals.reconcile.plan import Write
from tests.harness.builders import CAROL, KEY, NOW, REAL, grant

AT = Instant(NOW, REAL, Random(7))
JOB = Job(
    id="a job",
    kind=JobKind.RECONCILE_KEY,
    lane=None,
    payload={"key": str(KEY)},
    due_at=DomainMillis(NOW - 5 * SECOND),
    attempts=1,
    revision=1,
    lock_token="mine",
    leased_until=0,
    also_at_real=None,
    taken_over=False,
)
CONTEXT = KeyContext(KEY, CAROL, taken_over=False, repair=False, late=frozenset(), blind=False)
ACTIVE, GRANTING = grant(GrantState.ACTIVE), grant(GrantState.GRANTING)
ENDING = grant(GrantState.ENDING, ends_at=None)
FOR_EVER = grant(GrantState.ACTIVE, ends_at=None)
SILENT = CloudError(CloudErrorKind.SILENT)
DENIED = CloudError(CloudErrorKind.NO_PERMISSION)
LATE = LateWrite(Write.ATTACH, REAL + 20 * SECOND)


def after(
    *found: Grant,
    job: Job = JOB,
    memory: Memory | None = None,
    context: KeyContext = CONTEXT,
    result: RunResult | None = None,
) -> NextRun:
    return next_run(job, memory or Memory(), context, found, AT, result or RunResult(repaired=False))


def test_a_key_that_nobody_wants_any_more_is_done_with() -> None:
    assert after() == NextRun(Memory(), done=True)


def test_what_is_active_is_looked_at_when_its_time_is_up() -> None:
    assert after(ACTIVE) == NextRun(Memory(), due_at=NOW + HOUR, progress=True)


def test_what_is_active_until_revoked_needs_no_look() -> None:
    assert after(FOR_EVER).done


def test_a_look_that_is_wanted_comes_whatever_the_deadline() -> None:
    found = after(FOR_EVER, result=RunResult(repaired=False, look_again=SECOND))
    assert (found.due_at, found.also_at_real) == (jobs.NEVER, REAL + SECOND)


@pytest.mark.parametrize(("state", "priority"), [(GRANTING, GRANT_NEXT), (ENDING, REVOKE_FIRST)])
def test_what_is_on_its_way_keeps_its_place_and_revokes_go_first(state: Grant, priority: int) -> None:
    found = after(state, result=RunResult(repaired=False, error=CloudError(CloudErrorKind.THROTTLED)))
    assert (found.due_at, found.priority, found.error) == (JOB.due_at, priority, "throttled")
    assert REAL < found.not_before_real < REAL + SECOND


def test_what_may_be_done_already_lets_the_others_go_first_and_is_looked_at_once_it_is_out_of_time() -> None:
    found = after(ENDING, result=RunResult(repaired=False, silent=Write.DETACH, error=SILENT))
    assert (found.due_at, found.also_at_real) == (NOW, REAL + LATE_WRITE_MS)
    assert found.memory == Memory(repair_at=REAL + LATE_WRITE_MS, late=frozenset({Write.DETACH}))


def test_whoever_took_over_looks_again_when_the_others_writes_are_out_of_time() -> None:
    context = replace(CONTEXT, taken_over=True, late=frozenset({Write.ATTACH}))
    found = after(ACTIVE, context=context, result=RunResult(repaired=True))
    assert found.also_at_real == REAL + LATE_WRITE_MS
    assert found.memory.late == {Write.ATTACH}


def test_a_late_write_that_was_put_right_in_time_is_forgotten() -> None:
    memory = Memory(repair_at=REAL, late=frozenset({Write.ATTACH}))
    assert after(FOR_EVER, memory=memory, result=RunResult(repaired=True)).done
    assert after(FOR_EVER, memory=memory).memory.repair_at is not None, "but not before that"


def test_what_came_late_is_remembered_until_it_can_come_no_more() -> None:
    found = after(FOR_EVER, memory=Memory(late_writes=(LATE,)), result=RunResult(repaired=True))
    assert (found.memory.late_writes, found.also_at_real) == ((LATE,), LATE.until)
    over = replace(LATE, until=REAL)
    assert after(FOR_EVER, memory=Memory(late_writes=(over,)), result=RunResult(repaired=True)).done


def test_what_came_late_meanwhile_is_not_lost() -> None:
    assert after(FOR_EVER, result=RunResult(repaired=True, new_late_writes=(LATE,))).memory.late_writes == (LATE,)


def test_a_deadline_is_not_kept_waiting_by_an_attempt_that_failed_before_it() -> None:
    soon = replace(GRANTING, ends_at=NOW + SECOND)
    found = after(soon, result=RunResult(repaired=False, error=DENIED))
    assert found.not_before_real == REAL + SECOND
    assert after(ENDING, result=RunResult(repaired=False, error=DENIED)).not_before_real >= REAL + DENIED_PAUSE_MS


def test_those_who_wait_are_told_once_that_it_takes_longer() -> None:
    slow = replace(JOB, attempts=DELAYED_AFTER_ATTEMPTS)
    result = RunResult(repaired=False, error=SILENT)
    assert not after(GRANTING, result=result).newly_delayed
    first = after(GRANTING, job=slow, result=result)
    assert first.newly_delayed and first.memory.delayed
    assert not after(GRANTING, job=slow, memory=first.memory, result=result).newly_delayed
    assert not after(ENDING, job=slow, result=result).newly_delayed, "nobody waits for that"
