"""The buttons of an access review: an approver's part, and what they say of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from slack_bolt import Ack

from approvals.errors import Refusal
from approvals.evidence import Holders
from approvals.operations.access_reviews.decide import keep, keep_harmless, revoke_reviewed
from approvals.operations.access_reviews.finish import sign_off
from approvals.operations.access_reviews.shorten import shorten_reviewed
from approvals.people import Person
from approvals.queries.access_reviews import review_part
from approvals.rules import Act
from approvals.transaction import Ledger
from handlers.actions.named import notice_named
from handlers.context import HandlerContext
from handlers.fresh_evidence import act_on_fresh_evidence
from handlers.interaction import Interaction
from handlers.listener import Listener
from handlers.refusals.sentences import sentence
from handlers.views import access_review, shorten_select
from handlers.views.blocks import Message, note

Result = TypeVar("Result")
Work = Callable[[HandlerContext, Interaction, str], Message | None]


def click_listeners() -> dict[str, Listener]:
    """By the button that each is for."""
    return {
        access_review.SHOW: on_click(_show),
        access_review.KEEP: on_click(_keep),
        access_review.REVOKE: on_click(_revoke),
        access_review.KEEP_HARMLESS: on_click(_keep_harmless),
        shorten_select.SHORTEN: _shorten_chosen,
        access_review.SIGN: _sign_clicked,
    }


def part_of(context: HandlerContext, interaction: Interaction, said: str = "") -> Message:
    """What is left for whoever asks. `said`: what came of their last click.

    Raises:
        Refusal: they may not approve, or what has to be known is not said.
    """
    actor, admins = context.directory.person(interaction.user), context.directory.admins()
    part = review_part(context.ledger, context.team_id, actor, admins)
    return access_review.review_page(part, context.catalog, context.translations, context.clock.now(), said)


def on_click(work: Work) -> Listener:
    """What an approver clicks is answered in its place; the first word of a button's value is what it is about."""

    def clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
        ack()
        value = interaction.value
        about = value.partition(" ")[0] or None
        context.serve(interaction, lambda: work(context, interaction, value), Act.ACCESS_REVIEW, about, in_place=True)

    return clicked


def _shorten_chosen(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    ack()
    item_id, duration = shorten_select.chosen_time(interaction.chosen)
    work = partial(_shorten, context, interaction, item_id, duration)
    context.serve(interaction, work, Act.ACCESS_REVIEW, item_id or None, in_place=True)


def _sign_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """The message that was clicked on says who signed."""
    ack()
    notice_id = interaction.value
    context.serve(interaction, lambda: _sign(context, interaction, notice_id), Act.ACCESS_REVIEW, notice_id)


def _show(context: HandlerContext, interaction: Interaction, _about: str) -> Message:
    return part_of(context, interaction)


def _keep(context: HandlerContext, interaction: Interaction, item_id: str) -> Message:
    decided(
        context,
        interaction,
        lambda ledger, evidence: keep(ledger, context.team_id, item_id, *evidence, context.clock.now()),
    )
    return _next(context, interaction, access_review.kept_answer(1, context.translations))


def _keep_harmless(context: HandlerContext, interaction: Interaction, shown: str) -> Message:
    """`shown`: the review's id, and those of the items that were on the page."""
    review_id, *item_ids = shown.split(" ")
    number = decided(
        context,
        interaction,
        lambda ledger, evidence: keep_harmless(
            ledger, context.team_id, review_id, item_ids, *evidence, context.clock.now()
        ),
    )
    return _next(context, interaction, access_review.kept_answer(number, context.translations))


def _revoke(context: HandlerContext, interaction: Interaction, item_id: str) -> Message:
    came = decided(
        context,
        interaction,
        lambda ledger, evidence: revoke_reviewed(
            ledger, context.catalog, context.team_id, item_id, *evidence, context.clock.now()
        ),
    )
    return _next(context, interaction, access_review.revoked_answer(came, sentence, context.translations))


def _shorten(context: HandlerContext, interaction: Interaction, item_id: str, duration: int) -> Message:
    came = decided(
        context,
        interaction,
        lambda ledger, evidence: shorten_reviewed(
            ledger, context.catalog, context.team_id, item_id, duration, *evidence, context.clock.now()
        ),
    )
    return _next(context, interaction, shorten_select.shortened_answer(came, sentence, context.translations))


def _next(context: HandlerContext, interaction: Interaction, said: str) -> Message:
    """What is left; where that cannot be said now, what came of the click all the same."""
    try:
        return part_of(context, interaction, said)
    except Refusal:
        return note(said)


def _sign(context: HandlerContext, interaction: Interaction, notice_id: str) -> None:
    notice_named(context, interaction, notice_id)
    decided(
        context,
        interaction,
        lambda ledger, evidence: sign_off(ledger, context.team_id, notice_id, *evidence, context.clock.now()),
    )


def decided(
    context: HandlerContext,
    interaction: Interaction,
    decide: Callable[[Ledger, tuple[Person, Holders]], Result],
) -> Result:
    """By the word of whoever clicked, as Slack and RAM know them now."""
    return act_on_fresh_evidence(
        context, lambda: (context.directory.person(interaction.user), context.directory.admins()), decide
    )
