"""Somebody looks at App Home: it is drawn, and drawn again whenever something of theirs changes."""

from __future__ import annotations

from approvals.ids import SlackUserId
from approvals.ledger import Ledger, people
from approvals.millis import DomainMillis
from approvals.outbox import enqueue


def open_home(ledger: Ledger, team_id: str, slack_user_id: SlackUserId, now: DomainMillis) -> None:
    """Remember that this person looks at App Home, so that it is kept up to date, and draw it."""
    with ledger.write() as tx:
        people.opened_home(tx, team_id, slack_user_id, now)
        enqueue.draw_home(tx, now, slack_user_id)
