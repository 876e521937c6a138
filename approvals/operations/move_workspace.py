"""The people of one Slack workspace are in another one now: their links go there, and with them all that still runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from approvals import rules
from approvals.audit_events import AuditEvent
from approvals.errors import Refusal
from approvals.ledger import Ledger, identity, onboardings, people, requests, trail
from approvals.millis import DomainMillis
from approvals.operations.link_identity import replace_link
from approvals.people import Link, Person


def move_workspace(
    ledger: Ledger, moves: Sequence[tuple[Link, Person]], old_team: str, new_team: str, by: str, now: DomainMillis
) -> tuple[list[Link], int]:
    """Each link goes to the account of that person in the new workspace, and every request of the old one is the new
    one's. What was linked otherwise meanwhile is left. The links that were made, and how many requests there were.

    Raises:
        Refusal: somebody is no full member of the new workspace.
    """
    for _, person in moves:
        rules.check_full_member(person, new_team, other=True)
    made = []
    with ledger.write() as tx:
        moved = requests.count_of_team(tx, old_team)
        for link, person in moves:
            free = people.link_of_person(tx, new_team, person) is None
            if free and people.link_of_principal(tx, link.principal.user_id) == link:
                made.append(replace(link, team_id=new_team, slack_user_id=person.user_id, linked_at=now))
                replace_link(tx, made[-1], link, by)
        requests.move(tx, old_team, new_team)
        onboardings.move(tx, old_team, new_team)
        people.forget_homes(tx, old_team)
        if identity.get(tx, identity.TEAM) == old_team:
            identity.put(tx, identity.TEAM, new_team)
        trail.append_event(
            tx,
            now,
            AuditEvent.WORKSPACE_MOVED,
            from_team=old_team,
            team=new_team,
            links=len(made),
            requests=moved,
            by=by,
        )
    return made, moved


def match_account(same: Person | None, by_address: Person | None, new_team: str) -> Person | Refusal | None:
    """The account that somebody has in the new workspace: the same one, where that is a member there as well, as in a
    workspace that became part of an organisation; else the one with the e-mail address of the RAM user. None without
    either, or why it cannot be linked.
    """
    for person in (same, by_address):
        if person is not None:
            try:
                rules.check_full_member(person, new_team, other=True)
            except Refusal as refusal:
                if person is by_address:
                    return refusal
                continue
            return person
    return None
