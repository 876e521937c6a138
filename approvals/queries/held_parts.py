"""What somebody has already of what is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from approvals.entitlements import Entitlement, Key
from approvals.grant import Grant, GrantState
from approvals.ids import RamUserId
from approvals.ledger import Tx, open_grants
from approvals.millis import DomainMillis
from approvals.model import Holding


@dataclass(frozen=True, slots=True)
class HeldPart:
    """One part of it, and how they have it."""

    entitlement: Entitlement
    via_group: str | None = None
    ends_at: DomainMillis | None = None
    """When it ends, where it is by a grant that has an end."""


def held_parts(
    tx: Tx, ram_user_id: RamUserId, wanted: Iterable[Entitlement], holdings: Iterable[Holding]
) -> list[HeldPart]:
    """By the ledger, and by what the cloud showed otherwise, `holdings`."""
    shown = {holding.name: holding for holding in reversed(tuple(holdings)) if not holding.unread}
    found = []
    for entitlement in wanted:
        ours = [
            grant for grant in open_grants.on_key(tx, Key(ram_user_id, entitlement)) if grant.state is GrantState.ACTIVE
        ]
        holding = shown.get(entitlement.short_name)
        if ours:
            found.append(HeldPart(entitlement, ends_at=_last_end(ours)))
        elif holding:
            found.append(HeldPart(entitlement, holding.via_group))
    return found


def _last_end(grants: Iterable[Grant]) -> DomainMillis | None:
    ends = [grant.ends_at for grant in grants]
    return None if None in ends else max(end for end in ends if end is not None)
