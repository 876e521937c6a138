"""A role that nobody has without another one: that one is given first, and taken away last.

Here nobody goes on for having waited long: a permission without its user is refused for good, and a user with
permissions is not removed. Who waits is looked at less often after a while.
"""

from __future__ import annotations

from collections.abc import Sequence

from approvals.entitlements import Key, RoleNeeds
from approvals.grant import EndCause, Grant, GrantState
from approvals.ledger import Tx, open_grants

_COMING = (GrantState.PLANNED, GrantState.GRANTING)
_THERE = (GrantState.GRANTING, GrantState.ENDING)
"""What may be in the cloud, and is not to stay: one that is active is somebody else's, who gets the other one too."""


def connected(tx: Tx, key: Key, needs: RoleNeeds) -> list[Grant]:
    """Open grants of the principal on what this one needs, and on what needs it."""
    return [*_first(tx, key, needs), *needing(tx, key, needs)]


def must_wait(tx: Tx, key: Key, mine: Sequence[Grant], needs: RoleNeeds) -> bool:
    """Whether the other one is to be settled first: on the way in, what is needed; on the way out, what needs it."""
    states = {grant.state for grant in mine}
    if states & set(_COMING):
        first = _first(tx, key, needs)
        if any(grant.state in _COMING for grant in first):
            return True
        # It was refused, and may be there until that is seen. Whoever has begun waits for nobody, or both would.
        return GrantState.GRANTING not in states and any(grant.end_cause is EndCause.REFUSED for grant in first)
    leaving = states == {GrantState.ENDING}
    return leaving and any(grant.state in _THERE for grant in needing(tx, key, needs))


def needing(tx: Tx, key: Key, needs: RoleNeeds) -> list[Grant]:
    """Open grants of the principal that need this one."""
    if not key.entitlement.is_member_role:
        return []
    return [
        grant for grant in open_grants.of_principal(tx, key.user_id) if needs.get(grant.entitlement) == key.entitlement
    ]


def _first(tx: Tx, key: Key, needs: RoleNeeds) -> list[Grant]:
    first = needs.get(key.entitlement)
    return open_grants.on_key(tx, Key(key.user_id, first)) if first else []
