"""Perform a reconcile job: look at the cloud, make at most one write, look again after a detach. Where only a detach is
left to do, it is made without a look first: access must not stay because nobody lets us read.

Everything is recorded by `approvals.reconcile.steps`; here are only the calls between.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any, Protocol

from approvals.by_hand import ManualItems
from approvals.entitlements import NO_ROLE_LINKS, Entitlement, Key, RoleLinks
from approvals.errors import CloudError, CloudErrorKind, LostLock
from approvals.ledger import Ledger, job_leases, lanes
from approvals.ledger.jobs import Job
from approvals.outbox import enqueue
from approvals.ports import Clock, Cloud, Sighting
from approvals.reconcile import steps, writes
from approvals.reconcile.by_hand import bring_in_line
from approvals.reconcile.context import Instant, KeyContext
from approvals.reconcile.drift import active_entitlements, find_drift
from approvals.reconcile.plan import KeyPlan, Write
from approvals.reconcile.steps import WRITE_INTERVAL_MS
from approvals.reconcile.writes import Sent, WriteOutcome
from bot.cloud.log_lines import log_cloud_error
from bot.worker.late_writes import retry_write

log = logging.getLogger(__name__)

MIN_LOCK_LEFT_MS = 20_000
"""Milliseconds of its lock that a worker must have left to begin a write: more than the write can take."""


class Gate(Protocol):
    """What a policy has to pass."""

    def check(self, entitlement: Entitlement) -> None:
        """Raises CloudError where it may not be attached now."""
        ...


class Reconciler:
    """Performs the jobs that make the cloud what the ledger says."""

    def __init__(
        self,
        ledger: Ledger,
        cloud: Cloud,
        clock: Clock,
        chance: Random,
        links: RoleLinks = NO_ROLE_LINKS,
        manual: ManualItems | None = None,
        writes: Collection[Write] = frozenset(Write),
        gate: Gate | None = None,
    ) -> None:
        """`links`: which member roles hang together. `manual`: what people give and take by hand. `writes`: those that
        are made from here; a key that needs another one is left to whoever makes that. `gate`: what has to let a policy
        pass before it is attached.
        """
        self._ledger = ledger
        self._cloud = cloud
        self._clock = clock
        self._chance = chance
        self._links = links
        self._manual = manual or {}
        self._writes = writes
        self._gate = gate

    def reconcile(self, job: Job) -> None:
        """Bring one key to where it should be: at most one write, looked at afterwards. What could not be done is tried
        again later, which is recorded too.

        Raises:
            LostLock: another worker took over; nothing more is recorded here.
        """
        key = Key.parse(job.payload["key"])
        if key.entitlement.by_hand:
            bring_in_line(self._ledger, job, key, self._manual, self._clock.now())
            return
        context = steps.begin(self._ledger, job, self._instant(), self._links)
        if context is not None and context.untyped:
            context = self._with_type(job, context)
        if context is None:
            return
        plan = self._observe(job, context)
        if plan is None or plan.write is None:
            return
        if plan.write not in self._writes:
            steps.leave(self._ledger, job, context, self._instant())
            return
        if plan.write is Write.ATTACH and not self._may_pass(job, context):
            return

        outcome = self._send(job, context, plan.write)
        with self._recording_late(job, context, plan.write, outcome):
            if plan.write is Write.ATTACH:
                after = steps.attached(self._ledger, job, context, outcome, self._instant(), plan)
            else:
                after = steps.detached(self._ledger, job, context, outcome, self._instant(), self._links)
        if after is None:
            return
        if plan.write is Write.ATTACH:
            self._observe_after_attach(job, after)
        else:
            self._observe_after_detach(job, after)

    def _may_pass(self, job: Job, context: KeyContext) -> bool:
        """Whether what is to be attached is what may be; where not, it waits, and is tried again."""
        if self._gate is None or not context.key.entitlement.has_type:
            return True
        try:
            self._gate.check(context.key.entitlement)
        except CloudError as error:
            self._log(error, job)
            steps.not_observed(self._ledger, job, context, error, self._instant())
            return False
        return True

    def _send(self, job: Job, context: KeyContext, write: Write) -> WriteOutcome:
        """Make the one write, and return what the cloud answered, also where it refused.

        Raises:
            LostLock: nothing was sent.
        """
        begun: list[Sent] = []

        def go(replaces: str | None = None) -> str:
            begun.append(self._begin(job, context, write, replaces))
            return begun[-1].id

        try:
            if write is Write.ATTACH:
                receipt = self._cloud.attach(context.principal, context.key.entitlement, go)
            else:
                receipt = self._cloud.detach(
                    context.principal, context.key.entitlement, go, leave=context.leave, restores=context.restores
                )
        except CloudError as error:
            sent = begun[-1] if begun else None
            self._log(error, job, write_id=sent.id if sent else None)
            return WriteOutcome(sent, error=error)
        return WriteOutcome(begun[-1], receipt)

    @contextmanager
    def _recording_late(self, job: Job, context: KeyContext, write: Write, outcome: WriteOutcome) -> Iterator[None]:
        """Nobody else may know of a write whose worker was held up for so long that it lost the job.

        Raises:
            LostLock: also where a write may still be carried out, and that is not recorded: the lock is to run out, so
                that whoever takes over fears it.
        """
        sent, error = outcome.sent is not None, outcome.error
        silent = sent and error is not None and error.kind.outcome_unknown
        done = sent and (error is None or silent)
        try:
            yield
        except LostLock:
            if done:
                self._record_late(context, write, outcome)
            raise
        except self._ledger.engine_errors as engine_error:
            if done and job.leased_until <= self._clock.steady():
                self._record_late(context, write, outcome)
            if silent:
                log.exception("a write without an answer is not in the ledger", extra={"job": job.id})
                raise LostLock(job.id) from engine_error
            raise

    def _record_late(self, context: KeyContext, write: Write, outcome: WriteOutcome) -> None:
        retry_write(
            self._ledger,
            lambda: steps.wrote_late(self._ledger, context.key, write, outcome, self._instant()),
            f"a late {write.value} of {context.key}",
        )

    def find_drift(self, job: Job) -> None:
        """Have every active key that the cloud does not show looked at.

        Of what does not answer, no more is asked this time: the job would outlive its lock, and nothing be compared.
        What comes first is left to chance, so that it is not always the same that is left out.
        """
        seen = []
        silent = set()
        wanted = sorted(active_entitlements(self._ledger), key=str)
        self._chance.shuffle(wanted)
        for entitlement in wanted:
            if entitlement.kind in silent:
                continue
            try:
                seen.append((entitlement, self._cloud.holder_ids(entitlement)))
            except CloudError as error:
                if error.kind is CloudErrorKind.SILENT or error.kind.is_of_bot:
                    silent.add(entitlement.kind)
                log_cloud_error(log, error, "cannot compare", entitlement=str(entitlement))
        find_drift(self._ledger, job, seen, self._clock.now())

    def _begin(self, job: Job, context: KeyContext, write: Write, replaces: str | None) -> Sent:
        """Record the write, await its turn, and look at the clock a last time before it.

        Jobs are claimed no faster than RAM takes writes, but the reads before a write take now longer, now shorter. The
        wait is short: no more than a slot for each other thread that is about to write.

        Raises:
            LostLock: too little of the lock is left; or by the ledger's clock, which was set perhaps, it had run out,
                and another has the job.
        """
        with self._ledger.write() as tx:
            job_leases.check_lock(tx, job)
            wait = lanes.next_turn(tx, enqueue.lane(context.key), real=self._clock.real(), width=WRITE_INTERVAL_MS)
            sent = writes.begin(tx, self._clock.now(), write, context.key, context.principal, replaces)
        time.sleep(wait / 1_000)
        if job.leased_until - self._clock.steady() < MIN_LOCK_LEFT_MS:
            raise LostLock(job.id)
        return sent

    def _with_type(self, job: Job, context: KeyContext) -> KeyContext | None:
        """None where it is not known which of two policies was given, and that is tried again: the other one says
        nothing about it.
        """
        try:
            found = self._cloud.type_of(context.principal, context.key.entitlement, context.given_at)
        except CloudError as error:
            if context.given_at is None or context.blind:
                return context
            self._log(error, job)
            steps.not_observed(self._ledger, job, context, error, self._instant())
            return None
        return steps.of_type(self._ledger, job, context, found, self._instant()) if found else context

    def _observe(self, job: Job, context: KeyContext) -> KeyPlan | None:
        try:
            sighting = None if context.blind else self._look(context)
        except CloudError as error:
            self._log(error, job)
            steps.not_observed(self._ledger, job, context, error, self._instant())
            return None
        return steps.observed(self._ledger, job, context, sighting, self._instant(), self._links)

    def _look(self, context: KeyContext) -> Sighting:
        # After a detach of this run, what was read before it is not recent any more, but for the user's name.
        recent = context.recent or context.detached
        return self._cloud.observe(context.principal, context.key.entitlement, recent=recent)

    def _observe_after_attach(self, job: Job, context: KeyContext) -> None:
        sighting = None
        try:
            sighting = self._cloud.observe(context.principal, context.key.entitlement)
        except CloudError as error:
            self._log(error, job)
        steps.after_attach(self._ledger, job, context, sighting, self._instant())

    def _observe_after_detach(self, job: Job, context: KeyContext) -> None:
        plan = self._observe(job, context)
        if plan is not None and plan.write is not None:
            # Somebody wants the key again already; one write a run, the next one begins afresh.
            steps.postpone(self._ledger, job, context, self._instant())

    def _log(self, error: CloudError, job: Job, **more: Any) -> None:
        log_cloud_error(log, error, "the cloud did not do it", job=job.id, attempt=job.attempts, **more)

    def _instant(self) -> Instant:
        return Instant(self._clock.now(), self._clock.real(), self._chance)
