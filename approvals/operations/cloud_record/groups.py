"""Which RAM groups have a policy that is looked after: whoever puts somebody in one gives it.

RAM says which have one now, and a call is told of a quarter of an hour late: the policy may be gone from the group by
then, or the group be called something else. The calls that made it so are in the record as well. None of them is
DeleteGroup: a group that has a policy is not deleted (help/ram, DeleteGroup).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from approvals.cloud_events import CloudEvent
from approvals.ledger import Tx, cloud_events
from approvals.millis import HOUR, DomainMillis

PoliciesByGroup = Mapping[str, frozenset[str]]
"""By the names of groups, as `group_key` has them."""

CALLS = frozenset({"AddUserToGroup", "RemoveUserFromGroup", "DeleteGroup", "UpdateGroup"})
"""Those that give and take what a group has, or make another group of it, and name no policy."""
_ATTACHING = frozenset({"AttachPolicyToGroup", "DetachPolicyFromGroup", "AttachPolicy", "DetachPolicy"})
"""The last two are Resource Management's."""
_RENAMING = "UpdateGroup"


def group_key(name: str) -> str:
    """RAM takes names in whatever case."""
    return name.casefold()


def are_about_groups(events: Iterable[CloudEvent]) -> bool:
    """Whether it matters which groups have what."""
    return any(event.name in CALLS and not event.error_code for event in events)


def with_former(tx: Tx, now: PoliciesByGroup, page: Sequence[CloudEvent], policies: Collection[str]) -> PoliciesByGroup:
    """Those that have one of the policies `now`, and those that had it when these calls were made."""
    since = DomainMillis(min(each.at for each in page) - HOUR)
    kept = (each.event for each in cloud_events.of_names(tx, {*_ATTACHING, _RENAMING}, since))
    told = {each.id: each for each in (*kept, *page) if each.at >= since and not each.error_code}
    found = {name: set(held) for name, held in now.items()}
    for event in told.values():
        if event.name in _ATTACHING and event.params.get("PolicyName") in policies:
            found.setdefault(group_key(event.group), set()).add(event.params["PolicyName"])
    renamed = sorted((each for each in told.values() if each.name == _RENAMING), key=lambda each: each.at)
    # Forward for what a group had before it was renamed, and back for what it has now.
    for event in (*renamed, *reversed(renamed)):
        before, after = (group_key(event.params.get(each, "")) for each in ("GroupName", "NewGroupName"))
        if both := found.get(before, set()) | found.get(after, set()) if before and after else set():
            found |= {before: both, after: set(both)}
    return {name: frozenset(held) for name, held in found.items()}
