"""The texts of RAM's policies, and which of them somebody has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from alibabacloud_ram20150501 import models as ram

from approvals.status.seen import PolicySeen
from bot.cloud.own_identity import OwnIdentity
from bot.cloud.reading import Reading


@dataclass(frozen=True, slots=True)
class PolicyText:
    """A policy as it is now."""

    name: str
    type: str
    version: str
    document: str


class PolicyTexts:
    """Every method may raise CloudError; safe to share between threads."""

    def __init__(self, ram_client: Any, reading: Reading) -> None:
        self._ram = ram_client
        self._reading = reading

    def text(self, name: str, kind: str) -> PolicyText:
        """The default version of a policy; `kind` is `Custom` or `System`."""
        request = ram.GetPolicyRequest(policy_name=name, policy_type=kind)
        version = self._reading.read("GetPolicy", lambda: self._ram.get_policy(request).body.default_policy_version)
        return PolicyText(name, kind, str(version.version_id), version.policy_document or "")

    def of(self, identity: OwnIdentity) -> list[PolicyText]:
        """All that a user has, by its groups too, or a role; nothing for the account itself, which needs none."""
        found = self._of_role(identity.name) if identity.kind == "role" else self._of_user(identity.name)
        return self._reading.read_parallel(lambda each: self.text(each.name, each.type), dict.fromkeys(found))

    def _of_role(self, name: str) -> list[PolicySeen]:
        request = ram.ListPoliciesForRoleRequest(role_name=name)
        return _seen(self._reading.read("ListPoliciesForRole", lambda: self._ram.list_policies_for_role(request)))

    def _of_user(self, name: str) -> list[PolicySeen]:
        direct, belongs = ram.ListPoliciesForUserRequest(user_name=name), ram.ListGroupsForUserRequest(user_name=name)
        found = _seen(self._reading.read("ListPoliciesForUser", lambda: self._ram.list_policies_for_user(direct)))
        groups = self._reading.read("ListGroupsForUser", lambda: self._ram.list_groups_for_user(belongs)).body.groups
        for group in groups.group or []:
            found += self._of_group(group.group_name)
        return found

    def _of_group(self, name: str) -> Iterable[PolicySeen]:
        request = ram.ListPoliciesForGroupRequest(group_name=name)
        return _seen(self._reading.read("ListPoliciesForGroup", lambda: self._ram.list_policies_for_group(request)))


def _seen(answer: Any) -> list[PolicySeen]:
    return [PolicySeen(policy.policy_name, policy.policy_type) for policy in answer.body.policies.policy or []]
