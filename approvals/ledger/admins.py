"""Who holds the admin policy otherwise than through this program, as it was seen last."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from approvals.ids import RamUserId
from approvals.millis import RealMillis
from approvals.people import Principal
from approvals.transaction import Tx


class HolderState(StrEnum):
    """Whether somebody who holds the admin policy may decide here."""

    CONFIRMED = "confirmed"
    NEW = "new"
    """Seen, and no approver has confirmed them yet."""
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class AdminHolder:
    """Somebody who holds the admin policy outside of our grants, or held it."""

    principal: Principal
    state: HolderState
    since: int
    """Domain time at which the state began."""
    missing_since_real: RealMillis | None = None


def every_one(tx: Tx) -> dict[RamUserId, AdminHolder]:
    """By UserId, those who are gone among them; empty until somebody looked for the first time."""
    return {
        row["ram_user_id"]: AdminHolder(
            Principal(row["ram_user_id"], row["ram_user_name"]),
            HolderState(row["state"]),
            row["since"],
            row["missing_since_real"],
        )
        for row in tx.rows("SELECT * FROM admin_holders ORDER BY ram_user_id")
    }


def put(tx: Tx, holder: AdminHolder) -> None:
    """Remember a holder, or what is known of them by now."""
    tx.run(
        "INSERT INTO admin_holders (ram_user_id, ram_user_name, state, since, missing_since_real)"
        " VALUES (:id, :name, :state, :since, :missing)"
        " ON CONFLICT (ram_user_id) DO UPDATE SET ram_user_name = excluded.ram_user_name, state = excluded.state,"
        " since = excluded.since, missing_since_real = excluded.missing_since_real",
        id=holder.principal.user_id,
        name=holder.principal.name,
        state=holder.state.value,
        since=holder.since,
        missing=holder.missing_since_real,
    )


def forget_all(tx: Tx) -> bool:
    """Whoever looks next looks for the first time. Whether anybody was known."""
    return tx.changed("DELETE FROM admin_holders") > 0
