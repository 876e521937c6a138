"""Buttons that name nothing of this ledger: where they stand on something of its own, that is drawn anew."""

from __future__ import annotations

from approvals.ids import SlackUserId
from approvals.ledger import Ledger, cards, notices, status_boards
from approvals.millis import DomainMillis
from approvals.outbox import enqueue
from approvals.outbox.notices import redraw_notice


def redraw_message(ledger: Ledger, channel: str, ts: str, now: DomainMillis) -> bool:
    """Have the card, the board or the notice there drawn anew; False where this ledger has none."""
    with ledger.write() as tx:
        card = cards.at(tx, channel, ts)
        if card:
            enqueue.redraw_card(tx, now, card)
            return True
        board = status_boards.at(tx, channel, ts)
        if board:
            enqueue.draw_board(tx, now, board, done=True)
            return True
        shown = notices.message_at(tx, channel, ts)
        if shown:
            redraw_notice(tx, now, shown)
            return True
    return False


def redraw_home(ledger: Ledger, slack_user_id: SlackUserId, now: DomainMillis) -> None:
    """Have this person's App Home drawn anew."""
    with ledger.write() as tx:
        enqueue.draw_home(tx, now, slack_user_id)
