"""Grants of which something is still wanted, or may be there."""

from __future__ import annotations

from approvals.entitlements import Entitlement, Key
from approvals.grant import Grant
from approvals.ids import RamUserId
from approvals.ledger.grants import OPEN_STATES, of_rows
from approvals.transaction import Tx


def on_key(tx: Tx, key: Key) -> list[Grant]:
    """Grants on a key that still want something, oldest first."""
    return of_rows(
        tx.rows(
            "SELECT * FROM grants WHERE ram_user_id = :user AND entitlement = :entitlement"
            f" AND state IN ({OPEN_STATES}) ORDER BY id",
            user=key.user_id,
            entitlement=str(key.entitlement),
        )
    )


def of_principal(tx: Tx, ram_user_id: RamUserId) -> list[Grant]:
    """What a RAM user, or a role, has by this ledger, or is about to get or lose, oldest first."""
    return of_rows(
        tx.rows(
            f"SELECT * FROM grants WHERE ram_user_id = :user AND state IN ({OPEN_STATES}) ORDER BY id", user=ram_user_id
        )
    )


def active_keys(tx: Tx) -> list[Key]:
    """Each once for each type of its policy that was given."""
    rows = tx.rows("SELECT DISTINCT ram_user_id, entitlement, policy_type FROM grants WHERE state = 'active'")
    return [Key(row["ram_user_id"], Entitlement.parse(row["entitlement"]).of_type(row["policy_type"])) for row in rows]


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
