"""Which RAM user somebody is here."""

from __future__ import annotations

from approvals.model import Link, Person
from approvals.queries import links
from handlers.context import Desk


def link_of(desk: Desk, slack_user_id: str) -> tuple[Link | None, Person | None]:
    """Slack is asked about those alone who are not linked by the id that it calls them now; they come along.

    Raises:
        Refusal: Slack does not know them, or did not answer.
    """
    with desk.ledger.read() as tx:
        link = links.link_of(tx, desk.team_id, slack_user_id)
    if link:
        return link, None
    unlinked = desk.directory.person(slack_user_id)
    with desk.ledger.read() as tx:
        return links.link_of_person(tx, desk.team_id, unlinked), unlinked
