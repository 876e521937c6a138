"""What is asked of the cloud's own record: at most two filters each, which is what ActionTrail takes."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from approvals.cloud_events import RAM
from approvals.member_calls import calls_of
from approvals.operations.cloud_record.read import ATTACHES, IMS_WRITES, OWN_ELSEWHERE, OWN_WRITES, RAM_WRITES
from bot.cloud.own_identity import ROOT, OwnIdentity

IMS = "Ims"
"""What the record calls it."""
WRITES = ("EventRW", "Write")
Filters = tuple[tuple[str, str], ...]
Queries = Mapping[str, Filters]
"""By their names in the ledger, in the order in which they are read."""


def of_ram(identity: OwnIdentity) -> Queries:
    """Where RAM's events are."""
    services = {IMS_WRITES: IMS, RAM_WRITES: RAM}
    return {
        **_own(OWN_WRITES, identity),
        **_calls(ATTACHES),
        **{query: (("ServiceName", service), WRITES) for query, service in services.items()},
    }


def of_products(identity: OwnIdentity, kinds: Collection[str], *, own: bool) -> Queries:
    """Where the products of these kinds are. What they are called there is not known, so that each call is asked for by
    its name. `own`: what is called with our key is not told where RAM's events are.
    """
    return {**(_own(OWN_ELSEWHERE, identity) if own else {}), **_calls(calls_of(kinds))}


def _own(query: str, identity: OwnIdentity) -> Queries:
    """None for the account itself: what it does may be anybody's."""
    if identity.kind == ROOT:
        return {}
    return {query: (("User" if identity.kind == "user" else "RoleName", identity.name), WRITES)}


def _calls(names: Collection[str]) -> Queries:
    return {name: (("EventName", name), WRITES) for name in names}
