"""What the account holds at one moment.

Entities are immutable and the containers are copied before each write, so that a reader keeps a consistent picture
without a lock, and an earlier moment can still be shown when reads are told to lag.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

HolderKind = Literal["user", "group", "role"]
ProvisionType = Literal["Manual", "SCIM", "CloudSSO"]


RECYCLED_SECONDS = 30 * 86400.0
"""How long a user stays in the recycle bin (help/ram, delete a RAM user)."""


class PolicyKey(NamedTuple):
    """A policy is known by its type (`Custom` or `System`) and its name together."""

    type: str
    name: str


class PolicyTarget(NamedTuple):
    """Who a policy is attached to, by id, so that a rename keeps what is attached."""

    kind: HolderKind
    id: str


@dataclass(frozen=True, slots=True)
class User:
    """A RAM user. Dates are domain time, in epoch seconds, here and below."""

    user_id: str
    name: str
    created: float
    updated: float
    display_name: str = ""
    email: str = ""
    mobile_phone: str = ""
    comments: str = ""
    status: str = "active"
    access_keys: tuple[str, ...] = ()
    """The ids of its access keys, for showing alone: nothing is signed with them here."""
    mfa_device: str = ""
    """The serial number of the device that is bound."""
    console_login: bool = False
    """Whether it has a password for the console."""
    provision_type: ProvisionType = "Manual"
    """Who makes and deletes it: people of the account, or another directory."""


@dataclass(frozen=True, slots=True)
class RecycledUser:
    """A deleted user that can still be restored, under the same UserId."""

    user: User
    recycled: float

    @property
    def deleted(self) -> float:
        """When it goes for good."""
        return self.recycled + RECYCLED_SECONDS


@dataclass(frozen=True, slots=True)
class Group:
    """A group; who is in it stands in `AccountState.members`."""

    group_id: str
    name: str
    created: float
    updated: float
    comments: str = ""


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """One text of a policy."""

    version_id: str
    document: str
    created: float


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy with its versions; whom it is attached to stands in `AccountState.attachments`."""

    key: PolicyKey
    description: str
    created: float
    updated: float
    versions: tuple[PolicyVersion, ...]
    default_version: str = "v1"

    @property
    def default(self) -> PolicyVersion:
        """The version that counts."""
        return next(v for v in self.versions if v.version_id == self.default_version)


@dataclass(frozen=True, slots=True)
class Role:
    """A role. `service_linked`: Alibaba Cloud made it for a service, and nobody here changes its policies."""

    role_id: str
    name: str
    trust_document: str
    created: float
    updated: float
    description: str = ""
    max_session_seconds: int = 3600
    service_linked: bool = False


@dataclass(slots=True)
class AccountState:
    """Users, groups and roles by name; attachments and memberships with the epoch second they were made at."""

    users: dict[str, User] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    policies: dict[PolicyKey, Policy] = field(default_factory=dict)
    attachments: dict[tuple[PolicyTarget, PolicyKey], float] = field(default_factory=dict)
    members: dict[tuple[str, str], float] = field(default_factory=dict)
    last_number: int = 0
    recycled: dict[str, RecycledUser] = field(default_factory=dict)
    """The recycle bin, by name."""
    sso_enabled: bool = False
    """Whether users log in to the console through the company's identity provider."""

    def copy(self) -> AccountState:
        """A draft that can be changed without touching what readers hold."""
        return AccountState(
            dict(self.users),
            dict(self.groups),
            dict(self.roles),
            dict(self.policies),
            dict(self.attachments),
            dict(self.members),
            self.last_number,
            dict(self.recycled),
            self.sso_enabled,
        )

    def size(self) -> int:
        """How many entries a copy of this costs."""
        return (
            len(self.users)
            + len(self.groups)
            + len(self.roles)
            + len(self.policies)
            + len(self.attachments)
            + len(self.members)
            + len(self.recycled)
        )

    def next_number(self) -> int:
        """A number never given before, for ids: a user made again under an old name is somebody else."""
        self.last_number += 1
        return self.last_number

    def holders(self) -> frozenset[PolicyTarget]:
        """Everybody whom a policy can be attached to."""
        return frozenset(
            (
                *(PolicyTarget("user", user.user_id) for user in self.users.values()),
                *(PolicyTarget("group", group.group_id) for group in self.groups.values()),
                *(PolicyTarget("role", role.role_id) for role in self.roles.values()),
            )
        )

    def policies_of(self, holder: PolicyTarget) -> Iterator[tuple[Policy, float]]:
        """What is attached directly to `holder`, with the time of attaching."""
        for (held_by, key), since in self.attachments.items():
            if held_by == holder:
                yield self.policies[key], since

    def holders_of(self, policy: PolicyKey, kind: HolderKind) -> dict[str, float]:
        """Ids of the direct holders of that kind -> time of attaching."""
        return {
            holder.id: since
            for (holder, key), since in self.attachments.items()
            if key == policy and holder.kind == kind
        }
