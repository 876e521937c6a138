"""What a monitoring system is told of the ledger, on each engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from approvals.entitlements import manual
from approvals.grant import GrantState
from approvals.ids import SlackUserId
from approvals.ledger import Ledger, Tx, decisions, grants, jobs, open_ledger, requests
from approvals.ledger.due_figures import LANES, LaneFigures
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.storage import storage
from approvals.millis import DAY, HOUR, MINUTE, SECOND, DomainMillis, RealMillis
from approvals.model import Decision, RequestState, Verdict
from approvals.queries.figures import Figures, figures
from tests.harness.builders import CAROL, ENGINE, NOW, REAL, approve, ask
from tests.harness.older_ledgers import program_of_step

BEFORE = 22
BOB = SlackUserId("U2")


@pytest.fixture
def ledger(ledger_address: str) -> Iterator[Ledger]:
    with closing(open_ledger(ledger_address)) as opened:
        yield opened


def seen(ledger: Ledger, now: DomainMillis = NOW, real: RealMillis = REAL) -> Figures:
    with ledger.read() as tx:
        return figures(tx, now, real)


def tallied(found: Figures) -> dict[tuple[str, str, str], int]:
    return {(each.what, each.state, each.entitlement): each.number for each in found.tallies}


def decided(tx: Tx, number: int, verdict: Verdict) -> None:
    decisions.add(tx, Decision(number, CAROL, BOB, verdict, None, NOW, True))


def some(tx: Tx) -> None:
    """One request of each state but expired, a grant that runs and one that ended, and two decisions by one person."""
    approve(tx, 1_001)
    approve(tx, 1_002)
    for number, state in ((1_001, GrantState.ACTIVE), (1_002, GrantState.ENDED)):
        grants.move(tx, grants.of_request(tx, number)[0], state)
    ask(tx, 1_003)
    for number, closed in ((1_004, RequestState.DENIED), (1_005, RequestState.CANCELLED)):
        ask(tx, number)
        requests.close(tx, number, closed, now=NOW, by=BOB)
    decided(tx, 1_001, Verdict.APPROVE)
    decided(tx, 1_003, Verdict.APPROVE)
    decided(tx, 1_003, Verdict.DENY)


COUNTED = {
    ("requests", "approved", ""): 2,
    ("requests", "pending", ""): 1,
    ("requests", "denied", ""): 1,
    ("requests", "cancelled", ""): 1,
    ("grants", "active", str(ENGINE)): 1,
    ("grants", "ended", str(ENGINE)): 1,
    ("decisions", "approve", ""): 2,
    ("decisions", "deny", ""): 1,
}


def test_all_that_there_is_is_counted_by_its_state(ledger: Ledger) -> None:
    with ledger.write() as tx:
        some(tx)
    assert tallied(seen(ledger)) == COUNTED


def test_what_was_there_before_it_was_counted_is_counted_and_what_comes_after_too(address: str) -> None:
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        some(tx)
    with closing(open_ledger(address)) as upgraded:
        # Of two decisions by one person the older one was forgotten.
        assert tallied(seen(upgraded)) == COUNTED | {("decisions", "approve", ""): 1}
        with upgraded.write() as tx:
            requests.close(tx, 1_003, RequestState.EXPIRED, now=NOW, by=None)
            approve(tx, 1_006)
        found = tallied(seen(upgraded))
        assert ("requests", "pending", "") not in found
        assert found["requests", "expired", ""] == 1 and found["requests", "approved", ""] == 3
        assert found["grants", "planned", str(ENGINE)] == 1


def test_how_long_things_took_is_counted_once_each(ledger: Ledger) -> None:
    with ledger.write() as tx:
        ask(tx, 1_000)
        requests.close(tx, 1_000, RequestState.CANCELLED, now=NOW + SECOND, by=BOB)
        approve(tx, 1_001, now=NOW + 40 * SECOND)
        [grant] = grants.of_request(tx, 1_001)
        grants.move(tx, grant, GrantState.ACTIVE, active_at=NOW + 43 * SECOND)
        [grant] = grants.of_request(tx, 1_001)
        grants.move(tx, grant, GrantState.ENDING, ending_at=NOW + HOUR + 9 * MINUTE)
        [grant] = grants.of_request(tx, 1_001)
        grants.move(tx, grant, GrantState.ENDED, ended_at=NOW + HOUR + 10 * MINUTE)
    found = seen(ledger)
    assert (found.decision.number, found.decision.total) == (1, 40 * SECOND), "what is cancelled nobody decided on"
    assert dict(found.decision.buckets)[30 * SECOND] == 0 and dict(found.decision.buckets)[MINUTE] == 1
    assert (found.activation.number, found.activation.total) == (1, 3 * SECOND)
    assert [number for bound, number in found.activation.buckets if bound < 3 * SECOND] == [0, 0, 0]
    assert (found.revoke.number, found.revoke.total) == (1, 10 * MINUTE), "late since its deadline, whoever was late"
    bounds = [bound for bound, _ in found.revoke.buckets]
    assert bounds == sorted(bounds) and max(bounds) < DAY


def test_access_that_is_given_back_early_is_late_since_then(ledger: Ledger) -> None:
    with ledger.write() as tx:
        approve(tx, 1_001)
        for state, when in ((GrantState.ENDING, "ending_at"), (GrantState.ENDED, "ended_at")):
            [grant] = grants.of_request(tx, 1_001)
            grants.move(tx, grant, state, **{when: NOW + (2 if when == "ended_at" else 1) * MINUTE})
    assert (seen(ledger).revoke.number, seen(ledger).revoke.total) == (1, MINUTE)


def test_what_should_be_gone_counts_from_when_it_is_said(ledger: Ledger) -> None:
    by_hand = manual("grafana-admin")
    with ledger.write() as tx:
        for number, entitlement in ((1_001, ENGINE), (1_002, by_hand), (1_003, ENGINE)):
            approve(tx, number, entitlement=entitlement, ends_at=None if number == 1_003 else NOW + HOUR)
            grants.move(tx, grants.of_request(tx, number)[0], GrantState.ACTIVE, active_at=NOW)
    deadline = DomainMillis(NOW + HOUR)
    assert seen(ledger, DomainMillis(deadline + 5 * MINUTE - 1)).overdue == 0
    assert seen(ledger, DomainMillis(deadline + 5 * MINUTE)).overdue == 1, "although nobody began to take it away"
    assert seen(ledger, DomainMillis(deadline + DAY)).overdue == 2
    with ledger.write() as tx:
        grants.move(tx, grants.of_request(tx, 1_003)[0], GrantState.ENDING, ending_at=deadline)
    assert seen(ledger, DomainMillis(deadline + 5 * MINUTE)).overdue == 2


def test_work_is_counted_by_lane_and_no_lane_names_a_person(ledger: Ledger) -> None:
    with ledger.write() as tx:
        for lane in ("ram", "slack:U0CAROL0001", "slack:D0DAVE00001", "slack:updates", "members:pai", None):
            jobs.enqueue(tx, f"job {lane}", JobKind.TELL, due_at=NOW, lane=lane)
        jobs.enqueue(tx, "later", JobKind.TELL, due_at=DomainMillis(NOW + MINUTE), lane="ram")
        tx.run("UPDATE jobs SET attempts = 2, not_before_real = :then WHERE id = 'job ram'", then=REAL + SECOND)
        held = "UPDATE jobs SET attempts = 1, locked_until_real = :then WHERE lane = :lane"
        tx.run(held, then=REAL + SECOND, lane="members:pai")
    found = seen(ledger, DomainMillis(NOW + 5 * SECOND), RealMillis(REAL)).lanes
    assert set(found) == {*LANES, "members:pai"}
    assert found["ram"] == LaneFigures(due=1, retrying=1, waiting_ms=0)
    assert found["slack"] == LaneFigures(due=2, waiting_ms=5 * SECOND)
    assert found["members:pai"] == LaneFigures(due=1), "it is in somebody's hands"
    assert found["slack:approvals"] == LaneFigures()


def test_what_a_ledger_takes_up_is_known_and_of_a_file_what_is_left_for_it(ledger: Ledger) -> None:
    with ledger.read() as tx:
        kept = storage(ledger, tx)
        assert kept.size == storage(ledger, tx).size > 50_000
        assert (kept.free is None) is ledger.shared and kept.free != 0
