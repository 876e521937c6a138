"""Policies are those that were reviewed: looked at every day, and before each attach."""

from __future__ import annotations

from approvals.entitlements import Entitlement
from approvals.errors import CloudError, CloudErrorKind
from approvals.ledger import Ledger
from approvals.ledger.jobs import Job
from approvals.millis import MINUTE
from approvals.operations.policy_reviews import look
from approvals.operations.policy_reviews.compare import state_to_give, to_compare
from approvals.own_codes import OwnCode
from approvals.policies.reviewed import ReviewState
from approvals.ports import Clock
from bot.cloud.policies_now import CurrentPolicies
from bot.directory.policies import LivePolicies

CODES = {
    ReviewState.CHANGED: OwnCode.POLICY_CHANGED,
    ReviewState.UNREVIEWED: OwnCode.POLICY_NOT_REVIEWED,
    ReviewState.UNREADABLE: OwnCode.POLICY_UNREADABLE,
}

LOOK_AGAIN_MS = MINUTE
"""What waits for a review is looked at again after that; with the last word of it, at once."""


class PolicyWatch:
    """Performs the job that compares all of the catalogue's policies; it is due again each time that it is done."""

    def __init__(
        self, ledger: Ledger, policies: LivePolicies, names: frozenset[str], clock: Clock, *, required: bool
    ) -> None:
        self._ledger = ledger
        self._policies = policies
        self._names = names
        self._clock = clock
        self._required = required

    def check(self, job: Job) -> None:
        """Look at each; those that RAM does not tell of are looked at again soon.

        Raises:
            LostLock: another worker has the job.
        """
        seen, untold = self._policies.all_of(self._names)
        look.record_look(self._ledger, job, seen, self._clock.now(), required=self._required, complete=not untold)


class PolicyGate:
    """Lets nothing be attached that is not what was reviewed."""

    def __init__(self, ledger: Ledger, policies: CurrentPolicies, clock: Clock, *, required: bool) -> None:
        self._ledger = ledger
        self._policies = policies
        self._clock = clock
        self._required = required

    def check(self, entitlement: Entitlement) -> None:
        """Compare the policy that is about to be attached, where it was ever reviewed or has to be.

        Raises:
            CloudError: it is not the reviewed one, of which approvers are told; or RAM does not say what it is.
        """
        with self._ledger.read() as tx:
            compared = to_compare(tx, [entitlement], required=self._required)
        if not compared:
            return
        seen = self._policies.read(entitlement.name, entitlement.policy_type)
        if seen is None:
            raise CloudError(CloudErrorKind.NO_POLICY, code="EntityNotExist.Policy", action="GetPolicy")
        state = state_to_give(self._ledger, seen, self._clock.now())
        if state is not ReviewState.REVIEWED:
            raise CloudError(CloudErrorKind.REFUSED, code=CODES[state], action="GetPolicy", retry_after=LOOK_AGAIN_MS)
