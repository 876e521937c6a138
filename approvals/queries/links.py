"""Which RAM user belongs to which Slack account."""

from __future__ import annotations

from collections.abc import Iterable

from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import people
from approvals.ledger.people import link_of, link_of_person, link_of_principal
from approvals.transaction import Tx

__all__ = ["link_of", "link_of_person", "link_of_principal", "linked_users", "slack_ids", "slack_ids_of"]


def slack_ids(tx: Tx, team_id: str) -> dict[RamUserId, SlackUserId]:
    """Slack user ids of this workspace by RAM UserId."""
    return {link.principal.user_id: link.slack_user_id for link in people.links(tx, team_id)}


def slack_ids_of(tx: Tx, team_id: str, users: Iterable[RamUserId]) -> dict[RamUserId, SlackUserId]:
    """Those of these RAM users alone."""
    return {link.principal.user_id: link.slack_user_id for link in people.links_of(tx, team_id, users)}


def linked_users(tx: Tx) -> frozenset[RamUserId]:
    """RAM UserIds of those who are linked, in whichever workspace."""
    return frozenset(link.principal.user_id for link in people.every_link(tx))
