"""A click on a card: whose it is, and how the request is now."""

from __future__ import annotations

from approvals.ledger import Ledger, cards
from approvals.millis import DomainMillis
from approvals.model import AccessRequest
from approvals.operations.decide import check_card
from approvals.outbox import enqueue
from approvals.queries import request_view
from approvals.queries.request_view import RequestView


def click_card(ledger: Ledger, request: AccessRequest, channel: str, ts: str, now: DomainMillis) -> RequestView:
    """The request as it is now, for whoever clicked on its card there. A card that shows an older state is drawn again.

    Raises:
        Refusal: as `check_card` does.
    """
    with ledger.write() as tx:
        check_card(tx, request.id, channel, ts)
        current = request_view.of(tx, request)
        card = cards.at(tx, channel, ts)
        if card and card.drawn_version < current.request.version and not current.pending:
            enqueue.redraw_card(tx, now, card)
    return current
