"""A ledger from before holders of the admin policy were remembered, subjects were asked, and lanes had a width: what
was under way in it goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from approvals.evidence import Holder, Holders
from approvals.grant import GrantState
from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import Ledger, Tx, admins, due_jobs, identity_claims, lanes, open_ledger, pace, people, requests
from approvals.ledger.admins import HolderState
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import MINUTE, SECOND, DomainMillis, RealMillis
from approvals.operations.admins import record_holders, schedule
from approvals.operations.claims import waits_for_subject
from approvals.people import Claim, ClaimState, Link, Principal
from approvals.queries.actor import may_decide
from approvals.reconcile.plan import Write
from approvals.reconcile.steps import WRITE_INTERVAL_MS
from tests.harness.builders import CAROL, NOW, REAL, approve, ask
from tests.harness.older_ledgers import program_of_step
from tests.harness.one_key import GONE, KeyBench

BEFORE = 14
BOB, DAVE, ERIN = (
    Principal(RamUserId("101"), "bob"),
    Principal(RamUserId("104"), "dave"),
    Principal(RamUserId("105"), "erin"),
)
FOR_ANOTHER, FOR_ONESELF, APPROVED = 1001, 1002, 1003
LANE = "ram"
SLOT_FREE_IN = 40
"""Milliseconds."""


@pytest.fixture
def older(address: str) -> str:
    """Bob is linked; two people wait to be confirmed, one of them by another's word; a lane is in use."""
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        people.add_link(tx, Link("T1", SlackUserId("U2"), BOB, NOW))
        ask(tx, FOR_ANOTHER, requester="U1", subject="U5", principal=ERIN)
        identity_claims.add(tx, Claim(FOR_ANOTHER, "T1", SlackUserId("U5"), ERIN, ClaimState.PENDING))
        ask(tx, FOR_ONESELF, requester="U4", subject="U4", principal=DAVE)
        identity_claims.add(tx, Claim(FOR_ONESELF, "T1", SlackUserId("U4"), DAVE, ClaimState.PENDING))
        approve(tx, APPROVED, principal=CAROL)
        for lane in (LANE, f"{LANE}{lanes.TURNS}"):
            lanes.hold(tx, lane, REAL + SLOT_FREE_IN, real=REAL)
    return address


@pytest.fixture
def upgraded(older: str) -> Iterator[Ledger]:
    opened = open_ledger(older)
    yield opened
    opened.close()


# -- 15: holders of the admin policy


def test_whoever_holds_the_policy_when_the_upgraded_program_first_looks_decides_and_whoever_comes_later_does_not(
    upgraded: Ledger,
) -> None:
    first = Holders((Holder(BOB),))
    later = Holders((Holder(BOB), Holder(DAVE)))
    with upgraded.read() as tx:
        assert admins.every_one(tx) == {}
        assert may_decide(tx, first) == {BOB.user_id}
    schedule(upgraded, NOW, confirm=True)
    record_holders(upgraded, due(upgraded, NOW), first, NOW, REAL)
    record_holders(upgraded, due(upgraded, NOW + 10 * MINUTE), later, NOW + 10 * MINUTE, REAL + 10 * MINUTE)
    with upgraded.read() as tx:
        found = {user_id: holder.state for user_id, holder in admins.every_one(tx).items()}
        assert found == {BOB.user_id: HolderState.CONFIRMED, DAVE.user_id: HolderState.NEW}
        assert may_decide(tx, later) == {BOB.user_id}


def due(ledger: Ledger, now: DomainMillis) -> Job:
    with ledger.write() as tx:
        real = REAL + now - NOW
        job = due_jobs.claim(tx, [JobKind.ADMINS], now=now, real=RealMillis(real), token=str(now), slot={}, steady=0)
    assert job is not None
    return job


# -- 16: what the subject of a claim says


def test_the_subject_of_a_claim_that_was_pending_has_not_said_anything_and_is_waited_for(upgraded: Ledger) -> None:
    with upgraded.write() as tx:
        claim = waiting(tx, FOR_ANOTHER)
        assert claim == Claim(FOR_ANOTHER, "T1", SlackUserId("U5"), ERIN, ClaimState.PENDING, None)
        identity_claims.subject_said(tx, FOR_ANOTHER, NOW)
        assert identity_claims.of_request(tx, FOR_ANOTHER) == replace(claim, subject_said_at=NOW)


def test_who_claimed_for_themselves_need_not_say_it_again(upgraded: Ledger) -> None:
    with upgraded.read() as tx:
        request, claim = requests.get(tx, FOR_ONESELF), identity_claims.of_request(tx, FOR_ONESELF)
        assert request and claim and claim.subject_said_at is None
        assert not waits_for_subject(request, claim)


def waiting(tx: Tx, number: int) -> Claim:
    request, claim = requests.get(tx, number), identity_claims.of_request(tx, number)
    assert request and claim and waits_for_subject(request, claim)
    return claim


# -- 17: how wide the slots of a lane are


def test_slots_that_were_in_use_stay_so_and_are_as_wide_as_usual(upgraded: Ledger) -> None:
    with upgraded.write() as tx:
        assert pace.width(tx, LANE, WRITE_INTERVAL_MS) == WRITE_INTERVAL_MS
        assert (
            due_jobs.claim(tx, [JobKind.RECONCILE_KEY], now=NOW, real=REAL, token="1", slot={LANE: 0}, steady=0) is None
        )
        assert lanes.next_turn(tx, LANE, real=REAL, width=WRITE_INTERVAL_MS) == SLOT_FREE_IN
        assert lanes.next_turn(tx, LANE, real=REAL, width=WRITE_INTERVAL_MS) == SLOT_FREE_IN + WRITE_INTERVAL_MS


def test_a_lane_that_was_in_use_goes_slower_once_it_is_throttled_and_faster_again(upgraded: Ledger) -> None:
    with upgraded.write() as tx:
        pace.throttled(tx, LANE, WRITE_INTERVAL_MS)
        slower = pace.width(tx, LANE, WRITE_INTERVAL_MS)
        assert (
            slower > WRITE_INTERVAL_MS and lanes.next_turn(tx, LANE, real=REAL, width=WRITE_INTERVAL_MS) == SLOT_FREE_IN
        )
        pace.went_through(tx, LANE, WRITE_INTERVAL_MS)
        assert pace.width(tx, LANE, WRITE_INTERVAL_MS) < slower


# -- and what was approved


def test_what_was_approved_before_is_given_after(older: str) -> None:
    bench = KeyBench(older)
    bench.passed = SECOND
    assert bench.observe(GONE) is Write.ATTACH
    bench.attach_answers()
    assert bench.state(APPROVED) is GrantState.ACTIVE
    bench.ledger.close()
