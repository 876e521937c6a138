"""What a clock wrote that was ahead holds up nothing once it was put right."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from approvals.entitlements import Key, manual, policy
from approvals.grant import ALARM_AFTER_MS, GrantState
from approvals.ids import SlackUserId
from approvals.ledger import Tx, grants, jobs, lanes, requests, status_boards, status_runs, status_watches
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.job_leases import LOCK_MS
from approvals.ledger.jobs import NEVER
from approvals.ledger.lanes import MAX_CLOUD_PAUSE_MS
from approvals.ledger.status_boards import Board
from approvals.ledger.status_watches import Watch
from approvals.millis import DAY, HOUR, MINUTE, SECOND, RealMillis
from approvals.operations import clock_set
from approvals.outbox import enqueue, timers
from approvals.reconcile import drift
from approvals.reconcile.memory import LATE_WRITE_MS
from approvals.reconcile.plan import Write
from tests.harness.builders import KEY, NOW, REAL, approve, ask
from tests.harness.jobs import SLOT, Work
from tests.harness.one_key import GONE, THERE, KeyBench

YEAR = 365 * DAY
AHEAD = pytest.mark.parametrize("ahead", [10 * MINUTE, YEAR], ids=["ten minutes", "a year"])
STEPPED = pytest.mark.parametrize("stepped", [True, False], ids=["while it ran", "before the start"])


def put_right(work: Work, *, stepped: bool = False) -> int:
    with work.ledger.write() as tx:
        return clock_set.correct_times(tx, NOW, REAL, stepped=stepped)


def due_at(tx: Tx, job_id: str) -> int:
    row = tx.row("SELECT due_at FROM jobs WHERE id = :id", id=job_id)
    assert row is not None
    found: int = row["due_at"]
    return found


def moved(work: Work, put: Callable[[Tx], None], job_id: str, *, stepped: bool = False) -> int:
    """When a job is due after the clock was put right, in milliseconds from now."""
    with work.ledger.write() as tx:
        put(tx)
        clock_set.correct_times(tx, NOW, REAL, stepped=stepped)
        return due_at(tx, job_id) - NOW


@AHEAD
@STEPPED
def test_a_lane_is_open_that_was_shut_for_longer_than_its_longest_pause(work: Work, ahead: int, stepped: bool) -> None:
    with work.ledger.write() as tx:
        lanes.hold(tx, "ram", REAL + ahead + SLOT["ram"], real=REAL + ahead)
    work.put(lane="ram")
    assert work.claim() is None
    put_right(work, stepped=stepped)
    assert work.claim() is not None


def test_a_pause_that_the_cloud_asked_for_is_kept_unless_the_clock_was_set_since(work: Work) -> None:
    with work.ledger.write() as tx:
        lanes.hold(tx, "ram", REAL + MAX_CLOUD_PAUSE_MS, real=REAL)
    work.put(lane="ram")
    put_right(work)
    assert work.claim() is None
    put_right(work, stepped=True)
    assert work.claim() is not None


@pytest.mark.parametrize("asked", [MAX_CLOUD_PAUSE_MS + 1, YEAR])
def test_no_lane_is_shut_for_longer_than_its_longest_pause_whatever_is_asked(work: Work, asked: int) -> None:
    with work.ledger.write() as tx:
        lanes.hold(tx, "ram", REAL + asked, real=REAL)
    work.put(lane="ram")
    assert work.claim(real=RealMillis(REAL + MAX_CLOUD_PAUSE_MS - 1)) is None
    assert work.claim(real=REAL + MAX_CLOUD_PAUSE_MS) is not None


@AHEAD
def test_nobody_waits_for_a_turn_that_a_wrong_clock_gave_away(work: Work, ahead: int) -> None:
    with work.ledger.write() as tx:
        assert lanes.next_turn(tx, "ram", real=REAL + ahead, width=105) == 0
        assert lanes.next_turn(tx, "ram", real=REAL, width=105) == 0
        assert lanes.next_turn(tx, "ram", real=REAL, width=105) == 105


@AHEAD
@STEPPED
def test_a_pause_between_two_attempts_is_over(work: Work, ahead: int, stepped: bool) -> None:
    work.put()
    work.again(work.claimed(), not_before_real=REAL + ahead + SECOND)
    work.put("b")
    work.again(work.claimed(), due_at=NEVER, also_at_real=REAL + ahead + MINUTE)
    assert work.claim() is None
    put_right(work, stepped=stepped)
    assert {work.claimed().id, work.claimed().id} == {"a", "b"}


@AHEAD
def test_what_was_tried_by_a_clock_that_was_ahead_is_due_at_once(work: Work, ahead: int) -> None:
    for kind in clock_set.DUE_AT_ONCE_KINDS:
        work.put(kind, kind=kind, due_at=NOW + ahead)
    put_right(work)
    assert {work.claimed(kinds=clock_set.DUE_AT_ONCE_KINDS).id for _ in clock_set.DUE_AT_ONCE_KINDS} == set(
        clock_set.DUE_AT_ONCE_KINDS
    )


@AHEAD
def test_a_lock_is_no_longer_than_a_worker_gets_and_does_not_end_while_it_may_be_at_work(
    work: Work, ahead: int
) -> None:
    work.put()
    work.claimed(now=NOW + ahead, real=REAL + ahead)
    put_right(work, stepped=True)
    assert work.claim(real=RealMillis(REAL + LOCK_MS - 1)) is None
    assert work.claimed(real=REAL + LOCK_MS).taken_over


@AHEAD
@pytest.mark.parametrize("state", [GrantState.PLANNED, GrantState.GRANTING, GrantState.ENDING])
def test_a_key_on_which_something_is_under_way_is_settled_at_once(work: Work, ahead: int, state: GrantState) -> None:
    def put(tx: Tx) -> None:
        grants.move(tx, approve(tx, 1001, now=NOW + ahead), state)

    assert moved(work, put, enqueue.reconcile_id(KEY)) == 0


@STEPPED
def test_what_somebody_is_asked_to_do_by_hand_waits_for_its_reminder_and_a_day_at_most(
    work: Work, stepped: bool
) -> None:
    grafana = manual("grafana-admin")
    id_ = enqueue.reconcile_id(Key(KEY.user_id, grafana))

    def put(tx: Tx) -> None:
        grants.move(tx, approve(tx, 1001, entitlement=grafana, now=NOW + HOUR), GrantState.ENDING)
        timers.schedule_alarm(tx, 1, grafana, NOW)

    assert moved(work, put, id_, stepped=stepped) == HOUR
    with work.ledger.write() as tx:
        assert due_at(tx, timers.alarm_id(1)) == NOW + DAY
        tx.run("UPDATE jobs SET due_at = due_at + :ahead", ahead=YEAR)
        clock_set.correct_times(tx, NOW, REAL, stepped=stepped)
        assert due_at(tx, id_) == due_at(tx, timers.alarm_id(1)) == NOW + DAY


def test_what_is_active_is_not_settled_before_its_deadline(work: Work) -> None:
    def put(tx: Tx) -> None:
        grants.move(tx, approve(tx, 1001, now=NOW + 8 * HOUR), GrantState.ACTIVE)

    assert moved(work, put, enqueue.reconcile_id(KEY), stepped=True) == 8 * HOUR


@AHEAD
def test_a_revoke_that_does_not_hold_is_alarmed_about_no_later_than_usual(work: Work, ahead: int) -> None:
    def put(tx: Tx) -> None:
        grants.move(tx, approve(tx, 1001), GrantState.ENDING)
        timers.schedule_alarm(tx, 1, policy("PaiRecEngineAccess"), NOW + ahead)

    assert moved(work, put, "alarm:1", stepped=True) == ALARM_AFTER_MS


def test_what_still_runs_is_not_alarmed_about_before_its_end(work: Work) -> None:
    def put(tx: Tx) -> None:
        grants.move(tx, approve(tx, 1001, ends_at=NOW + YEAR), GrantState.ACTIVE)
        timers.schedule_alarm(tx, 1, policy("PaiRecEngineAccess"), NOW + YEAR)

    assert moved(work, put, "alarm:1", stepped=True) == YEAR + ALARM_AFTER_MS


@AHEAD
def test_the_next_comparison_with_the_cloud_is_no_further_off_than_usual(work: Work, ahead: int) -> None:
    def put(tx: Tx) -> None:
        jobs.enqueue(tx, "reconcile", JobKind.FIND_DRIFT, due_at=NOW + ahead + drift.DRIFT_INTERVAL_MS)

    assert moved(work, put, "reconcile") == drift.DRIFT_INTERVAL_MS


@AHEAD
def test_a_watched_channel_is_looked_at_no_later_than_its_interval(work: Work, ahead: int) -> None:
    def put(tx: Tx) -> None:
        run = status_runs.begin(tx, "", NOW)
        status_boards.add(tx, Board(1, "T1", "C1", None, None, 0, SlackUserId("U1"), "", run.id, NOW))
        status_watches.put(tx, Watch("C1", "T1", 30 * MINUTE, 1, 0, "U1"), NOW)
        jobs.enqueue(tx, "watch:C1", JobKind.WATCH, due_at=NOW + ahead + 30 * MINUTE, payload={"channel": "C1"})

    assert moved(work, put, "watch:C1") == 0


@AHEAD
def test_what_was_missed_by_a_clock_that_was_ahead_is_missed_since_now(ledger_address: str, ahead: int) -> None:
    bench = KeyBench(ledger_address)
    bench.active(ends_at=None)
    with bench.ledger.write() as tx:
        grants.move(tx, grants.of_request(tx, 1001)[0], GrantState.ACTIVE, missing_since_real=bench.real() + ahead)
        clock_set.correct_times(tx, bench.now(), bench.real(), stepped=False)
    assert bench.grant().missing_since_real == bench.real()


def test_two_looks_between_which_the_clock_was_set_are_not_two_looks_a_minute_apart(ledger_address: str) -> None:
    bench = KeyBench(ledger_address)
    bench.active(ends_at=None)
    with bench.ledger.write() as tx:
        grants.move(tx, grants.of_request(tx, 1001)[0], GrantState.ACTIVE, missing_since_real=bench.real() - HOUR)
        clock_set.correct_times(tx, bench.now(), bench.real(), stepped=True)
    assert bench.grant().missing_since_real == bench.real()


def test_a_late_write_that_was_feared_by_a_clock_that_was_ahead_is_looked_for_a_minute_from_now(
    ledger_address: str,
) -> None:
    bench = KeyBench(ledger_address)
    bench.passed = YEAR
    bench.approved(ends_at=None)
    assert bench.observe(GONE) is Write.ATTACH
    bench.passed = YEAR + LOCK_MS
    assert bench.observe(GONE) is Write.ATTACH and bench.look.taken_over
    bench.attach_answers()
    bench.passed = 0
    with bench.ledger.write() as tx:
        clock_set.correct_times(tx, bench.now(), bench.real(), stepped=True)
    assert bench.observe(THERE) is None and not bench.look.repair
    bench.passed = LATE_WRITE_MS
    assert bench.observe(THERE) is None and bench.look.repair


@AHEAD
def test_what_was_approved_by_a_clock_that_was_ahead_lasts_as_long_as_it_was_meant_to(work: Work, ahead: int) -> None:
    with work.ledger.write() as tx:
        given = approve(tx, 1001, now=NOW + ahead, ends_at=NOW + ahead + HOUR)
        grants.move(tx, given, GrantState.ACTIVE)
        jobs.drop(tx, enqueue.reconcile_id(KEY))
        jobs.enqueue(
            tx, enqueue.reconcile_id(KEY), JobKind.RECONCILE_KEY, due_at=NOW + ahead + HOUR, payload={"key": str(KEY)}
        )
        assert clock_set.shorten_future_requests(tx, NOW) == ["R-1001"]
        request = requests.get(tx, 1001)
        assert request is not None
        assert (request.ends_at, grants.of_request(tx, 1001)[0].ends_at) == (NOW + HOUR, NOW + HOUR)
        assert due_at(tx, enqueue.reconcile_id(KEY)) == NOW + HOUR
        assert clock_set.shorten_future_requests(tx, NOW + MINUTE) == [], "once is enough"


@AHEAD
def test_what_was_asked_by_a_clock_that_was_ahead_waits_as_long_as_any_other(work: Work, ahead: int) -> None:
    with work.ledger.write() as tx:
        ask(tx, 1001, created_at=NOW + ahead, expires_at=NOW + ahead + DAY)
        timers.schedule_expiry(tx, 1001, NOW + ahead + DAY)
        assert clock_set.shorten_future_requests(tx, NOW) == ["R-1001"]
        assert due_at(tx, "expire:1001") == NOW + DAY
        assert due_at(tx, "ask_again:1001") == NOW + 15 * MINUTE


def test_what_was_approved_a_moment_ago_is_left_as_it_is(work: Work) -> None:
    with work.ledger.write() as tx:
        approve(tx, 1001, now=NOW + SECOND)
        assert clock_set.shorten_future_requests(tx, NOW) == []
