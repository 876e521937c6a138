"""What is recorded around the calls to the cloud, and when a key is looked at next: each test gives the moments."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from approvals.errors import CloudError, CloudErrorKind, LostLock
from approvals.grant import GrantState
from approvals.ledger import trail
from approvals.millis import HOUR, MINUTE, SECOND
from approvals.ports import Sighting
from approvals.reconcile import steps
from approvals.reconcile.plan import KeyPlan, Write
from approvals.reconcile.writes import WriteOutcome
from tests.harness.builders import NOW
from tests.harness.one_key import GONE, THERE, KeyBench


@pytest.fixture
def bench(ledger_address: str) -> Iterator[KeyBench]:
    made = KeyBench(ledger_address)
    yield made
    made.ledger.close()


def test_an_active_grant_is_due_again_at_its_deadline_and_not_before(bench: KeyBench) -> None:
    bench.active()
    bench.passed = HOUR - 1
    assert bench.claim() is None
    bench.passed = HOUR
    assert bench.observe(THERE) is Write.DETACH


def test_a_key_removed_by_hand_is_over_after_two_looks_a_minute_apart(bench: KeyBench) -> None:
    bench.active()
    bench.looked_at()
    assert bench.observe(GONE) is None
    assert bench.state() is GrantState.ACTIVE
    bench.passed += MINUTE - 1
    assert bench.claim() is None
    bench.passed += 1
    assert bench.observe(GONE) is Write.DETACH
    bench.detach_answers(CloudErrorKind.NOT_ATTACHED)
    assert (bench.state(), bench.grant().end_cause) == (GrantState.ENDED, "removed outside")
    assert bench.jobs() == 0


def test_a_key_that_one_look_missed_is_not_over(bench: KeyBench) -> None:
    bench.active()
    bench.looked_at()
    bench.observe(GONE)
    bench.passed += MINUTE
    assert bench.observe(THERE) is None
    bench.passed += MINUTE
    bench.looked_at()
    assert bench.observe(GONE) is None
    assert bench.state() is GrantState.ACTIVE


def test_a_key_removed_by_hand_is_not_attached_again_because_ram_was_silent_meanwhile(bench: KeyBench) -> None:
    bench.active()
    bench.looked_at()
    job, look = bench.begin()
    steps.not_observed(bench.ledger, job, look, CloudError(CloudErrorKind.SILENT), bench.at())
    for _ in range(5):
        bench.passed += 30 * SECOND
        bench.looked_at()
        if bench.state() is GrantState.ACTIVE and bench.observe(GONE) is Write.DETACH:
            bench.detach_answers(CloudErrorKind.NOT_ATTACHED)
    assert bench.state() is GrantState.ENDED


def test_a_key_that_reads_kept_missing_is_taken_away_and_not_left_behind(bench: KeyBench) -> None:
    bench.active()
    bench.looked_at()
    bench.observe(GONE)
    bench.passed += MINUTE
    assert bench.observe(GONE) is Write.DETACH
    bench.detach_answers(then=GONE)
    assert (bench.state(), bench.grant().detached) == (GrantState.ENDED, True)


def test_the_deadline_is_not_kept_waiting_by_a_failed_attempt_before_it(bench: KeyBench) -> None:
    bench.approved(ends_at=NOW + 10 * MINUTE)
    bench.observe(GONE)
    bench.attach_answers(CloudErrorKind.SILENT)
    while bench.passed < 10 * MINUTE - 2 * SECOND:
        bench.passed += SECOND
        job = bench.claim()
        if job is not None:
            look = steps.begin(bench.ledger, job, bench.at())
            assert look is not None
            steps.not_observed(bench.ledger, job, look, CloudError(CloudErrorKind.SILENT), bench.at())
    bench.passed = 10 * MINUTE
    assert bench.observe(THERE) is Write.DETACH


def test_a_failing_revoke_is_not_tried_without_a_pause(bench: KeyBench) -> None:
    bench.active()
    bench.passed = 2 * HOUR
    assert bench.observe(THERE) is Write.DETACH
    bench.detach_answers(CloudErrorKind.REFUSED)
    assert bench.claim() is None


@pytest.mark.parametrize(
    "trouble", [CloudErrorKind.THROTTLED, CloudErrorKind.NO_PERMISSION, CloudErrorKind.REFUSED, CloudErrorKind.SILENT]
)
def test_a_late_attach_is_undone_however_often_that_is_refused(bench: KeyBench, trouble: CloudErrorKind) -> None:
    bench.approved()
    bench.observe(GONE)
    bench.taken_back()
    bench.attach_answers(CloudErrorKind.SILENT)
    assert bench.observe(GONE) is Write.DETACH
    bench.detach_answers(CloudErrorKind.NOT_ATTACHED)
    assert bench.state() is GrantState.ENDED
    for _ in range(3):
        bench.passed += 2 * MINUTE
        assert bench.observe(THERE) is Write.DETACH
        bench.detach_answers(trouble)
    bench.passed += 2 * MINUTE
    assert bench.observe(THERE) is Write.DETACH
    bench.detach_answers()
    bench.passed += 2 * MINUTE
    assert bench.claim() is None
    assert "late write undone" in bench.events()


def test_a_late_attach_for_a_grant_that_ram_refused_since_is_undone(bench: KeyBench) -> None:
    bench.approved()
    bench.observe(GONE)
    bench.attach_answers(CloudErrorKind.SILENT)
    bench.passed += SECOND
    assert bench.observe(GONE) is Write.ATTACH
    bench.attach_answers(CloudErrorKind.LIMIT)
    bench.passed += SECOND
    assert bench.observe(GONE) is Write.DETACH
    bench.detach_answers(CloudErrorKind.NOT_ATTACHED)
    assert bench.state() is GrantState.FAILED
    bench.passed += 2 * MINUTE
    assert bench.observe(THERE) is Write.DETACH


def test_access_that_a_late_attach_left_is_not_taken_for_somebody_elses(bench: KeyBench) -> None:
    bench.approved()
    bench.observe(GONE)
    bench.taken_back()
    bench.attach_answers(CloudErrorKind.SILENT)
    bench.observe(GONE)
    bench.detach_answers(CloudErrorKind.NOT_ATTACHED)
    bench.passed += 20 * SECOND
    bench.approved(1002)
    assert bench.observe(THERE) is Write.ATTACH
    bench.attach_answers(CloudErrorKind.ALREADY_ATTACHED)
    assert bench.state(1002) is GrantState.ACTIVE


def test_what_somebody_gave_after_a_detach_whose_answer_was_lost_stays(bench: KeyBench) -> None:
    bench.active()
    bench.passed = HOUR
    bench.observe(THERE)
    bench.detach_answers(CloudErrorKind.SILENT)
    bench.passed += SECOND
    bench.observe(THERE)
    bench.detach_answers(CloudErrorKind.NOT_ATTACHED)
    assert bench.state() is GrantState.ENDED
    bench.passed += 2 * MINUTE
    job = bench.claim()
    if job is not None:
        assert steps.begin(bench.ledger, job, bench.at()) is None
    assert bench.jobs() == 0


def test_what_somebody_gave_after_a_lost_answer_to_a_detach_is_not_taken_for_ours(bench: KeyBench) -> None:
    bench.active()
    bench.passed = HOUR
    bench.observe(THERE)
    bench.detach_answers(CloudErrorKind.SILENT)
    bench.passed += SECOND
    bench.observe(THERE)
    bench.detach_answers(CloudErrorKind.NOT_ATTACHED)
    bench.passed += 10 * SECOND
    bench.approved(1002, ends_at=None)
    assert bench.observe(there(bench, HOUR)) is Write.ATTACH
    bench.attach_answers(CloudErrorKind.ALREADY_ATTACHED, there(bench, 7 * SECOND))
    assert bench.state(1002) is GrantState.HELD


def test_a_date_from_before_our_own_detach_says_nothing_about_whose_the_key_is_now(bench: KeyBench) -> None:
    bench.active()
    bench.passed = HOUR
    bench.observe(THERE)
    bench.detach_answers()
    bench.passed += 10 * SECOND
    bench.approved(1002, ends_at=None)
    assert bench.observe(there(bench, HOUR)) is Write.ATTACH
    bench.attach_answers(CloudErrorKind.ALREADY_ATTACHED, there(bench, HOUR))
    assert bench.state(1002) is GrantState.ACTIVE, "what is shown is what was taken away"


@pytest.mark.parametrize(
    ("ago", "state"),
    [(0, GrantState.ACTIVE), (SECOND, GrantState.HELD), (HOUR, GrantState.HELD), (None, GrantState.ACTIVE)],
    ids=["with it", "a second before", "long before", "not said"],
)
def test_what_a_first_attach_found_there_is_ours_unless_the_cloud_dates_it_before(
    bench: KeyBench, ago: int | None, state: GrantState
) -> None:
    """Something between may have sent it twice: then it is there because of us, and has to go at the end."""
    bench.approved()
    bench.observe(gone(bench))
    bench.attach_answers(CloudErrorKind.ALREADY_ATTACHED, THERE if ago is None else there(bench, ago))
    assert bench.state() is state


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize(("ago", "state"), [(4 * SECOND, GrantState.ACTIVE), (5 * SECOND, GrantState.HELD)])
def test_what_a_first_attach_found_there_is_dated_as_soon_as_reads_show_it(
    bench: KeyBench, ago: int, state: GrantState, again: bool
) -> None:
    bench.approved()
    bench.observe(gone(bench))
    bench.attach_answers(CloudErrorKind.ALREADY_ATTACHED, gone(bench))
    bench.passed += 4 * SECOND
    if again:
        assert bench.observe(gone(bench)) is Write.ATTACH
        bench.attach_answers(CloudErrorKind.ALREADY_ATTACHED, there(bench, ago))
    else:
        bench.observe(there(bench, ago))
    assert bench.state() is state


def there(bench: KeyBench, ago: int) -> Sighting:
    """Since so many milliseconds, by the cloud's clock, which is not ours."""
    return Sighting(True, at=bench.passed, since=bench.passed - ago)


def gone(bench: KeyBench) -> Sighting:
    return Sighting(False, at=bench.passed)


def test_what_somebody_removed_after_an_attach_whose_answer_was_lost_stays_removed(bench: KeyBench) -> None:
    bench.approved()
    bench.observe(GONE)
    bench.attach_answers(CloudErrorKind.SILENT)
    bench.passed += SECOND
    assert bench.observe(THERE) is None
    bench.passed += 2 * MINUTE
    assert bench.observe(GONE) is None
    bench.passed += MINUTE
    assert bench.observe(GONE) is Write.DETACH
    bench.detach_answers(CloudErrorKind.NOT_ATTACHED)
    assert bench.grant().end_cause == "removed outside"


def test_a_grant_that_is_new_just_after_a_detach_is_attached_although_reads_still_show_the_key(bench: KeyBench) -> None:
    bench.active()
    bench.passed = HOUR
    bench.observe(THERE)
    bench.detach_answers()
    bench.passed += 2 * SECOND
    bench.approved(1002, ends_at=None)
    assert bench.observe(THERE) is Write.ATTACH
    bench.attach_answers()
    assert bench.state(1002) is GrantState.ACTIVE


def test_a_revoke_needs_no_look_before_its_detach(bench: KeyBench) -> None:
    bench.active()
    bench.passed = HOUR
    job, look = bench.begin()
    assert look.blind
    assert steps.observed(bench.ledger, job, look, None, bench.at()).write is Write.DETACH


def test_a_grant_that_is_new_while_a_revoke_begins_is_looked_at_after_all(bench: KeyBench) -> None:
    bench.active()
    bench.passed = HOUR
    job, look = bench.begin()
    bench.approved(1002, ends_at=None)
    assert steps.observed(bench.ledger, job, look, None, bench.at()).write is None
    assert (bench.state(), bench.state(1002)) == (GrantState.ENDING, GrantState.PLANNED)
    bench.passed += SECOND
    assert bench.observe(THERE) is None
    assert (bench.state(), bench.state(1002)) == (GrantState.ENDED, GrantState.ACTIVE)
    assert bench.grant().remains.requests == (1002,)


def test_an_absurd_pause_that_the_cloud_asks_for_does_not_hold_up_a_revoke(bench: KeyBench) -> None:
    bench.active()
    bench.passed = HOUR
    bench.observe(THERE)
    error = CloudError(CloudErrorKind.THROTTLED, retry_after=10**9)
    steps.detached(bench.ledger, bench.job, bench.look, bench.outcome(Write.DETACH, error), bench.at())
    bench.passed += MINUTE
    assert bench.observe(THERE) is Write.DETACH


def test_what_somebody_else_gave_stays_when_a_dead_worker_is_replaced(bench: KeyBench) -> None:
    bench.approved()
    assert bench.claim() is not None
    bench.taken_back()
    bench.passed += 2 * MINUTE
    job = bench.claim()
    assert job is not None and job.taken_over
    assert steps.begin(bench.ledger, job, bench.at()) is None
    assert (bench.state(), bench.jobs()) == (GrantState.VOID, 0)


def test_whoever_takes_over_looks_again_a_minute_later(bench: KeyBench) -> None:
    bench.approved()
    bench.observe(GONE)
    bench.taken_back()
    bench.passed += 2 * MINUTE
    assert bench.observe(GONE) is Write.DETACH
    bench.detach_answers()
    assert bench.state() is GrantState.ENDED
    bench.passed += MINUTE
    assert bench.observe(THERE) is Write.DETACH
    assert bench.events().count("taken over") == 1


def test_what_is_there_a_minute_after_a_revoke_was_taken_over_was_given_by_somebody_else(bench: KeyBench) -> None:
    bench.active()
    bench.passed = HOUR
    bench.observe(THERE)
    bench.passed += 2 * MINUTE
    assert bench.observe(THERE) is Write.DETACH
    bench.detach_answers()
    bench.passed += MINUTE
    job = bench.claim()
    assert job is not None and steps.begin(bench.ledger, job, bench.at()) is None
    assert (bench.state(), bench.jobs()) == (GrantState.ENDED, 0)


def test_a_worker_that_was_replaced_records_nothing(bench: KeyBench) -> None:
    bench.approved()
    bench.observe(GONE)
    old, old_look = bench.job, bench.look
    bench.passed += 2 * MINUTE
    bench.observe(GONE)
    before = bench.events()
    with pytest.raises(LostLock):
        steps.attached(bench.ledger, old, old_look, WriteOutcome(None), bench.at(), KeyPlan(first=True))
    assert (bench.events(), bench.state()) == (before, GrantState.GRANTING)


def test_access_taken_back_while_it_is_attached_is_detached_next(bench: KeyBench) -> None:
    bench.approved()
    bench.observe(GONE)
    bench.taken_back()
    bench.attach_answers()
    assert bench.state() is GrantState.ENDING
    assert bench.observe(THERE) is Write.DETACH


def test_a_group_that_still_gives_it_is_in_the_record_of_the_end(bench: KeyBench) -> None:
    bench.active()
    bench.passed = HOUR
    bench.observe(THERE)
    bench.detach_answers(then=Sighting(False, ("engineers",)))
    with bench.ledger.read() as tx:
        ended = [entry.fields for entry in trail.entries(tx) if entry.fields["event"] == "ended"]
    assert [entry["still_via_groups"] for entry in ended] == [["engineers"]]
