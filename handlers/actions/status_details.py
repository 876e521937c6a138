"""The Details button of a status board: a window with every row, in the words of whoever clicks."""

from __future__ import annotations

from slack_bolt import Ack

from approvals import rules
from approvals.refusals.status import UnknownService
from approvals.rules import Act
from approvals.status.boards import load_details
from handlers.context import HandlerContext
from handlers.interaction import Interaction
from handlers.views.blocks import Message
from handlers.views.board import WHOLE
from handlers.views.status_details import status_details
from handlers.windows import open_window


def status_details_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """It shows what is known now, which may be newer than the board; any member of the workspace may see it."""
    ack()
    context.serve(interaction, lambda: _open(context, interaction, interaction.value), Act.LOOK)


def _open(context: HandlerContext, interaction: Interaction, scope: str) -> Message | None:
    rules.check_full_member(context.directory.person(interaction.user), context.team_id)
    row = "" if scope == WHOLE else scope
    shown = load_details(context.ledger, context.plan, row, context.clock.now())
    if shown is None:
        raise UnknownService(text=row, services=tuple(context.plan.nearest(row)))
    return open_window(context, interaction, status_details(shown, context.translations))
