"""What a program was told before it started: the catalogue, the resources and the settings. What changed since the
start before is an entry of the trail, by the names of what changed, with a hash of all of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from approvals.audit import canonical
from approvals.audit_events import AuditEvent
from approvals.ledger import Ledger, Tx, identity, trail
from approvals.millis import DomainMillis

Told = Mapping[str, Any]
"""By name: whatever JSON can hold, and no secrets."""
SETUP = "setup:"
"""How the names begin under which a ledger knows what was told last."""


def record_setup(ledger: Ledger, told: Mapping[str, Told], now: DomainMillis) -> None:
    """Note what is told now, by what it is, and what of it is new, gone or not as it was at the last start. The first
    time there is nothing to compare with, and no entry.
    """
    with ledger.write() as tx:
        for what, found in told.items():
            hashes = {name: _hash(value) for name, value in found.items()}
            known = identity.get(tx, SETUP + what)
            identity.put(tx, SETUP + what, json.dumps(hashes, sort_keys=True))
            if known is not None:
                _note(tx, now, what, json.loads(known), hashes)


def _note(tx: Tx, now: DomainMillis, what: str, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    if before == after:
        return
    trail.append_event(
        tx,
        now,
        AuditEvent.SETUP_CHANGED,
        what=what,
        hash=_hash(after),
        before=_hash(before),
        added=sorted(after.keys() - before.keys()) or None,
        removed=sorted(before.keys() - after.keys()) or None,
        changed=sorted(name for name in after.keys() & before.keys() if after[name] != before[name]) or None,
    )


def _hash(value: Any) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(canonical({"": value}).encode()).hexdigest()
