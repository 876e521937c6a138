"""The newest anchor of the audit trail for each target, and whether it was taken there. The trail has no entry of it,
or each would be a reason for the next.
"""

from __future__ import annotations

from typing import NamedTuple

from approvals.anchor import Anchor, AnchorTarget
from approvals.millis import DomainMillis
from approvals.transaction import Tx


class KeptAnchor(NamedTuple):
    """One that was made."""

    anchor: Anchor
    made: DomainMillis
    sent: DomainMillis | None
    """When it was taken; None while it is not known to be."""


def newest(tx: Tx, to: AnchorTarget) -> KeptAnchor | None:
    """The last one made for that target; None where there was none."""
    row = tx.row("SELECT * FROM anchors WHERE target = :target", target=to)
    if row is None:
        return None
    # A later version may have other columns besides, while bots of both work from this ledger.
    known = {name: row[name] for name in Anchor._fields if name != "to"}
    return KeptAnchor(Anchor(to=AnchorTarget(row["target"]), **known), row["made"], row["sent"])


def put(tx: Tx, anchor: Anchor, made: DomainMillis) -> None:
    """In the place of the one before it for the same target; it is yet to be sent."""
    values = {**anchor._asdict(), "made": made}
    target = values.pop("to")
    names = ("number", "seq", "hash", "at", "made_at", "ledger", "account", "made")
    tx.run(
        f"INSERT INTO anchors (target, {', '.join(names)}) VALUES (:target, {', '.join(f':{name}' for name in names)})"
        f" ON CONFLICT (target) DO UPDATE SET sent = NULL, {', '.join(f'{name} = excluded.{name}' for name in names)}",
        target=target,
        **values,
    )


def mark_sent(tx: Tx, anchor: Anchor, now: DomainMillis) -> None:
    """It was taken."""
    tx.run(
        "UPDATE anchors SET sent = :now WHERE target = :target AND number = :number",
        now=now,
        target=anchor.to,
        number=anchor.number,
    )
