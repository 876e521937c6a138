"""Which RAM groups have a policy that is looked after: whoever puts somebody in one gives it.

RAM says which have one now, and a call is told of a quarter of an hour late: the policy may be gone from the group by
then, or the group be called something else. The calls that made it so are in the record as well. None of them is
DeleteGroup: a group that has a policy is not deleted (help/ram, DeleteGroup).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from approvals.cloud_events import CloudEvent, same_name
from approvals.ledger import Tx, cloud_events
from approvals.millis import HOUR, DomainMillis

PoliciesByGroup = Mapping[str, frozenset[str]]
"""By the names of groups, as `same_name` has them."""

CALLS = frozenset({"AddUserToGroup", "RemoveUserFromGroup", "DeleteGroup", "UpdateGroup"})
"""Those that give and take what a group has, or make another group of it, and name no policy."""
_ATTACHING = frozenset({"AttachPolicyToGroup", "DetachPolicyFromGroup", "AttachPolicy", "DetachPolicy"})
"""The last two are Resource Management's."""
_RENAMING = "UpdateGroup"


def are_about_groups(events: Iterable[CloudEvent]) -> bool:
    """Whether it matters which groups have what."""
    return any(is_about_group(event) and not event.error_code for event in events)


def is_about_group(event: CloudEvent) -> bool:
    """Other products have groups too."""
    return event.name in CALLS and event.is_of_ram


def named_in(event: CloudEvent) -> frozenset[str]:
    """The groups that such a call names: the one that it is about, and what that is called from then on."""
    return event.groups | {same_name(event.params.get("NewGroupName", ""))} - {""}


def with_former(tx: Tx, now: PoliciesByGroup, page: Sequence[CloudEvent], policies: Collection[str]) -> PoliciesByGroup:
    """Those that have one of the policies `now`, and those that had it when these calls were made."""
    since = DomainMillis(min(each.at for each in page) - HOUR)
    kept = (each.event for each in cloud_events.of_names(tx, {*_ATTACHING, _RENAMING}, since))
    told = {each.id: each for each in (*kept, *page) if each.at >= since and not each.error_code}
    found = {name: set(held) for name, held in now.items()}
    spelt = {same_name(each): each for each in policies}
    for event in told.values():
        policy = spelt.get(same_name(event.params.get("PolicyName", "")))
        for group in event.groups if event.name in _ATTACHING and policy else ():
            found.setdefault(group, set()).update(filter(None, [policy]))
    renamed = sorted(
        (each for each in told.values() if each.name == _RENAMING and is_about_group(each)), key=lambda each: each.at
    )
    # Forward for what a group had before it was renamed, and back for what it has now.
    for event in (*renamed, *reversed(renamed)):
        names = named_in(event)
        if both := set[str]().union(*(found.get(each, set()) for each in names)):
            found |= {each: set(both) for each in names}
    return {name: frozenset(held) for name, held in found.items()}
