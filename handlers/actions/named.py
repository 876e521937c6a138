"""What a button or a form names: a request or a notice, by its random id. What names none in this ledger changes
nothing: it is drawn anew where it is this ledger's own, and loses its buttons where it is not.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from slack_bolt import Ack

from approvals.errors import Refusal
from approvals.ids import is_random_id
from approvals.notice import Notice
from approvals.onboarding import Onboarding
from approvals.operations import outdated
from approvals.operations.click_card import click_card
from approvals.queries import notices, onboardings, request_view
from approvals.queries.request_view import RequestView
from approvals.refusals.message import OldMessage, OtherRecord, Outdated
from approvals.rules import Act
from handlers.context import BEFORE_ACK_SECONDS, HandlerContext
from handlers.interaction import Interaction
from handlers.refusals.sentences import plain_sentence, sentence
from handlers.views.blocks import MAX_BLOCKS, Block, context_block, modal, section

log = logging.getLogger(__name__)


def request_named(context: HandlerContext, interaction: Interaction, public_id: str) -> RequestView:
    """The request that a button or a form names.

    Raises:
        Refusal: OtherRecord, Outdated or OldMessage: this ledger has none of that name. Its message was seen to.
    """
    record = _request_view(context, public_id)
    if record is None:
        raise _see_to(context, interaction, public_id)
    return record


def card_request(context: HandlerContext, interaction: Interaction, public_id: str) -> RequestView:
    """The request that a button names, which on a card must be the card's own.

    Raises:
        Refusal: the button names no request of this ledger, or another one than the card shows.
    """
    record = request_named(context, interaction, public_id)
    place = interaction.place
    if place is None:
        return record
    return click_card(context.ledger, record.request, *place, context.clock.now())


def notice_named(context: HandlerContext, interaction: Interaction, notice_id: str) -> Notice:
    """The notice that a button names.

    Raises:
        Refusal: as `request_named` does.
    """
    with context.ledger.read() as tx:
        notice = notices.named(tx, notice_id) if is_random_id(notice_id) else None
    if notice is None:
        raise _see_to(context, interaction, notice_id)
    return notice


def onboarding_named(context: HandlerContext, interaction: Interaction, public_id: str) -> Onboarding:
    """The onboarding that a button names.

    Raises:
        Refusal: as `request_named` does.
    """
    found = onboardings.onboarding_named(context.ledger, public_id)
    if found is None:
        raise _see_to(context, interaction, public_id)
    return found


def form_names(ack: Ack, context: HandlerContext, interaction: Interaction, field: str, act: Act) -> RequestView | None:
    """The same for a form that was sent and is not acknowledged yet. None: it is now, and says what is the matter, in
    place where nothing can come of it any more, else under `field`.
    """
    public_id = interaction.opened_for
    try:
        record = _request_view(context, public_id, within=BEFORE_ACK_SECONDS)
    except context.ledger.engine_errors as error:
        ack(
            response_action="errors",
            errors={field: plain_sentence(context.ledger_refusal(error, interaction), context.translations)},
        )
        return None
    if record is not None:
        return record
    refusal = _unknown(public_id)
    window = modal(
        context.translations.gettext("Nothing was changed"),
        [section(sentence(refusal, context.translations))],
        close=context.translations.gettext("Close"),
    )
    ack(response_action="update", view=window)
    context.note_refusals(act, interaction, [refusal])
    return None


def _request_view(context: HandlerContext, public_id: str, within: float | None = None) -> RequestView | None:
    with context.ledger.read(within) as tx:
        record = request_view.named(tx, public_id)
    return record if record and record.request.team_id == context.team_id else None


def _unknown(public_id: str) -> OtherRecord | OldMessage:
    """Earlier versions named requests by their numbers, which say nothing of the ledger."""
    return OtherRecord() if is_random_id(public_id) else OldMessage()


def _see_to(context: HandlerContext, interaction: Interaction, public_id: str) -> Refusal:
    refusal = _unknown(public_id)
    place = interaction.place
    if interaction.in_home:
        outdated.redraw_home(context.ledger, interaction.user, context.clock.now())
        return Outdated() if isinstance(refusal, OldMessage) else refusal
    if place and outdated.redraw_message(context.ledger, *place, context.clock.now()):
        return Outdated()
    if place:
        _take_buttons_away(context, interaction, sentence(refusal, context.translations), *place)
    return refusal


def _take_buttons_away(context: HandlerContext, interaction: Interaction, text: str, channel: str, ts: str) -> None:
    """There is no record that it could be drawn from, so what Slack sent along of it is shown, without its buttons."""
    blocks = [context_block(f"⚠️ {text}"), *without_buttons(interaction.message_blocks)[: MAX_BLOCKS - 1]]
    context.slack.redraw(channel, ts, interaction.message_text or text, blocks)


def without_buttons(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of a message but for those that somebody could click or fill in."""
    return [
        {name: value for name, value in block.items() if name != "accessory"}
        for block in blocks
        if block.get("type") not in ("actions", "input")
    ]
