"""Keys of one person that wait for each other, when a worker dies or a product does not answer meanwhile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random

import pytest

from approvals.entitlements import Entitlement, Key, RoleLinks, member_role
from approvals.errors import CloudError, CloudErrorKind
from approvals.grant import EndCause, GrantState
from approvals.ledger import Ledger, due_jobs, grants, job_leases, jobs, lanes, open_ledger, trail
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import HOUR, MINUTE, SECOND
from approvals.operations.revoke import end_in
from approvals.outbox import enqueue
from approvals.ports import Sighting
from approvals.reconcile import steps
from approvals.reconcile.context import Instant, KeyContext
from approvals.reconcile.plan import KeyPlan, Write
from approvals.reconcile.writes import WriteOutcome
from tests.harness.builders import CAROL, NOW, REAL, approve, outcome_of
from tests.harness.one_key import GONE, THERE

DATAWORKS = member_role("dataworks", "10001", "role_project_dev")
DEPLOYER = member_role("dataworks", "10001", "role_project_deploy")
MAXCOMPUTE = member_role("maxcompute", "ranking_dev", "role_project_dev")
COMES_WITH = RoleLinks({MAXCOMPUTE: DATAWORKS})
SLOTS = {"members": 0}
OPEN, SHUT = "members:open", "members:shut"


class Pair:
    """A ledger in which one role comes with another, and the worker's jobs on both."""

    links = COMES_WITH

    def __init__(self, ledger_address: str) -> None:
        self.ledger: Ledger = open_ledger(ledger_address)
        self.passed = 0
        self._tokens = iter(range(1_000))

    def at(self) -> Instant:
        return Instant(NOW + self.passed, REAL + self.passed, Random(1))

    def approved(self, number: int, *parts: Entitlement, left_out: tuple[Entitlement, ...] = ()) -> None:
        asked = json.dumps([str(part) for part in (*parts, *left_out)])
        with self.ledger.write() as tx:
            approve(tx, number, now=self.at().now, ends_at=NOW + HOUR, entitlement=parts[0])
            tx.run("UPDATE requests SET entitlements = :asked WHERE id = :id", asked=asked, id=number)
            for part in parts[1:]:
                grants.plan(tx, number, CAROL, part, NOW + HOUR)
                enqueue.reconcile(tx, Key(CAROL.user_id, part), self.at().now, jobs.GRANT_NEXT)

    def taken_back(self, number: int) -> None:
        with self.ledger.write() as tx:
            end_in(tx, grants.of_request(tx, number), self.at().now, EndCause.TAKEN_BACK)

    def claimed(self, wanted: Entitlement) -> Job:
        """The job on this key, which must be due."""
        at = self.at()
        with self.ledger.write() as tx:
            mine = enqueue.reconcile_id(Key(CAROL.user_id, wanted))
            # Whatever else is due has a lane that is shut.
            tx.run("UPDATE jobs SET lane = CASE WHEN id = :id THEN :open ELSE :shut END", id=mine, open=OPEN, shut=SHUT)
            lanes.hold(tx, SHUT, at.real + 1, real=at.real)
            job = due_jobs.claim(
                tx, [JobKind.RECONCILE_KEY], now=at.now, real=at.real, token=str(next(self._tokens)), slot=SLOTS
            )
        assert job is not None, f"nothing is due on {wanted}"
        return job

    def begins(self, wanted: Entitlement) -> tuple[Job, KeyContext | None]:
        job = self.claimed(wanted)
        return job, steps.begin(self.ledger, job, self.at(), self.links)

    def observe(self, wanted: Entitlement, sighting: Sighting) -> tuple[Job, KeyContext, KeyPlan]:
        job, look = self.begins(wanted)
        assert look is not None, f"{wanted} waits, or nothing is left to do"
        return job, look, steps.observed(self.ledger, job, look, sighting, self.at(), self.links)

    def cannot_look(self, wanted: Entitlement) -> None:
        job, look = self.begins(wanted)
        assert look is not None
        steps.not_observed(self.ledger, job, look, CloudError(CloudErrorKind.SILENT), self.at())

    def attaches(self, wanted: Entitlement, trouble: CloudErrorKind | None = None) -> None:
        job, look, plan = self.observe(wanted, Sighting(False, member=False))
        assert plan.write is Write.ATTACH
        outcome = self.outcome(Write.ATTACH, look, CloudError(trouble) if trouble else None)
        after = steps.attached(self.ledger, job, look, outcome, self.at(), plan)
        if after is not None:
            steps.after_attach(self.ledger, job, after, GONE, self.at())

    def outcome(self, write: Write, look: KeyContext, error: CloudError | None = None) -> WriteOutcome:
        return outcome_of(self.ledger, self.at().now, write, look.key, error)

    def detaches(self, wanted: Entitlement, sighting: Sighting = THERE) -> KeyContext:
        job, look, plan = self.observe(wanted, sighting)
        assert plan.write is Write.DETACH
        outcome = self.outcome(Write.DETACH, look)
        after = steps.detached(self.ledger, job, look, outcome, self.at(), self.links)
        assert after is not None
        steps.observed(self.ledger, job, after, GONE, self.at(), self.links)
        return look

    def missed(self, wanted: Entitlement) -> None:
        """As by the comparison with what the product shows."""
        with self.ledger.write() as tx:
            enqueue.reconcile(tx, Key(CAROL.user_id, wanted), self.at().now, jobs.GRANT_NEXT)

    def state(self, wanted: Entitlement, number: int) -> GrantState:
        with self.ledger.read() as tx:
            return next(each.state for each in grants.of_request(tx, number) if each.entitlement == wanted)

    def events(self) -> list[str]:
        with self.ledger.read() as tx:
            said = [entry.fields["event"] for entry in trail.entries(tx)]
        return [event for event in said if not event.startswith(("attach ", "detach "))]


@pytest.fixture
def pair(ledger_address: str) -> Iterator[Pair]:
    made = Pair(ledger_address)
    yield made
    made.ledger.close()


def test_a_write_of_a_dead_worker_is_undone_also_where_its_successor_had_to_wait_for_another_key(pair: Pair) -> None:
    pair.approved(1001, MAXCOMPUTE, DATAWORKS)
    assert pair.observe(MAXCOMPUTE, GONE)[2].write is None, "DataWorks goes first"
    pair.passed += SECOND
    pair.attaches(DATAWORKS)
    pair.passed += SECOND
    assert pair.observe(MAXCOMPUTE, GONE)[2].write is Write.ATTACH, "and then nothing more is heard of this worker"
    pair.passed += MINUTE
    pair.taken_back(1001)
    assert pair.begins(MAXCOMPUTE)[1] is None, "DataWorks goes first"
    pair.passed += SECOND
    pair.detaches(DATAWORKS)
    pair.passed += SECOND
    pair.detaches(MAXCOMPUTE)
    assert pair.state(MAXCOMPUTE, 1001) is GrantState.ENDED
    pair.passed += MINUTE
    assert pair.observe(MAXCOMPUTE, THERE)[2].write is Write.DETACH, "only now was its attach carried out"
    assert pair.events().count("taken over") == 1


def test_what_came_with_another_role_before_it_could_be_looked_at_is_taken_back(pair: Pair) -> None:
    pair.approved(1001, MAXCOMPUTE, DATAWORKS)
    pair.cannot_look(MAXCOMPUTE)
    pair.attaches(DATAWORKS)
    pair.passed += MINUTE
    assert pair.observe(MAXCOMPUTE, THERE)[2].write is None
    assert pair.state(MAXCOMPUTE, 1001) is GrantState.ACTIVE, "DataWorks gave it, and nobody before us"
    pair.taken_back(1001)
    pair.detaches(DATAWORKS)
    pair.passed += SECOND
    pair.detaches(MAXCOMPUTE)
    assert pair.state(MAXCOMPUTE, 1001) is GrantState.ENDED


def test_a_request_for_what_another_request_brings_has_it_and_keeps_it_when_that_one_is_over(pair: Pair) -> None:
    pair.approved(1001, DATAWORKS)
    pair.attaches(DATAWORKS)
    pair.approved(1002, MAXCOMPUTE)
    pair.observe(MAXCOMPUTE, THERE)
    assert pair.state(MAXCOMPUTE, 1002) is GrantState.ACTIVE
    pair.taken_back(1001)
    pair.detaches(DATAWORKS)
    pair.attaches(MAXCOMPUTE)
    assert pair.state(MAXCOMPUTE, 1002) is GrantState.ACTIVE


def test_what_was_there_before_the_role_that_would_bring_it_is_held_for_later_requests_too(pair: Pair) -> None:
    pair.approved(1001, MAXCOMPUTE, DATAWORKS)
    pair.observe(MAXCOMPUTE, THERE)
    pair.attaches(DATAWORKS)
    pair.approved(1002, MAXCOMPUTE)
    pair.observe(MAXCOMPUTE, THERE)
    assert pair.state(MAXCOMPUTE, 1001) is pair.state(MAXCOMPUTE, 1002) is GrantState.HELD


def test_what_came_with_another_role_between_our_look_and_our_write_is_taken_back(pair: Pair) -> None:
    pair.approved(1001, DATAWORKS)
    pair.attaches(DATAWORKS)
    pair.approved(1002, MAXCOMPUTE)
    pair.attaches(MAXCOMPUTE, CloudErrorKind.ALREADY_ATTACHED)
    assert pair.state(MAXCOMPUTE, 1002) is GrantState.ACTIVE


def test_a_role_that_is_refused_beside_the_one_that_brings_it_fails_and_is_not_being_taken_away(pair: Pair) -> None:
    pair.approved(1001, DATAWORKS)
    pair.attaches(DATAWORKS)
    pair.approved(1002, MAXCOMPUTE)
    pair.attaches(MAXCOMPUTE, CloudErrorKind.LIMIT)
    assert pair.state(MAXCOMPUTE, 1002) is GrantState.FAILED


def test_nobody_leaves_a_place_with_one_role_while_the_record_has_another_there(pair: Pair) -> None:
    pair.approved(1001, DATAWORKS)
    pair.attaches(DATAWORKS)
    pair.approved(1002, DEPLOYER)
    pair.attaches(DEPLOYER)
    pair.taken_back(1001)
    assert not pair.detaches(DATAWORKS).leave, "a list that lags does not show the other role yet"
    pair.taken_back(1002)
    assert pair.detaches(DEPLOYER).leave


def test_what_was_removed_by_hand_is_not_given_again_to_another_request_that_brought_it(pair: Pair) -> None:
    pair.approved(1001, MAXCOMPUTE, DATAWORKS)
    pair.observe(MAXCOMPUTE, GONE)
    pair.passed += SECOND
    pair.attaches(DATAWORKS)
    pair.passed += SECOND
    pair.observe(MAXCOMPUTE, THERE)
    pair.approved(1002, DATAWORKS)
    pair.observe(DATAWORKS, THERE)
    for _ in range(2):
        pair.missed(MAXCOMPUTE)
        job, look, plan = pair.observe(MAXCOMPUTE, GONE)
        pair.passed += MINUTE
    assert plan.write is Write.DETACH, "only its answer proves that nothing is left"
    outcome = pair.outcome(Write.DETACH, look, CloudError(CloudErrorKind.THROTTLED))
    steps.detached(pair.ledger, job, look, outcome, pair.at(), COMES_WITH)
    pair.passed += MINUTE
    assert pair.observe(MAXCOMPUTE, GONE)[2].write is Write.DETACH
    assert "comes with" not in pair.events()


def test_an_attach_whose_success_could_not_be_recorded_is_taken_away_when_the_next_one_is_refused(pair: Pair) -> None:
    pair.approved(1001, MAXCOMPUTE, DATAWORKS)
    pair.observe(MAXCOMPUTE, GONE)
    pair.passed += SECOND
    pair.attaches(DATAWORKS)
    pair.passed += SECOND
    job, _, plan = pair.observe(MAXCOMPUTE, GONE)
    assert plan.write is Write.ATTACH
    with pair.ledger.write() as tx:
        job_leases.requeue(tx, job, due_at=pair.at().now, error="the ledger could not be written")
    pair.attaches(MAXCOMPUTE, CloudErrorKind.LIMIT)
    assert pair.state(MAXCOMPUTE, 1001) is GrantState.ENDING, "the list may be older than the first attach"


def test_what_came_with_a_role_that_was_removed_by_hand_is_not_given_again_and_ends(pair: Pair) -> None:
    pair.approved(1001, MAXCOMPUTE, DATAWORKS)
    pair.observe(MAXCOMPUTE, GONE)
    pair.passed += SECOND
    pair.attaches(DATAWORKS)
    pair.passed += SECOND
    pair.observe(MAXCOMPUTE, THERE)
    pair.approved(1002, DATAWORKS)
    pair.observe(DATAWORKS, THERE)
    pair.taken_back(1001)
    pair.observe(DATAWORKS, THERE)
    pair.observe(MAXCOMPUTE, THERE)
    assert pair.state(MAXCOMPUTE, 1002) is GrantState.ACTIVE, "it came with the other one"
    pair.missed(DATAWORKS)
    pair.observe(DATAWORKS, GONE)
    pair.passed += MINUTE
    pair.detaches(DATAWORKS, GONE)
    assert pair.state(DATAWORKS, 1002) is GrantState.ENDED
    assert pair.observe(MAXCOMPUTE, GONE)[2].write is Write.DETACH


def test_a_part_that_the_approval_left_out_does_not_pass_to_it_from_another_request(pair: Pair) -> None:
    pair.approved(1001, MAXCOMPUTE, DATAWORKS)
    pair.observe(MAXCOMPUTE, GONE)
    pair.passed += SECOND
    pair.attaches(DATAWORKS)
    pair.passed += SECOND
    pair.attaches(MAXCOMPUTE)
    pair.approved(1002, DATAWORKS, left_out=(MAXCOMPUTE,))
    pair.observe(DATAWORKS, THERE)
    pair.taken_back(1001)
    pair.observe(DATAWORKS, THERE)
    pair.detaches(MAXCOMPUTE)
    assert pair.state(MAXCOMPUTE, 1001) is GrantState.ENDED
