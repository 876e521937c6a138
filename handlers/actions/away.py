"""Somebody who is away is back: the button, and what is typed."""

from __future__ import annotations

from slack_bolt import Ack

from approvals import rules
from approvals.millis import DomainMillis
from approvals.operations.away import come_back
from approvals.people import Person
from approvals.queries.actor import standing
from approvals.queries.away import until_of
from approvals.rules import Act
from handlers.context import HandlerContext
from handlers.interaction import Interaction
from handlers.views.away import back_message
from handlers.views.blocks import Message


def back_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """Whoever clicks is here; App Home shows that itself."""
    ack()
    context.serve(interaction, lambda: _clicked(context, interaction), Act.AWAY, in_place=True)


def _clicked(context: HandlerContext, interaction: Interaction) -> Message | None:
    said = come_back_now(context, interaction)
    return None if interaction.in_home else said


def come_back_now(context: HandlerContext, interaction: Interaction) -> Message:
    """They are here from now on.

    Raises:
        Refusal: they are no linked member.
    """
    actor = context.directory.person(interaction.user)
    was_away = come_back(context.ledger, context.team_id, actor, context.clock.now())
    return back_message(context.translations, was_away=was_away)


def until_now(context: HandlerContext, actor: Person) -> DomainMillis | None:
    """Until when they are away; None where they are not.

    Raises:
        Refusal: they are no linked member.
    """
    with context.ledger.read() as tx:
        rules.authorise(Act.AWAY, actor, standing(tx, context.team_id, actor))
        return until_of(tx, context.team_id, actor)
