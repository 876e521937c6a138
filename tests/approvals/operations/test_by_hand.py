"""Somebody's word and what was recorded just before it, in whichever order they come, on both engines."""

from __future__ import annotations

import pytest

from approvals.by_hand import ByHand
from approvals.entitlements import Key, manual
from approvals.errors import CloudErrorKind, Refusal
from approvals.evidence import Holders
from approvals.grant import EndCause, GrantState
from approvals.ids import SlackUserId
from approvals.kinds import NoticeKind
from approvals.ledger import Tx, grants, jobs, notices, open_grants
from approvals.millis import DAY, HOUR, DomainMillis
from approvals.notice import Notice
from approvals.operations.by_hand import Done, task_done
from approvals.operations.revoke import end_in
from approvals.outbox import enqueue
from approvals.people import Person
from approvals.queries.by_hand import word_on
from approvals.reconcile.by_hand import bring_in_line
from approvals.refusals.decision import NotDoer, OwnTask
from approvals.refusals.message import NoticeResolved, UnknownNotice
from tests.harness.builders import CAROL, KEY, NOW, approve
from tests.harness.jobs import Work

TEAM = "T1"
GRAFANA = manual("grafana-admin")
HAND_KEY = Key(CAROL.user_id, GRAFANA)
ERIN, FRANK = SlackUserId("UERIN"), SlackUserId("UFRANK")
ITEMS = {GRAFANA: ByHand("Grafana admin", ("Open it",), ("Close it",), (ERIN, FRANK))}
GIVE, TAKE = NoticeKind.GIVE_BY_HAND, NoticeKind.TAKE_BY_HAND


def runs(work: Work, now: DomainMillis = NOW) -> None:
    """The key's job, as the worker performs it."""
    bring_in_line(work.ledger, work.claimed(now=now), HAND_KEY, ITEMS, now)


def approved(work: Work, number: int = 1001, ends_at: DomainMillis | None = NOW + HOUR) -> None:
    with work.ledger.write() as tx:
        approve(tx, number, entitlement=GRAFANA, ends_at=ends_at)


def waiting(work: Work, kind: NoticeKind) -> Notice:
    with work.ledger.read() as tx:
        found = notices.open_about(tx, kind, str(HAND_KEY))
    assert found is not None
    return found


def says(work: Work, task: Notice, who: SlackUserId = ERIN, now: DomainMillis = NOW) -> Done:
    return task_done(work.ledger, ITEMS, TEAM, task.id, Person(TEAM, who), Holders(), now)


def states(work: Work) -> list[GrantState]:
    with work.ledger.read() as tx:
        rows = tx.rows("SELECT id FROM grants ORDER BY id")
        return [grant.state for row in rows if (grant := grants.get(tx, row["id"]))]


def ends(tx: Tx) -> None:
    end_in(tx, open_grants.on_key(tx, HAND_KEY), NOW, EndCause.TAKEN_BACK)


def told(work: Work) -> set[str]:
    """Whom messages of tasks are on their way to; empty is the approvers."""
    return {each.rpartition(":")[2] for each in work.left() if each.startswith("notice:")}


def test_all_who_are_named_are_told_and_one_of_them_says_it(work: Work) -> None:
    approved(work)
    runs(work)
    assert told(work) == {ERIN, FRANK}
    task = waiting(work, GIVE)
    assert says(work, task, FRANK) is Done.GIVEN and states(work) == [GrantState.ACTIVE]
    with work.ledger.read() as tx:
        [grant] = open_grants.on_key(tx, HAND_KEY)
        assert word_on(tx, grant).given_by == FRANK
    with pytest.raises(NoticeResolved):
        says(work, task, ERIN)


def test_given_although_it_was_taken_back_a_moment_before_is_to_be_taken_away(work: Work) -> None:
    approved(work)
    runs(work)
    with work.ledger.write() as tx:
        ends(tx)
    assert says(work, waiting(work, GIVE)) is Done.GIVEN_TOO_LATE
    runs(work)
    assert states(work) == [GrantState.ENDING]
    assert says(work, waiting(work, TAKE)) is Done.TAKEN and states(work) == [GrantState.ENDED]
    runs(work)
    assert enqueue.reconcile_id(HAND_KEY) not in work.left()


def test_what_is_asked_for_a_moment_before_it_is_given_has_it_too(work: Work) -> None:
    approved(work)
    runs(work)
    approved(work, 1002)
    says(work, waiting(work, GIVE))
    assert states(work) == [GrantState.ACTIVE, GrantState.ACTIVE]


def test_what_is_asked_for_a_moment_before_it_is_taken_is_given_anew(work: Work) -> None:
    approved(work)
    runs(work)
    says(work, waiting(work, GIVE))
    with work.ledger.write() as tx:
        ends(tx)
    runs(work)
    approved(work, 1002)
    says(work, waiting(work, TAKE))
    assert states(work) == [GrantState.ENDED, GrantState.PLANNED]
    runs(work)
    assert waiting(work, GIVE) and states(work) == [GrantState.ENDED, GrantState.GRANTING]


def test_what_was_never_asked_of_anybody_is_void_and_nobody_is_bothered(work: Work) -> None:
    approved(work)
    with work.ledger.write() as tx:
        ends(tx)
    runs(work)
    assert states(work) == [GrantState.VOID] and told(work) == set()
    assert enqueue.reconcile_id(HAND_KEY) not in work.left()


def test_the_job_comes_again_for_each_reminder_and_for_the_deadline(work: Work) -> None:
    approved(work, ends_at=NOW + 3 * HOUR)

    def due() -> int:
        with work.ledger.read() as tx:
            row = tx.row("SELECT due_at FROM jobs WHERE id = :id", id=enqueue.reconcile_id(HAND_KEY))
        return row["due_at"] - NOW if row else -1

    def said(now: int) -> set[str]:
        """Whom it is told at that moment."""
        messages = [each for each in work.left() if each.startswith("notice:")]
        with work.ledger.write() as tx:
            for each in messages:
                jobs.drop(tx, each)
        runs(work, NOW + now)
        return told(work)

    runs(work)
    assert due() == HOUR
    assert said(HOUR) == {ERIN, FRANK} and due() == 3 * HOUR
    assert said(3 * HOUR) == {ERIN, FRANK} and waiting(work, TAKE) and due() == 4 * HOUR
    assert said(4 * HOUR) == {ERIN, FRANK} and due() == 27 * HOUR
    assert said(27 * HOUR) == {ERIN, FRANK, ""} and due() == 51 * HOUR
    with work.ledger.write() as tx:
        enqueue.reconcile(tx, HAND_KEY, NOW, 10)
    assert said(28 * HOUR) == set(), "it was said a while ago"


def test_what_a_program_noted_that_does_not_know_such_a_kind_is_forgotten(work: Work) -> None:
    approved(work)
    with work.ledger.write() as tx:
        [grant] = open_grants.on_key(tx, HAND_KEY)
        grants.move(tx, grant, GrantState.PLANNED, trouble=CloudErrorKind.REFUSED.value)
    runs(work)
    with work.ledger.read() as tx:
        [grant] = open_grants.on_key(tx, HAND_KEY)
    assert grant.state is GrantState.GRANTING and grant.error_kind is None


@pytest.mark.parametrize(
    ("who", "after", "why"),
    [("U1", 0, OwnTask), ("U9", 0, NotDoer), ("U1", DAY, OwnTask)],
)
def test_nobody_else_says_it(work: Work, who: str, after: int, why: type[Refusal]) -> None:
    approved(work, ends_at=None)
    runs(work)
    with pytest.raises(why):
        says(work, waiting(work, GIVE), SlackUserId(who), NOW + after)
    assert states(work) == [GrantState.GRANTING]


def test_a_notice_that_is_no_task_is_none(work: Work) -> None:
    with work.ledger.write() as tx:
        notices.add(tx, Notice("f" * 32, NoticeKind.LEAVER, str(KEY), {}, None, NOW))
    with pytest.raises(UnknownNotice):
        task_done(work.ledger, ITEMS, TEAM, "f" * 32, Person(TEAM, ERIN), Holders(), NOW)
