"""A click on a card: whose it is, and how the request is now."""

from __future__ import annotations

from approvals.ledger import Ledger, Tx, cards, requests
from approvals.millis import DomainMillis
from approvals.model import AccessRequest
from approvals.outbox import enqueue
from approvals.queries import request_view
from approvals.queries.request_view import RequestView
from approvals.refusals.message import WrongCard
from approvals.refusals.request import UnknownRequest


def click_card(ledger: Ledger, request: AccessRequest, channel: str, ts: str, now: DomainMillis) -> RequestView:
    """The request as it is now, for whoever clicked on its card there. A card that shows an older state is drawn again.

    Raises:
        Refusal: no such request, or the message shows another one.
    """
    with ledger.write() as tx:
        _check_card(tx, request.id, channel, ts)
        current = request_view.of(tx, request)
        card = cards.at(tx, channel, ts)
        if card and card.drawn_version < current.request.version and not current.pending:
            enqueue.redraw_card(tx, now, card)
    return current


def _check_card(tx: Tx, request_id: int, channel: str, ts: str) -> None:
    """A click says which request it means; the message that it was made on must be a copy of that request's card.

    An unknown copy (posted just before a crash) is registered, so that it is redrawn with the rest.

    Raises:
        Refusal: no such request, or the message shows another one.
    """
    request = requests.get(tx, request_id)
    if request is None:
        raise UnknownRequest()
    if cards.add(tx, request_id, channel, ts, drawn_version=0).request_id != request_id:
        raise WrongCard()
