"""The step "Request PAI-Rec access" of Slack's Workflow Builder.

Who asks is whom the workflow names, and it is judged as if they had typed it. Somebody else made the workflow, so that
the card says that it came from one.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack

from approvals.errors import Refusal
from approvals.ids import SlackUserId
from approvals.operations.ask import Ask
from approvals.operations.note_refusal import note_refusal
from approvals.operations.workflow_steps import record_step
from approvals.queries.workflow_steps import asked_key
from approvals.refusals.people import UnknownPerson
from approvals.rules import Act
from handlers.actions.request_access import ask_for_access, wall_of
from handlers.context import HandlerContext
from handlers.parsing import read_time
from handlers.refusals.sentences import plain_sentence

log = logging.getLogger(__name__)

CALLBACK = "request_pairec_access"
REQUESTER, SUBJECT, ITEM, DURATION, REASON, TICKET = INPUTS = (
    *("requester", "subject", "access"),
    *("duration", "reason", "ticket"),
)
"""As the manifest names them."""


def step_executed(ack: Ack, event: Mapping[str, Any], context: HandlerContext) -> None:
    """Slack sends it again where it is not acknowledged, which it is once it is in the ledger."""
    given = event.get("inputs")
    inputs = given if isinstance(given, dict) else {}
    asks = {name: inputs[name] for name in INPUTS if isinstance(inputs.get(name), str)}
    execution = event.get("function_execution_id")
    try:
        if not isinstance(execution, str) or not record_step(context.ledger, execution, asks, context.clock.now()):
            log.warning("a workflow's step says nothing of its run")
    except context.ledger.engine_errors as error:
        log.error("a workflow's step is not in the ledger; Slack sends it again", extra={"error": str(error)})
        return
    ack()
    context.wake()


def ask_for_step(context: HandlerContext, execution: str, asks: Mapping[str, str]) -> None:
    """Ask for what a step asks for, as whom the workflow names.

    Raises:
        Refusal: it may not be asked for, or what it is judged by cannot be read. The trail has it.
    """
    requester = SlackUserId(asks.get(REQUESTER, ""))
    try:
        if not requester:
            raise UnknownPerson(text="")
        time = read_time(asks.get(DURATION, ""), wall_of(context, requester))
        ask = Ask(
            asked_key=asked_key(execution),
            team_id=context.team_id,
            requester=requester,
            subject=SlackUserId(asks.get(SUBJECT) or requester),
            item=asks.get(ITEM, "").strip(),
            duration=time.duration,
            ends_by=time.ends_by,
            reason=asks.get(REASON, "").strip(),
            ticket=asks.get(TICKET, "").strip() or None,
            workflow_step=execution,
        )
        ask_for_access(context, ask, answered=False)
    except Refusal as refusal:
        note_refusal(context.ledger, context.clock.now(), Act.ASK, requester, None, refusal)
        raise


def refused_step(context: HandlerContext, asks: Mapping[str, str], refusal: Refusal) -> str:
    """What whoever started the workflow reads, in the requester's language."""
    return plain_sentence(refusal, context.read_by(SlackUserId(asks.get(REQUESTER, ""))).meet().translations)
