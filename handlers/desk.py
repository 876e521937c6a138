"""What every surface works with, handed to it once; and how a piece of work is done for a person and answered."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from slack_sdk.webhook import WebhookClient

from approvals.catalog import Catalog
from approvals.errors import Refusal, Why
from approvals.ledger import Ledger
from approvals.operations.standing import note_refusal
from approvals.ports import Clock, Directory
from approvals.rules import Act
from handlers.errors import sentence
from handlers.executor import Busy, Executor
from handlers.views.blocks import Message, note
from handlers.words import Words

log = logging.getLogger(__name__)

ANSWER_WITHIN = 10
"""Seconds that Slack gets to take a private answer."""


@dataclass(frozen=True, slots=True)
class Desk:
    ledger: Ledger
    catalog: Catalog
    directory: Directory
    clock: Clock
    executor: Executor
    slack: WebClient
    words: Words
    team_id: str
    wake: Callable[[], None]
    """Tell the worker that something may be due."""

    def serve(
        self, body: dict[str, Any], work: Callable[[], Message | None], act: Act, request_id: int | None = None
    ) -> None:
        """Do `work` for the person in `body`, off Bolt's thread, and answer them privately with what it returns.

        A Refusal becomes its sentence and an entry in the audit trail; anything unforeseen becomes a reference that is
        in the log as well.
        """

        def run() -> None:
            try:
                answer = work()
            except Refusal as refusal:
                self._note(act, body, request_id, refusal)
                answer = note(sentence(refusal, self.words))
            except Exception:
                reference = secrets.token_hex(4)
                log.exception("unforeseen", extra={"reference": reference, "slack_user": person_in(body)})
                answer = note(unforeseen(reference, self.words))
            self.wake()
            if answer is not None:
                self.answer(body, answer)

        try:
            self.executor.submit(run)
        except Busy:
            self.answer(body, note(sentence(Refusal(Why.BUSY), self.words)))

    def answer(self, body: dict[str, Any], message: Message) -> None:
        """Privately: in place where Slack gave an address for it, else by direct message."""
        try:
            url = body.get("response_url")
            if url:
                sent = WebhookClient(str(url), timeout=ANSWER_WITHIN).send(
                    text=message.text, blocks=message.blocks, response_type="ephemeral", replace_original=False
                )
                if sent.status_code == 200:
                    return
            self.slack.chat_postMessage(channel=person_in(body), text=message.text, blocks=message.blocks)
        except (SlackClientError, OSError):
            log.exception("could not answer", extra={"slack_user": person_in(body)})

    def _note(self, act: Act, body: dict[str, Any], request_id: int | None, refusal: Refusal) -> None:
        log.info(
            "refused",
            extra={"act": act.value, "why": refusal.why.value, "slack_user": person_in(body), "request": request_id},
        )
        if act is not Act.LOOK:
            note_refusal(self.ledger, self.clock.now(), act, person_in(body), request_id, refusal)


def unforeseen(reference: str, words: Words) -> str:
    """What a person is told when something failed in a way that nobody foresaw."""
    _ = words.gettext
    return _("Something went wrong here, and nothing was decided. Tell your administrator: reference {ref}.").format(
        ref=f"`{reference}`"
    )


def person_in(body: dict[str, Any]) -> str:
    """The Slack user id of whoever did this, in a command's body as in an interaction's."""
    user = body.get("user")
    found = user.get("id") if isinstance(user, dict) else None
    return str(found or body.get("user_id") or "")
