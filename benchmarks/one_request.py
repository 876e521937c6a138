"""One request from beginning to end, recorded by the operations themselves, with a cloud that does as it is told."""

from __future__ import annotations

from random import Random

from approvals.catalog.load import load_catalog
from approvals.entitlements import Entitlement, Key
from approvals.evidence import DecisionEvidence, Holder, Holders
from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import Ledger, cards, due_jobs, people
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import MINUTE, DomainMillis, RealMillis
from approvals.model import AccessRequest, Verdict
from approvals.operations.ask import Ask
from approvals.operations.create_request import Parties, create_request
from approvals.operations.decide import decide
from approvals.people import Link, Person, Principal
from approvals.ports import Go, Receipt, Sighting
from bot.worker.loop import SLOT_WIDTH
from bot.worker.reconciler import Reconciler

TEAM = "T0PAIREC"
ITEM = "PaiRecEngineAccess"
CAROL = (SlackUserId("U7TEMPLATE"), Principal(RamUserId("777777777777777771"), "template-carol"))
BOB = (SlackUserId("U0APPROVER"), Principal(RamUserId("299999999999999992"), "approver"))
CHANNEL = "C0APPROVALS"
NUMBERS = {"request": 7_770_001, "grant": 8_880_001, "card": 9_990_001}
"""The first of each counter: none of them is mistaken for another value."""


class FrozenClock:
    """Moves when it is told to."""

    def __init__(self, now: int) -> None:
        self.at = now

    def now(self) -> DomainMillis:
        """Domain time."""
        return DomainMillis(self.at)

    def real(self) -> RealMillis:
        """The same."""
        return RealMillis(self.at)

    def steady(self) -> int:
        """The same."""
        return self.at


class WillingCloud:
    """Attaches and detaches what it is told to, at once."""

    def __init__(self) -> None:
        self._held: set[Key] = set()

    def type_of(self, principal: Principal, entitlement: Entitlement, given_at: DomainMillis | None) -> str | None:
        """Everything is the account's own."""
        return "Custom"

    def observe(self, principal: Principal, entitlement: Entitlement, *, recent: bool = False) -> Sighting:
        """What was attached and not detached."""
        return Sighting(Key(principal.user_id, entitlement) in self._held)

    def attach(self, principal: Principal, entitlement: Entitlement, go: Go) -> Receipt:
        """It is there."""
        go()
        self._held.add(Key(principal.user_id, entitlement))
        return Receipt("0A1B2C3D-0000-0000-0000-000000000001")

    def detach(
        self, principal: Principal, entitlement: Entitlement, go: Go, *, leave: bool = False, restores: str = ""
    ) -> Receipt:
        """It is gone."""
        go()
        self._held.discard(Key(principal.user_id, entitlement))
        return Receipt("0A1B2C3D-0000-0000-0000-000000000002")

    def holder_ids(self, entitlement: Entitlement) -> frozenset[RamUserId]:
        """Who has it."""
        return frozenset(key.user_id for key in self._held if key.entitlement == entitlement)


class OneRequest:
    """Goes on as far as it is told to, in a ledger of its own."""

    def __init__(self, ledger: Ledger, now: int, duration: int) -> None:
        """`now`: domain time at which it is asked for; `duration`: milliseconds."""
        self._ledger = ledger
        self._clock = FrozenClock(now)
        self._duration = duration
        self._reconciler = Reconciler(ledger, WillingCloud(), self._clock, Random(7))
        with ledger.write() as tx:
            for counter, first in NUMBERS.items():
                tx.run("UPDATE counters SET value = :value WHERE name = :name", name=counter, value=first - 1)
            for slack_id, principal in (CAROL, BOB):
                people.add_link(tx, Link(TEAM, slack_id, principal, DomainMillis(now)))

    def until_active(self) -> None:
        """Asked for, approved and attached; its card was posted, and everybody told."""
        self._approve(self._ask())
        self._work()
        self._drop_messages()

    def until_ended(self) -> None:
        """And taken back at its deadline."""
        self._clock.at += self._duration + MINUTE
        self._work()
        self._drop_messages()
        with self._ledger.write() as tx:
            tx.run("DELETE FROM jobs")

    def _ask(self) -> AccessRequest:
        slack_id, principal = CAROL
        ask = Ask(
            f"asked-{NUMBERS['request']}", TEAM, slack_id, slack_id, ITEM, self._duration, "rolling out the new ranking"
        )
        with self._ledger.write() as tx:
            parties = Parties(principal, principal, (BOB[0],), ())
            request = create_request(
                tx, ask, load_catalog().resolve(ITEM), parties, claimed=False, now=self._clock.now()
            )
            cards.add(tx, request.id, CHANNEL, f"1700000000.{NUMBERS['card']}", request.version)
        self._clock.at += MINUTE
        return request

    def _approve(self, request: AccessRequest) -> None:
        actor = Person(TEAM, BOB[0], email="approver@example.com", email_confirmed=True)
        subject = Person(TEAM, CAROL[0], email="carol@example.com", email_confirmed=True)
        evidence = DecisionEvidence(actor, Holders((Holder(BOB[1]),)), CAROL[1], subject)
        decide(self._ledger, load_catalog(), TEAM, request.id, Verdict.APPROVE, evidence, self._clock.now())

    def _work(self) -> None:
        while job := self._claim():
            self._reconciler.reconcile(job)
            self._clock.at += 1_000

    def _claim(self) -> Job | None:
        with self._ledger.write() as tx:
            return due_jobs.claim(
                tx,
                [JobKind.RECONCILE_KEY],
                now=self._clock.now(),
                real=self._clock.real(),
                token="0" * 16,
                slot=SLOT_WIDTH,
                steady=self._clock.steady(),
            )

    def _drop_messages(self) -> None:
        """They were sent."""
        with self._ledger.write() as tx:
            tx.run("DELETE FROM jobs WHERE due_at <= :now", now=self._clock.now())
