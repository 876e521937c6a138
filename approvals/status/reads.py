"""What a check may ask of the cloud, as a protocol; `bot` has the real one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol, TypeVar

from approvals.people import Principal
from approvals.status.seen import PolicySummary, ResourceSeen, RoleSeen, TenantRoleSeen

Read = TypeVar("Read")
Answer = Callable[[], Read]
"""Waits for what was asked. Raises CloudError, or whatever else says why there is none: a check lets it pass, and its
caller records it."""


class CloudReads(Protocol):
    """Everything is asked at once: no method here waits, and each returns what waits for its answer."""

    def role(self, name: str) -> Answer[RoleSeen | None]:
        """A RAM role and the names of its policies; None when there is none of that name."""
        ...

    def role_with_documents(self, name: str) -> Answer[RoleSeen | None]:
        """The same with the texts of its policies."""
        ...

    def policy(self, name: str) -> Answer[PolicySummary]:
        """One of the catalogue's policies as the account has it."""
        ...

    def resources(self, instance: str, kind: str) -> Answer[Sequence[ResourceSeen] | None]:
        """The resources of one type that an instance of PAI-Rec has; None when there is no such instance."""
        ...

    def tenant_role(self, project: str, name: str) -> Answer[TenantRoleSeen | None]:
        """A role of the tenant that a MaxCompute project belongs to; None when there is none of that name."""
        ...

    def project_property(self, project: str, name: str) -> Answer[str | None]:
        """A property of a MaxCompute project; None when it is not set."""
        ...

    def project_owner(self, project: str) -> Answer[str | None]:
        """Whom a MaxCompute project belongs to; None when there is no such project."""
        ...

    def own_roles(self, product: str, places: Collection[str]) -> Answer[Mapping[str, str]]:
        """The role that this program has in each of these places of a product in which it has one."""
        ...

    def members_with(self, product: str, place: str, role: str) -> Answer[Collection[str]]:
        """The UserIds of those who have a role there, or another that is not for this program to replace."""
        ...

    def holders(self, items: Sequence[str]) -> Answer[Sequence[Principal]]:
        """Who has one of these items by the ledger."""
        ...
