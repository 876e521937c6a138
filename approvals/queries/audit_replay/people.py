"""Entries about people: who is linked to which RAM user, and who was confirmed as an administrator."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from approvals import audit
from approvals.audit_events import AuditEvent
from approvals.queries.audit_replay.expected import (
    ADMINS,
    LINKS,
    ONBOARDINGS,
    REQUESTS,
    Difference,
    ExpectedTables,
    Row,
)


def linked(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    """A link, in place of the one that the account had."""
    link = {"slack_user_id": fields["slack"], "ram_user_id": fields["ram_user_id"], "linked_at": entry.moment}
    if "team" in fields:
        link["team_id"] = fields["team"]
    tables.rows[LINKS][(fields["slack"],)] = link


def link_moved(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    """A link to another account, and the requests for that RAM user in the workspace of the one before."""
    tables.rows[LINKS].pop((fields["from_slack"],), None)
    linked(tables, entry, fields)
    for request in tables.rows[REQUESTS].values():
        theirs = request.get("subject_ram_id") == fields["ram_user_id"]
        if theirs and request.get("team_id") == fields["from_team"]:
            request["team_id"] = fields["team"]


def unlinked(tables: ExpectedTables, _entry: audit.Entry, fields: Row) -> None:
    """The account has no link any more."""
    tables.rows[LINKS].pop((fields["slack"],), None)


def workspace_moved(tables: ExpectedTables, _entry: audit.Entry, fields: Row) -> None:
    """The requests of one workspace are another one's; its links have entries of their own."""
    for request in tables.rows[REQUESTS].values():
        if request.get("team_id") == fields["from_team"]:
            request["team_id"] = fields["team"]
    for onboarding in tables.rows[ONBOARDINGS].values():
        # One stays where it is if the person has an open one in the other workspace.
        onboarding.pop("team_id", None)


def admins_found(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    """The holders of the first look. A second first look, without an entry in between that forgets them, is put down as
    unclear: it would make an approver of whoever holds the policy then.
    """
    if tables.looked_for_admins:
        problem = "were taken as they were found once more, and by the trail nobody was to forget whom it knew"
        tables.unclear.append(Difference(ADMINS, f"at entry {entry.seq}", problem, None))
    tables.looked_for_admins = True
    tables.admins |= set(fields["ram_user_ids"])


def admins_forgotten(tables: ExpectedTables, _entry: audit.Entry, _fields: Row) -> None:
    """Nobody is known to hold the admin policy, and the next look is a first one."""
    tables.looked_for_admins = False
    tables.admins.clear()


def admin_confirmed(tables: ExpectedTables, _entry: audit.Entry, fields: Row) -> None:
    """This holder may decide from now on."""
    tables.admins.add(fields["ram_user_id"])


def admin_not_confirmed(tables: ExpectedTables, _entry: audit.Entry, fields: Row) -> None:
    """This holder is new, or gone, and may not decide."""
    tables.admins.discard(fields["ram_user_id"])


ENTRIES: Mapping[str, Callable[[ExpectedTables, audit.Entry, Row], None]] = {
    AuditEvent.LINKED: linked,
    AuditEvent.LINK_MOVED: link_moved,
    AuditEvent.UNLINKED: unlinked,
    AuditEvent.WORKSPACE_MOVED: workspace_moved,
    AuditEvent.ADMINS_FOUND: admins_found,
    AuditEvent.ADMINS_FORGOTTEN: admins_forgotten,
    AuditEvent.ADMIN_CONFIRMED: admin_confirmed,
    AuditEvent.NEW_ADMIN: admin_not_confirmed,
    AuditEvent.ADMIN_GONE: admin_not_confirmed,
}
