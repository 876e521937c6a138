"""Which RAM user somebody is here."""

from __future__ import annotations

from approvals.ids import SlackUserId
from approvals.people import Link, Person
from approvals.queries import links
from handlers.context import HandlerContext


def link_of(context: HandlerContext, slack_user_id: SlackUserId) -> tuple[Link | None, Person | None]:
    """Slack is asked about those alone who are not linked by the id that it calls them now; they come along.

    Raises:
        Refusal: Slack does not know them, or did not answer.
    """
    with context.ledger.read() as tx:
        link = links.link_of(tx, context.team_id, slack_user_id)
    if link:
        return link, None
    unlinked = context.directory.person(slack_user_id)
    with context.ledger.read() as tx:
        return links.link_of_person(tx, context.team_id, unlinked), unlinked
