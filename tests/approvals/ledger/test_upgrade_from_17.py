"""A ledger from before kinds of job had the names that they have now: all its work goes on, and so does what a replica
of the version before writes while it is being replaced.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest

from approvals.errors import LostLock
from approvals.grant import GrantState
from approvals.ledger import Ledger, Tx, due_jobs, jobs, moments, open_ledger
from approvals.ledger.job_kinds import FORMER_KINDS, JobKind
from approvals.ledger.job_leases import LOCK_MS
from approvals.ledger.jobs import Job
from approvals.millis import HOUR, MINUTE, SECOND
from approvals.outbox import enqueue
from approvals.reconcile import drift
from approvals.reconcile.memory import LateWrite, Memory, remember_late_write
from approvals.reconcile.plan import Write
from tests.harness.app import AppHarness
from tests.harness.builders import KEY, NOW, REAL, approve
from tests.harness.databases import Databases
from tests.harness.jobs import Work
from tests.harness.older_ledgers import program_of_step, put_as_before_step_18
from tests.harness.one_key import GONE, THERE, KeyBench

BEFORE = 17
CALLED = {
    "settle": JobKind.RECONCILE_KEY,
    "reconcile": JobKind.FIND_DRIFT,
    "lapse": JobKind.GIVE_UP_FAILED,
    "admins": JobKind.ADMINS,
    "post": JobKind.POST,
    "redraw": JobKind.REDRAW,
    "tell": JobKind.TELL,
    "answer": JobKind.ANSWER,
    "alarm": JobKind.ALARM,
    "notice": JobKind.NOTICE,
    "redraw_notice": JobKind.REDRAW_NOTICE,
    "board": JobKind.BOARD,
    "changes": JobKind.CHANGES,
    "home": JobKind.HOME,
    "leavers": JobKind.LEAVERS,
    "origin": JobKind.ORIGIN,
    "check": JobKind.CHECK,
    "watch": JobKind.WATCH,
    "expire": JobKind.EXPIRE,
    "remind": JobKind.REMIND,
    "other_ledger": JobKind.OTHER_LEDGER,
}
"""Every kind of job by the name that the version before stores."""
SINCE = {
    JobKind.ACCESS_REVIEW,
    JobKind.ASK_AGAIN,
    JobKind.ONBOARD,
    JobKind.EXPIRE_ONBOARDING,
    JobKind.ERASE,
    JobKind.ANCHOR,
    JobKind.ANCHOR_POST,
    JobKind.ANCHOR_OBJECT,
    JobKind.EXPORT_FILE,
    JobKind.EXPORT_WEBHOOK,
    JobKind.POLICIES,
    JobKind.DRIFT,
    JobKind.WORKFLOW_STEP,
    JobKind.ESCALATE,
    JobKind.START,
    JobKind.CLOUD_RECORD,
    JobKind.AWAY_ENDS,
    JobKind.COMMENT,
}
"""Kinds that the version before does not have."""
RENAMED = [word for word, kind in CALLED.items() if word != kind]
EVERY_FORMER_KEY = {
    "key": str(KEY),
    "mend_at_real": REAL + MINUTE,
    "late": ["detach"],
    "came_late": [["attach", REAL + SECOND]],
    "not_seen_at": REAL - 7,
    "attaching": True,
    "delayed": True,
    "taken_over": True,
    "waited": 3,
}
WORKER = "a-worker-of-the-version-before"


def write_as_before(address: str, *puts: tuple[str, str], **changes: Any) -> None:
    """Rows of the version before, as (id, kind)."""
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        for job_id, kind in puts:
            put_as_before_step_18(tx, job_id, kind, **changes)


def stored(ledger: Ledger) -> dict[str, dict[str, Any]]:
    with ledger.read() as tx:
        return {row["id"]: row for row in tx.rows("SELECT * FROM jobs")}


@pytest.fixture
def upgraded(address: str) -> Iterator[Work]:
    """With one job of each kind, which the version before had put."""
    write_as_before(address, *((f"{word}:1", word) for word in CALLED))
    opened = open_ledger(address)
    yield Work(opened)
    opened.close()


def test_every_kind_of_now_is_one_of_before_and_no_former_name_means_another() -> None:
    assert set(CALLED.values()) | SINCE == set(JobKind)
    assert not FORMER_KINDS.keys() & set(JobKind)


def test_a_job_of_each_kind_is_done_as_what_it_was(upgraded: Work) -> None:
    for word, kind in CALLED.items():
        job = upgraded.claimed(kinds=(kind,))
        assert (job.id, job.kind, job.taken_over) == (f"{word}:1", kind, False)
    assert {row["kind"] for row in stored(upgraded.ledger).values()} == set(JobKind) - SINCE


def test_nothing_about_a_job_changes_but_what_its_kind_is_called(address: str) -> None:
    changes = {
        "payload": json.dumps(EVERY_FORMER_KEY),
        "lane": "ram",
        "priority": 10,
        "due_at": NOW + 5,
        "not_before_real": REAL + 6,
        "also_at_real": REAL + 7,
        "attempts": 8,
        "revision": 9,
        "lock_token": WORKER,
        "locked_until_real": REAL + 10,
        "last_trouble": "silent",
    }
    write_as_before(address, ("settle:200|policy/X", "settle"), **changes)
    with closing(open_ledger(address)) as ledger:
        found = stored(ledger)["settle:200|policy/X"]
    assert {name: found[name] for name in changes} == changes
    assert found["kind"] == "reconcile_key"


# -- a replica of the version before is at work


@pytest.fixture
def in_hand(address: str) -> Iterator[Work]:
    """Its worker has the job of a key when the step is taken."""
    write_as_before(address, (enqueue.reconcile_id(KEY), "settle"), lock_token=WORKER, locked_until_real=REAL + LOCK_MS)
    opened = open_ledger(address)
    yield Work(opened)
    opened.close()


def its_job() -> Job:
    return Job(
        id=enqueue.reconcile_id(KEY),
        kind=JobKind.RECONCILE_KEY,
        lane=None,
        payload={"key": str(KEY)},
        due_at=NOW,
        attempts=1,
        revision=0,
        lock_token=WORKER,
        leased_until=LOCK_MS,
        also_at_real=None,
        taken_over=False,
    )


def test_what_its_worker_has_in_hand_is_nobody_elses_and_it_may_end_it(in_hand: Work) -> None:
    assert in_hand.claim(real=REAL + (LOCK_MS - 1)) is None
    in_hand.again(its_job(), payload=EVERY_FORMER_KEY)
    job = in_hand.claimed()
    assert not job.taken_over and Memory.read(job.payload, REAL).waits == 3


def test_what_its_worker_does_not_end_is_taken_over_and_it_changes_nothing_any_more(in_hand: Work) -> None:
    assert in_hand.claimed(real=REAL + LOCK_MS).taken_over
    with pytest.raises(LostLock):
        in_hand.finish(its_job())


@pytest.mark.parametrize("word", RENAMED)
def test_what_it_puts_after_the_step_is_due_and_claimed_and_has_the_new_name_from_then_on(
    work: Work, word: str
) -> None:
    kind = CALLED[word]
    with work.ledger.write() as tx:
        put_as_before_step_18(tx, f"{word}:1", word)
        assert due_jobs.next_due(tx, [kind], now=NOW, real=REAL) == 0
        others = [each for each in JobKind if each is not kind]
        assert due_jobs.next_due(tx, others, now=NOW, real=REAL) is None
    job = work.claimed(kinds=(kind,))
    assert (job.id, job.kind) == (f"{word}:1", kind)
    assert stored(work.ledger)[job.id]["kind"] == kind


@pytest.mark.parametrize("word", RENAMED)
def test_what_it_puts_waits_no_longer_than_by_a_right_clock(work: Work, word: str) -> None:
    kind, ahead = CALLED[word], NOW + 10 * HOUR
    with work.ledger.write() as tx:
        put_as_before_step_18(tx, f"{word}:1", word, due_at=ahead, not_before_real=REAL + HOUR)
        moments.due(tx, NOW, [kind], 5)
        moments.pauses(tx, REAL, MINUTE, 2 * HOUR)
    found = stored(work.ledger)[f"{word}:1"]
    cloud = kind in (JobKind.RECONCILE_KEY, JobKind.FIND_DRIFT)
    assert (found["due_at"], found["not_before_real"]) == (NOW + 5, REAL if cloud else REAL + HOUR)


def test_a_key_that_it_is_to_look_at_is_due_at_once_and_not_put_a_second_time(work: Work) -> None:
    with work.ledger.write() as tx:
        approve(tx, 1001)
        jobs.drop(tx, enqueue.reconcile_id(KEY))
        put_as_before_step_18(tx, enqueue.reconcile_id(KEY), "settle", due_at=NOW + HOUR)
        moments.reconciling(tx, NOW, 0)
        assert due_at(tx) == NOW
        tx.run("UPDATE jobs SET due_at = :later", later=NOW + HOUR)
        put_as_before_step_18(tx, drift.JOB_ID, "reconcile")
    sweep = work.claimed(kinds=(JobKind.FIND_DRIFT,))
    drift.find_drift(work.ledger, sweep, [], NOW)
    with work.ledger.read() as tx:
        assert due_at(tx) == NOW + HOUR, "the look that it has put is enough"


def due_at(tx: Tx) -> int:
    [row] = tx.rows("SELECT due_at FROM jobs WHERE id = :id", id=enqueue.reconcile_id(KEY))
    found: int = row["due_at"]
    return found


def test_a_worker_of_before_that_is_told_of_a_late_write_is_told_nothing_else(work: Work) -> None:
    with work.ledger.write() as tx:
        put_as_before_step_18(tx, enqueue.reconcile_id(KEY), "settle", payload=json.dumps(EVERY_FORMER_KEY))
        remember_late_write(tx, KEY, LateWrite(Write.DETACH, REAL + MINUTE), REAL)
        payload = jobs.payload_now(tx, enqueue.reconcile_id(KEY))
    assert payload == {**EVERY_FORMER_KEY, "came_late": [["attach", REAL + SECOND], ["detach", REAL + MINUTE]]}


def test_the_step_waits_for_a_writer_of_before_that_is_in_the_middle_of_something(databases: Databases) -> None:
    """Or each would wait for a row of the other's."""
    address = databases.new()
    write_as_before(address, *((f"settle:{number}", "settle") for number in (1, 2)))
    with program_of_step(BEFORE):
        old = open_ledger(address)
    opened: list[Ledger] = []
    opening = threading.Thread(target=lambda: opened.append(open_ledger(address)))
    with old.write() as tx:
        tx.run("UPDATE jobs SET attempts = 1 WHERE id = 'settle:2'")
        opening.start()
        with psycopg.connect(address, autocommit=True) as server:
            waits = "SELECT 1 FROM pg_locks WHERE NOT granted"
            AppHarness.until(lambda: server.execute(waits).fetchone() is not None, "the step to wait")
        tx.run("UPDATE jobs SET attempts = 1 WHERE id = 'settle:1'")
    opening.join(30)
    assert {(row["kind"], row["attempts"]) for row in stored(opened[0]).values()} == {("reconcile_key", 1)}
    for ledger in (old, *opened):
        ledger.close()


# -- what the job of a key remembers


def test_all_that_a_job_remembers_by_former_names_is_known() -> None:
    assert Memory.read(EVERY_FORMER_KEY, REAL) == Memory(
        late_writes=(LateWrite(Write.ATTACH, REAL + SECOND),),
        repair_at=REAL + MINUTE,
        late=frozenset({Write.DETACH}),
        absent_at=REAL - 7,
        attaching=True,
        delayed=True,
        taken_over=True,
        waits=3,
    )


def test_a_key_with_all_that_goes_on_and_is_remembered_by_the_names_of_now(address: str) -> None:
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        approve(tx, 1001)
        tx.run(
            "UPDATE jobs SET kind = 'settle', payload = :payload WHERE id = :id",
            id=enqueue.reconcile_id(KEY),
            payload=json.dumps({"key": str(KEY), "mend_at_real": REAL, "late": ["attach"]}),
        )
    bench = KeyBench(address)
    bench.passed = SECOND
    assert bench.observe(GONE) is Write.ATTACH
    assert bench.look.repair and bench.look.late == {Write.ATTACH}
    bench.attach_answers()
    assert bench.state() is GrantState.ACTIVE
    bench.taken_back()
    assert bench.observe(THERE) is Write.DETACH
    bench.detach_answers()
    assert (bench.state(), bench.jobs()) == (GrantState.ENDED, 0)
    bench.ledger.close()
