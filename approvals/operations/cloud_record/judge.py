"""Whose a call is that the cloud tells of: ours, somebody's who has our key, another's, or nobody's whom we watch.

Ours is what the trail has: by the RequestId that the cloud answered with, or by the id that went along, since no answer
may have come. Anybody who reads the record can copy such an id, so it counts near its moment and for its write alone:
that call, for whom and of what it was. How products call their writes is not known; none of them is RAM's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from approvals.audit_events import AuditEvent
from approvals.cloud_events import Actor, CloudEvent, same_name
from approvals.entitlement_kind import POLICY, ROLE_POLICY, SERVICE_ROLE
from approvals.member_calls import member_call
from approvals.millis import MINUTE, DomainMillis
from approvals.operations.cloud_record import groups
from approvals.operations.cloud_record.groups import PoliciesByGroup

NEAR_MS = 30 * MINUTE
"""A request is taken for 15 minutes after it was signed, by a clock that may be 15 minutes off."""
_READS = re.compile(
    r"(Get|List|Describe|Query|Check|Lookup|Search)[A-Z].*|ExecuteStatement|RunSecurityQuery|AssumeRole.*"
)
"""What the program calls without an id, since it changes nothing; some of it the record may call a write."""
_CALLS: Mapping[tuple[str, str], str] = {
    (AuditEvent.ATTACH_BEGUN, POLICY.name): "AttachPolicyToUser",
    (AuditEvent.ATTACH_BEGUN, ROLE_POLICY.name): "AttachPolicyToRole",
    (AuditEvent.ATTACH_BEGUN, SERVICE_ROLE.name): "CreateServiceLinkedRole",
    (AuditEvent.DETACH_BEGUN, POLICY.name): "DetachPolicyFromUser",
    (AuditEvent.DETACH_BEGUN, ROLE_POLICY.name): "DetachPolicyFromRole",
    (AuditEvent.CREATE_USER_BEGUN, ""): "CreateUser",
}
"""The one call that carries the id of such a write, by the kind of what it is about."""


class CallVerdict(StrEnum):
    """Whose it is, as the ledger stores it."""

    OURS = "ours"
    STOLEN = "stolen"
    """By our own identity, and not by us."""
    OTHERS = "others"
    """By somebody else, on what we look after."""
    BEFORE_RESTORE = "before restore"
    """It has a mark like ours, and a backup that was put back since does not have whatever it was."""
    WAITING = "waiting"
    """About a RAM group that has nothing that we look after, as far as is known yet."""
    UNCONCERNED = "unconcerned"


class Begun(NamedTuple):
    """A write that the trail says is about to be sent."""

    at: DomainMillis
    event: str
    entitlement: str
    """Empty where it is about none."""
    holder: str
    """What the RAM user or role is called; empty where that is not known any more."""


@dataclass(frozen=True, slots=True)
class KnownWrites:
    """What the trail has of our writes."""

    begun: Mapping[str, Begun]
    """By their ids."""
    request_ids: frozenset[str]
    """Of those that were answered."""
    restored_at: DomainMillis | None = None
    """When a backup was put back, if one was in this time."""
    told: Mapping[str, str] = field(default_factory=dict)
    """RequestIds of the calls that were taken for ours, by the ids that went along: each goes along with one."""


@dataclass(frozen=True, slots=True)
class Watched:
    """Whose key is ours, and what nobody but us should change without being told of."""

    kind: str
    """`user`, `role` or `root`, of our own identity."""
    name: str
    policies: frozenset[str]
    roles: frozenset[str]
    groups: PoliciesByGroup | None = field(default_factory=dict)
    """The RAM groups that have one of the policies; None where RAM did not say which: then it may be any."""
    places: Mapping[str, Collection[str]] = field(default_factory=dict)
    """The workspaces and projects whose members are looked after, by product."""

    def is_us(self, actor: Actor) -> bool:
        """Whether a call was made with our key. The account itself is whoever may do anything: no key of ours."""
        if self.kind == "user":
            return actor.type == "ram-user" and same_name(actor.name) == same_name(self.name)
        role = same_name(actor.name.partition(":")[0])
        return self.kind == "role" and actor.type == "assumed-role" and role == same_name(self.name)

    def concerns(self, event: CloudEvent) -> bool:
        """Whether a call is about what we look after, or about ourselves, or may be: by any of the names in it."""
        own = {same_name(self.name)}
        return (
            self.policy_of(event) is not None
            or not event.roles.isdisjoint(map(same_name, self.roles))
            or (self.kind == "user" and not event.users.isdisjoint(own))
            or (self.kind == "role" and not event.roles.isdisjoint(own))
            or self.by_group(event) != frozenset()
            or member_call(event, self.places) is not None
        )

    def policy_of(self, event: CloudEvent) -> str | None:
        """Which of the policies it is about, as we spell it; None where it is about none of them."""
        named = same_name(event.params.get("PolicyName", ""))
        return next((each for each in self.policies if same_name(each) == named), None)

    def by_group(self, event: CloudEvent) -> frozenset[str] | None:
        """The policies that whoever is in the group has which a call is about; none for any other call. None where it
        may be any.
        """
        if not groups.is_about_group(event):
            return frozenset()
        if self.groups is None:
            return None
        return frozenset().union(*(self.groups.get(each, frozenset()) for each in groups.named_in(event)))


def judge(event: CloudEvent, known: KnownWrites, watched: Watched) -> CallVerdict:
    """Whose it is. What was refused to others is nobody's concern; what was refused to whoever has our key is."""
    if _is_ours(event, known):
        return CallVerdict.OURS
    if event.write_id and known.restored_at is not None and event.at <= known.restored_at:
        return CallVerdict.BEFORE_RESTORE
    if watched.is_us(event.actor):
        return CallVerdict.UNCONCERNED if _READS.fullmatch(event.name) else CallVerdict.STOLEN
    return CallVerdict.OTHERS if not event.error_code and watched.concerns(event) else CallVerdict.UNCONCERNED


def _is_ours(event: CloudEvent, known: KnownWrites) -> bool:
    if event.request_id and event.request_id in known.request_ids:
        return True
    mark = event.write_id or ""
    begun = known.begun.get(mark)
    if begun is None or abs(event.at - begun.at) > NEAR_MS:
        return False
    if known.told.get(mark, event.request_id) != event.request_id:
        return False
    return _is_that_write(event, begun)


def _is_that_write(event: CloudEvent, begun: Begun) -> bool:
    kind, _, name = begun.entitlement.partition("/")
    call = _CALLS.get((begun.event, kind))
    if call is None:
        return not event.is_of_ram
    policy, holders = event.params.get("PolicyName"), event.users | event.roles
    return (
        event.name == call
        and (not policy or policy == name)
        and (not begun.holder or holders <= {same_name(begun.holder)})
    )
