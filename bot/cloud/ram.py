"""RAM as the program uses it: who holds a policy, who a user is, attach and detach.

RAM's calls take user names, and a name can be given to somebody else. So a UserId is looked up before each write, and
what RAM lists is compared by UserId.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from alibabacloud_ims20190815 import models as ims
from alibabacloud_ram20150501 import models as ram

from approvals.errors import CloudError, Trouble
from approvals.evidence import Holder, Holders, RamUser
from approvals.model import Entitlement, Holding, Principal
from approvals.ports import Sighting
from approvals.status.seen import PolicySummary
from bot.cloud.errors import translated

PAGE = 1_000
TYPE_KEPT = 300.0
"""Seconds for which the type of a policy that was found is remembered."""


class Ram:
    """One account's RAM. Every method may raise CloudError; safe to share between threads."""

    def __init__(
        self,
        ram_client: Any,
        ims_client: Any,
        named_types: Mapping[str, str] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`named_types`: the type of policies for which it is not to be found out, by name."""
        self._ram = ram_client
        self._ims = ims_client
        self._named_types = dict(named_types or {})
        self._monotonic = monotonic
        self._types: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()

    # -- the Cloud port

    def observe(self, principal: Principal, entitlement: Entitlement) -> Sighting:
        """Read from the user's side: the list of a policy's holders has no pages, and says nothing where it ends."""
        current = self.current(principal)
        if current is None:
            return Sighting(False)
        with translated("ListPoliciesForUser"):
            answer = self._ram.list_policies_for_user(ram.ListPoliciesForUserRequest(user_name=current.name))
        if entitlement.name in self._meant(answer.body.policies.policy):
            return Sighting(True)
        return Sighting(False, tuple(sorted(self._groups_with(entitlement.name, current.name))))

    def attach(self, principal: Principal, entitlement: Entitlement, go: Callable[[], None]) -> None:
        request = ram.AttachPolicyToUserRequest(
            policy_type=self.policy_type(entitlement.name),
            policy_name=entitlement.name,
            user_name=self._name_now(principal, "AttachPolicyToUser"),
        )
        go()
        with translated("AttachPolicyToUser"):
            self._ram.attach_policy_to_user(request)

    def detach(
        self, principal: Principal, entitlement: Entitlement, go: Callable[[], None], *, leave: bool = False
    ) -> None:
        request = ram.DetachPolicyFromUserRequest(
            policy_type=self.policy_type(entitlement.name),
            policy_name=entitlement.name,
            user_name=self._name_now(principal, "DetachPolicyFromUser"),
        )
        go()
        with translated("DetachPolicyFromUser"):
            self._ram.detach_policy_from_user(request)

    def holder_ids(self, entitlement: Entitlement) -> frozenset[str]:
        try:
            return frozenset(user.user_id for user in self.entities(entitlement.name).users.user or [])
        except CloudError as error:
            if error.trouble is Trouble.NO_POLICY:
                return frozenset()
            raise

    # -- reading

    def holders(self, policy_name: str) -> Holders:
        """Everybody who holds a policy, directly or through a group."""
        return self.holders_in(self.entities(policy_name))

    def holders_in(self, entities: Any) -> Holders:
        """The same, of what `entities` returned."""
        found = [Holder(Principal(user.user_id, user.user_name)) for user in entities.users.user or []]
        groups = [group.group_name for group in entities.groups.group or []]
        if groups:
            # A group's members come as names only.
            ids = {user.name: user.user_id for user in self._users()}
            for group in groups:
                found += [
                    Holder(Principal(ids[name], name), via_group=group) for name in self._members(group) if name in ids
                ]
        return Holders(tuple(found))

    def summary(self, policy_name: str) -> PolicySummary:
        """Whether the account has a policy, and how many users hold it, directly or through a group."""
        try:
            return PolicySummary(None, len(self.holders(policy_name).user_ids))
        except CloudError as error:
            if error.trouble in (Trouble.NO_POLICY, Trouble.AMBIGUOUS_TYPE):
                return PolicySummary(error.trouble)
            raise

    def holdings(self, principal: Principal) -> tuple[Holding, ...]:
        """The policies of a user, directly and through groups."""
        with translated("ListPoliciesForUser"):
            answer = self._ram.list_policies_for_user(ram.ListPoliciesForUserRequest(user_name=principal.name))
        found = [Holding(name) for name in self._meant(answer.body.policies.policy)]
        for group in self._groups_of(principal.name):
            found += [Holding(name, group) for name in self._policies_of(group)]
        return tuple(found)

    def current(self, principal: Principal) -> Principal | None:
        """The user with this UserId under the name that it has now; None when it is gone."""
        try:
            with translated("GetUser"):
                user = self._ram.get_user(ram.GetUserRequest(user_name=principal.name)).body.user
            if user.user_id == principal.user_id:
                return Principal(user.user_id, user.user_name)
        except CloudError as error:
            if error.trouble is not Trouble.NO_USER:
                raise
        return next((user for user in self._users() if user.user_id == principal.user_id), None)

    def find(self, name: str) -> Principal | None:
        """The user of this name now."""
        try:
            with translated("GetUser"):
                user = self._ram.get_user(ram.GetUserRequest(user_name=name)).body.user
        except CloudError as error:
            if error.trouble is Trouble.NO_USER or (error.code or "").startswith("InvalidParameter"):
                return None
            raise
        return Principal(user.user_id, user.user_name)

    def roster(self) -> tuple[RamUser, ...]:
        """All users with their e-mail addresses. Only IMS's ListUsers has those; it names users as `name@alias`."""
        found: list[RamUser] = []
        for body in self._pages("ListUsers", self._ims.list_users, ims.ListUsersRequest):
            for user in body.users.user or []:
                login = user.user_principal_name
                principal = Principal(user.user_id, login.partition("@")[0])
                found.append(RamUser(principal, user.display_name or "", user.email or None, login))
        return tuple(found)

    def policy_type(self, name: str) -> str:
        """`Custom` or `System`.

        Raises:
            CloudError: NO_POLICY when the account has none of that name, AMBIGUOUS_TYPE when it has both.
        """
        with self._lock:
            known = self._types.get(name)
        if known and known[1] > self._monotonic():
            return known[0]
        possible = (self._named_types[name],) if name in self._named_types else ("Custom", "System")
        found = [kind for kind in possible if self._exists(name, kind)]
        if not found:
            raise CloudError(Trouble.NO_POLICY, code="EntityNotExist.Policy", action="GetPolicy")
        if len(found) > 1:
            raise CloudError(Trouble.AMBIGUOUS_TYPE, action="GetPolicy")
        with self._lock:
            self._types[name] = (found[0], self._monotonic() + TYPE_KEPT)
        return found[0]

    def entities(self, policy_name: str) -> Any:
        """All that a policy is attached to directly: users, groups and roles."""
        kind = self.policy_type(policy_name)
        with translated("ListEntitiesForPolicy"):
            return self._ram.list_entities_for_policy(
                ram.ListEntitiesForPolicyRequest(policy_type=kind, policy_name=policy_name)
            ).body

    # -- the calls themselves

    def _name_now(self, principal: Principal, action: str) -> str:
        current = self.current(principal)
        if current is None:
            raise CloudError(Trouble.NO_USER, code="EntityNotExist.User", action=action)
        return current.name

    def _exists(self, name: str, kind: str) -> bool:
        try:
            with translated("GetPolicy"):
                self._ram.get_policy(ram.GetPolicyRequest(policy_name=name, policy_type=kind))
        except CloudError as error:
            if error.trouble is Trouble.NO_POLICY:
                return False
            if error.trouble is not Trouble.NO_PERMISSION:
                raise
            return any(
                policy.policy_name == name
                for body in self._pages(
                    "ListPolicies", self._ram.list_policies, ram.ListPoliciesRequest, policy_type=kind
                )
                for policy in body.policies.policy or []
            )
        return True

    def _users(self) -> list[Principal]:
        return [
            Principal(user.user_id, user.user_name)
            for body in self._pages("ListUsers", self._ram.list_users, ram.ListUsersRequest)
            for user in body.users.user or []
        ]

    def _members(self, group: str) -> list[str]:
        return [
            user.user_name
            for body in self._pages(
                "ListUsersForGroup", self._ram.list_users_for_group, ram.ListUsersForGroupRequest, group_name=group
            )
            for user in body.users.user or []
        ]

    def _groups_of(self, user_name: str) -> list[str]:
        with translated("ListGroupsForUser"):
            answer = self._ram.list_groups_for_user(ram.ListGroupsForUserRequest(user_name=user_name))
        return [group.group_name for group in answer.body.groups.group or []]

    def _policies_of(self, group: str) -> list[str]:
        with translated("ListPoliciesForGroup"):
            answer = self._ram.list_policies_for_group(ram.ListPoliciesForGroupRequest(group_name=group))
        return self._meant(answer.body.policies.policy)

    def _meant(self, policies: Sequence[Any] | None) -> list[str]:
        """Names of policies, without those that are of another type than the catalogue says: RAM may have two policies
        of one name, and only one of them is ours to give and to take."""
        return [
            policy.policy_name
            for policy in policies or []
            if self._named_types.get(policy.policy_name, policy.policy_type) == policy.policy_type
        ]

    def _groups_with(self, policy_name: str, user_name: str) -> list[str]:
        """Groups of a user that have a policy."""
        return [group for group in self._groups_of(user_name) if policy_name in self._policies_of(group)]

    def _pages(self, action: str, call: Any, request: Any, **fields: Any) -> Iterator[Any]:
        marker = None
        while True:
            with translated(action):
                body = call(request(marker=marker, max_items=PAGE, **fields)).body
            yield body
            if not body.is_truncated:
                return
            marker = body.marker
