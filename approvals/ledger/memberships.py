"""Whom the bot itself made a member of a workspace or project, or gave another role in place of theirs: noted before it
does, so that nobody else's member is ever removed, and everybody has their former role back.
"""

from __future__ import annotations

from approvals.entitlements import Key
from approvals.millis import DomainMillis
from approvals.transaction import Tx


def joining(tx: Tx, key: Key, now: DomainMillis) -> None:
    """The next write for this key makes its principal a member."""
    tx.run(
        "INSERT INTO memberships (ram_user_id, place, since) VALUES (:user, :place, :now) ON CONFLICT DO NOTHING",
        user=key.user_id,
        place=key.entitlement.whole_place,
        now=now,
    )


def replacing(tx: Tx, key: Key, former_role: str, now: DomainMillis) -> None:
    """The next write for this key takes this role from its principal, or makes a member of them where it is empty."""
    tx.run(
        "INSERT INTO memberships (ram_user_id, place, since, former_role) VALUES (:user, :place, :now, :former_role)"
        " ON CONFLICT (ram_user_id, place) DO UPDATE SET former_role = excluded.former_role",
        user=key.user_id,
        place=key.entitlement.whole_place,
        now=now,
        former_role=former_role,
    )


def former_role(tx: Tx, key: Key) -> str | None:
    """The role that the principal had before one of ours replaced it; empty where they were no member, which is ours
    then. None where this program changed nothing in the key's workspace or project.
    """
    row = tx.row(
        "SELECT former_role FROM memberships WHERE ram_user_id = :user AND place = :place",
        user=key.user_id,
        place=key.entitlement.whole_place,
    )
    return str(row["former_role"]) if row else None


def forget(tx: Tx, key: Key) -> None:
    """Nothing of ours is there any more; whatever is, was given by others."""
    tx.run(
        "DELETE FROM memberships WHERE ram_user_id = :user AND place = :place",
        user=key.user_id,
        place=key.entitlement.whole_place,
    )
