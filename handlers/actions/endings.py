"""Withdrawing what waits, giving back and taking back: typed, or clicked.

What is typed names a number, which may mean another request than the person thinks: they are shown which one it is,
with a button that does it. A button names the request itself.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from slack_bolt import Ack

from approvals import text_input
from approvals.errors import Refusal
from approvals.evidence import Holders
from approvals.ids import SlackUserId
from approvals.model import AccessRequest, parse_ref
from approvals.operations.cancel import cancel, cancellable
from approvals.operations.revoke import revocable, revoke
from approvals.people import Person as Account
from approvals.queries import request_view
from approvals.refusals.request import UnknownRequest
from approvals.rules import Act
from handlers.actions.named import card_request, request_named
from handlers.actions.request_pages import is_listing, redraw_listing
from handlers.context import HandlerContext
from handlers.fresh_evidence import act_on_fresh_evidence
from handlers.identity import link_of
from handlers.interaction import Interaction
from handlers.views import confirmation
from handlers.views.blocks import Message, note


def typed_cancel(context: HandlerContext, user: SlackUserId, text: str) -> Message:
    """`cancel R-1042`: what would be withdrawn, and the button for it."""
    request_id = _number(text)
    actor = context.directory.person(user)
    with context.ledger.read() as tx:
        record = request_view.of(tx, cancellable(tx, context.team_id, request_id, actor))
    return confirmation.cancel(record, context.catalog, context.translations)


def typed_revoke(context: HandlerContext, user: SlackUserId, text: str) -> Message:
    """`revoke R-1042 [reason]`: what would end, and the button for it."""
    first, reason = [*text.split(maxsplit=1), "", ""][:2]
    request_id, reason = _number(first), text_input.checked(reason)
    with context.ledger.read() as tx:
        known = request_view.read(tx, request_id)
    own = known is not None and _is_own(context, user, known.request)
    request = act_on_fresh_evidence(
        context,
        lambda: _ender(context, user, own=own),
        lambda ledger, evidence: revocable(ledger, context.team_id, request_id, *evidence, context.clock.now()),
    )
    with context.ledger.read() as tx:
        record = request_view.of(tx, request)
    return confirmation.revoke(record, reason, context.catalog, context.translations, own=own)


def cancel_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """Withdraw the request that the button names."""
    ack()
    public_id = interaction.value
    context.serve(
        interaction,
        lambda: _cancel(context, interaction, public_id),
        Act.CANCEL,
        public_id,
        in_place=confirmation.is_confirmation(interaction),
    )


def give_back_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """Behind the request, the button of a typed command carries the reason that was typed."""
    ack()
    public_id, _, reason = interaction.value.partition(" ")
    work = partial(_revoke, context, interaction, public_id, reason)
    context.serve(interaction, work, Act.REVOKE, public_id, in_place=confirmation.is_confirmation(interaction))


def revoke_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """The button of a card, or of a list: all that the request gave."""
    ack()
    public_id = interaction.value

    def work() -> Message:
        card_request(context, interaction, public_id)
        said = _revoke(context, interaction, public_id, "")
        if is_listing(interaction):
            # It is done, whether or not the window can show it.
            with suppress(Refusal):
                redraw_listing(context, interaction)
        return said

    context.serve(interaction, work, Act.REVOKE, public_id)


def _cancel(context: HandlerContext, interaction: Interaction, public_id: str) -> Message:
    request = request_named(context, interaction, public_id).request
    cancel(context.ledger, context.team_id, request.id, context.directory.person(interaction.user), context.clock.now())
    return note(context.translations.gettext("*{ref}* is cancelled. Nothing was granted.").format(ref=request.ref))


def _revoke(context: HandlerContext, interaction: Interaction, public_id: str, reason: str) -> Message:
    user = interaction.user
    request = request_named(context, interaction, public_id).request
    own = _is_own(context, user, request)
    act_on_fresh_evidence(
        context,
        lambda: _ender(context, user, own=own),
        lambda ledger, evidence: revoke(ledger, context.team_id, request.id, *evidence, context.clock.now(), reason),
    )
    text = context.translations.gettext("Ending *{ref}*. A direct message confirms it.")
    if not own:
        text = context.translations.gettext("Revoking *{ref}*. Its card shows when it is done.")
    return note(text.format(ref=request.ref))


def _number(text: str) -> int:
    request_id = parse_ref(text)
    if request_id is None:
        raise UnknownRequest()
    return request_id


def _is_own(context: HandlerContext, user: SlackUserId, request: AccessRequest) -> bool:
    """Whether it is this person's own access, which they give back as they like."""
    link, _unlinked = link_of(context, user)
    return link is not None and link.principal.user_id == request.principal.user_id


def _ender(context: HandlerContext, user: SlackUserId, *, own: bool) -> tuple[Account, Holders]:
    """Who ends it, and who may approve: RAM is asked for that only where it matters."""
    return context.directory.person(user), Holders() if own else context.directory.admins()
