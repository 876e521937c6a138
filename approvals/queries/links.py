"""Which RAM user belongs to which Slack account."""

from __future__ import annotations

from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import people
from approvals.ledger.people import link_of, link_of_person, link_of_principal
from approvals.transaction import Tx

__all__ = ["link_of", "link_of_person", "link_of_principal", "linked_users", "slack_ids"]


def slack_ids(tx: Tx, team_id: str) -> dict[RamUserId, SlackUserId]:
    """Slack user ids of this workspace by RAM UserId."""
    return {link.principal.user_id: link.slack_user_id for link in people.links(tx, team_id)}


def linked_users(tx: Tx) -> frozenset[RamUserId]:
    """RAM UserIds of those who are linked, in whichever workspace."""
    return frozenset(link.principal.user_id for link in people.every_link(tx))
