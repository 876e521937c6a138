"""What a bystander who saw everything would believe, and holds against the ledger and RAM.

It knows nothing of jobs, locks or retries: only who asked and clicked, who held the admin policy at that moment, and
what hands did in the RAM console.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Literal

from approvals.grant import OPEN, Grant, GrantState
from approvals.millis import DomainMillis
from approvals.model import RequestState, Verdict
from approvals.queries import request_view
from approvals.queries.request_view import RequestView
from tests.harness.app import ADMIN, AppHarness

FINAL = (GrantState.ENDED, GrantState.HELD, GrantState.VOID)
Attachment = tuple[str, str]
"""The names of a RAM user and of a policy."""


@dataclass(frozen=True, slots=True)
class Click:
    request: int
    ram_user: str
    verdict: Verdict
    allowed: bool
    """Whether whoever clicked held the admin policy then, not for a time only, and it is neither by nor for them."""


class Oracle:
    def __init__(self, app: AppHarness) -> None:
        self._app = app
        self._by_hand: dict[Attachment, Literal["theirs", "whose?"]] = dict.fromkeys(self._shown(), "theirs")
        self._attached_at: dict[Attachment, float] = {}
        self._foggy = False
        self._taken: set[Attachment] = set()
        self._clicks: list[Click] = []
        self._closed: dict[int, Any] = {}
        self._over: dict[int, Grant] = {}

    # -- what is seen happening

    def clicked(self, record: RequestView, ram_user: str, verdict: Verdict) -> Click:
        request = record.request
        own = ram_user == request.principal.name or f"U0{ram_user.upper()}" in (request.requester, request.subject)
        click = Click(request.id, ram_user, verdict, not own and ram_user in self.may_approve())
        self._clicks.append(click)
        return click

    def may_approve(self) -> set[str]:
        """Who holds the admin policy by RAM, and not by a grant of ours that ends."""
        ours = [grant for grant in self.grants() if grant.entitlement.name == ADMIN and grant.state in OPEN]
        standing = {grant.principal.name for grant in ours if grant.ends_at is None}
        timed = {grant.principal.name for grant in ours if grant.state is not GrantState.PLANNED} - standing
        return set(self._app.people.holders(ADMIN)) - timed

    def attached_by_hand(self, user: str, policy: str) -> None:
        """Where a grant is on its way there, it is hard to say whose it is; likewise while reads lag: if then the
        answer to an attach is lost as well, nothing tells whether it was the attach that put it there.
        """
        self._by_hand[user, policy] = "whose?" if self._foggy or self._open((user, policy)) else "theirs"
        self._attached_at[user, policy] = time.monotonic()

    def reads_lag(self, seconds: float) -> None:
        self._foggy = True
        for attachment, at in self._attached_at.items():
            if attachment in self._by_hand and time.monotonic() - at < seconds:
                self._by_hand[attachment] = "whose?"

    def reads_are_true(self) -> None:
        self._foggy = False

    def detached_by_hand(self, user: str, policy: str) -> None:
        self._by_hand.pop((user, policy), None)
        if self._open((user, policy)):
            self._taken.add((user, policy))

    def compared(self) -> None:
        """The bot compared the ledger with RAM and found what hands had taken away."""
        self._taken.clear()

    # -- what must be so at any time

    def hold(self) -> None:
        assert self._app.chain_holds(), "the chain is broken"
        for record in self.records():
            self._stays_closed(record)
            self._was_decided_by_the_rules(record)
            for grant in record.grants:
                before = self._over.setdefault(grant.id, grant) if grant.state in FINAL else self._over.get(grant.id)
                assert before is None or before.state is grant.state, f"{before} became {grant}"

    def _stays_closed(self, record: RequestView) -> None:
        request = record.request
        if request.state is RequestState.PENDING:
            assert request.id not in self._closed, f"{request.ref} was opened again"
            assert not record.grants, f"{request.ref} has grants before it was approved"
            return
        told = (request.state, request.closed_at, request.closed_by, request.close_reason, request.ends_at)
        now = (told, record.decisions, {(grant.id, grant.key, grant.ends_at) for grant in record.grants})
        assert self._closed.setdefault(request.id, now) == now, f"{request.ref} was closed, and changed"
        assert bool(record.grants) == (request.state is RequestState.APPROVED), record

    def _was_decided_by_the_rules(self, record: RequestView) -> None:
        request = record.request
        for word in record.decisions:
            clicks = [
                click
                for click in self._clicks
                if (click.request, click.ram_user, click.verdict) == (request.id, word.principal.name, word.verdict)
            ]
            assert any(click.allowed for click in clicks), f"{word} counts; these were the clicks: {clicks}"
        if request.state is RequestState.APPROVED:
            assert len({word.principal.user_id for word in record.approvals}) >= request.approvals_needed, record
        denied = any(word.verdict is Verdict.DENY for word in record.decisions)
        assert denied == (request.state is RequestState.DENIED), record

    # -- what must be so once everything is settled

    def hold_when_settled(self) -> None:
        now = DomainMillis(round(self._app.people.now() * 1_000))
        active = {_attachment(grant) for grant in self.grants() if grant.state is GrantState.ACTIVE}
        for grant in self.grants():
            assert grant.state not in (GrantState.PLANNED, GrantState.GRANTING, GrantState.ENDING), grant
            overdue = grant.state is GrantState.ACTIVE and grant.ends_at is not None and grant.ends_at <= now
            assert not overdue, f"{grant} outlives its deadline"
        shown = self._shown()
        for attachment in shown | active | self._by_hand.keys():
            self._agrees(attachment, attachment in shown, attachment in active)

    def _agrees(self, attachment: Attachment, shown: bool, active: bool) -> None:
        by_hand = self._by_hand.get(attachment)
        where = f"{attachment}: {self._grants_on(attachment)}"
        if shown:
            assert active or by_hand, f"RAM shows what nothing stands for: {where}"
            assert not (active and by_hand == "theirs"), f"what was there before is taken for ours: {where}"
            if by_hand:
                self._by_hand[attachment] = "theirs"
            if active:
                self._by_hand.pop(attachment, None)
        else:
            assert not active or attachment in self._taken, f"RAM does not show what is active: {where}"
            assert by_hand != "theirs", f"what was not ours was taken away: {where}"
            self._by_hand.pop(attachment, None)

    # -- looking

    def records(self) -> list[RequestView]:
        with self._app.ledger.read() as tx:
            numbers = [row["id"] for row in tx.rows("SELECT id FROM requests ORDER BY id")]
            return [record for number in numbers if (record := request_view.read(tx, number))]

    def grants(self) -> list[Grant]:
        return [grant for record in self.records() for grant in record.grants]

    def _open(self, attachment: Attachment) -> list[Grant]:
        return [grant for grant in self._grants_on(attachment) if grant.state in OPEN]

    def _grants_on(self, attachment: Attachment) -> list[Grant]:
        return [grant for grant in self.grants() if _attachment(grant) == attachment]

    def _shown(self) -> set[Attachment]:
        return {
            (holder["user"], known["name"])
            for known in self._app.people.account()["policies"]
            for holder in known["holders"]
            if holder["kind"] == "user"
        }


def _attachment(grant: Grant) -> Attachment:
    return grant.principal.name, grant.entitlement.name
