"""RAM as the program uses it: who holds a policy, who a user is, attach and detach.

RAM's calls take user names, and a name can be given to somebody else. So a UserId is looked up before each write, and
what RAM lists is compared by UserId.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from typing import Any

from alibabacloud_ims20190815 import models as ims
from alibabacloud_ram20150501 import models as ram

from approvals.errors import CloudError, CloudErrorKind
from approvals.evidence import Holder, Holders, RamUser
from approvals.ids import RamUserId
from approvals.millis import DomainMillis
from approvals.model import Entitlement, Holding, Principal
from approvals.ports import Go, Receipt, Sighting
from approvals.status.seen import PolicySummary
from bot.cloud.dates import answered_at, stamped
from bot.cloud.errors import RAM, translated
from bot.cloud.pace import Rate
from bot.cloud.reading import Reading
from bot.cloud.sending import receipt, sent_as

READS = Rate(75.0)
"""For what somebody waits for. RAM takes 100 a second of each action (help.aliyun.com, api-ram-2015-05-01-quota)."""
UNHURRIED = Rate(20.0)
"""For what is read of a whole account and nobody waits for: it leaves the rest to those who do."""
ITEMS_PER_PAGE = 1_000
MAX_USERS_READ_SINGLY = 150
"""Users about whom RAM is asked each by each; that takes no longer than the list of some thousands."""
MANY_GROUPS_COUNT = 10
"""With more groups than that, the list of all users will be needed."""
TYPE_MAX_AGE_SECONDS = 300.0
"""Seconds for which the type of a policy that was found is remembered."""


class Ram:
    """One account's RAM. Every method may raise CloudError; safe to share between threads."""

    def __init__(
        self,
        ram_client: Any,
        ims_client: Any,
        named_types: Mapping[str, str] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        rate: Rate = READS,
    ) -> None:
        """`named_types`: the type of policies for which it is not to be found out, by name."""
        self._ram = ram_client
        self._ims = ims_client
        self._named_types = dict(named_types or {})
        self._monotonic = monotonic
        self._types: dict[str, tuple[str, float]] = {}
        self.reading = Reading(RAM, rate)
        """For whatever else is read of RAM."""
        self._lock = threading.Lock()

    # -- the Cloud port

    def type_of(self, principal: Principal, entitlement: Entitlement, given_at: DomainMillis | None) -> str | None:
        if given_at is None:
            return self.policy_type(entitlement.name)
        current = self.current(principal)
        if current is None:
            return None
        return type_given(self._policies_for(current.name).body.policies.policy, entitlement, given_at)

    def observe(self, principal: Principal, entitlement: Entitlement) -> Sighting:
        """Read from the user's side: the list of a policy's holders has no pages, and says nothing where it ends."""
        current = self.current(principal)
        if current is None:
            return Sighting(False)
        answer = self._policies_for(current.name)
        for policy in self._of_its_type(entitlement, answer.body.policies.policy):
            return Sighting(True, at=answered_at(answer.headers), since=stamped(policy.attach_date))
        groups = tuple(sorted(self._groups_with(entitlement, current.name)))
        return Sighting(False, groups, at=answered_at(answer.headers))

    def attach(self, principal: Principal, entitlement: Entitlement, go: Go) -> Receipt:
        request = ram.AttachPolicyToUserRequest(
            policy_type=entitlement.policy_type or self.policy_type(entitlement.name),
            policy_name=entitlement.name,
            user_name=self._name_now(principal, "AttachPolicyToUser"),
        )
        options = sent_as(go())
        with self._by_name(principal), translated("AttachPolicyToUser", writes=True):
            return receipt(self._ram.attach_policy_to_user_with_options(request, options))

    def detach(self, principal: Principal, entitlement: Entitlement, go: Go, *, leave: bool = False) -> Receipt:
        request = ram.DetachPolicyFromUserRequest(
            policy_type=entitlement.policy_type or self.policy_type(entitlement.name),
            policy_name=entitlement.name,
            user_name=self._name_now(principal, "DetachPolicyFromUser"),
        )
        options = sent_as(go())
        with self._by_name(principal), translated("DetachPolicyFromUser", writes=True):
            return receipt(self._ram.detach_policy_from_user_with_options(request, options))

    def holder_ids(self, entitlement: Entitlement) -> frozenset[RamUserId]:
        try:
            found = self.entities(entitlement.name, entitlement.policy_type)
            return frozenset(user.user_id for user in found.users.user or [])
        except CloudError as error:
            if error.trouble is CloudErrorKind.NO_POLICY:
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
        everybody = self.reading.later(self._users) if len(groups) > MANY_GROUPS_COUNT else None
        members = dict(zip(groups, self.reading.side_by_side(self._members, groups), strict=True))
        known = self._principals({name for names in members.values() for name in names}, everybody)
        for group, names in members.items():
            found += [Holder(known[name], via_group=group) for name in names if name in known]
        return Holders(tuple(found))

    def summary(self, policy_name: str) -> PolicySummary:
        """Whether the account has a policy, and how many users hold it, directly or through a group."""
        try:
            return PolicySummary(None, len(self.holders(policy_name).user_ids))
        except CloudError as error:
            if error.trouble in (CloudErrorKind.NO_POLICY, CloudErrorKind.AMBIGUOUS_TYPE):
                return PolicySummary(error.trouble)
            raise

    def holdings(self, principal: Principal) -> tuple[Holding, ...]:
        """The policies of a user, directly and through groups."""
        direct, groups = self.reading.side_by_side(
            lambda read: read(principal.name), (self._attached_to, self._groups_of)
        )
        found = [Holding(name) for name in direct]
        for group, names in zip(groups, self.reading.side_by_side(self._policies_of, groups), strict=True):
            found += [Holding(name, group) for name in names]
        return tuple(found)

    def current(self, principal: Principal) -> Principal | None:
        """The user with this UserId under the name that it has now; None when it is gone."""
        try:
            user = self._user(principal.name)
            if user.user_id == principal.user_id:
                return user
        except CloudError as error:
            if error.trouble is not CloudErrorKind.NO_USER:
                raise
        return next((user for user in self._users() if user.user_id == principal.user_id), None)

    def find(self, name: str) -> Principal | None:
        """The user of this name now."""
        try:
            return self._user(name)
        except CloudError as error:
            if error.trouble is CloudErrorKind.NO_USER or (error.code or "").startswith("InvalidParameter"):
                return None
            raise

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
        there = self.reading.side_by_side(lambda kind: self._exists(name, kind), possible)
        found = [kind for kind, exists in zip(possible, there, strict=True) if exists]
        if not found:
            raise CloudError(CloudErrorKind.NO_POLICY, code="EntityNotExist.Policy", action="GetPolicy")
        if len(found) > 1:
            raise CloudError(CloudErrorKind.AMBIGUOUS_TYPE, action="GetPolicy")
        with self._lock:
            self._types[name] = (found[0], self._monotonic() + TYPE_MAX_AGE_SECONDS)
        return found[0]

    def entities(self, policy_name: str, policy_type: str | None = None) -> Any:
        """All that a policy is attached to directly: users, groups and roles."""
        return self.dated_entities(policy_name, policy_type)[0]

    def dated_entities(self, policy_name: str, policy_type: str | None = None) -> tuple[Any, int | None]:
        """The same, and when RAM said so by its own clock, in milliseconds."""
        request = ram.ListEntitiesForPolicyRequest(
            policy_type=policy_type or self.policy_type(policy_name), policy_name=policy_name
        )
        answer = self.reading.read("ListEntitiesForPolicy", lambda: self._ram.list_entities_for_policy(request))
        return answer.body, answered_at(answer.headers)

    # -- the calls themselves

    def _name_now(self, principal: Principal, action: str) -> str:
        current = self.current(principal)
        if current is None:
            raise CloudError(CloudErrorKind.NO_USER, code="EntityNotExist.User", action=action)
        return current.name

    @contextmanager
    def _by_name(self, principal: Principal) -> Iterator[None]:
        """Around a write. That RAM has no user of that name any more proves nothing where the user only got another one
        since it was looked up.
        """
        try:
            yield
        except CloudError as error:
            if error.trouble is CloudErrorKind.NO_USER and self.current(principal) is not None:
                raise CloudError(
                    CloudErrorKind.UNCLEAR, code=error.code, action=error.action, request_id=error.request_id
                ) from error
            raise

    def _exists(self, name: str, kind: str) -> bool:
        request = ram.GetPolicyRequest(policy_name=name, policy_type=kind)
        try:
            self.reading.read("GetPolicy", lambda: self._ram.get_policy(request))
        except CloudError as error:
            if error.trouble is CloudErrorKind.NO_POLICY:
                return False
            if error.trouble is not CloudErrorKind.NO_PERMISSION:
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

    def _user(self, name: str) -> Principal:
        request = ram.GetUserRequest(user_name=name)
        user = self.reading.read("GetUser", lambda: self._ram.get_user(request).body.user)
        return Principal(user.user_id, user.user_name)

    def _user_if_there(self, name: str) -> Principal | None:
        try:
            return self._user(name)
        except CloudError as error:
            if error.trouble is CloudErrorKind.NO_USER:
                return None
            raise

    def _principals(
        self, names: Collection[str], everybody: Future[list[Principal]] | None = None
    ) -> dict[str, Principal]:
        """Who has these names now: a group's members come as names only. A few are asked about side by side; for many,
        the list of all users, whose pages come one after the other, is shorter. `everybody`: it is being read.
        """
        if everybody is not None:
            return {user.name: user for user in everybody.result()}
        if len(names) > MAX_USERS_READ_SINGLY:
            return {user.name: user for user in self._users()}
        found = self.reading.side_by_side(self._user_if_there, sorted(names))
        return {user.name: user for user in found if user is not None}

    def _policies_for(self, user_name: str) -> Any:
        request = ram.ListPoliciesForUserRequest(user_name=user_name)
        return self.reading.read("ListPoliciesForUser", lambda: self._ram.list_policies_for_user(request))

    def _attached_to(self, user_name: str) -> list[str]:
        listed = self._policies_for(user_name).body.policies.policy
        return [policy.policy_name for policy in self._meant(listed)]

    def _groups_of(self, user_name: str) -> list[str]:
        request = ram.ListGroupsForUserRequest(user_name=user_name)
        answer = self.reading.read("ListGroupsForUser", lambda: self._ram.list_groups_for_user(request))
        return [group.group_name for group in answer.body.groups.group or []]

    def _policies_of(self, group: str) -> list[str]:
        return [policy.policy_name for policy in self._meant(self._listed_of_group(group))]

    def _listed_of_group(self, group: str) -> Sequence[Any]:
        request = ram.ListPoliciesForGroupRequest(group_name=group)
        answer = self.reading.read("ListPoliciesForGroup", lambda: self._ram.list_policies_for_group(request))
        return answer.body.policies.policy or []

    def _meant(self, policies: Sequence[Any] | None) -> list[Any]:
        """Policies, without those that are of another type than the catalogue says: RAM may have two policies of one
        name, and only one of them is ours to give and to take.
        """
        return [
            policy
            for policy in policies or []
            if self._named_types.get(policy.policy_name, policy.policy_type) == policy.policy_type
        ]

    def _of_its_type(self, entitlement: Entitlement, policies: Sequence[Any] | None) -> list[Any]:
        """The one that was given, of those that RAM lists; or else the one that is meant."""
        named = [policy for policy in policies or [] if policy.policy_name == entitlement.name]
        if entitlement.policy_type is None:
            return self._meant(named)
        return [policy for policy in named if policy.policy_type == entitlement.policy_type]

    def _groups_with(self, entitlement: Entitlement, user_name: str) -> list[str]:
        """Groups of a user that have a policy."""
        groups = self._groups_of(user_name)
        held = zip(groups, self.reading.side_by_side(self._listed_of_group, groups), strict=True)
        return [group for group, policies in held if self._of_its_type(entitlement, policies)]

    def _pages(self, action: str, call: Any, request: Any, **fields: Any) -> Iterator[Any]:
        marker = None
        while True:
            body = self.reading.read(
                action, partial(call, request(marker=marker, max_items=ITEMS_PER_PAGE, **fields))
            ).body
            yield body
            if not body.is_truncated:
                return
            marker = body.marker


def type_given(listed: Sequence[Any] | None, entitlement: Entitlement, given_at: DomainMillis) -> str | None:
    """The type of the policy that was given at that moment, of those that RAM lists. Where both of its name are there,
    it is the one that was attached nearest to it.
    """
    named = [each for each in listed or [] if each.policy_name == entitlement.name]
    nearest = min(named, key=lambda each: abs((stamped(each.attach_date) or 0) - given_at), default=None)
    return str(nearest.policy_type) if nearest else None
