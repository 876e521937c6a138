"""The buttons of what an access review left as it was: a list of it, and what is revoked of that."""

from __future__ import annotations

from approvals.errors import Refusal
from approvals.operations.access_reviews.revoke_left import revoke_left
from approvals.queries.left_over import left_over
from handlers.actions.access_reviews import decided, on_click
from handlers.actions.named import notice_named
from handlers.context import HandlerContext
from handlers.interaction import Interaction
from handlers.listener import Listener
from handlers.refusals.sentences import sentence
from handlers.views import access_review
from handlers.views import left_over as views
from handlers.views.blocks import Message, note


def click_listeners() -> dict[str, Listener]:
    """By the button that each is for."""
    return {
        access_review.SHOW_LEFT: on_click(_show_left),
        views.MORE_LEFT: on_click(_more_left),
        views.REVOKE_LEFT: on_click(_revoke_left),
    }


def _show_left(context: HandlerContext, interaction: Interaction, notice_id: str) -> Message:
    return _left(context, interaction, notice_named(context, interaction, notice_id).about)


def _more_left(context: HandlerContext, interaction: Interaction, value: str) -> Message:
    review_id, _, after = value.partition(" ")
    return _left(context, interaction, review_id, after)


def _revoke_left(context: HandlerContext, interaction: Interaction, value: str) -> Message:
    item_id, _, after = value.partition(" ")
    came = decided(
        context,
        interaction,
        lambda ledger, evidence: revoke_left(ledger, context.team_id, item_id, *evidence, context.clock.now()),
    )
    said = access_review.revoked_answer(came, sentence, context.translations)
    try:
        return _left(context, interaction, came.item.review_id, after, said)
    except Refusal:
        return note(said)


def _left(
    context: HandlerContext, interaction: Interaction, review_id: str, after: str = "", said: str = ""
) -> Message:
    actor, admins = context.directory.person(interaction.user), context.directory.admins()
    left = left_over(context.ledger, context.team_id, review_id, after, actor, admins)
    return views.left_page(left, context.catalog, context.translations, said)
