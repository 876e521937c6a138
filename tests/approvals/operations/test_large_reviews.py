"""Reviews of many items: so many are gone through in one transaction, and others write between two of them; on both
engines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest

from approvals.access_review import ReviewVerdict, Stays
from approvals.errors import LostLock
from approvals.evidence import Holders
from approvals.grant import EndCause, GrantState
from approvals.ids import SlackUserId
from approvals.kinds import NoticeKind
from approvals.ledger import Tx, access_reviews, grants
from approvals.ledger.job_kinds import JobKind
from approvals.millis import HOUR
from approvals.operations.access_reviews.decide import keep, keep_harmless
from approvals.operations.access_reviews.finish import advance
from approvals.operations.access_reviews.start import end_review
from approvals.operations.access_reviews.unreviewed import AT_ONCE
from approvals.people import Person
from approvals.refusals.access_review import ReviewOver
from tests.harness.jobs import Work
from tests.harness.large_review import DUE_AT, HOLDERS, TEAM, LargeReview

MANY = 2 * AT_ONCE + 7
FEW = Holders(HOLDERS.holders[:2])
REVIEWER = Person(TEAM, SlackUserId("UADMIN0"))


@pytest.fixture
def large(work: Work) -> LargeReview:
    return LargeReview(work, MANY)


def verdicts(large: LargeReview) -> Counter[ReviewVerdict | Stays | None]:
    return Counter(item.verdict or item.stays for item in large.items())


def told(large: LargeReview) -> int:
    """Of how many ends."""
    with large.work.ledger.read() as tx:
        row = tx.row("SELECT COUNT(*) AS told FROM notices WHERE what = :what", what=NoticeKind.ACCESS_REVIEW_OVER)
    return int(row["told"]) if row else 0


def test_so_many_are_ended_in_one_transaction_and_approvers_are_told_once(large: LargeReview) -> None:
    done = [0]
    while large.turn():
        done.append(verdicts(large)[ReviewVerdict.REVOKE_UNREVIEWED])
        assert told(large) == (done[-1] == MANY)
    assert [after - before for before, after in pairwise(done)] == [AT_ONCE, AT_ONCE, MANY - 2 * AT_ONCE]
    assert large.now().closed_at == DUE_AT


def test_nobody_decides_any_more_once_the_end_has_begun(large: LargeReview) -> None:
    large.turn()
    left = next(item for item in large.items() if item.verdict is None and item.reviewer == REVIEWER.user_id)
    with pytest.raises(ReviewOver):
        keep(large.work.ledger, TEAM, left.id, REVIEWER, HOLDERS, DUE_AT)
    with pytest.raises(ReviewOver):
        keep_harmless(large.work.ledger, TEAM, large.review.id, [left.id], REVIEWER, HOLDERS, DUE_AT)


def test_what_speaks_against_it_is_judged_anew_each_time_and_what_is_done_stays_done(large: LargeReview) -> None:
    large.turn()
    large.turn(FEW)
    large.turn()
    assert verdicts(large) == {ReviewVerdict.REVOKE_UNREVIEWED: MANY - AT_ONCE, Stays.FEW_APPROVERS: AT_ONCE}


def test_while_the_cloud_does_not_say_who_may_approve_the_rest_waits(large: LargeReview) -> None:
    large.turn()
    large.turn(None)
    assert verdicts(large) == {ReviewVerdict.REVOKE_UNREVIEWED: AT_ONCE, None: MANY - AT_ONCE}
    assert large.job() is None
    job = large.work.claimed(now=DUE_AT + HOUR, kinds=(JobKind.ACCESS_REVIEW,))
    advance(large.work.ledger, job, TEAM, HOLDERS, None, DUE_AT + HOUR, implied_by={})
    assert verdicts(large)[ReviewVerdict.REVOKE_UNREVIEWED] == 2 * AT_ONCE


def test_a_worker_whose_lock_is_lost_between_two_transactions_ends_nothing_more(large: LargeReview) -> None:
    stale = large.job()
    assert stale is not None
    advance(large.work.ledger, stale, TEAM, HOLDERS, None, DUE_AT, implied_by={})
    with pytest.raises(LostLock):
        advance(large.work.ledger, stale, TEAM, HOLDERS, None, DUE_AT, implied_by={})
    assert verdicts(large)[ReviewVerdict.REVOKE_UNREVIEWED] == AT_ONCE


def test_what_is_ended_early_is_left_in_as_many_transactions_and_by_a_bot_where_that_was_interrupted(
    large: LargeReview, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger, write = large.work.ledger, large.work.ledger.write
    begun = 0

    @contextmanager
    def once() -> Iterator[Tx]:
        nonlocal begun
        begun += 1
        if begun > 1:
            raise KeyboardInterrupt
        with write() as tx:
            yield tx

    with monkeypatch.context() as interrupted, pytest.raises(KeyboardInterrupt):
        interrupted.setattr(ledger, "write", once)
        end_review(ledger, "alice", DUE_AT)
    assert verdicts(large) == {Stays.ENDED_EARLY: AT_ONCE, None: MANY - AT_ONCE}
    while large.turn():
        pass
    assert verdicts(large) == {Stays.ENDED_EARLY: MANY} and told(large) == 1
    assert (large.now().closed_at, large.now().ended_by) == (DUE_AT, "alice")


def test_it_is_ended_early_by_the_command_alone(large: LargeReview) -> None:
    end_review(large.work.ledger, "alice", DUE_AT)
    assert verdicts(large) == {Stays.ENDED_EARLY: MANY} and told(large) == 1
    assert large.turn() and told(large) == 1 and not large.turn()


def test_one_that_is_being_ended_as_its_time_is_up_is_not_ended_early(large: LargeReview) -> None:
    large.turn()
    with pytest.raises(ReviewOver):
        end_review(large.work.ledger, "alice", DUE_AT)


def test_of_what_an_approver_kept_no_other_part_ends_whichever_transaction_that_is_in(work: Work) -> None:
    large = LargeReview(work, MANY, two_of=AT_ONCE - 1)
    data, engine = large.items()[AT_ONCE - 1 : AT_ONCE + 1]
    with work.ledger.write() as tx:
        access_reviews.say(tx, engine, ReviewVerdict.KEEP, REVIEWER.user_id, DUE_AT)
    large.turn()
    assert large.items()[AT_ONCE - 1].stays is Stays.BOUND and data.access.requests == engine.access.requests
    while large.turn():
        pass
    assert verdicts(large)[ReviewVerdict.REVOKE_UNREVIEWED] == MANY - 1


def test_what_stays_ends_with_no_other_part_when_what_spoke_against_all_is_over(work: Work) -> None:
    large = LargeReview(work, MANY, two_of=AT_ONCE - 1)
    large.turn(FEW)
    while large.turn():
        pass
    data, engine = large.items()[AT_ONCE - 1 : AT_ONCE + 1]
    assert (data.stays, engine.stays) == (Stays.FEW_APPROVERS, Stays.BOUND)
    with work.ledger.read() as tx:
        assert {grant.state for grant in grants.of_request(tx, *data.access.requests)} == {GrantState.ACTIVE}


@pytest.mark.parametrize("is_gone", [True, False], ids=["gone by then", "under way"])
@pytest.mark.parametrize("then", [HOLDERS, FEW], ids=["three approvers", "two by then"])
def test_what_ended_with_another_part_in_the_transaction_before_is_said_to_be_revoked(
    work: Work, is_gone: bool, then: Holders
) -> None:
    large = LargeReview(work, MANY, two_of=AT_ONCE - 1)
    large.turn()
    engine = large.items()[AT_ONCE]
    with work.ledger.write() as tx:
        ending = grants.of_request(tx, *engine.access.requests)
        assert {grant.state for grant in ending} == {GrantState.ENDING}
        for grant in ending if is_gone else ():
            grants.move(tx, grant, GrantState.ENDED)
    large.turn(then)
    after = large.items()[AT_ONCE]
    assert (after.id, after.verdict) == (engine.id, ReviewVerdict.REVOKE_UNREVIEWED)


@pytest.mark.parametrize("is_gone", [True, False], ids=["gone by then", "under way"])
def test_what_somebody_gave_back_before_the_end_is_not_said_to_be_revoked(work: Work, is_gone: bool) -> None:
    large = LargeReview(work, 1)
    with work.ledger.write() as tx:
        [given] = grants.of_request(tx, 1001)
        grants.move(tx, given, GrantState.ENDING, end_cause=EndCause.GIVEN_BACK)
        for ending in grants.of_request(tx, 1001) if is_gone else ():
            grants.move(tx, ending, GrantState.ENDED)
    large.turn()
    assert verdicts(large) == {ReviewVerdict.GONE: 1}
