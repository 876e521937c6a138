"""What a ledger cannot know of: from when, until when, and that neither clock of the two has to be right for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from approvals.audit_events import AuditEvent
from approvals.catalog.load import load_catalog
from approvals.drift import Acceptance, DriftKind, DriftRow
from approvals.entitlements import ADMIN_POLICY, policy
from approvals.errors import CloudErrorKind
from approvals.evidence import Held, Survey, UnreadSource
from approvals.grant import GrantState
from approvals.ids import RamUserId, SlackUserId
from approvals.kinds import NoticeKind
from approvals.ledger import Ledger, drift_rows, due_jobs, grants, identity, notices, open_ledger, replicas, trail
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.replicas import Replica
from approvals.millis import DAY, HOUR, MINUTE, SECOND, DomainMillis
from approvals.operations import origin
from approvals.people import Principal
from tests.harness.builders import CAROL, ENGINE, KEY, NOW, REAL, approve

CATALOG = load_catalog(None)
STARTED = NOW + HOUR


@pytest.fixture
def ledger(address: str) -> Iterator[Ledger]:
    """On each engine; its last entry is of NOW."""
    opened = open_ledger(address)
    with opened.write() as tx:
        trail.append_event(tx, NOW, AuditEvent.ASKED, request_id=1001)
    yield opened
    opened.close()


def look(ledger: Ledger, *held: Held, at: int = STARTED, unread: tuple[UnreadSource, ...] = ()) -> list[str]:
    """What is asked about after a look; the keys."""
    with ledger.write() as tx:
        job = due_jobs.claim(tx, [JobKind.ORIGIN], now=DomainMillis(at + HOUR), real=REAL, token="t", slot={})
    assert job is not None
    origin.record_survey(ledger, CATALOG, job, (), Survey(held, unread), DomainMillis(at), {})
    with ledger.read() as tx:
        return [notice.about for notice in notices.open_of(tx, NoticeKind.UNKNOWN_ORIGIN)]


def attached(at: int, read: int = STARTED) -> Held:
    """By RAM's clock, of which nothing is known but how long ago it was."""
    return Held(CAROL, ENGINE, age=read - at)


@pytest.mark.parametrize(
    ("at", "asked"),
    {
        NOW - MINUTE: False,
        NOW - SECOND: False,
        NOW - SECOND + 1: True,
        NOW + MINUTE: True,
        STARTED: True,
        STARTED + SECOND: False,
    }.items(),
)
def test_what_was_attached_after_the_last_entry_and_before_the_start_is_asked_about(
    ledger: Ledger, at: int, asked: bool
) -> None:
    origin.schedule(ledger, STARTED, REAL)
    assert look(ledger, attached(at, STARTED + MINUTE), at=STARTED + MINUTE) == ([str(KEY)] if asked else [])


def test_what_comes_through_a_group_or_is_no_business_of_the_catalogues_is_not(ledger: Ledger) -> None:
    origin.schedule(ledger, STARTED, REAL)
    through = Held(CAROL, ENGINE, via_group="team")
    assert look(ledger, through, Held(CAROL, policy("AliyunOSSFullAccess"), age=MINUTE)) == []


@pytest.mark.parametrize(("at", "asked"), [(NOW - HOUR, False), (NOW + 30 * SECOND, True)])
def test_what_was_attached_since_a_grant_on_it_ended_is_not_taken_for_what_reads_still_show(
    ledger: Ledger, at: int, asked: bool
) -> None:
    """It ended a minute before the backup, was given again half a minute after, and the loss came at once."""
    with ledger.write() as tx:
        approve(tx, 1002, now=DomainMillis(NOW - HOUR), ends_at=DomainMillis(NOW - MINUTE))
        for grant in grants.of_request(tx, 1002):
            grants.move(tx, grant, GrantState.ENDED, ended_at=NOW - MINUTE)
        held = Held(grant.principal, grant.entitlement, age=NOW + 2 * MINUTE - at)
    origin.schedule(ledger, NOW + 2 * MINUTE, REAL)
    assert look(ledger, held, at=NOW + 2 * MINUTE) == ([str(grant.key)] if asked else [])


def test_a_program_that_worked_until_a_moment_knows_of_everything_until_then(ledger: Ledger) -> None:
    origin.record_stop(ledger, NOW + 30 * MINUTE)
    origin.schedule(ledger, STARTED, REAL)
    assert look(ledger, attached(NOW + 20 * MINUTE)) == []
    origin.schedule(ledger, STARTED, REAL)
    assert look(ledger, attached(NOW + 40 * MINUTE)) == [str(KEY)]


def test_where_another_program_works_all_the_while_nothing_is_unknown(ledger: Ledger) -> None:
    with ledger.write() as tx:
        replicas.beat(tx, Replica("r", REAL - HOUR, REAL - SECOND, 1))
    origin.schedule(ledger, STARTED, REAL)
    assert look(ledger, attached(NOW + MINUTE)) == []


def test_a_clock_that_was_ahead_when_it_was_written_hides_nothing_that_comes_after_the_start(ledger: Ledger) -> None:
    with ledger.write() as tx:
        identity.put(tx, identity.WORKED_UNTIL, str(STARTED + HOUR))
        identity.put(tx, identity.RESTORED_UNTIL, str(NOW))
    origin.schedule(ledger, STARTED, REAL)
    assert look(ledger, attached(NOW + MINUTE)) == [str(KEY)]


def test_a_look_that_did_not_see_everything_is_made_again_for_all_of_the_time(ledger: Ledger) -> None:
    origin.schedule(ledger, STARTED, REAL)
    silent = UnreadSource("policy", ENGINE.name, CloudErrorKind.SILENT)
    assert look(ledger, unread=(silent,)) == []
    origin.schedule(ledger, STARTED + MINUTE, REAL)
    assert look(ledger, attached(NOW + MINUTE)) == [str(KEY)]


def test_a_ledger_in_which_nothing_was_recorded_asks_about_nothing(address: str) -> None:
    opened = open_ledger(address)
    origin.schedule(opened, STARTED, REAL)
    assert look(opened, attached(STARTED - MINUTE)) == []
    opened.close()


def test_of_many_twenty_are_asked_about_and_the_rest_is_told_in_one_message(ledger: Ledger) -> None:
    origin.schedule(ledger, STARTED, REAL)
    held, later = _people(50), STARTED + MINUTE
    assert len(look(ledger, *held, at=later)) == 20
    assert _more(ledger) == [str(each.key) for each in held[20:]]
    look(ledger, *held[:20], *held[48:], at=later + HOUR)
    assert _more(ledger) == [str(each.key) for each in held[48:]]
    look(ledger, *held[:20], at=later + 2 * HOUR)
    assert _more(ledger) == []


def test_what_could_be_read_only_later_is_told_in_that_same_message(ledger: Ledger) -> None:
    origin.schedule(ledger, STARTED, REAL)
    held, later = _people(60), STARTED + MINUTE
    for found, minutes in ((30, 0), (50, 5), (60, 10)):
        asked = look(ledger, *held[:found], at=later + minutes * MINUTE, unread=(SILENT,) if found < 60 else ())
        assert len(asked) == 20 and _more(ledger) == [str(each.key) for each in held[20:found]]


def test_the_admin_policy_is_asked_about_by_itself_among_however_many(ledger: Ledger) -> None:
    origin.schedule(ledger, STARTED, REAL)
    admin = Held(Principal(RamUserId("4" * 18), "mallory"), policy(ADMIN_POLICY))
    assert str(admin.key) in look(ledger, *_people(50), admin, at=STARTED + MINUTE)


def test_what_an_approver_accepts_as_drift_is_no_longer_counted_among_the_rest(ledger: Ledger) -> None:
    origin.schedule(ledger, STARTED, REAL)
    held, later = _people(21), STARTED + MINUTE
    look(ledger, *held, at=later)
    with ledger.write() as tx:
        row = DriftRow(DriftKind.OUTSIDE, held[20].principal, ENGINE)
        drift_rows.put(tx, row, None, DomainMillis(later))
        [kept] = drift_rows.every_one(tx).values()
        accepted = Acceptance(DomainMillis(later + 30 * DAY), SlackUserId("U0BOB"), "known")
        drift_rows.accept(tx, kept, accepted)
    look(ledger, *held, at=later + HOUR)
    assert _more(ledger) == []


SILENT = UnreadSource("policy", "Other", CloudErrorKind.SILENT)


def _people(number: int) -> list[Held]:
    return [Held(Principal(RamUserId(f"2{each:017}"), f"user-{each}"), ENGINE) for each in range(number)]


def _more(ledger: Ledger) -> list[str]:
    with ledger.read() as tx:
        told = notices.open_of(tx, NoticeKind.MORE_UNKNOWN_ORIGIN)
        return [key for notice in told for key in notice.details["keys"]]
