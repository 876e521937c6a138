"""Links between Slack people and RAM users, and who has opened App Home."""

from __future__ import annotations

from collections.abc import Iterable

from approvals.ids import RamUserId, SlackUserId
from approvals.millis import DomainMillis
from approvals.people import Link, Person, Principal
from approvals.transaction import Query, Row, Tx

IDS_AT_ONCE = 500
"""Asked for in one statement."""


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


def links_of(tx: Tx, team_id: str, ram_user_ids: Iterable[RamUserId]) -> list[Link]:
    """Those of these RAM users, in that workspace, oldest first."""
    wanted = sorted(set(ram_user_ids))
    found: list[Link] = []
    for first in range(0, len(wanted), IDS_AT_ONCE):
        ids = {f"id{place}": user_id for place, user_id in enumerate(wanted[first : first + IDS_AT_ONCE])}
        names = ", ".join(f":{name}" for name in ids)
        rows = tx.rows(f"SELECT * FROM links WHERE ram_user_id IN ({names}) AND team_id = :team", team=team_id, **ids)
        found += map(_link, rows)
    return sorted(found, key=lambda link: link.linked_at)


def links(tx: Tx, team_id: str) -> list[Link]:
    """Those of a workspace, oldest first."""
    return [_link(row) for row in tx.rows("SELECT * FROM links WHERE team_id = :team ORDER BY linked_at", team=team_id)]


def every_link(tx: Tx) -> list[Link]:
    """In whichever workspace."""
    return [_link(row) for row in tx.rows("SELECT * FROM links ORDER BY linked_at")]


def ids_named(tx: Tx, name: str) -> set[RamUserId]:
    """UserIds of the RAM users that are recorded under this name, which is in lower case."""
    rows = tx.rows(
        "SELECT ram_user_id FROM recorded_names WHERE lower(ram_user_name) = :name"
        " UNION SELECT ram_user_id FROM links WHERE lower(ram_user_name) = :name"
        " UNION SELECT ram_user_id FROM admin_holders WHERE lower(ram_user_name) = :name",
        name=name,
    )
    return {row["ram_user_id"] for row in rows}


def names_of(tx: Tx, ram_user_id: RamUserId) -> list[str]:
    """The names under which a RAM user is recorded, the newest first. The account's own roles have none here."""
    rows = tx.rows(
        "SELECT ram_user_name, MAX(at) AS at FROM ("
        " SELECT ram_user_name, at FROM recorded_names WHERE ram_user_id = :id"
        " UNION ALL SELECT ram_user_name, linked_at FROM links WHERE ram_user_id = :id"
        " UNION ALL SELECT ram_user_name, since FROM admin_holders WHERE ram_user_id = :id"
        ") AS recorded GROUP BY ram_user_name ORDER BY at DESC, ram_user_name",
        id=ram_user_id,
    )
    return [row["ram_user_name"] for row in rows]


def principals_of(tx: Tx, slack_user_id: SlackUserId) -> set[RamUserId]:
    """UserIds of the RAM users that a Slack account is linked to, in whichever workspace, or for which it was asked and
    that still runs or waits.
    """
    rows = tx.rows(
        "SELECT ram_user_id FROM links WHERE slack_user_id = :user"
        " UNION SELECT subject_ram_id FROM requests WHERE subject = :user"
        """ AND entitlements NOT LIKE '%"role_policy/%' AND entitlements NOT LIKE '%"service_role/%'"""
        " AND unfinished = 1",
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


def opened_homes(team_id: str, people: Iterable[SlackUserId], since: int) -> Query:
    """Who of these, of whom there are some, has opened App Home since then: for them it is worth redrawing."""
    wanted = {f"user{place}": person for place, person in enumerate(sorted(set(people)))}
    names = ", ".join(f":{name}" for name in wanted)
    return Query(
        "SELECT slack_user_id AS what FROM homes WHERE team_id = :team AND opened_at >= :since"
        f" AND slack_user_id IN ({names})",
        {"team": team_id, "since": since, **wanted},
    )


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
