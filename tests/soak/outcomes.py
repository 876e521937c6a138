"""What must be true of requests on which everybody decided at once while bots died: by the ledger, the trail, RAM's
own log and the cards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any

from approvals.ledger import cards, decisions, requests, trail
from approvals.millis import DomainMillis
from approvals.model import RequestState, Verdict
from bot.sandbox.ram.account import WriteRecord
from tests.harness.app import ENGINE, AppHarness
from tests.soak.deciding import Asked

ATTACH, DETACH = "AttachPolicyToUser", "DetachPolicyFromUser"
VERDICTS = {RequestState.APPROVED: Verdict.APPROVE, RequestState.DENIED: Verdict.DENY}
DECIDED = ("approved", "denied")
GRANTED = ("granting", "active", "ending", "ended")


class Outcomes:
    """Made before anything is decided, since it listens to RAM from then on."""

    def __init__(self, app: AppHarness, asked: Sequence[Asked], counted: Counter[str]) -> None:
        self._app = app
        self._asked = asked
        self._counted = counted
        self._before = self._holders()
        self._done: Counter[tuple[str, str]] = Counter()
        app.sandbox.account.on_change(lambda: self._note(app.sandbox.account.log()[-1]))

    def approved(self) -> list[Asked]:
        """
        Raises:
            AssertionError: a request has not exactly one outcome.
        """
        found: list[Asked] = []
        with self._app.ledger.read() as tx:
            for one in self._asked:
                request = requests.get(tx, one.id)
                assert request is not None and request.state in VERDICTS, f"{one.ref} is {request and request.state}"
                words = decisions.of_request(tx, one.id)
                verdicts = [word.verdict for word in words]
                assert verdicts == [VERDICTS[request.state]], f"{one.ref} is {request.state}, by {words}"
                if request.state is RequestState.APPROVED:
                    found.append(one)
        self._counted["approved"] = len(found)
        return found

    def grants(self, state: str) -> int:
        """How many are in that state."""
        return self._number("grants WHERE state = :state", state=state)

    def due(self) -> int:
        """How much work is due now."""
        return self._number("jobs WHERE due_at <= :now", now=DomainMillis(round(self._app.people.now() * 1_000)))

    def unsettled(self) -> int:
        """How many keys are still to be looked at, now or some day."""
        return self._number("jobs WHERE kind = 'reconcile_key'")

    def held_is_what_was_approved(self, approved: Sequence[Asked]) -> None:
        held = self._holders() - self._before
        wanted = {one.principal.user_id for one in approved}
        assert held == wanted, f"RAM shows {len(held - wanted)} too many and lacks {len(wanted - held)}"
        self._writes(approved, ended=False)

    def all_is_over(self, approved: Sequence[Asked]) -> None:
        assert self._holders() == self._before, "RAM is not as it was before"
        self._writes(approved, ended=True)
        assert self.unsettled() == 0, "a key is still to be looked at"

    def the_trail_tells_it_once(self, approved: Sequence[Asked]) -> None:
        assert self._app.chain_holds(), "the chain of the audit trail does not hold"
        told: dict[int, Counter[str]] = {}
        with self._app.ledger.read() as tx:
            for entry in trail.entries(tx):
                fields = entry.fields
                told.setdefault(fields.get("request", 0), Counter())[fields["event"]] += 1
        ids = {one.id for one in approved}
        for one in self._asked:
            events, was = told[one.id], one.id in ids
            expected = {"approved": int(was), "denied": int(not was), **dict.fromkeys(GRANTED, int(was))}
            found = {event: events[event] for event in expected}
            assert found == expected, f"{one.ref}: {dict(events)}"

    def every_card_shows_it(self, approved: Sequence[Asked]) -> None:
        ids = {one.id for one in approved}
        sandbox = self._app.sandbox
        with self._app.ledger.read() as tx:
            for one in self._asked:
                for known in cards.of_request(tx, one.id):
                    channel = sandbox.workspace.channels[known.channel]
                    message = sandbox.call(partial(channel.find, known.ts))
                    title = f"{one.ref} · {'ended' if one.id in ids else 'denied'}"
                    assert message and message.text.startswith(title), f"{title}: {message and message.text}"

    def _writes(self, approved: Sequence[Asked], *, ended: bool) -> None:
        """One attach for each that was approved, and one detach once it has ended; none for anybody else."""
        names = [one.principal.name for one in approved]
        wanted = Counter({(ATTACH, name): 1 for name in names})
        if ended:
            wanted.update({(DETACH, name): 1 for name in names})
        assert self._done == wanted, f"not once each: {dict(self._done - wanted)}, missing: {dict(wanted - self._done)}"

    def _holders(self) -> set[str]:
        held = next(each for each in self._app.people.account()["policies"] if each["name"] == ENGINE)
        return {holder["user_id"] for holder in held["holders"]}

    def _note(self, write: WriteRecord) -> None:
        if write.policy == ENGINE and write.result == "ok":
            self._done[write.action, write.user] += 1
            self._counted["attached" if write.action == ATTACH else "detached"] += 1

    def _number(self, which: str, **params: Any) -> int:
        with self._app.ledger.read() as tx:
            return int(tx.rows(f"SELECT COUNT(*) AS number FROM {which}", **params)[0]["number"])
