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
_GIVING = frozenset({"AttachPolicyToGroup", "AttachPolicy"})
_ATTACHING = _GIVING | {"DetachPolicyFromGroup", "DetachPolicy"}
"""The second of each is Resource Management's."""
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
    for event in told.values():
        policy = _policy(event, policies)
        if event.name in _ATTACHING and policy is not None:
            for group in event.groups:
                found.setdefault(group, set()).add(policy)
    _rename(found, told.values())
    return {name: frozenset(held) for name, held in found.items()}


def _rename(found: dict[str, set[str]], told: Iterable[CloudEvent]) -> None:
    """What a group had before it was renamed, and what it has now, it has by both names."""
    renamed = sorted(
        (each for each in told if each.name == _RENAMING and is_about_group(each)), key=lambda each: each.at
    )
    # Forward for what a group had before it was renamed, and back for what it has now.
    for event in (*renamed, *reversed(renamed)):
        names = named_in(event)
        if both := set[str]().union(*(found.get(each, set()) for each in names)):
            found |= {each: set(both) for each in names}


def may_have_changed(event: CloudEvent, policies: Collection[str]) -> bool:
    """Whether more may be known by this call of which groups had what: then what waits for that is judged anew."""
    if event.error_code:
        return False
    return is_about_group(event) or (event.name in _ATTACHING and _policy(event, policies) is not None)


class Former:
    """Which groups had what at some moment, by all that is kept of the record since an hour before the oldest one."""

    def __init__(self, tx: Tx, oldest: DomainMillis, policies: Collection[str]) -> None:
        since = DomainMillis(oldest - HOUR)
        told = [each.event for each in cloud_events.of_names(tx, {*_ATTACHING, _RENAMING}, since)]
        self._renamed = [each for each in told if each.name == _RENAMING and not each.error_code]
        self._changes: dict[tuple[str, str], list[tuple[DomainMillis, bool]]] = {}
        for event in told:
            policy = _policy(event, policies)
            if event.name in _ATTACHING and policy is not None and not event.error_code:
                for group in event.groups:
                    self._changes.setdefault((group, policy), []).append((event.at, event.name in _GIVING))

    def at(self, moment: DomainMillis) -> PoliciesByGroup:
        """Those that had something then, or within an hour of it."""
        found: dict[str, set[str]] = {}
        for (group, policy), changes in self._changes.items():
            if _had(changes, moment):
                found.setdefault(group, set()).add(policy)
        _rename(found, self._renamed)
        return {name: frozenset(held) for name, held in found.items()}


def _had(changes: Sequence[tuple[DomainMillis, bool]], moment: DomainMillis) -> bool:
    """By when it was given and taken, the oldest first."""
    if any(abs(at - moment) <= HOUR for at, _ in changes):
        return True
    given_before = next((given for at, given in reversed(changes) if at < moment), False)
    given_after = next((given for at, given in changes if at > moment), True)
    return given_before or not given_after


def _policy(event: CloudEvent, policies: Collection[str]) -> str | None:
    """Which of these it is about."""
    named = same_name(event.params.get("PolicyName", ""))
    return next((each for each in policies if same_name(each) == named), None)
