"""The account's roles: who they are, what is attached to them, attach and detach.

Like a user's, a role's name can come to belong to another role, so its id is looked up before each write.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from alibabacloud_ram20150501 import models as ram

from approvals.entitlements import Entitlement
from approvals.errors import CloudError, CloudErrorKind
from approvals.ids import RamUserId
from approvals.millis import DomainMillis
from approvals.model import Holding
from approvals.people import Principal
from approvals.ports import Go, Receipt, Sighting
from approvals.status.checks import engine_role
from approvals.status.checks.roles import ROLE_READY
from approvals.status.seen import PolicySeen, RoleSeen
from approvals.status.terms import EngineRole
from bot.cloud.dates import answered_at, parse_date
from bot.cloud.errors import translated
from bot.cloud.policy_types import type_given
from bot.cloud.ram import Ram
from bot.cloud.sending import receipt, write_options


class Roles:
    """Every method may raise CloudError; safe to share between threads."""

    def __init__(self, ram_client: Any, account: Ram, engines: EngineRole) -> None:
        """`engines` is the one role that policies are attached to from here."""
        self._ram = ram_client
        self._account = account
        self._reading = account.reading
        self._engine_role = engines

    # -- the Cloud port, for policies on roles

    def type_of(self, principal: Principal, entitlement: Entitlement, given_at: DomainMillis | None) -> str | None:
        """Without `given_at`, the type that a policy of this name has in the account. With it, the type of the one that
        the role was given at that moment; None where the role has neither, or is gone.
        """
        if given_at is None:
            return self._account.types.of(entitlement.name)
        current = self.current(principal)
        if current is None:
            return None
        return type_given(self._listed(current.name).body.policies.policy, entitlement, given_at)

    def observe(self, principal: Principal, entitlement: Entitlement, *, recent: bool = False) -> Sighting:
        """Whether the policy is attached to the role; a role that is gone has none."""
        current = self.current(principal)
        if current is None:
            return Sighting(False)
        answer = self._listed(current.name)
        for policy in answer.body.policies.policy or []:
            if policy.policy_name == entitlement.name and entitlement.policy_type in (None, policy.policy_type):
                return Sighting(True, at=answered_at(answer.headers), since=parse_date(policy.attach_date))
        return Sighting(False, at=answered_at(answer.headers))

    def attach(self, principal: Principal, entitlement: Entitlement, go: Go) -> Receipt:
        """AttachPolicyToRole. NO_ROLE where the role is gone, REFUSED where it is not as `fits` says."""
        request = ram.AttachPolicyToRoleRequest(
            policy_type=self._account.types.wanted(entitlement),
            policy_name=entitlement.name,
            role_name=self._name_now(principal, "AttachPolicyToRole"),
        )
        if not self.fits(principal):
            raise CloudError(CloudErrorKind.REFUSED, code="RoleNotAsExpected", action="AttachPolicyToRole")
        options = write_options(go())
        with translated("AttachPolicyToRole", writes=True):
            return receipt(self._ram.attach_policy_to_role_with_options(request, options))

    def detach(
        self, principal: Principal, entitlement: Entitlement, go: Go, *, leave: bool = False, restores: str = ""
    ) -> Receipt:
        """DetachPolicyFromRole. NO_ROLE where the role is gone. `leave` means nothing to RAM."""
        request = ram.DetachPolicyFromRoleRequest(
            policy_type=self._account.types.wanted(entitlement),
            policy_name=entitlement.name,
            role_name=self._name_now(principal, "DetachPolicyFromRole"),
        )
        options = write_options(go())
        with translated("DetachPolicyFromRole", writes=True):
            return receipt(self._ram.detach_policy_from_role_with_options(request, options))

    def holder_ids(self, entitlement: Entitlement) -> frozenset[RamUserId]:
        """RoleIds of the roles that have the policy; none where there is no such policy."""
        found = self._account.entities_if_there(entitlement)
        return frozenset(role.role_id for role in found.roles.role or []) if found is not None else frozenset()

    # -- reading

    def holder(self, entitlement: Entitlement) -> Principal | None:
        """The role that would hold it, as RAM has it now; None when there is no such role."""
        role = self._role(self._engine_role.name)
        return Principal(role.role_id, role.role_name) if role else None

    def holdings(self, principal: Principal) -> tuple[Holding, ...]:
        """The names of the policies that are attached to the role."""
        return tuple(Holding(policy.name) for policy in self._policies(principal.name))

    def current(self, principal: Principal) -> Principal | None:
        """The role of this id, if it still has its name."""
        role = self._role(principal.name)
        return Principal(role.role_id, role.role_name) if role and role.role_id == principal.user_id else None

    def fits(self, principal: Principal) -> bool:
        """It is the engine's role, of the same id, and PAI-EAS may assume it: otherwise a policy on it would help
        nobody, or somebody else.
        """
        role = self.describe(principal.name)
        if role is None or principal.name != self._engine_role.name or role.role_id != principal.user_id:
            return False
        found = engine_role.judge("", self._engine_role, role)
        return found.result in (engine_role.NO_POLICY, ROLE_READY)

    def describe(self, name: str) -> RoleSeen | None:
        """A role without its policies; None when there is none of that name."""
        role = self._role(name)
        if role is None:
            return None
        return RoleSeen(
            role_id=role.role_id,
            name=role.role_name,
            account_id=_account_in(str(role.arn or "")),
            service_linked=bool(role.is_service_linked_role),
            trust_document=role.assume_role_policy_document or "",
        )

    def policies(self, name: str) -> tuple[PolicySeen, ...]:
        """What is attached to a role, without the texts; nothing when there is no such role."""
        try:
            return self._policies(name)
        except CloudError as error:
            if error.kind is CloudErrorKind.NO_ROLE:
                return ()
            raise

    def with_document(self, policy: PolicySeen) -> PolicySeen:
        """A policy with the text of its default version."""
        request = ram.GetPolicyRequest(policy_name=policy.name, policy_type=policy.type)
        document = self._reading.read(
            "GetPolicy", lambda: self._ram.get_policy(request).body.default_policy_version.policy_document
        )
        return replace(policy, document=document or "")

    # -- the calls themselves

    def _role(self, name: str) -> Any:
        request = ram.GetRoleRequest(role_name=name)
        try:
            return self._reading.read("GetRole", lambda: self._ram.get_role(request).body.role)
        except CloudError as error:
            if error.kind is CloudErrorKind.NO_ROLE:
                return None
            raise

    def _name_now(self, principal: Principal, action: str) -> str:
        current = self.current(principal)
        if current is None:
            raise CloudError(CloudErrorKind.NO_ROLE, code="EntityNotExist.Role", action=action)
        return current.name

    def _policies(self, name: str) -> tuple[PolicySeen, ...]:
        listed = self._listed(name).body.policies.policy or []
        return tuple(PolicySeen(policy.policy_name, policy.policy_type) for policy in listed)

    def _listed(self, name: str) -> Any:
        request = ram.ListPoliciesForRoleRequest(role_name=name)
        return self._reading.read("ListPoliciesForRole", lambda: self._ram.list_policies_for_role(request))


def _account_in(arn: str) -> str:
    """The account's id in `acs:ram::1000000000000001:role/…`; empty when there is none."""
    parts = arn.split(":")
    return parts[3] if len(parts) > 4 else ""
