"""`check --probe-writes USER`: one policy is attached to a RAM user made for it, and detached again; how long a read
takes to show either is measured.

It is a grant of ten minutes in the ledger, made and taken back as any other: whatever becomes of the command, a bot or
the watchdog ends it.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from random import Random

from approvals.entitlements import Entitlement, Key
from approvals.grant import OPEN, GrantState
from approvals.ledger import due_jobs, grants, open_ledger, people
from approvals.model import AccessRequest
from approvals.operations.probe_writes import begin_probe, end_probe
from approvals.outbox import enqueue
from approvals.people import Principal
from bot.app.parts import Parts
from bot.check.assumed.verdict import judged
from bot.check.measured_cloud import MeasuredCloud
from bot.check.row import CheckRow, failed, ok
from bot.redaction import Redaction
from bot.settings import Settings, SettingsError
from bot.slack.startup_checks import slack_team
from bot.worker.reconciler import Reconciler

ENDED_WITHIN_SECONDS = 60.0
AGAIN_SECONDS = 0.5
MAX_LAG_SECONDS = 60.0
"""Seconds, as it is assumed."""
READS_LAG = "ram-reads-lag"
OPTION, NAME = "--probe-writes", "probe"


class Probe:
    """One of them. What is certain about the user is looked at first of all."""

    def __init__(self, settings: Settings, redaction: Redaction, name: str) -> None:
        """Nothing is written yet.

        Raises:
            SettingsError: there is no such user, or somebody may use them; or there is no ledger to record it in.
            CloudError: RAM does not say it.
        """
        with closing(open_ledger(settings.database_url, make=False, upgrade=False)):
            # An older ledger is not brought up to date for this.
            self._parts = parts = Parts(settings, make_ledger=False, redaction=redaction)
        with ExitStack() as refused:
            refused.callback(parts.ledger.close)
            self._team_id = slack_team(parts.slack)
            self._entitlement = _policy(parts)
            self._principal = _unused(parts, name, self._entitlement)
            refused.pop_all()
        self._measured = MeasuredCloud(parts.products)

    def rows(self, by: str) -> list[CheckRow]:
        """A row for each write. Also where it is broken off, the grant is ended. `by`: who has it done."""
        parts = self._parts
        now = parts.clock.now()
        request = begin_probe(parts.ledger, self._team_id, self._principal, self._entitlement, by, now)
        try:
            self._reconcile(request, GrantState.ACTIVE)
        finally:
            end_probe(parts.ledger, request.id, parts.clock.now())
            self._reconcile(request, GrantState.ENDED)
        state = self._state(request)
        parts.ledger.close()
        if state is GrantState.ENDED:
            return [*self._measured.rows(), ok(NAME, f"{request.ref} has ended, and nothing is left")]
        remedy = f"It ends by itself once a bot runs; or detach {self._entitlement.name} by hand in RAM."
        return [*self._measured.rows(), failed(NAME, f"{request.ref} is {state.value if state else 'gone'}", remedy)]

    def judged(self, assumed: Sequence[CheckRow]) -> list[CheckRow]:
        """The same, with what was measured in it."""
        lag = self._measured.longest_lag
        if lag is None:
            return list(assumed)
        found = judged(READS_LAG, lag < MAX_LAG_SECONDS, f"a read showed a write after {lag:.2f} s at most")
        return [found if row.name == READS_LAG else row for row in assumed]

    def _reconcile(self, request: AccessRequest, wanted: GrantState) -> None:
        """Until the grant is so, or will not be: by this process, or by a bot that took the job first."""
        parts = self._parts
        worker = Reconciler(parts.ledger, self._measured, parts.clock, Random())
        job_id = enqueue.reconcile_id(Key(self._principal.user_id, self._entitlement))
        deadline = time.monotonic() + ENDED_WITHIN_SECONDS
        while (state := self._state(request)) is not wanted and state in OPEN and time.monotonic() < deadline:
            with parts.ledger.write() as tx:
                job = due_jobs.claim_this(
                    tx, job_id, real=parts.clock.real(), token=secrets.token_hex(16), steady=parts.clock.steady()
                )
            if job is not None:
                worker.reconcile(job)
            if self._state(request) is not wanted:
                time.sleep(AGAIN_SECONDS)

    def _state(self, request: AccessRequest) -> GrantState | None:
        with self._parts.ledger.read() as tx:
            return next((grant.state for grant in grants.of_request(tx, request.id)), None)


def _unused(parts: Parts, name: str, chosen: Entitlement) -> Principal:
    """The user, once it is certain that nobody uses them."""
    found = parts.ram.users.find(name)
    if found is None:
        raise SettingsError(f"{OPTION}: there is no RAM user {name}; make one for it, without a password")
    with parts.ledger.read() as tx:
        linked = people.link_of_principal(tx, found.user_id)
    if linked is not None:
        raise SettingsError(f"{OPTION}: {name} is linked to {linked.slack_user_id}; make a user who is nobody's")
    left = parts.ram.leftovers.of(found.name)
    if left.unread:
        raise SettingsError(f"{OPTION}: whether anybody uses {name} cannot be known without {left.unread[0]}")
    if left.console_login or left.access_keys:
        raise SettingsError(f"{OPTION}: {name} may log in or has an access key; make a user who may not")
    if chosen.name in {holding.name for holding in parts.ram.holdings(found)}:
        raise SettingsError(f"{OPTION}: {name} has {chosen.name} already; make a user who has nothing")
    return found


def _policy(parts: Parts) -> Entitlement:
    """The one of the fewest approvals; of several, the last, which is no administrator's."""
    items = [item for item in parts.catalog.items.values() if not item.is_bundle and item.type is None]
    offered = [item for item in items if item.entitlements[0].has_type]
    if not offered:
        raise SettingsError(f"{OPTION}: the catalogue offers no policy of the account's own")
    return min(reversed(offered), key=lambda item: item.approvals).entitlements[0]
