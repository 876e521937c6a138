"""Somebody chooses how they are reminded: the button, and what is typed."""

from __future__ import annotations

from slack_bolt import Ack

from approvals import rules
from approvals.operations.dm_reminders import choose_dm_reminders
from approvals.queries.actor import standing
from approvals.queries.away import wishes_dm_reminders
from approvals.rules import Act
from handlers.context import HandlerContext
from handlers.interaction import Interaction
from handlers.views.blocks import Message
from handlers.views.dm_reminders import ON, dm_reminders_message


def choice_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """App Home shows it itself; a private message is drawn anew."""
    ack()
    wished = interaction.value == ON
    context.serve(interaction, lambda: _clicked(context, interaction, wished), Act.REMINDERS, in_place=True)


def _clicked(context: HandlerContext, interaction: Interaction, wished: bool) -> Message | None:
    said = choose_now(context, interaction, wished=wished)
    return None if interaction.in_home else said


def choose_now(context: HandlerContext, interaction: Interaction, *, wished: bool) -> Message:
    """It holds from now on.

    Raises:
        Refusal: they are no linked member.
    """
    actor = context.directory.person(interaction.user)
    choose_dm_reminders(context.ledger, context.team_id, actor, context.clock.now(), wished=wished)
    return dm_reminders_message(context.translations, wished=wished)


def chosen_now(context: HandlerContext, interaction: Interaction) -> Message:
    """What holds.

    Raises:
        Refusal: they are no linked member.
    """
    actor = context.directory.person(interaction.user)
    with context.ledger.read() as tx:
        rules.authorise(Act.REMINDERS, actor, standing(tx, context.team_id, actor))
        wished = wishes_dm_reminders(tx, context.team_id, actor)
    return dm_reminders_message(context.translations, wished=wished)
