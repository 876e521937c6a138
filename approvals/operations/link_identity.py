"""Link a Slack person to a RAM user, or undo it: what the command line does for those whom a click cannot confirm."""

from __future__ import annotations

from approvals import rules
from approvals.errors import Refusal, Why
from approvals.ledger import Ledger, grants, people, trail
from approvals.model import Grant, Link, Person, Principal
from approvals.operations.claims import close_rivals


def link_identity(ledger: Ledger, team_id: str, person: Person, principal: Principal, by: str, now: int) -> Link:
    """
    Raises:
        Refusal: no full member of this workspace, or either side is linked already.
    """
    rules.genuine(person, team_id, other=True)
    with ledger.write() as tx:
        known = people.link_of_person(tx, team_id, person)
        if known and known.principal.user_id == principal.user_id:
            return known
        if known:
            raise Refusal(Why.ALREADY_LINKED, ram_user=known.principal.name, subject=person.user_id)
        if people.link_of_principal(tx, principal.user_id):
            raise Refusal(Why.CLAIM_TAKEN, ram_user=principal.name)
        link = Link(team_id, person.user_id, principal, now)
        people.add_link(tx, link)
        close_rivals(tx, team_id, person.user_id, principal, now)
        trail.record(
            tx, now, "linked", slack=person.user_id, ram_user=principal.name, ram_user_id=principal.user_id, by=by
        )
    return link


def unlink_identity(ledger: Ledger, team_id: str, slack_user_id: str, by: str, now: int) -> tuple[Link, list[Grant]]:
    """Forget a link. Returns it, and the grants to its RAM user, which go on until their end.

    Raises:
        Refusal: NOT_LINKED.
    """
    with ledger.write() as tx:
        link = people.link_of(tx, team_id, slack_user_id)
        if link is None:
            raise Refusal(Why.NOT_LINKED, subject=slack_user_id)
        people.remove_link(tx, team_id, slack_user_id)
        running = grants.open_of_principal(tx, link.principal.user_id)
        trail.record(tx, now, "unlinked", slack=slack_user_id, ram_user=link.principal.name, by=by)
    return link, running
