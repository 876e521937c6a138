"""The Remind button of whoever waits for a decision."""

from __future__ import annotations

from slack_bolt import Ack

from approvals.operations.remind import remind
from approvals.rules import Act
from handlers.actions.named import request_named
from handlers.context import HandlerContext
from handlers.interaction import Interaction
from handlers.views.blocks import Message, note
from handlers.views.too_few import nobody_reminded


def remind_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """Remind those who have not decided on the request that the button names."""
    ack()
    public_id = interaction.value
    context.serve(interaction, lambda: _remind(context, interaction, public_id), Act.REMIND, public_id)


def _remind(context: HandlerContext, interaction: Interaction, public_id: str) -> Message:
    request = request_named(context, interaction, public_id).request
    person = context.directory.person(interaction.user)
    all_away = remind(context.ledger, context.team_id, request.id, person, context.clock.now())
    if all_away is not None:
        return note(nobody_reminded(request.ref, all_away, context.translations))
    return note(context.translations.gettext("*{ref}*: reminding the approvers.").format(ref=request.ref))
