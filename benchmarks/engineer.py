"""People who ask for something, which is approved, attached, given back and detached in the transactions in which the
program does it.
"""

from __future__ import annotations

import secrets
import time
from random import Random

from approvals.catalog.load import load_catalog
from approvals.evidence import DecisionEvidence, Holder, Holders
from approvals.grant import EndCause, GrantState
from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import Ledger, due_jobs, grants, lanes, people
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.model import Verdict
from approvals.operations.ask import Ask
from approvals.operations.create_request import Parties, create_request
from approvals.operations.decide import decide
from approvals.operations.revoke import end_in
from approvals.people import Link, Person, Principal
from approvals.ports import Receipt, Sighting
from approvals.reconcile import steps, writes
from approvals.reconcile.context import Instant
from approvals.reconcile.plan import Write
from approvals.reconcile.writes import WriteOutcome
from benchmarks.one_request import BOB, ITEM, TEAM
from bot.clock import SystemClock

DURATION = 8 * 3_600_000
NO_LIMIT = {"ram": 0}
POLL_SECONDS = 0.002
ADMINS = Holders((Holder(BOB[1]),))


class Engineers:
    """People who each ask for something once, and a worker that does whatever is due, theirs or others'."""

    def __init__(self, ledger: Ledger, number: int) -> None:
        """`number`: of this process among those that work from the ledger."""
        self._ledger, self._number, self._made = ledger, number, 0
        self._clock = SystemClock()
        self._catalog = load_catalog()

    def have_one_request(self) -> None:
        """Somebody's, from asking to the end."""
        self._made += 1
        name = f"{self._number:03}{self._made:07}"
        slack_id, user = SlackUserId(f"U2P{name}"), Principal(RamUserId(f"22{name}"), f"engineer-{name}")
        with self._ledger.write() as tx:
            people.add_link(tx, Link(TEAM, slack_id, user, self._clock.now()))
            ask = Ask(name, TEAM, slack_id, slack_id, ITEM, DURATION, "rolling out")
            parties = Parties(user, user, (BOB[0],), ())
            item = self._catalog.resolve(ITEM)
            request = create_request(tx, ask, item, parties, claimed=False, now=self._clock.now())
        evidence = DecisionEvidence(Person(TEAM, BOB[0]), ADMINS, user, Person(TEAM, slack_id))
        decide(self._ledger, self._catalog, TEAM, request.id, Verdict.APPROVE, evidence, self._clock.now())
        self._work_until(request.id, GrantState.ACTIVE)
        with self._ledger.write() as tx:
            end_in(tx, grants.of_request(tx, request.id), self._clock.now(), EndCause.GIVEN_BACK)
        self._work_until(request.id, GrantState.ENDED)
        with self._ledger.write() as tx:
            # What was to be told to these is not what is measured.
            tx.run("DELETE FROM jobs WHERE lane = :lane", lane=lanes.slack(slack_id))

    def _work_until(self, request_id: int, state: GrantState) -> None:
        while True:
            job = self._claim()
            if job is not None:
                self._perform(job)
            with self._ledger.read() as tx:
                if all(grant.state is state for grant in grants.of_request(tx, request_id)):
                    return
            if job is None:
                time.sleep(POLL_SECONDS)

    def _claim(self) -> Job | None:
        """As the worker does, which writes only where something is due."""
        kinds = [JobKind.RECONCILE_KEY]
        with self._ledger.read() as tx:
            if due_jobs.next_due(tx, kinds, now=self._clock.now(), real=self._clock.real()) != 0:
                return None
        with self._ledger.write() as tx:
            return due_jobs.claim(
                tx,
                kinds,
                now=self._clock.now(),
                real=self._clock.real(),
                token=secrets.token_hex(8),
                slot=NO_LIMIT,
                steady=self._clock.steady(),
            )

    def _perform(self, job: Job) -> None:
        """One run of the reconciler, with a cloud that does as it is told."""
        at = Instant(self._clock.now(), self._clock.real(), Random(7))
        context = steps.begin(self._ledger, job, at)
        if context is None:
            return
        plan = steps.observed(self._ledger, job, context, None if context.blind else Sighting(False), at)
        if plan.write is None:
            return
        with self._ledger.write() as tx:
            sent = writes.begin(tx, at.now, plan.write, context.key, context.principal)
        outcome = WriteOutcome(sent, Receipt("R-1"))
        if plan.write is Write.ATTACH:
            steps.attached(self._ledger, job, context, outcome, at, plan)
        elif after := steps.detached(self._ledger, job, context, outcome, at):
            steps.observed(self._ledger, job, after, Sighting(False), at)
