"""When an anchor of the trail is due, and that each is sent as it was made until it is taken."""

from __future__ import annotations

from approvals.anchor import Anchor, AnchorTarget
from approvals.audit_events import AuditEvent
from approvals.ledger import identity, trail
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import DAY, MINUTE, DomainMillis
from approvals.operations import anchors
from tests.harness.builders import NOW
from tests.harness.jobs import Work

WEBHOOK = AnchorTarget.WEBHOOK


def written(work: Work, entries: int) -> None:
    with work.ledger.write() as tx:
        for _ in range(entries):
            trail.append_event(tx, NOW, AuditEvent.SETUP_CHANGED, what="settings")


def wanted(work: Work) -> None:
    anchors.schedule(work.ledger, NOW, webhook=True, channel=None)


def look(work: Work, now: DomainMillis = NOW) -> tuple[Job, Anchor | None]:
    job = work.claimed(now=now, kinds=(JobKind.ANCHOR,))
    return job, anchors.next_anchor(work.ledger, job, WEBHOOK, now)


def sent(work: Work, now: DomainMillis = NOW) -> int | None:
    """The number of the entry of which it told; None where nothing was due."""
    job, anchor = look(work, now)
    if anchor is not None:
        anchors.record_sent(work.ledger, job, anchor, now)
    return anchor and anchor.seq


def test_one_is_due_every_day_and_when_another_thousand_entries_are_full(work: Work) -> None:
    written(work, 7)
    wanted(work)
    assert sent(work) == 7
    assert sent(work) is None
    written(work, 990)
    assert sent(work, NOW + 5 * MINUTE) is None
    written(work, 5)
    assert sent(work, NOW + 10 * MINUTE) == 1_002
    assert sent(work, NOW + 10 * MINUTE) is None
    assert sent(work, NOW + DAY) is None
    assert sent(work, NOW + DAY + 10 * MINUTE) == 1_002, "also when nothing was written: it was looked at"


def test_what_was_not_taken_is_the_same_the_next_time_and_the_newest_follows_at_once(work: Work) -> None:
    written(work, 7)
    wanted(work)
    job, first = look(work)
    assert first is not None and (first.number, first.seq) == (1, 7)
    written(work, 5_000)
    work.again(job)
    week = NOW + 7 * DAY
    job, again = look(work, week)
    assert again == first
    anchors.record_sent(work.ledger, job, first, week)
    _, newest = look(work, week)
    assert newest is not None and (newest.number, newest.seq) == (2, 5_007)


def test_it_says_which_ledger_and_account_it_is_of(work: Work) -> None:
    written(work, 1)
    with work.ledger.write() as tx:
        identity.put(tx, identity.ACCOUNT, "1234567890123456")
        head = trail.last(tx)
        ledger = identity.ledger_id(tx)
    wanted(work)
    _, anchor = look(work)
    assert anchor and head and (anchor.hash, anchor.at) == (head.hash, head.at)
    assert (anchor.ledger, anchor.account) == (ledger or "", "1234567890123456")


def test_nothing_is_written_to_the_trail_of_it(work: Work) -> None:
    written(work, 3)
    wanted(work)
    assert sent(work) == 3
    with work.ledger.read() as tx:
        assert trail.length(tx) == 3


def test_a_clock_that_was_set_back_by_days_holds_no_anchor_up(work: Work) -> None:
    written(work, 3)
    wanted(work)
    assert sent(work, NOW + 9 * DAY) == 3
    work.put(JobKind.ANCHOR, JobKind.ANCHOR, NOW)
    assert sent(work, NOW) == 3


def test_where_nobody_wants_them_any_more_nothing_is_due(work: Work) -> None:
    written(work, 3)
    wanted(work)
    anchors.schedule(work.ledger, NOW, webhook=False, channel="C1")
    assert work.left() == [JobKind.ANCHOR_POST]
