"""People in Slack, as the courses of events need them: by name, and by a request's place in the list."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from approvals.millis import DomainMillis
from approvals.model import RequestState, Verdict
from approvals.queries.request_view import RequestView
from bot.sandbox.client import NotDone, SandboxPerson
from tests.harness.crashing_app import CrashingApp
from tests.harness.oracle import Oracle


class Acting:
    """`fair`: nothing stands in the way, so that whoever may decide is heard."""

    def __init__(self, app: CrashingApp, oracle: Oracle) -> None:
        self._app = app
        self._oracle = oracle
        self.fair = True

    def request(self, which: int) -> int | None:
        """The newest is 0; whoever counts too far begins anew. None while there is none."""
        numbers = [record.request.id for record in self._oracle.records()]
        return numbers[-1 - which % len(numbers)] if numbers else None

    def types(self, who: str, line: str) -> None:
        with suppress(NotDone):
            self._person(who).type(line)

    def presses(self, who: str, action: str, number: int) -> None:
        """A button of App Home, by whoever knows how to send such a click, whether or not it is on their screen."""
        button = {"type": "button", "block_id": "any", "action_id": action, "action_ts": "1.0"}
        text = {"type": "plain_text", "text": "any"}
        pressed = {**button, "text": text, "value": self._record(number).request.public_id}
        home = {"type": "view", "view_id": "V0HOME"}
        self._forges(who, {"type": "block_actions", "container": home, "actions": [pressed]})

    def decides(self, who: str, number: int, verdict: Verdict) -> None:
        before = self._record(number)
        click = self._oracle.clicked(before, who, verdict)
        if verdict is Verdict.APPROVE:
            self.presses(who, "approve", number)
        else:
            self._denies(who, number)
        if self.fair and click.allowed and self._can_count(before, who):
            self._app.until(
                lambda: self._counts(number, who, verdict),
                lambda: f"{who} to {verdict} {before}; {self._person(who).screen_text()}",
            )

    def _can_count(self, before: RequestView, who: str) -> bool:
        repeated = any(word.principal.name == who for word in before.decisions)
        overdue = before.request.expires_at <= DomainMillis(round(self._app.people.now() * 1_000))
        return before.request.state is RequestState.PENDING and not repeated and not overdue

    def _counts(self, number: int, who: str, verdict: Verdict) -> bool:
        return any((word.principal.name, word.verdict) == (who, verdict) for word in self._record(number).decisions)

    def _denies(self, who: str, number: int) -> None:
        reason = {"reason": {"reason": {"type": "plain_text_input", "value": "not now"}}}
        named = self._record(number).request.public_id
        view = {"id": "V0DENY", "type": "modal", "callback_id": "deny_request", "private_metadata": named}
        self._forges(who, {"type": "view_submission", "view": {**view, "state": {"values": reason}}})

    def _forges(self, who: str, payload: dict[str, Any]) -> None:
        with suppress(NotDone):
            self._person(who).forge(payload)

    def _person(self, who: str) -> SandboxPerson:
        person: SandboxPerson = getattr(self._app, who)
        return person

    def _record(self, number: int) -> RequestView:
        return next(record for record in self._oracle.records() if record.request.id == number)
