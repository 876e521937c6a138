"""Link a Slack person to a RAM user, move a link or undo it: what the command line does for those whom a click cannot
confirm.
"""

from __future__ import annotations

from approvals import rules
from approvals.audit_events import AuditEvent
from approvals.grant import Grant
from approvals.ids import SlackUserId
from approvals.ledger import Ledger, Tx, open_grants, people, requests, trail
from approvals.millis import DomainMillis
from approvals.operations.claims import close_rivals
from approvals.people import Link, Person, Principal
from approvals.refusals.links import AlreadyLinked
from approvals.refusals.people import NotLinked


def link_identity(
    ledger: Ledger,
    team_id: str,
    person: Person,
    principal: Principal,
    by: str,
    now: DomainMillis,
    *,
    move: bool = False,
) -> tuple[Link, Link | None]:
    """The link, and the one that it took the place of. `move`: where the RAM user is linked to another Slack account,
    in whichever workspace, that account loses it.

    Raises:
        Refusal: no full member of this workspace, or either side is linked already.
    """
    rules.check_full_member(person, team_id, other=True)
    with ledger.write() as tx:
        known = people.link_of_person(tx, team_id, person)
        if known and known.principal.user_id == principal.user_id:
            return known, None
        if known:
            raise AlreadyLinked(ram_user=known.principal.name, subject=person.user_id)
        before = people.link_of_principal(tx, principal.user_id)
        if before and not move:
            raise rules.claim_taken(before, principal, team_id, person.user_id)
        link = Link(team_id, person.user_id, principal, now)
        replace_link(tx, link, before, by)
    return link, before


def replace_link(tx: Tx, link: Link, before: Link | None, by: str) -> None:
    """A link, in place of another one of its RAM user. What that one left behind in another workspace, where nobody can
    act on it any more, comes along.
    """
    now, principal = link.linked_at, link.principal
    if before:
        people.remove_link(tx, before.team_id, before.slack_user_id)
        if before.team_id != link.team_id:
            requests.move(tx, before.team_id, link.team_id, principal.user_id)
    people.add_link(tx, link)
    close_rivals(tx, link.team_id, link.slack_user_id, principal, now)
    trail.append_event(
        tx,
        now,
        AuditEvent.LINK_MOVED if before else AuditEvent.LINKED,
        slack=link.slack_user_id,
        team=link.team_id,
        ram_user=principal.name,
        ram_user_id=principal.user_id,
        from_slack=before.slack_user_id if before else None,
        from_team=before.team_id if before else None,
        by=by,
    )


def unlink_identity(
    ledger: Ledger, team_id: str, slack_user_id: SlackUserId, by: str, now: DomainMillis
) -> tuple[Link, list[Grant]]:
    """Forget a link. Returns it, and the grants to its RAM user, which go on until their end.

    Raises:
        Refusal: NotLinked.
    """
    with ledger.write() as tx:
        link = people.link_of(tx, team_id, slack_user_id)
        if link is None:
            raise NotLinked(subject=slack_user_id)
        running = open_grants.of_principal(tx, link.principal.user_id)
        unlink_in(tx, link, by, now)
    return link, running


def unlink_in(tx: Tx, link: Link, by: str, now: DomainMillis) -> None:
    """The account is that RAM user no more; nothing that runs for it changes."""
    people.remove_link(tx, link.team_id, link.slack_user_id)
    trail.append_event(
        tx,
        now,
        AuditEvent.UNLINKED,
        slack=link.slack_user_id,
        team=link.team_id,
        ram_user=link.principal.name,
        ram_user_id=link.principal.user_id,
        by=by,
    )
