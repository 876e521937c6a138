"""Who had which role in a workspace or project without having it from here, when it was looked at last. A product says
of nobody since when: so whoever is new there is known by this alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from approvals.millis import DomainMillis
from approvals.transaction import Tx

Member = tuple[str, str]
"""UserId and role."""


def of_place(tx: Tx, place: str) -> frozenset[Member] | None:
    """None where it was never looked at. `place` is such as `dataworks/10001`."""
    if not tx.row("SELECT 1 AS one FROM looked_places WHERE place = :place", place=place):
        return None
    rows = tx.rows("SELECT ram_user_id, role FROM known_members WHERE place = :place", place=place)
    return frozenset((row["ram_user_id"], row["role"]) for row in rows)


def put(tx: Tx, place: str, members: Iterable[Member], now: DomainMillis) -> None:
    """These, and nobody else."""
    tx.run(
        "INSERT INTO looked_places (place, at) VALUES (:place, :now)"
        " ON CONFLICT (place) DO UPDATE SET at = excluded.at",
        place=place,
        now=now,
    )
    tx.run("DELETE FROM known_members WHERE place = :place", place=place)
    for user_id, role in sorted(members):
        tx.run(
            "INSERT INTO known_members (place, ram_user_id, role) VALUES (:place, :user, :role)",
            place=place,
            user=user_id,
            role=role,
        )
