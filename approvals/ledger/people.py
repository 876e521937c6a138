"""Links between Slack people and RAM users, and who has opened App Home."""

from __future__ import annotations

from approvals.ids import RamUserId, SlackUserId
from approvals.millis import DomainMillis
from approvals.people import Link, Person, Principal
from approvals.transaction import Row, Tx


def link_of(tx: Tx, team_id: str, slack_user_id: SlackUserId) -> Link | None:
    """The link of a Slack account, in that workspace."""
    row = tx.row(
        "SELECT * FROM links WHERE team_id = :team AND slack_user_id = :user", team=team_id, user=slack_user_id
    )
    return _link(row) if row else None


def link_of_person(tx: Tx, team_id: str, person: Person) -> Link | None:
    """By whichever of their ids; the one that they are known by now comes first."""
    for slack_user_id in (person.user_id, *sorted(person.other_ids)):
        found = link_of(tx, team_id, slack_user_id)
        if found:
            return found
    return None


def link_of_principal(tx: Tx, ram_user_id: RamUserId) -> Link | None:
    """The link of a RAM user, in whichever workspace."""
    row = tx.row("SELECT * FROM links WHERE ram_user_id = :id", id=ram_user_id)
    return _link(row) if row else None


def links(tx: Tx, team_id: str) -> list[Link]:
    """Those of a workspace, oldest first."""
    return [_link(row) for row in tx.rows("SELECT * FROM links WHERE team_id = :team ORDER BY linked_at", team=team_id)]


def every_link(tx: Tx) -> list[Link]:
    """In whichever workspace."""
    return [_link(row) for row in tx.rows("SELECT * FROM links ORDER BY linked_at")]


def names(tx: Tx) -> dict[RamUserId, list[str]]:
    """By UserId: the names under which RAM users are recorded, the newest first. The account's own roles are none."""
    rows = tx.rows(
        "SELECT ram_user_id, ram_user_name, MAX(at) AS at FROM ("
        " SELECT ram_user_id, ram_user_name, linked_at AS at FROM links"
        " UNION ALL SELECT subject_ram_id, subject_ram_name, created_at FROM requests"
        """ WHERE entitlements NOT LIKE '%"role_policy/%' AND entitlements NOT LIKE '%"service_role/%'"""
        " UNION ALL SELECT ram_user_id, ram_user_name, COALESCE(active_at, 0) FROM grants"
        " WHERE entitlement NOT LIKE 'role_policy/%' AND entitlement NOT LIKE 'service_role/%'"
        " UNION ALL SELECT ram_user_id, ram_user_name, 0 FROM claims"
        " UNION ALL SELECT ram_user_id, ram_user_name, at FROM decisions"
        " UNION ALL SELECT ram_user_id, ram_user_name, since FROM admin_holders"
        ") AS recorded GROUP BY ram_user_id, ram_user_name ORDER BY at DESC, ram_user_name"
    )
    found: dict[RamUserId, list[str]] = {}
    for row in rows:
        found.setdefault(row["ram_user_id"], []).append(row["ram_user_name"])
    return found


def principals_of(tx: Tx, slack_user_id: SlackUserId) -> set[RamUserId]:
    """UserIds of the RAM users that a Slack account is linked to, in whichever workspace, or for which it was asked and
    that still runs or waits.
    """
    rows = tx.rows(
        "SELECT ram_user_id FROM links WHERE slack_user_id = :user"
        " UNION SELECT subject_ram_id FROM requests WHERE subject = :user"
        """ AND entitlements NOT LIKE '%"role_policy/%' AND entitlements NOT LIKE '%"service_role/%'"""
        " AND (state = 'pending' OR EXISTS (SELECT 1 FROM grants WHERE grants.request_id = requests.id"
        " AND grants.state IN ('planned', 'granting', 'active', 'ending', 'failed')))",
        user=slack_user_id,
    )
    return {row["ram_user_id"] for row in rows}


def deciders(tx: Tx, team_id: str) -> list[SlackUserId]:
    """Slack user ids of the linked whose RAM user ever gave a word on a request."""
    rows = tx.rows(
        "SELECT slack_user_id FROM links WHERE team_id = :team"
        " AND EXISTS (SELECT 1 FROM decisions WHERE decisions.ram_user_id = links.ram_user_id) ORDER BY linked_at",
        team=team_id,
    )
    return [row["slack_user_id"] for row in rows]


def add_link(tx: Tx, link: Link) -> None:
    """Neither the account nor the RAM user may be linked already."""
    tx.run(
        "INSERT INTO links (team_id, slack_user_id, ram_user_id, ram_user_name, linked_at)"
        " VALUES (:team, :user, :ram_id, :ram_name, :at)",
        team=link.team_id,
        user=link.slack_user_id,
        ram_id=link.principal.user_id,
        ram_name=link.principal.name,
        at=link.linked_at,
    )


def remove_link(tx: Tx, team_id: str, slack_user_id: SlackUserId) -> None:
    """The account is linked to nobody any more."""
    tx.run("DELETE FROM links WHERE team_id = :team AND slack_user_id = :user", team=team_id, user=slack_user_id)


def account_now(tx: Tx, team_id: str, slack_user_id: SlackUserId, ram_user_id: RamUserId | None) -> SlackUserId:
    """The Slack account that somebody has, who had this one when they were that RAM user: the same, unless the RAM user
    is linked to another by now.
    """
    link = link_of_principal(tx, ram_user_id) if ram_user_id else None
    return link.slack_user_id if link and link.team_id == team_id else slack_user_id


def opened_home(tx: Tx, team_id: str, slack_user_id: SlackUserId, now: DomainMillis) -> None:
    """Somebody has opened App Home."""
    tx.run(
        "INSERT INTO homes (team_id, slack_user_id, opened_at) VALUES (:team, :user, :now)"
        " ON CONFLICT (team_id, slack_user_id) DO UPDATE SET opened_at = excluded.opened_at",
        team=team_id,
        user=slack_user_id,
        now=now,
    )


def homes(tx: Tx, team_id: str, since: int) -> set[SlackUserId]:
    """Who has opened App Home since then: for them it is worth redrawing."""
    rows = tx.rows(
        "SELECT slack_user_id FROM homes WHERE team_id = :team AND opened_at >= :since", team=team_id, since=since
    )
    return {row["slack_user_id"] for row in rows}


def forget_homes(tx: Tx, team_id: str) -> None:
    """Nobody of this workspace has App Home open any more."""
    tx.run("DELETE FROM homes WHERE team_id = :team", team=team_id)


def _link(row: Row) -> Link:
    return Link(
        team_id=row["team_id"],
        slack_user_id=row["slack_user_id"],
        principal=Principal(row["ram_user_id"], row["ram_user_name"]),
        linked_at=row["linked_at"],
    )
