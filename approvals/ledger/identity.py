"""Which ledger it is and what it belongs to, by name."""

from __future__ import annotations

from approvals.ids import LedgerId
from approvals.transaction import Tx

LEDGER = "ledger"
"""Its own name, a `LedgerId`."""
WORKED_UNTIL = "worked_until"
"""When a program worked from it last, in milliseconds of domain time."""
RESTORED_UNTIL = "restored_until"
"""Of a backup that was put back: when its last entry before that was written, in milliseconds; empty once it was looked
at."""
BACKED_UP_AT = "backed_up_at"
"""The moment that the last backup shows, in milliseconds of real time."""
ACCOUNT = "account"
"""The Alibaba Cloud account."""
CLOUD_READ_FROM = "cloud_read_from"
"""From when on the cloud's own record is read in the present region, in milliseconds of domain time."""
TEAM = "team"
"""The Slack workspace."""


def ledger_id(tx: Tx) -> LedgerId | None:
    """Which ledger this is; None for one that no program has opened yet."""
    name = get(tx, LEDGER)
    return LedgerId(name) if name else None


def get(tx: Tx, name: str) -> str | None:
    """None where it was never put."""
    row = tx.row("SELECT value FROM identity WHERE name = :name", name=name)
    return row["value"] if row else None


def put(tx: Tx, name: str, value: str) -> None:
    """What was put under that name before is replaced."""
    tx.run(
        "INSERT INTO identity (name, value) VALUES (:name, :value)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        name=name,
        value=value,
    )


def remove(tx: Tx, name: str) -> None:
    """What was put under that name, if anything."""
    tx.run("DELETE FROM identity WHERE name = :name", name=name)
