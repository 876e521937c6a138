"""The reason that somebody writes into a form."""

from __future__ import annotations

from slack_bolt import Ack

from approvals import text_input
from handlers.context import HandlerContext
from handlers.interaction import Interaction
from handlers.refusals.sentences import plain_sentence


def reason_sent(ack: Ack, interaction: Interaction, context: HandlerContext, field: str) -> str | None:
    """What stands in the field of a form that is not acknowledged yet. None: it is no reason; the form is acknowledged
    then, and says so under the field.
    """
    reason = interaction.written_in(field)
    refused = text_input.against_reason(reason)
    if not refused:
        return reason
    ack(response_action="errors", errors={field: plain_sentence(refused[0], context.translations)})
    return None
