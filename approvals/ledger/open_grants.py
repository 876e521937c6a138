"""Grants of which something is still wanted, or may be there."""

from __future__ import annotations

from approvals.entitlements import Entitlement, Key
from approvals.grant import UNFINISHED, Grant
from approvals.ids import RamUserId, SlackUserId
from approvals.ledger.grants import OPEN_STATES, of_rows
from approvals.people import Principal
from approvals.transaction import Tx

_UNFINISHED_STATES = ", ".join(f"'{state}'" for state in UNFINISHED)


def on_key(tx: Tx, key: Key) -> list[Grant]:
    """Grants on a key that still want something, oldest first."""
    # Sorted here: an index that has them in this order has all that ended among them.
    rows = tx.rows(
        f"SELECT * FROM grants WHERE ram_user_id = :user AND entitlement = :entitlement AND state IN ({OPEN_STATES})",
        user=key.user_id,
        entitlement=str(key.entitlement),
    )
    return sorted(of_rows(rows), key=lambda grant: grant.id)


def of_principal(tx: Tx, ram_user_id: RamUserId) -> list[Grant]:
    """What a RAM user, or a role, has by this ledger, or is about to get or lose, oldest first."""
    return of_rows(
        tx.rows(
            f"SELECT * FROM grants WHERE ram_user_id = :user AND state IN ({OPEN_STATES}) ORDER BY id", user=ram_user_id
        )
    )


def of_unlinked(tx: Tx, team_id: str, slack_user_id: SlackUserId) -> list[Principal]:
    """The RAM users that nobody is linked to, and for which a Slack account was given what they have."""
    rows = tx.rows(
        "SELECT ram_user_id, MAX(ram_user_name) AS name FROM grants"
        f" WHERE state IN ({OPEN_STATES})"
        " AND entitlement NOT LIKE 'role_policy/%' AND entitlement NOT LIKE 'service_role/%'"
        " AND request_id IN (SELECT id FROM requests WHERE team_id = :team AND subject = :user AND unfinished = 1)"
        " AND NOT EXISTS (SELECT 1 FROM links WHERE links.ram_user_id = grants.ram_user_id)"
        " GROUP BY ram_user_id ORDER BY ram_user_id",
        team=team_id,
        user=slack_user_id,
    )
    return [Principal(row["ram_user_id"], row["name"]) for row in rows]


def unfinished_of(tx: Tx, ram_user_id: RamUserId) -> list[Grant]:
    """The same, and what failed and may be tried again, oldest first."""
    return of_rows(
        tx.rows(
            f"SELECT * FROM grants WHERE ram_user_id = :user AND state IN ({_UNFINISHED_STATES}) ORDER BY id",
            user=ram_user_id,
        )
    )


def users_running_after(tx: Tx, team_id: str, after: str, *, limit: int) -> list[RamUserId]:
    """RAM users for whom something is there or on its way, and whose Slack account here, the one linked or else the one
    for which it was asked last, comes after this: the first few, in the order of Slack and RAM ids with a bar between.
    """
    rows = tx.rows(
        "SELECT ram_user_id, slack_user_id || '|' || ram_user_id AS about FROM ("
        " SELECT running.ram_user_id, COALESCE(links.team_id, requests.team_id) AS team_id,"
        " COALESCE(links.slack_user_id, requests.subject) AS slack_user_id FROM ("
        "  SELECT ram_user_id, MAX(id) AS last FROM grants WHERE state IN ('planned', 'granting', 'active')"
        "  AND entitlement NOT LIKE 'role_policy/%' AND entitlement NOT LIKE 'service_role/%' GROUP BY ram_user_id"
        " ) AS running LEFT JOIN links ON links.ram_user_id = running.ram_user_id"
        " JOIN grants ON grants.id = running.last JOIN requests ON requests.id = grants.request_id"
        ") AS accounts WHERE team_id = :team AND slack_user_id || '|' || ram_user_id > :after"
        " ORDER BY about LIMIT :limit",
        team=team_id,
        after=after,
        limit=limit,
    )
    return [row["ram_user_id"] for row in rows]


def active_entitlements(tx: Tx) -> list[Entitlement]:
    """Each once for each type of its policy that was given."""
    rows = tx.rows("SELECT DISTINCT entitlement, policy_type FROM grants WHERE state = 'active'")
    return [Entitlement.parse(row["entitlement"]).of_type(row["policy_type"]) for row in rows]


def active_users(tx: Tx, entitlement: Entitlement) -> set[RamUserId]:
    """Who has it, given by that type of its policy; roles as well."""
    rows = tx.rows(
        "SELECT ram_user_id FROM grants WHERE state = 'active' AND entitlement = :entitlement"
        " AND COALESCE(policy_type, '') = :type",
        entitlement=str(entitlement),
        type=entitlement.policy_type or "",
    )
    return {row["ram_user_id"] for row in rows}


def without_job(tx: Tx, ids: str) -> list[Grant]:
    """Grants that do not rest until somebody says more of them, and for whose key there is no job of an id that begins
    with `ids`.
    """
    return of_rows(
        tx.rows(
            f"SELECT * FROM grants WHERE state IN ({OPEN_STATES})"
            " AND NOT (ends_at IS NULL AND state IN ('active', 'held'))"
            " AND NOT EXISTS"
            " (SELECT 1 FROM jobs WHERE jobs.id = :ids || grants.ram_user_id || '|' || grants.entitlement)"
            " ORDER BY id",
            ids=ids,
        )
    )


def missing(tx: Tx) -> list[Grant]:
    """Active grants that the cloud did not show when it was looked at last, the oldest first."""
    return of_rows(
        tx.rows("SELECT * FROM grants WHERE state = 'active' AND missing_since_real IS NOT NULL ORDER BY id")
    )


def count_active(tx: Tx) -> int:
    """How many grants are active."""
    row = tx.row("SELECT COUNT(*) AS number FROM grants WHERE state = 'active'")
    return int(row["number"]) if row else 0


def kinds(tx: Tx) -> list[str]:
    """The kinds of entitlement of which anything may be there, or be on its way."""
    rows = tx.rows(f"SELECT DISTINCT entitlement FROM grants WHERE state IN ({OPEN_STATES})")
    return sorted({Entitlement.parse(row["entitlement"]).kind.name for row in rows})


def in_place(tx: Tx, key: Key) -> list[Grant]:
    """Of the same principal, in the same workspace or project as a member role."""
    place = f"{key.entitlement.whole_place}/"
    return [grant for grant in of_principal(tx, key.user_id) if str(grant.entitlement).startswith(place)]


def with_entitlement(tx: Tx, entitlement: Entitlement) -> list[Grant]:
    """Whoever has this by this ledger, or is about to get or lose it, oldest first."""
    return of_rows(
        tx.rows(
            f"SELECT * FROM grants WHERE entitlement = :entitlement AND state IN ({OPEN_STATES}) ORDER BY id",
            entitlement=str(entitlement),
        )
    )


def every(tx: Tx) -> list[Grant]:
    """Every grant of which anything may be there, or be on its way, oldest first."""
    return of_rows(tx.rows(f"SELECT * FROM grants WHERE state IN ({OPEN_STATES}) ORDER BY id"))
