"""What can be granted, to whom, and the key of both that the cloud can hold once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from approvals.entitlement_kind import MANUAL, POLICY, ROLE_POLICY, SERVICE_ROLE, EntitlementKind, kind_named
from approvals.ids import RamUserId

ADMIN_POLICY = "PaiRecRamAdminAccess"
"""Whoever holds this RAM policy may attach the others, and therefore decides on requests."""


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One thing that can be granted; `name` is the product's own name for it."""

    kind: EntitlementKind
    name: str
    policy_type: str | None = field(default=None, compare=False)
    """Of a RAM policy that was given: `Custom` or `System`, as it was then. None is what the catalogue means now. It is
    no part of what it is called by: whoever has one of the two has the entitlement."""

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"

    def of_type(self, policy_type: str | None) -> Entitlement:
        """The same, where it is known which of RAM's two types it is."""
        return replace(self, policy_type=policy_type)

    @property
    def has_type(self) -> bool:
        """Whether it is a RAM policy, of which there may be two of one name."""
        return self.kind.has_type

    @property
    def of_account(self) -> bool:
        """Whether one of the account's own roles holds it, and no person."""
        return self.kind.of_account

    @property
    def irrevocable(self) -> bool:
        """Whether it cannot be taken back from here once it is there."""
        return self.kind.irrevocable

    @property
    def is_member_role(self) -> bool:
        """Whether it is a role of a member of some workspace or project."""
        return self.kind.is_member_role

    @property
    def by_hand(self) -> bool:
        """Whether people give and take it where no program looks."""
        return self.kind.by_hand

    @property
    def on_roles(self) -> Entitlement | None:
        """The same policy where one of the account's own roles has it; None for what is no policy of a user's."""
        return Entitlement(self.kind.on_roles, self.name) if self.kind.on_roles else None

    @property
    def short_name(self) -> str:
        """What people know it by: a policy's name, and a member role with its product."""
        return str(self) if self.kind.needs_product_name else self.name

    @property
    def place(self) -> str:
        """Of a member role: the workspace's id or the project's name; empty for RAM's own."""
        return self.name.rpartition("/")[0]

    @property
    def whole_place(self) -> str:
        """Of a member role: the place with its product, as no other product has it."""
        return f"{self.kind}/{self.place}"

    @property
    def role(self) -> str:
        """Of a member role: its code; of anything else its name."""
        return self.name.rpartition("/")[2]

    @classmethod
    def parse(cls, text: str) -> Entitlement:
        """The entitlement in a text as `str` makes it, without its type: `policy/PaiRecEngineAccess`.

        Raises:
            ValueError: it is none.
        """
        kind, _, name = text.partition("/")
        if not kind or not name:
            raise ValueError(f"not an entitlement: {text!r}")
        return cls(kind_named(kind), name)


def policy(name: str) -> Entitlement:
    """A RAM policy attached to a RAM user."""
    return Entitlement(POLICY, name)


def role_policy(name: str) -> Entitlement:
    """A RAM policy attached to a RAM role of the account."""
    return Entitlement(ROLE_POLICY, name)


def service_role(service: str) -> Entitlement:
    """That a service's own role exists."""
    return Entitlement(SERVICE_ROLE, service)


def manual(name: str) -> Entitlement:
    """Access to a system that people give and take by hand."""
    return Entitlement(MANUAL, name)


def member_role(product: str, place: str, role: str) -> Entitlement:
    """A role of a member in a workspace or project of a product."""
    return Entitlement(kind_named(product), f"{place}/{role}")


@dataclass(frozen=True, slots=True)
class Key:
    """What the cloud can hold once, however many grants want it."""

    user_id: RamUserId
    entitlement: Entitlement

    def __str__(self) -> str:
        return f"{self.user_id}|{self.entitlement}"

    @classmethod
    def parse(cls, text: str) -> Key:
        """The key in a text as `str` makes it.

        Raises:
            ValueError: it is none.
        """
        user_id, _, entitlement = text.partition("|")
        return cls(RamUserId(user_id), Entitlement.parse(entitlement))


ImpliedRoles = Mapping[Entitlement, Entitlement]


@dataclass(frozen=True, slots=True)
class RoleNeeds:
    """Which member roles nobody can have without another one, in the place that theirs is in: in whichever place, also
    in one that nothing names any more.
    """

    rules: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """From product and role to product and role."""
    within: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """The same of products of which no role can be had without another one."""

    def get(self, entitlement: Entitlement) -> Entitlement | None:
        """What comes before it; None for what needs nothing."""
        product = entitlement.kind.name
        found = self.rules.get((product, entitlement.role)) or self.within.get(product)
        first = found if entitlement.is_member_role else None
        return member_role(first[0], entitlement.place.rpartition("/")[0], first[1]) if first else None


NO_ROLE_NEEDS = RoleNeeds()
"""Every member role can be had without any other."""


@dataclass(frozen=True, slots=True)
class RoleLinks:
    """Which member roles hang together with others, of whatever products."""

    implied_by: ImpliedRoles = field(default_factory=dict)
    """What a product gives by itself to whoever has another product's role, and that role."""
    needs: RoleNeeds = NO_ROLE_NEEDS
    """What nobody can have without another role, and that one."""


NO_ROLE_LINKS = RoleLinks()
