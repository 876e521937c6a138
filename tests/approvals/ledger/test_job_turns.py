"""Due work in its turn: what is urgent first, each lane at its pace, and the worker asleep until then."""

from __future__ import annotations

from approvals.ledger import lanes
from approvals.ledger.job_leases import LOCK_MS
from approvals.ledger.jobs import GRANT_NEXT, NEVER, REVOKE_FIRST, TELL_LAST
from approvals.millis import DomainMillis, RealMillis
from tests.harness.builders import NOW, REAL
from tests.harness.jobs import SLOT, Work


def test_revokes_go_before_grants_and_grants_before_words(work: Work) -> None:
    work.put("tell", due_at=DomainMillis(NOW - 30), priority=TELL_LAST)
    work.put("grant", due_at=DomainMillis(NOW - 20), priority=GRANT_NEXT)
    work.put("revoke", due_at=DomainMillis(NOW - 10), priority=REVOKE_FIRST)
    assert [work.claimed().id for _ in range(3)] == ["revoke", "grant", "tell"]


def test_among_equals_the_one_that_is_due_longest_goes_first_then_the_older_one(work: Work) -> None:
    work.put("c", due_at=NOW)
    work.put("b", due_at=NOW)
    work.put("a", due_at=DomainMillis(NOW - 1))
    assert [work.claimed().id for _ in range(3)] == ["a", "c", "b"]


def test_a_wish_to_revoke_hurries_a_job_that_was_there_to_grant(work: Work) -> None:
    work.put("other", due_at=DomainMillis(NOW - 5), priority=GRANT_NEXT)
    work.put("key", priority=GRANT_NEXT)
    work.put("key", priority=REVOKE_FIRST)
    assert work.claimed().id == "key"


def test_a_lane_is_used_once_in_its_slot(work: Work) -> None:
    work.put("a", lane="ram")
    work.put("b", lane="ram")
    work.claimed()
    assert work.claim(real=RealMillis(REAL + SLOT["ram"] - 1)) is None
    assert work.claim(real=REAL + SLOT["ram"]) is not None


def test_a_slot_that_is_taken_late_makes_none_after_it_late(work: Work) -> None:
    for number in range(20):
        work.put(str(number), lane="ram")
    at = [RealMillis(REAL + number * SLOT["ram"] + late) for number, late in enumerate([0, 7, 99, 1, 0, *([30] * 15)])]
    assert all(work.claim(real=real) for real in at)


def test_a_slot_that_nobody_took_in_time_is_not_made_up_for(work: Work) -> None:
    for number in range(3):
        work.put(str(number), lane="ram")
    work.claimed()
    late = RealMillis(REAL + 2 * SLOT["ram"])
    work.claimed(real=late)
    assert work.claim(real=RealMillis(late + SLOT["ram"] - 1)) is None
    assert work.claim(real=RealMillis(late + SLOT["ram"])) is not None


def test_two_posts_to_a_channel_are_never_closer_than_slack_takes_them(work: Work) -> None:
    for number in range(3):
        work.put(str(number), lane="slack:C1")
    work.claimed()
    late = RealMillis(REAL + SLOT["slack"] + 30)
    work.claimed(real=late)
    assert work.claim(real=RealMillis(late + SLOT["slack"] - 1)) is None


def test_lanes_do_not_wait_for_each_other(work: Work) -> None:
    for job_id, lane in (("a", "slack:C1"), ("b", "slack:C1"), ("c", "slack:C2"), ("d", None)):
        work.put(job_id, lane=lane)
    assert [job.id for _ in range(4) if (job := work.claim())] == ["a", "c", "d"]


def test_a_lane_that_was_asked_to_pause_stays_shut_for_the_longest_pause(work: Work) -> None:
    with work.ledger.write() as tx:
        lanes.hold(tx, "ram", REAL + 5_000, real=REAL)
        lanes.hold(tx, "ram", REAL + 2_000, real=REAL)
    work.put(lane="ram")
    assert work.claim(real=REAL + 4_999) is None
    assert work.claim(real=REAL + 5_000) is not None


def test_the_worker_is_told_how_long_it_may_sleep(work: Work) -> None:
    assert work.due_in() is None
    work.put(due_at=NOW + 400)
    assert work.due_in() == 400
    assert work.due_in(now=NOW + 400) == 0
    assert work.due_in(now=DomainMillis(NOW - 5_000)) is None


def test_the_worker_sleeps_until_the_lock_the_backoff_and_the_lane_are_over(work: Work) -> None:
    work.put("a", lane="ram")
    job = work.claimed()
    assert work.due_in() == LOCK_MS
    work.again(job, not_before_real=REAL + 300)
    assert work.due_in() == 300
    assert work.due_in(real=REAL + 300) == 0


def test_whenever_the_worker_is_not_to_sleep_there_is_something_to_claim(work: Work) -> None:
    work.put("a", lane="ram")
    work.put("b", lane="ram", due_at=NOW + 250)
    work.again(work.claimed(), due_at=NEVER, also_at_real=REAL + 640)
    for passed in range(0, 1_000, 10):
        free = work.due_in(now=NOW + passed, real=REAL + passed) == 0
        assert free == (work.claim(now=NOW + passed, real=REAL + passed) is not None)


def test_turns_of_a_lane_follow_each_other_and_begin_anew_after_a_pause(work: Work) -> None:
    def turn(real: RealMillis) -> int:
        with work.ledger.write() as tx:
            return lanes.next_turn(tx, "ram", real=real, width=105)

    assert [turn(REAL), turn(REAL), turn(REAL + 50)] == [0, 105, 160]
    assert turn(REAL + 1_000) == 0
