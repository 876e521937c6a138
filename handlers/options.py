"""What the fields of the request form offer while somebody types: from what is known already, so that nobody waits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from slack_bolt import Ack

from approvals.queries import links
from handlers.context import BEFORE_ACK_SECONDS, HandlerContext
from handlers.interaction import Interaction
from handlers.views import request_input, request_offers
from handlers.views.request_input import Origin
from handlers.views.selects import SelectOption, found

log = logging.getLogger(__name__)


def claim_options(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """RAM users that nobody is linked to: the one with the person's e-mail address first."""
    _answer(ack, interaction, lambda drawn: _claims(context, drawn))


def choice_options(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """All that can be asked for."""
    _answer(ack, interaction, lambda _: request_offers.choice_offers(context.catalog, context.translations))


def bundle_options(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """The bundles of the catalogue, which help names to everybody."""
    ack(**found(request_offers.bundle_offers(context.catalog, context.directory.known_places()), interaction.typed))


def project_options(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """The projects that the chosen one can be asked for in; the block says which that is."""

    def offers(_: Origin) -> list[SelectOption]:
        choice = request_offers.choice_of_block(interaction.block_id, context.catalog)
        known = context.directory.known_places()
        return request_offers.project_offers(choice, context.catalog, known) if choice else []

    _answer(ack, interaction, offers)


def _answer(ack: Ack, interaction: Interaction, offers: Callable[[Origin], Sequence[SelectOption]]) -> None:
    """Slack is not asked who types here, as that would take too long. It was when the form was opened, so the names are
    for whom that was, and for nobody else.
    """
    drawn = request_input.origin(interaction.form or {})
    if not drawn.opened_for or drawn.opened_for != interaction.user:
        ack(options=[])
        return
    ack(**found(offers(drawn), interaction.typed))


def _claims(context: HandlerContext, drawn: Origin) -> list[SelectOption]:
    users = context.directory.known_users() or ()
    try:
        taken = _taken(context)
    except context.ledger.engine_errors as error:
        log.warning("no RAM users can be offered", extra={"error": type(error).__name__})
        return []
    free = [user for user in users if user.principal.user_id not in taken]
    free.sort(key=lambda user: (user.principal.user_id != drawn.match, user.principal.name))
    return [request_offers.claim_offer(user) for user in free]


def _taken(context: HandlerContext) -> frozenset[str]:
    """UserIds of those who are linked; the person waits for this, so the ledger gets a moment for it and no more."""
    with context.ledger.read(BEFORE_ACK_SECONDS) as tx:
        return links.linked_users(tx)
