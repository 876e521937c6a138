"""What is attached to whom. None of these lists is paged, as in RAM."""

from __future__ import annotations

from bot.sandbox.ram.actions.attachments import group_holder, role_holder, user_holder
from bot.sandbox.ram.actions.call import Action, Answer, Call, find_policy, read, stamp
from bot.sandbox.ram.actions.roles import role_arn
from bot.sandbox.ram.state import PolicyKey, PolicyTarget


def list_entities_for_policy(call: Call) -> Answer:
    """Who has a policy directly; a group's users are not among them."""
    key = find_policy(call.state, call.params.policy()).key
    return {
        "Users": {"User": _users(call, key)},
        "Groups": {"Group": _groups(call, key)},
        "Roles": {"Role": _roles(call, key)},
    }


def _users(call: Call, key: PolicyKey) -> list[Answer]:
    since = call.state.holders_of(key, "user")
    return [
        {
            "UserId": user.user_id,
            "UserName": user.name,
            "DisplayName": user.display_name,
            "AttachDate": stamp(since[user.user_id]),
        }
        for user in call.state.users.values()
        if user.user_id in since
    ]


def _groups(call: Call, key: PolicyKey) -> list[Answer]:
    since = call.state.holders_of(key, "group")
    return [
        {"GroupName": group.name, "Comments": group.comments, "AttachDate": stamp(since[group.group_id])}
        for group in call.state.groups.values()
        if group.group_id in since
    ]


def _roles(call: Call, key: PolicyKey) -> list[Answer]:
    since = call.state.holders_of(key, "role")
    return [
        {
            "RoleId": role.role_id,
            "RoleName": role.name,
            "Arn": role_arn(call.account_id, role),
            "Description": role.description,
            "AttachDate": stamp(since[role.role_id]),
        }
        for role in call.state.roles.values()
        if role.role_id in since
    ]


def _policies(call: Call, holder: PolicyTarget) -> Answer:
    rows = [
        {
            "PolicyName": policy.key.name,
            "PolicyType": policy.key.type,
            "Description": policy.description,
            "DefaultVersion": policy.default_version,
            "AttachDate": stamp(since),
        }
        for policy, since in call.state.policies_of(holder)
    ]
    return {"Policies": {"Policy": rows}}


def list_policies_for_user(call: Call) -> Answer:
    """What is attached to a user directly, and not what comes through groups."""
    return _policies(call, user_holder(call))


def list_policies_for_group(call: Call) -> Answer:
    """What is attached to a group."""
    return _policies(call, group_holder(call))


def list_policies_for_role(call: Call) -> Answer:
    """What is attached to a role."""
    return _policies(call, role_holder(call))


ACTIONS: dict[str, Action] = {
    "ListEntitiesForPolicy": read(list_entities_for_policy),
    "ListPoliciesForUser": read(list_policies_for_user),
    "ListPoliciesForGroup": read(list_policies_for_group),
    "ListPoliciesForRole": read(list_policies_for_role),
}
