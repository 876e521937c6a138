"""What was read from Slack and the cloud, as values: before a decision's transaction, which judges them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from approvals.entitlement_kind import POLICY
from approvals.entitlements import Entitlement, Key
from approvals.errors import CloudErrorKind
from approvals.ids import RamUserId, SlackUserId
from approvals.model import Holding
from approvals.on_call import OnCall
from approvals.people import Person, Principal


@dataclass(frozen=True, slots=True)
class Holder:
    """One way in which somebody holds a policy: directly, or through a group."""

    principal: Principal
    via_group: str | None = None
    joined: int | None = field(default=None, compare=False)
    """When they came into the group, in milliseconds by RAM's clock; None where nobody says it."""


@dataclass(frozen=True, slots=True)
class Holders:
    """Everybody who holds one policy; somebody who holds it in two ways is in here twice."""

    holders: tuple[Holder, ...] = ()

    def ways(self, ram_user_id: RamUserId) -> tuple[Holder, ...]:
        """The ways in which this RAM user holds it; none where they do not."""
        return tuple(holder for holder in self.holders if holder.principal.user_id == ram_user_id)

    @property
    def user_ids(self) -> frozenset[RamUserId]:
        """The UserIds of all who hold it."""
        return frozenset(holder.principal.user_id for holder in self.holders)


MANUAL = "Manual"


@dataclass(frozen=True, slots=True)
class RamUser:
    """A RAM user as the account's own list shows it."""

    principal: Principal
    display_name: str = ""
    email: str | None = None
    login: str = ""
    """As the console has it: the name with the account's domain."""
    provision_type: str = MANUAL
    """Who makes it: people of the account (`MANUAL`), or another directory by `SCIM` or from `CloudSSO`."""


@dataclass(frozen=True, slots=True)
class AskEvidence:
    """For a new access request."""

    requester: Person
    subject: Person
    admins: Holders
    user: Principal | None
    """The subject's RAM user as RAM has it now, by UserId; None when it is gone."""
    holdings: tuple[Holding, ...] = ()
    """What that user has of the catalogue's policies, directly or through groups."""
    missing: tuple[str, ...] = ()
    """Asked policies that do not exist in this account."""
    unclear: tuple[str, ...] = ()
    """Asked policies that exist both as a custom and as a system policy."""
    gone: tuple[Entitlement, ...] = ()
    """Asked member roles whose workspace or project does not exist."""
    not_installed: tuple[str, ...] = ()
    """Products of asked member roles whose SDK is not there, by kind."""
    roster: tuple[RamUser, ...] = ()
    """All RAM users; read only when a claim is to be judged."""
    accounts: Mapping[SlackUserId, Person | None] = field(default_factory=dict)
    """Slack accounts of linked holders of the admin policy, by their Slack user ids; None where Slack did not tell."""
    requester_groups: tuple[str, ...] = ()
    """The RAM groups of whoever asks, and of the subject; read only where a standing rule of the catalogue asks for
    somebody's groups.
    """
    subject_groups: tuple[str, ...] = ()
    requester_on_call: OnCall | None = None
    """What whoever asks, and the subject, are on call for; None where nobody asked Slack: neither a standing rule nor
    break-glass goes by it.
    """
    subject_on_call: OnCall | None = None


@dataclass(frozen=True, slots=True)
class RepairEvidence:
    """For a request on one of the account's own roles."""

    requester: Person
    admins: Holders
    role: Principal | None
    """The role as RAM has it now; None when it does not exist and has to."""
    present: bool
    """Whether what is asked for is there already."""
    accounts: Mapping[SlackUserId, Person | None] = field(default_factory=dict)
    """As for AskEvidence."""
    holdings: tuple[Holding, ...] = ()
    """Policies that the role has."""
    fits: bool = True
    """Whether the role is as it has to be before it may get anything, but for what is asked."""


@dataclass(frozen=True, slots=True)
class DecisionEvidence:
    """For a click of an approver."""

    actor: Person
    admins: Holders
    user: Principal | None
    """The subject's RAM user, or the account's role, as RAM has it now; None when it is gone."""
    subject: Person | None = None
    """None where nobody gets it in person."""
    roster: tuple[RamUser, ...] = ()
    """Only where the request carries a claim."""
    fits: bool = True
    """As for RepairEvidence; always so for a RAM user."""
    approvers: Mapping[SlackUserId, Person] = field(default_factory=dict)
    """The Slack accounts of those who approved before, by their Slack user ids."""


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that a RAM user, or one of the account's roles, has."""

    principal: Principal
    """Of a member, the name or else the UserId is empty where neither the product nor RAM says it."""
    entitlement: Entitlement
    via_group: str | None = None
    age: int | None = field(default=None, compare=False)
    """Milliseconds, to the second, for which RAM had it attached when it was read, both by RAM's clock; None where
    nobody says it."""

    @property
    def key(self) -> Key:
        """Of whoever has it and what it is, however they have it."""
        return Key(self.principal.user_id, self.entitlement)


class ReadSource(NamedTuple):
    """What is asked at once: RAM about one policy, or a product about one workspace or project."""

    kind: str
    name: str


ALL_OF_RAM = ReadSource(POLICY.name, "")
"""RAM about all policies of somebody."""
ALL_USERS = ReadSource("user", "")
"""RAM about who there is."""


def source_of(entitlement: Entitlement) -> ReadSource:
    """Whom the cloud has to be asked of, to know who has something."""
    of = entitlement.kind.name if entitlement.by_hand else entitlement.kind.product or POLICY.name
    return ReadSource(of, entitlement.place or entitlement.name)


@dataclass(frozen=True, slots=True)
class UnreadSource:
    """What the cloud did not say, and why."""

    kind: str
    """`policy` for RAM, `user` for RAM's list of users, else the product."""
    name: str
    """The policy, the workspace or the project; empty for all that RAM has of somebody."""
    error: CloudErrorKind
    action: str | None = None
    code: str | None = None
    request_id: str | None = None
    """The cloud's id of the call."""

    def is_about(self, entitlement: Entitlement) -> bool:
        """Whether who has this is not known."""
        return not self.proves_absence and (self.kind, self.name) == source_of(entitlement)

    @property
    def proves_absence(self) -> bool:
        """Whether it says as much as a list would: what does not exist is held by nobody, and holds nothing."""
        return self.error in (CloudErrorKind.NO_POLICY, CloudErrorKind.NO_USER)


@dataclass(frozen=True, slots=True)
class Survey:
    """Who has what, as the cloud showed it."""

    held: tuple[Held, ...] = ()
    unread: tuple[UnreadSource, ...] = ()
    absent: frozenset[Key] = frozenset()
    """Keys that were asked about since they should be there, and are not."""
    users: frozenset[RamUserId] | None = None
    """UserIds of all RAM users; None where they were not asked for, or not told."""


def email_matches(person: Person, roster: tuple[RamUser, ...]) -> tuple[RamUser, ...]:
    """RAM users who are this person by their e-mail address, as Slack confirmed it. Case does not matter."""
    return same_address(person, roster) if person.email_confirmed else ()


def same_address(person: Person, roster: tuple[RamUser, ...]) -> tuple[RamUser, ...]:
    """RAM users with the e-mail address of this person's account. Where Slack did not confirm that, it says who the
    person is not, and never who they are.
    """
    wanted = (person.email or "").strip().casefold()
    return tuple(user for user in roster if wanted and user.email and user.email.strip().casefold() == wanted)


def address_of_another(person: Person, claimed: Principal, roster: tuple[RamUser, ...]) -> bool:
    """Whether a RAM user has an e-mail address, and it is not the one of this person's account."""
    known = next((user for user in roster if user.principal.user_id == claimed.user_id), None)
    return known is not None and bool(known.email) and known not in same_address(person, roster)
