"""What the checks of a run ask of the cloud: each question on a thread of its own, and none asked twice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace

from approvals.people import Principal
from approvals.status.reads import Answer
from approvals.status.seen import PolicySummary, ResourceSeen, RoleSeen, TenantRoleSeen
from bot.cloud.member_roles import MemberRoles
from bot.cloud.pairec import PaiRec
from bot.cloud.ram import Ram
from bot.cloud.roles import Roles
from bot.cloud.tenant import Tenants

MAXCOMPUTE = "maxcompute"
"""The product whose projects have an owner that the status looks at."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where to look."""

    ram: Ram
    roles: Roles
    pairec: PaiRec
    tenants: Tenants
    members: Mapping[str, MemberRoles]
    """By product."""
    holders: Callable[[Sequence[str]], Sequence[Principal]]
    """Who has one of these items by the ledger."""


class RunReads:
    """The CloudReads of one run. It is asked from one thread; answers may be waited for on any."""

    def __init__(self, sources: Sources, pool: Executor) -> None:
        self._sources = sources
        self._pool = pool
        self._roles: dict[str, Future[RoleSeen | None]] = {}
        self._documents: dict[str, Future[RoleSeen | None]] = {}

    def role(self, name: str) -> Answer[RoleSeen | None]:
        """A role, with the names of its policies; None when there is none."""
        if name not in self._roles:
            self._roles[name] = self._pool.submit(self._role, name)
        return self._roles[name].result

    def role_with_documents(self, name: str) -> Answer[RoleSeen | None]:
        """The same, with the texts of its policies, each read by itself."""
        role = self.role(name)
        if name not in self._documents:
            self._documents[name] = self._pool.submit(self._with_documents, role)
        return self._documents[name].result

    def policy(self, name: str) -> Answer[PolicySummary]:
        """Whether there is a policy of that name, and how many users hold it."""
        return self._pool.submit(self._sources.ram.summary, name).result

    def resources(self, instance: str, kind: str) -> Answer[Sequence[ResourceSeen] | None]:
        """What PAI-Rec says of the resources of one type; None when there is no such instance."""
        return self._pool.submit(self._sources.pairec.resources, instance, kind).result

    def tenant_role(self, project: str, name: str) -> Answer[TenantRoleSeen | None]:
        """A tenant role with its grants; None when there is none of that name."""
        return self._pool.submit(self._sources.tenants.role, project, name).result

    def project_property(self, project: str, name: str) -> Answer[str | None]:
        """A MaxCompute project's property; None when it is not set."""
        return self._pool.submit(self._sources.tenants.property, project, name).result

    def project_owner(self, project: str) -> Answer[str | None]:
        """Whom a MaxCompute project belongs to; None when it does not exist."""
        return self._pool.submit(self._sources.members[MAXCOMPUTE].owner, project).result

    def own_roles(self, product: str, places: Collection[str]) -> Answer[Mapping[str, str]]:
        """The role that this program has in each of these places of a product."""
        return self._pool.submit(self._sources.members[product].own_roles, places).result

    def members_with(self, product: str, place: str, role: str) -> Answer[Collection[str]]:
        """UserIds of those who have a role there, or one that is not for this program to replace."""
        return self._pool.submit(self._members_with, product, place, role).result

    def holders(self, items: Sequence[str]) -> Answer[Sequence[Principal]]:
        """Who has one of these items by the ledger."""
        return self._pool.submit(self._sources.holders, items).result

    def _role(self, name: str) -> RoleSeen | None:
        attached = self._pool.submit(self._sources.roles.policies, name)
        role = self._sources.roles.describe(name)
        return replace(role, policies=attached.result()) if role else None

    def _members_with(self, product: str, place: str, role: str) -> Collection[str]:
        members = self._sources.members[product].members(place, role)
        return {member.user.user_id for member in members if role in member.roles or member.other_role}

    def _with_documents(self, answer: Answer[RoleSeen | None]) -> RoleSeen | None:
        role = answer()
        if role is None:
            return None
        read = [self._pool.submit(self._sources.roles.with_document, policy) for policy in role.policies]
        return replace(role, policies=tuple(each.result() for each in read))
