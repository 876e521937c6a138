"""Perform the job that takes an approved onboarding a step further: make the user, wait until the cloud shows it, link
it, ask for the bundle.

What the cloud shows under the name counts, and no answer to the call: a user with the onboarding's comment is ours, and
one without it is somebody else's. Names are unique, so that a call whose answer was lost may be made again.
"""

from __future__ import annotations

import logging
import time
from random import Random

from approvals.backoff import backoff
from approvals.catalog.model import Catalog, Item
from approvals.errors import CloudError, CloudErrorKind, LostLock, Refusal, StaleEvidence
from approvals.ledger import Ledger
from approvals.ledger.jobs import Job
from approvals.millis import DAY, HOUR, MINUTE, SECOND
from approvals.onboarding import MadeUser, Onboarding, OnboardingProblem, OnboardingState
from approvals.operations.ask import Ask
from approvals.operations.fresh import FreshLedger
from approvals.operations.onboarding import steps
from approvals.operations.request_access import request_access
from approvals.ports import Clock, Directory, NewUsers
from approvals.queries import links
from approvals.reconcile.steps import WRITE_INTERVAL_MS
from approvals.refusals.cloud import RamRefusal
from approvals.refusals.people import UnknownPerson
from approvals.refusals.service import SlackBusy, SlackSilent
from bot.cloud.log_lines import log_cloud_error
from bot.worker.reconciler import MIN_LOCK_LEFT_MS

log = logging.getLogger(__name__)

GIVE_UP_AFTER_MS = HOUR
"""Domain time after the approval, or after the user was linked, in which it has to come out what became of it."""
MAX_PAUSE_MS = MINUTE
BUNDLE_FOR_MS = 90 * DAY
"""How long the bundle is asked for at most: a job lasts longer than its catalogue's default, and whoever approves may
shorten it."""
LOOK_AGAIN_MS = SECOND
"""Real time after which a user that was made is looked for: reads lag behind writes."""
PERMISSION_TRIES = 2
"""NoPermission may be a passing one, so that it is believed the second time."""
FOR_NOW = (RamRefusal, SlackSilent, SlackBusy)
"""Refusals that say nothing against the request itself."""
PROVE_REFUSED = {
    CloudErrorKind.LIMIT: OnboardingProblem.LIMIT,
    CloudErrorKind.REFUSED: OnboardingProblem.REFUSED,
}


class Onboarder:
    """Performs the jobs of that kind."""

    def __init__(
        self,
        ledger: Ledger,
        catalog: Catalog,
        users: NewUsers,
        directory: Directory,
        clock: Clock,
        chance: Random,
    ) -> None:
        self._ledger = ledger
        self._catalog = catalog
        self._users = users
        self._directory = directory
        self._clock = clock
        self._chance = chance

    def onboard(self, job: Job) -> None:
        """One step; the job is due again until the last.

        Raises:
            LostLock: another worker has the job.
        """
        known = steps.begin(self._ledger, job)
        if known is None:
            return
        try:
            if known.state is OnboardingState.CREATING:
                self._create(job, known)
            elif known.state is OnboardingState.LINKING:
                self._link(job, known)
            else:
                self._ask(job, known)
        except CloudError as error:
            log_cloud_error(log, error, "the cloud did not tell of a new user", job=job.id, attempt=job.attempts)
            self._again(job, known, OnboardingProblem.UNKNOWN, error)
        except FOR_NOW as refusal:
            log.warning("an onboarding has to wait", extra={"job": job.id, "why": refusal.reason})
            self._postpone(job, refusal.reason)

    # -- the user

    def _create(self, job: Job, known: Onboarding) -> None:
        found = self._users.find(known.principal_name)
        if found is not None and _is_ours(found, known):
            steps.user_seen(self._ledger, job, known, found, self._clock.now())
        elif found is not None:
            steps.name_taken(self._ledger, job, known, self._users.taken(), self._clock.now())
        elif known.ram_user_id is not None:
            # Made, and not shown yet; or made and deleted since.
            self._again(job, known, OnboardingProblem.UNKNOWN, None)
        else:
            self._send(job, known)

    def _send(self, job: Job, known: Onboarding) -> None:
        sent = steps.create_begun(self._ledger, job, known, self._clock.now(), self._clock.real(), WRITE_INTERVAL_MS)
        time.sleep(sent.wait / 1_000)
        if job.leased_until - self._clock.steady() < MIN_LOCK_LEFT_MS:
            raise LostLock(job.id)
        try:
            made, call = self._users.create(known.principal_name, known.user, known.comment, sent.id)
        except CloudError as error:
            log_cloud_error(log, error, "the cloud did not make a user", job=job.id, attempt=job.attempts)
            steps.create_not_confirmed(self._ledger, job, known, sent, error, self._clock.now())
            self._refused(job, known, error)
        else:
            steps.create_confirmed(self._ledger, job, known, sent, made, call, self._clock.now())

    def _refused(self, job: Job, known: Onboarding, error: CloudError) -> None:
        kind = error.kind
        refused = PROVE_REFUSED.get(kind)
        if kind is CloudErrorKind.NO_PERMISSION and job.attempts >= PERMISSION_TRIES:
            refused = OnboardingProblem.NO_PERMISSION
        if refused is not None:
            # It says nothing of an earlier call whose answer was lost.
            problem = OnboardingProblem.UNKNOWN if known.error_action else refused
            steps.failed(self._ledger, job, known, problem, error, self._clock.now())
        elif kind is CloudErrorKind.ALREADY_ATTACHED and known.user.name in self._users.recycled():
            steps.name_taken(self._ledger, job, known, self._users.taken(), self._clock.now())
        else:
            self._again(job, known, OnboardingProblem.UNKNOWN, error)

    # -- what follows

    def _link(self, job: Job, known: Onboarding) -> None:
        try:
            subject = self._directory.person(known.subject)
        except UnknownPerson:
            steps.done(self._ledger, job, known, self._clock.now(), problem=OnboardingProblem.NOT_LINKED)
            return
        steps.link_user(self._ledger, job, known, subject, self._clock.now())

    def _ask(self, job: Job, known: Onboarding) -> None:
        item = self._catalog.find(known.item) if known.item else None
        if item is None:
            steps.done(self._ledger, job, known, self._clock.now(), problem=OnboardingProblem.NO_BUNDLE)
            return
        try:
            request_id = self._asked(job, known, item)
        except FOR_NOW:
            if self._is_late(known):
                steps.done(self._ledger, job, known, self._clock.now(), problem=OnboardingProblem.NOT_ASKED)
                return
            raise
        except Refusal as refusal:
            log.info("the bundle of an onboarding is not asked for", extra={"job": job.id, "why": refusal.reason})
            steps.done(self._ledger, job, known, self._clock.now(), problem=OnboardingProblem.NOT_ASKED)
            return
        steps.done(self._ledger, job, known, self._clock.now(), request_id=request_id)

    def _asked(self, job: Job, known: Onboarding, item: Item) -> int:
        """The number of the request, which is a request like any other; made once, however often this is done."""
        ask = Ask(
            asked_key=f"onboarding:{known.public_id}",
            team_id=known.team_id,
            requester=known.requester,
            subject=known.subject,
            item=item.name,
            duration=min(item.longest, BUNDLE_FOR_MS),
            reason=f"New in the team, as RAM user {known.user.name}",
        )
        with self._ledger.read() as tx:
            linked = links.slack_ids(tx, known.team_id)
        evidence = self._directory.ask_evidence(
            known.requester, known.subject, known.principal, item.entitlements, linked, claimed=False
        )
        ours = FreshLedger(self._ledger, lambda: job.leased_until > self._clock.steady())
        try:
            return request_access(ours, self._catalog, ask, evidence, self._clock.now()).id
        except StaleEvidence:
            raise LostLock(job.id) from None

    # -- later

    def _is_late(self, known: Onboarding) -> bool:
        return self._clock.now() - (known.decided_at or 0) > GIVE_UP_AFTER_MS

    def _again(self, job: Job, known: Onboarding, problem: OnboardingProblem, error: CloudError | None) -> None:
        """Look again after a while, or say that it did not come out."""
        if known.state is OnboardingState.CREATING and self._is_late(known):
            steps.failed(self._ledger, job, known, problem, error, self._clock.now())
            return
        self._postpone(job, (error.code or error.kind.value) if error else "not shown yet")

    def _postpone(self, job: Job, error: str) -> None:
        pause = max(min(backoff(job.attempts, self._chance), MAX_PAUSE_MS), LOOK_AGAIN_MS)
        steps.postpone(self._ledger, job, self._clock.now(), self._clock.real() + pause, error)


def _is_ours(found: MadeUser, known: Onboarding) -> bool:
    """By the onboarding's random id in the comment, or by the UserId that the cloud answered our call with."""
    return found.comment == known.comment or found.principal.user_id == known.ram_user_id
