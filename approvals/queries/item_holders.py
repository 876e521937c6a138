"""Who has an item of the catalogue through this program, all of it or a part."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.ids import RamUserId
from approvals.people import Principal
from approvals.transaction import Tx


def item_holders(tx: Tx, items: Sequence[str]) -> list[Principal]:
    """RAM users to whom anything was given of what these names stand for, each once, by name."""
    found: dict[RamUserId, Principal] = {}
    for item in items:
        rows = tx.rows(
            "SELECT DISTINCT grants.ram_user_id, grants.ram_user_name FROM grants"
            " JOIN requests ON requests.id = grants.request_id"
            " WHERE requests.item = :item AND grants.state = 'active'",
            item=item,
        )
        found |= {row["ram_user_id"]: Principal(row["ram_user_id"], row["ram_user_name"]) for row in rows}
    return sorted(found.values(), key=lambda each: each.name.casefold())
