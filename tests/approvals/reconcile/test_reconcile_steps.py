"""What is recorded around the calls to the cloud, and when a key is looked at next: each test gives the moments."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from approvals.errors import CloudError, CloudErrorKind, LostLock
from approvals.ledger import trail
from approvals.model import HOUR, MINUTE, SECOND, GrantState
from approvals.ports import Sighting
from approvals.reconcile import steps
from approvals.reconcile.plan import KeyPlan, Write
from approvals.reconcile.writes import WriteOutcome
from tests.harness.builders import NOW
from tests.harness.one_key import GONE, THERE, Desk


@pytest.fixture
def desk(address: str) -> Iterator[Desk]:
    made = Desk(address)
    yield made
    made.ledger.close()


def test_an_active_grant_is_due_again_at_its_deadline_and_not_before(desk: Desk) -> None:
    desk.active()
    desk.passed = HOUR - 1
    assert desk.claim() is None
    desk.passed = HOUR
    assert desk.sees(THERE) is Write.DETACH


def test_a_key_removed_by_hand_is_over_after_two_looks_a_minute_apart(desk: Desk) -> None:
    desk.active()
    desk.looked_at()
    assert desk.sees(GONE) is None
    assert desk.state() is GrantState.ACTIVE
    desk.passed += MINUTE - 1
    assert desk.claim() is None
    desk.passed += 1
    assert desk.sees(GONE) is Write.DETACH
    desk.detach_answers(CloudErrorKind.NOT_ATTACHED)
    assert (desk.state(), desk.grant().end_cause) == (GrantState.ENDED, "removed outside")
    assert desk.jobs() == 0


def test_a_key_that_one_look_missed_is_not_over(desk: Desk) -> None:
    desk.active()
    desk.looked_at()
    desk.sees(GONE)
    desk.passed += MINUTE
    assert desk.sees(THERE) is None
    desk.passed += MINUTE
    desk.looked_at()
    assert desk.sees(GONE) is None
    assert desk.state() is GrantState.ACTIVE


def test_a_key_removed_by_hand_is_not_attached_again_because_ram_was_silent_meanwhile(desk: Desk) -> None:
    desk.active()
    desk.looked_at()
    job, look = desk.begin()
    steps.unseen(desk.ledger, job, look, CloudError(CloudErrorKind.SILENT), desk.at())
    for _ in range(5):
        desk.passed += 30 * SECOND
        desk.looked_at()
        if desk.state() is GrantState.ACTIVE and desk.sees(GONE) is Write.DETACH:
            desk.detach_answers(CloudErrorKind.NOT_ATTACHED)
    assert desk.state() is GrantState.ENDED


def test_a_key_that_reads_kept_missing_is_taken_away_and_not_left_behind(desk: Desk) -> None:
    desk.active()
    desk.looked_at()
    desk.sees(GONE)
    desk.passed += MINUTE
    assert desk.sees(GONE) is Write.DETACH
    desk.detach_answers(then=GONE)
    assert (desk.state(), desk.grant().detached) == (GrantState.ENDED, True)


def test_the_deadline_is_not_kept_waiting_by_a_failed_attempt_before_it(desk: Desk) -> None:
    desk.approved(ends_at=NOW + 10 * MINUTE)
    desk.sees(GONE)
    desk.attach_answers(CloudErrorKind.SILENT)
    while desk.passed < 10 * MINUTE - 2 * SECOND:
        desk.passed += SECOND
        job = desk.claim()
        if job is not None:
            look = steps.begin(desk.ledger, job, desk.at())
            assert look is not None
            steps.unseen(desk.ledger, job, look, CloudError(CloudErrorKind.SILENT), desk.at())
    desk.passed = 10 * MINUTE
    assert desk.sees(THERE) is Write.DETACH


def test_a_failing_revoke_is_not_tried_without_a_pause(desk: Desk) -> None:
    desk.active()
    desk.passed = 2 * HOUR
    assert desk.sees(THERE) is Write.DETACH
    desk.detach_answers(CloudErrorKind.REFUSED)
    assert desk.claim() is None


@pytest.mark.parametrize(
    "trouble", [CloudErrorKind.THROTTLED, CloudErrorKind.NO_PERMISSION, CloudErrorKind.REFUSED, CloudErrorKind.SILENT]
)
def test_a_late_attach_is_undone_however_often_that_is_refused(desk: Desk, trouble: CloudErrorKind) -> None:
    desk.approved()
    desk.sees(GONE)
    desk.taken_back()
    desk.attach_answers(CloudErrorKind.SILENT)
    assert desk.sees(GONE) is Write.DETACH
    desk.detach_answers(CloudErrorKind.NOT_ATTACHED)
    assert desk.state() is GrantState.ENDED
    for _ in range(3):
        desk.passed += 2 * MINUTE
        assert desk.sees(THERE) is Write.DETACH
        desk.detach_answers(trouble)
    desk.passed += 2 * MINUTE
    assert desk.sees(THERE) is Write.DETACH
    desk.detach_answers()
    desk.passed += 2 * MINUTE
    assert desk.claim() is None
    assert "late write undone" in desk.events()


def test_a_late_attach_for_a_grant_that_ram_refused_since_is_undone(desk: Desk) -> None:
    desk.approved()
    desk.sees(GONE)
    desk.attach_answers(CloudErrorKind.SILENT)
    desk.passed += SECOND
    assert desk.sees(GONE) is Write.ATTACH
    desk.attach_answers(CloudErrorKind.LIMIT)
    desk.passed += SECOND
    assert desk.sees(GONE) is Write.DETACH
    desk.detach_answers(CloudErrorKind.NOT_ATTACHED)
    assert desk.state() is GrantState.FAILED
    desk.passed += 2 * MINUTE
    assert desk.sees(THERE) is Write.DETACH


def test_access_that_a_late_attach_left_is_not_taken_for_somebody_elses(desk: Desk) -> None:
    desk.approved()
    desk.sees(GONE)
    desk.taken_back()
    desk.attach_answers(CloudErrorKind.SILENT)
    desk.sees(GONE)
    desk.detach_answers(CloudErrorKind.NOT_ATTACHED)
    desk.passed += 20 * SECOND
    desk.approved(1002)
    assert desk.sees(THERE) is Write.ATTACH
    desk.attach_answers(CloudErrorKind.ALREADY_ATTACHED)
    assert desk.state(1002) is GrantState.ACTIVE


def test_what_somebody_gave_after_a_detach_whose_answer_was_lost_stays(desk: Desk) -> None:
    desk.active()
    desk.passed = HOUR
    desk.sees(THERE)
    desk.detach_answers(CloudErrorKind.SILENT)
    desk.passed += SECOND
    desk.sees(THERE)
    desk.detach_answers(CloudErrorKind.NOT_ATTACHED)
    assert desk.state() is GrantState.ENDED
    desk.passed += 2 * MINUTE
    job = desk.claim()
    if job is not None:
        assert steps.begin(desk.ledger, job, desk.at()) is None
    assert desk.jobs() == 0


def test_what_somebody_gave_after_a_lost_answer_to_a_detach_is_not_taken_for_ours(desk: Desk) -> None:
    desk.active()
    desk.passed = HOUR
    desk.sees(THERE)
    desk.detach_answers(CloudErrorKind.SILENT)
    desk.passed += SECOND
    desk.sees(THERE)
    desk.detach_answers(CloudErrorKind.NOT_ATTACHED)
    desk.passed += 10 * SECOND
    desk.approved(1002, ends_at=None)
    assert desk.sees(there(desk, HOUR)) is Write.ATTACH
    desk.attach_answers(CloudErrorKind.ALREADY_ATTACHED, there(desk, 7 * SECOND))
    assert desk.state(1002) is GrantState.HELD


def test_a_date_from_before_our_own_detach_says_nothing_about_whose_the_key_is_now(desk: Desk) -> None:
    desk.active()
    desk.passed = HOUR
    desk.sees(THERE)
    desk.detach_answers()
    desk.passed += 10 * SECOND
    desk.approved(1002, ends_at=None)
    assert desk.sees(there(desk, HOUR)) is Write.ATTACH
    desk.attach_answers(CloudErrorKind.ALREADY_ATTACHED, there(desk, HOUR))
    assert desk.state(1002) is GrantState.ACTIVE, "what is shown is what was taken away"


@pytest.mark.parametrize(
    ("ago", "state"),
    [(0, GrantState.ACTIVE), (SECOND, GrantState.HELD), (HOUR, GrantState.HELD), (None, GrantState.ACTIVE)],
    ids=["with it", "a second before", "long before", "not said"],
)
def test_what_a_first_attach_found_there_is_ours_unless_the_cloud_dates_it_before(
    desk: Desk, ago: int | None, state: GrantState
) -> None:
    """Something between may have sent it twice: then it is there because of us, and has to go at the end."""
    desk.approved()
    desk.sees(gone(desk))
    desk.attach_answers(CloudErrorKind.ALREADY_ATTACHED, THERE if ago is None else there(desk, ago))
    assert desk.state() is state


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize(("ago", "state"), [(4 * SECOND, GrantState.ACTIVE), (5 * SECOND, GrantState.HELD)])
def test_what_a_first_attach_found_there_is_dated_as_soon_as_reads_show_it(
    desk: Desk, ago: int, state: GrantState, again: bool
) -> None:
    desk.approved()
    desk.sees(gone(desk))
    desk.attach_answers(CloudErrorKind.ALREADY_ATTACHED, gone(desk))
    desk.passed += 4 * SECOND
    if again:
        assert desk.sees(gone(desk)) is Write.ATTACH
        desk.attach_answers(CloudErrorKind.ALREADY_ATTACHED, there(desk, ago))
    else:
        desk.sees(there(desk, ago))
    assert desk.state() is state


def there(desk: Desk, ago: int) -> Sighting:
    """Since so many milliseconds, by the cloud's clock, which is not ours."""
    return Sighting(True, at=desk.passed, since=desk.passed - ago)


def gone(desk: Desk) -> Sighting:
    return Sighting(False, at=desk.passed)


def test_what_somebody_removed_after_an_attach_whose_answer_was_lost_stays_removed(desk: Desk) -> None:
    desk.approved()
    desk.sees(GONE)
    desk.attach_answers(CloudErrorKind.SILENT)
    desk.passed += SECOND
    assert desk.sees(THERE) is None
    desk.passed += 2 * MINUTE
    assert desk.sees(GONE) is None
    desk.passed += MINUTE
    assert desk.sees(GONE) is Write.DETACH
    desk.detach_answers(CloudErrorKind.NOT_ATTACHED)
    assert desk.grant().end_cause == "removed outside"


def test_a_grant_that_is_new_just_after_a_detach_is_attached_although_reads_still_show_the_key(desk: Desk) -> None:
    desk.active()
    desk.passed = HOUR
    desk.sees(THERE)
    desk.detach_answers()
    desk.passed += 2 * SECOND
    desk.approved(1002, ends_at=None)
    assert desk.sees(THERE) is Write.ATTACH
    desk.attach_answers()
    assert desk.state(1002) is GrantState.ACTIVE


def test_a_revoke_needs_no_look_before_its_detach(desk: Desk) -> None:
    desk.active()
    desk.passed = HOUR
    job, look = desk.begin()
    assert look.blind
    assert steps.saw(desk.ledger, job, look, None, desk.at()).write is Write.DETACH


def test_a_grant_that_is_new_while_a_revoke_begins_is_looked_at_after_all(desk: Desk) -> None:
    desk.active()
    desk.passed = HOUR
    job, look = desk.begin()
    desk.approved(1002, ends_at=None)
    assert steps.saw(desk.ledger, job, look, None, desk.at()).write is None
    assert (desk.state(), desk.state(1002)) == (GrantState.ENDING, GrantState.PLANNED)
    desk.passed += SECOND
    assert desk.sees(THERE) is None
    assert (desk.state(), desk.state(1002)) == (GrantState.ENDED, GrantState.ACTIVE)
    assert desk.grant().remains.requests == (1002,)


def test_an_absurd_pause_that_the_cloud_asks_for_does_not_hold_up_a_revoke(desk: Desk) -> None:
    desk.active()
    desk.passed = HOUR
    desk.sees(THERE)
    error = CloudError(CloudErrorKind.THROTTLED, retry_after=10**9)
    steps.detached(desk.ledger, desk.job, desk.look, desk.outcome(Write.DETACH, error), desk.at())
    desk.passed += MINUTE
    assert desk.sees(THERE) is Write.DETACH


def test_what_somebody_else_gave_stays_when_a_dead_worker_is_replaced(desk: Desk) -> None:
    desk.approved()
    assert desk.claim() is not None
    desk.taken_back()
    desk.passed += 2 * MINUTE
    job = desk.claim()
    assert job is not None and job.taken_over
    assert steps.begin(desk.ledger, job, desk.at()) is None
    assert (desk.state(), desk.jobs()) == (GrantState.VOID, 0)


def test_whoever_takes_over_looks_again_a_minute_later(desk: Desk) -> None:
    desk.approved()
    desk.sees(GONE)
    desk.taken_back()
    desk.passed += 2 * MINUTE
    assert desk.sees(GONE) is Write.DETACH
    desk.detach_answers()
    assert desk.state() is GrantState.ENDED
    desk.passed += MINUTE
    assert desk.sees(THERE) is Write.DETACH
    assert desk.events().count("taken over") == 1


def test_what_is_there_a_minute_after_a_revoke_was_taken_over_was_given_by_somebody_else(desk: Desk) -> None:
    desk.active()
    desk.passed = HOUR
    desk.sees(THERE)
    desk.passed += 2 * MINUTE
    assert desk.sees(THERE) is Write.DETACH
    desk.detach_answers()
    desk.passed += MINUTE
    job = desk.claim()
    assert job is not None and steps.begin(desk.ledger, job, desk.at()) is None
    assert (desk.state(), desk.jobs()) == (GrantState.ENDED, 0)


def test_a_worker_that_was_replaced_records_nothing(desk: Desk) -> None:
    desk.approved()
    desk.sees(GONE)
    old, old_look = desk.job, desk.look
    desk.passed += 2 * MINUTE
    desk.sees(GONE)
    before = desk.events()
    with pytest.raises(LostLock):
        steps.attached(desk.ledger, old, old_look, WriteOutcome(None), desk.at(), KeyPlan(first=True))
    assert (desk.events(), desk.state()) == (before, GrantState.GRANTING)


def test_access_taken_back_while_it_is_attached_is_detached_next(desk: Desk) -> None:
    desk.approved()
    desk.sees(GONE)
    desk.taken_back()
    desk.attach_answers()
    assert desk.state() is GrantState.ENDING
    assert desk.sees(THERE) is Write.DETACH


def test_a_group_that_still_gives_it_is_in_the_record_of_the_end(desk: Desk) -> None:
    desk.active()
    desk.passed = HOUR
    desk.sees(THERE)
    desk.detach_answers(then=Sighting(False, ("engineers",)))
    with desk.ledger.read() as tx:
        ended = [entry.fields for entry in trail.entries(tx) if entry.fields["event"] == "ended"]
    assert [entry["still_via_groups"] for entry in ended] == [["engineers"]]
