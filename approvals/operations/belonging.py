"""What a ledger belongs to: one account of the cloud and one workspace of Slack. With a key or a token of another one,
all that was given would look removed, and everybody would be a stranger.
"""

from __future__ import annotations

from approvals.audit_events import AuditEvent
from approvals.ids import RamUserId
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Ledger, identity, notices, open_grants, people, trail
from approvals.millis import DomainMillis
from approvals.outbox.notices import close_notice, raise_notice


def owner(ledger: Ledger, name: str) -> str | None:
    """The account or the workspace that a ledger belongs to, by the name that it has in the ledger."""
    with ledger.read() as tx:
        return identity.get(tx, name)


def remember_owner(ledger: Ledger, name: str, value: str, now: DomainMillis) -> str:
    """What the ledger belongs to: this, unless it was known before. Nobody did that, and it is no entry of the trail:
    an empty ledger is to be known as one.
    """
    with ledger.write() as tx:
        known = identity.get(tx, name)
        if known is None:
            identity.put(tx, name, value)
        return known or value


def change_owner(ledger: Ledger, name: str, value: str, by: str, now: DomainMillis) -> str | None:
    """Somebody says that it belongs to another one from now on; what it belonged to before."""
    with ledger.write() as tx:
        known = identity.get(tx, name)
        if known != value:
            identity.put(tx, name, value)
            trail.append_event(tx, now, AuditEvent.BELONGS_TO, what=name, value=value, before=known, by=by)
        return known


def known_users(ledger: Ledger) -> frozenset[RamUserId]:
    """UserIds of RAM users who are linked, or have something here: some of them are in the account of this ledger."""
    with ledger.read() as tx:
        linked = {link.principal.user_id for link in people.every_link(tx)}
        given = {grant.principal.user_id for grant in open_grants.every(tx) if not grant.entitlement.of_account}
    return frozenset(linked | given)


def known_teams(ledger: Ledger) -> frozenset[str]:
    """Workspaces of which somebody is linked."""
    with ledger.read() as tx:
        return frozenset(link.team_id for link in people.every_link(tx))


def raise_wrong_account(ledger: Ledger, ours: str | None, theirs: str, now: DomainMillis) -> None:
    """Approvers are told, once."""
    with ledger.write() as tx:
        raise_notice(tx, now, NoticeKind.WRONG_ACCOUNT, theirs, {"ours": ours, "theirs": theirs})


def resolve_wrong_account(ledger: Ledger, now: DomainMillis) -> None:
    """The key is the right account's again: notices that it was not are closed."""
    with ledger.read() as tx:
        found = notices.open_of(tx, NoticeKind.WRONG_ACCOUNT)
    if found:
        with ledger.write() as tx:
            for notice in found:
                close_notice(tx, now, notice.id, NoticeOutcome.RIGHT_AGAIN)
