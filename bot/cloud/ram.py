"""RAM as the program uses it: who holds a policy, who a user is, attach and detach.

RAM's calls take user names, and a name can be given to somebody else. So a UserId is looked up before each write, and
what RAM lists is compared by UserId.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from alibabacloud_ram20150501 import models as ram

from approvals.entitlements import Entitlement
from approvals.errors import CloudError, CloudErrorKind
from approvals.evidence import Holder, Holders
from approvals.ids import RamUserId
from approvals.millis import DomainMillis
from approvals.model import Holding
from approvals.people import Principal
from approvals.ports import Go, Receipt, Sighting
from approvals.status.seen import PolicySummary
from bot.cloud.dates import answered_at, parse_date
from bot.cloud.errors import RAM, translated
from bot.cloud.ims_users import ImsUsers
from bot.cloud.pace import Rate
from bot.cloud.policy_types import PolicyTypes, type_given
from bot.cloud.ram_users import RamUsers
from bot.cloud.reading import Reading
from bot.cloud.recent_reads import NEW_FOR_SECONDS, RecentReads, UserLists
from bot.cloud.sending import receipt, write_options
from bot.cloud.user_leftovers import UserLeftovers

READS = Rate(75.0)
"""For what somebody waits for. RAM takes 100 a second of each action (help.aliyun.com, api-ram-2015-05-01-quota)."""
BACKGROUND_READS = Rate(20.0)
"""For what is read of a whole account and nobody waits for: it leaves the rest to those who do."""
ATTACHED_WITHIN_SECONDS = 0.5
"""As long as an approval that RAM and Slack answer at once takes to become an attach."""
MANY_GROUPS_COUNT = 10
"""With more groups than that, the list of all users will be needed."""


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
        self.reading = Reading(RAM, rate)
        """For whatever else is read of RAM."""
        self._recent = RecentReads(monotonic)
        self.users = RamUsers(ram_client, ims_client, self.reading, self._recent)
        self.leftovers = UserLeftovers(ram_client, self.reading)
        self.new_users = ImsUsers(ims_client, self.users, self.reading)
        self.types = PolicyTypes(ram_client, self.reading, named_types or {}, monotonic)

    # -- the Cloud port

    def type_of(self, principal: Principal, entitlement: Entitlement, given_at: DomainMillis | None) -> str | None:
        """Without `given_at`, the type that a policy of this name has in the account. With it, the type of the one that
        the user was given at that moment; None where the user has neither, or is gone.
        """
        if given_at is None:
            return self.types.of(entitlement.name)
        current = self.users.current(principal)
        if current is None:
            return None
        return type_given(self._policies_for(current.name).body.policies.policy, entitlement, given_at)

    def observe(self, principal: Principal, entitlement: Entitlement, *, recent: bool = False) -> Sighting:
        """Read from the user's side: the list of a policy's holders has no pages, and says nothing where it ends."""
        current = self.users.current(principal, within=NEW_FOR_SECONDS if recent else 0.0)
        if current is None:
            return Sighting(False)
        lists = self._recent.lists(principal.user_id) if recent else None
        answer = lists.policies.result() if lists else self._policies_for(current.name)
        for policy in self.types.of_its_type(entitlement, answer.body.policies.policy):
            return Sighting(True, at=answered_at(answer.headers), since=parse_date(policy.attach_date))
        groups = lists.groups.result() if lists else self.groups_of(current.name)
        return Sighting(False, tuple(sorted(self._groups_with(entitlement, groups))), at=answered_at(answer.headers))

    def read_ahead(self, principal: Principal) -> None:
        """Begin to read what `observe` will need for this user, who was just read. Whoever needs it waits for it."""
        begun_at, name = self._recent.now(), principal.name
        policies = self.reading.submit(partial(self._policies_for, name))
        groups = self.reading.submit(partial(self.groups_of, name))
        self._recent.keep_lists(principal.user_id, UserLists(policies, groups), begun_at)

    def attach(self, principal: Principal, entitlement: Entitlement, go: Go) -> Receipt:
        """AttachPolicyToUser, by the name that the UserId has right before it, or had when it was decided on. NO_USER
        where it is gone.
        """
        request = ram.AttachPolicyToUserRequest(
            policy_type=self.types.wanted(entitlement),
            policy_name=entitlement.name,
            user_name=self._name_now(principal, "AttachPolicyToUser", ATTACHED_WITHIN_SECONDS),
        )
        options = write_options(go())
        with self._writing(principal), translated("AttachPolicyToUser", writes=True):
            return receipt(self._ram.attach_policy_to_user_with_options(request, options))

    def detach(
        self, principal: Principal, entitlement: Entitlement, go: Go, *, leave: bool = False, restores: str = ""
    ) -> Receipt:
        """DetachPolicyFromUser, by the name that the UserId has right before it. NO_USER where it is gone. `leave`
        means nothing to RAM.
        """
        request = ram.DetachPolicyFromUserRequest(
            policy_type=self.types.wanted(entitlement),
            policy_name=entitlement.name,
            user_name=self._name_now(principal, "DetachPolicyFromUser"),
        )
        options = write_options(go())
        with self._writing(principal), translated("DetachPolicyFromUser", writes=True):
            return receipt(self._ram.detach_policy_from_user_with_options(request, options))

    def holder_ids(self, entitlement: Entitlement) -> frozenset[RamUserId]:
        """UserIds of those who hold the policy directly; nobody where there is no such policy."""
        found = self.entities_if_there(entitlement)
        return frozenset(user.user_id for user in found.users.user or []) if found is not None else frozenset()

    # -- reading

    def holders(self, policy_name: str) -> Holders:
        """Everybody who holds a policy, directly or through a group."""
        return self.holders_in(self.entities(policy_name))

    def holders_in(self, entities: Any) -> Holders:
        """The same, of what `entities` returned."""
        found = [Holder(Principal(user.user_id, user.user_name)) for user in entities.users.user or []]
        groups = [group.group_name for group in entities.groups.group or []]
        everybody = self.reading.submit(self.users.all_users) if len(groups) > MANY_GROUPS_COUNT else None
        members = dict(zip(groups, self.reading.read_parallel(self.users.members, groups), strict=True))
        known = self.users.by_name({name for names in members.values() for name in names}, everybody)
        for group, joined in members.items():
            found += [Holder(known[name], group, at) for name, at in joined.items() if name in known]
        return Holders(tuple(found))

    def summary(self, policy_name: str) -> PolicySummary:
        """Whether the account has a policy, and how many users hold it, directly or through a group."""
        try:
            return PolicySummary(None, len(self.holders(policy_name).user_ids))
        except CloudError as error:
            if error.kind in (CloudErrorKind.NO_POLICY, CloudErrorKind.AMBIGUOUS_TYPE):
                return PolicySummary(error.kind)
            raise

    def holdings(self, principal: Principal) -> tuple[Holding, ...]:
        """The policies of a user, directly and through groups."""
        direct, groups = self.reading.read_parallel(
            lambda read: read(principal.name), (self._attached_to, self.groups_of)
        )
        found = [Holding(name) for name in direct]
        for group, names in zip(groups, self.reading.read_parallel(self._policies_of, groups), strict=True):
            found += [Holding(name, group) for name in names]
        return tuple(found)

    def entities(self, policy_name: str, policy_type: str | None = None) -> Any:
        """All that a policy is attached to directly: users, groups and roles."""
        return self.dated_entities(policy_name, policy_type)[0]

    def entities_if_there(self, entitlement: Entitlement) -> Any | None:
        """The same; None where there is no such policy."""
        try:
            return self.entities(entitlement.name, entitlement.policy_type)
        except CloudError as error:
            if error.kind is CloudErrorKind.NO_POLICY:
                return None
            raise

    def dated_entities(self, policy_name: str, policy_type: str | None = None) -> tuple[Any, int | None]:
        """As `entities`, and when RAM said so by its own clock, in milliseconds."""
        request = ram.ListEntitiesForPolicyRequest(
            policy_type=policy_type or self.types.of(policy_name), policy_name=policy_name
        )
        answer = self.reading.read("ListEntitiesForPolicy", lambda: self._ram.list_entities_for_policy(request))
        return answer.body, answered_at(answer.headers)

    # -- the calls themselves

    def _name_now(self, principal: Principal, action: str, within: float = 0.0) -> str:
        current = self.users.current(principal, within=within)
        if current is None:
            raise CloudError(CloudErrorKind.NO_USER, code="EntityNotExist.User", action=action)
        return current.name

    @contextmanager
    def _writing(self, principal: Principal) -> Iterator[None]:
        """Around a write: what was read of the user before it is old. That RAM has no user of that name any more proves
        nothing where the user only got another one since it was looked up.
        """
        try:
            try:
                yield
            finally:
                self._recent.written(principal.user_id)
        except CloudError as error:
            if error.kind is CloudErrorKind.NO_USER and self.users.current(principal) is not None:
                raise CloudError(
                    CloudErrorKind.UNCLEAR, code=error.code, action=error.action, request_id=error.request_id
                ) from error
            raise

    def _policies_for(self, user_name: str) -> Any:
        request = ram.ListPoliciesForUserRequest(user_name=user_name)
        return self.reading.read("ListPoliciesForUser", lambda: self._ram.list_policies_for_user(request))

    def _attached_to(self, user_name: str) -> list[str]:
        listed = self._policies_for(user_name).body.policies.policy
        return [policy.policy_name for policy in self.types.of_named_type(listed)]

    def groups_of(self, user_name: str) -> list[str]:
        """The names of the groups that a user is in."""
        request = ram.ListGroupsForUserRequest(user_name=user_name)
        answer = self.reading.read("ListGroupsForUser", lambda: self._ram.list_groups_for_user(request))
        return [group.group_name for group in answer.body.groups.group or []]

    def _policies_of(self, group: str) -> list[str]:
        return [policy.policy_name for policy in self.types.of_named_type(self._listed_of_group(group))]

    def _listed_of_group(self, group: str) -> Sequence[Any]:
        request = ram.ListPoliciesForGroupRequest(group_name=group)
        answer = self.reading.read("ListPoliciesForGroup", lambda: self._ram.list_policies_for_group(request))
        return answer.body.policies.policy or []

    def _groups_with(self, entitlement: Entitlement, groups: Sequence[str]) -> list[str]:
        """Those of these that have a policy."""
        held = zip(groups, self.reading.read_parallel(self._listed_of_group, groups), strict=True)
        return [group for group, policies in held if self.types.of_its_type(entitlement, policies)]
