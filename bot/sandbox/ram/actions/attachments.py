"""Attaching policies and taking them off, for users, groups and roles alike."""

from __future__ import annotations

from collections.abc import Callable

from bot.sandbox.ram.actions.call import (
    Action,
    Answer,
    Call,
    find_group,
    find_policy,
    find_role,
    find_user,
    write,
)
from bot.sandbox.ram.errors import RamError, exists, missing, over_limit
from bot.sandbox.ram.state import PolicyKey, PolicyTarget

# How many policies of a type one user, group or role may have attached.
MOST_ATTACHED = {"Custom": 10, "System": 20}


def user_holder(call: Call) -> PolicyTarget:
    """The user that the call names; 404 where there is none."""
    return PolicyTarget("user", find_user(call.state, call.params.user_name()).user_id)


def group_holder(call: Call) -> PolicyTarget:
    """The group that the call names; 404 where there is none."""
    return PolicyTarget("group", find_group(call.state, call.params.group_name()).group_id)


def role_holder(call: Call) -> PolicyTarget:
    """The role that the call names; 404 where there is none."""
    return PolicyTarget("role", find_role(call.state, call.params.role_name()).role_id)


def _own_role_holder(call: Call) -> PolicyTarget:
    """A role whose policies the account may change."""
    if find_role(call.state, call.params.role_name()).service_linked:
        raise RamError(403, "NoPermission", "The policies of a service-linked role are its service's alone.")
    return role_holder(call)


def _attachment(call: Call, holder_of: Callable[[Call], PolicyTarget]) -> tuple[PolicyTarget, PolicyKey]:
    key = call.params.policy()
    # Only attachments to the whole account are kept here; one to a resource group must not silently become wider.
    if call.params.get("ResourceGroupId") not in ("", call.account_id):
        raise missing("ResourceGroup", "The resource group does not exist.")
    holder = holder_of(call)
    return holder, find_policy(call.state, key).key


def _attach(call: Call, holder_of: Callable[[Call], PolicyTarget]) -> Answer:
    holder, key = _attachment(call, holder_of)
    entity = f"{holder.kind.capitalize()}.Policy"
    if (holder, key) in call.state.attachments:
        raise exists(entity, f"The {holder.kind} has already been attached this policy.")
    held = sum(policy.key.type == key.type for policy, _ in call.state.policies_of(holder))
    if held >= MOST_ATTACHED[key.type]:
        raise over_limit(entity, f"The count of policies of the {holder.kind} is beyond the current limit.")
    call.state.attachments[holder, key] = call.now
    return {}


def _detach(call: Call, holder_of: Callable[[Call], PolicyTarget]) -> Answer:
    holder, key = _attachment(call, holder_of)
    if (holder, key) not in call.state.attachments:
        message = f"The policy is not attached to the {holder.kind}."
        raise missing(f"{holder.kind.capitalize()}.Policy", message)
    del call.state.attachments[holder, key]
    return {}


def attach_policy_to_user(call: Call) -> Answer:
    """409 where the user has it already, or has as many as one may have."""
    return _attach(call, user_holder)


def attach_policy_to_group(call: Call) -> Answer:
    """409 where the group has it already, or has as many as one may have."""
    return _attach(call, group_holder)


def attach_policy_to_role(call: Call) -> Answer:
    """409 where the role has it already, or has as many as one may have; 403 for a service's own role."""
    return _attach(call, _own_role_holder)


def detach_policy_from_user(call: Call) -> Answer:
    """404 where the user does not have it."""
    return _detach(call, user_holder)


def detach_policy_from_group(call: Call) -> Answer:
    """404 where the group does not have it."""
    return _detach(call, group_holder)


def detach_policy_from_role(call: Call) -> Answer:
    """404 where the role does not have it; 403 for a service's own role."""
    return _detach(call, _own_role_holder)


ACTIONS: dict[str, Action] = {
    "AttachPolicyToUser": write(attach_policy_to_user),
    "AttachPolicyToGroup": write(attach_policy_to_group),
    "AttachPolicyToRole": write(attach_policy_to_role),
    "DetachPolicyFromUser": write(detach_policy_from_user),
    "DetachPolicyFromGroup": write(detach_policy_from_group),
    "DetachPolicyFromRole": write(detach_policy_from_role),
}
