"""The account as a person looks at it: who holds which policy since when, directly or through a group."""

from __future__ import annotations

from typing import Any

from bot.sandbox.ram.state import AccountState, PolicyKey


def account_view(state: AccountState) -> dict[str, Any]:
    """JSON-ready: `policies` with `holders` (`since` in epoch seconds, `via` a group's name or None), and `users`."""
    return {
        "policies": [
            {
                "name": policy.key.name,
                "type": policy.key.type,
                "description": policy.description,
                "holders": _holders(state, policy.key),
            }
            for policy in state.policies.values()
        ],
        "users": [
            {"name": user.name, "user_id": user.user_id, "display_name": user.display_name}
            for user in state.users.values()
        ],
    }


def _holders(state: AccountState, policy: PolicyKey) -> list[dict[str, Any]]:
    names = {user.user_id: user.name for user in state.users.values()}
    groups = {group.group_id: group.name for group in state.groups.values()}
    rows = [
        {"user": names[user_id], "user_id": user_id, "since": since, "via": None, "kind": "user"}
        for user_id, since in state.holders_of(policy, "user").items()
    ]
    roles = {role.role_id: role.name for role in state.roles.values()}
    rows += [
        {"user": roles[role_id], "user_id": role_id, "since": since, "via": None, "kind": "role"}
        for role_id, since in state.holders_of(policy, "role").items()
    ]
    by_group = state.holders_of(policy, "group")
    for (group_id, user_id), joined in state.members.items():
        if group_id in by_group:
            since = max(joined, by_group[group_id])
            via = groups[group_id]
            rows.append({"user": names[user_id], "user_id": user_id, "since": since, "via": via, "kind": "user"})
    return sorted(rows, key=lambda row: (row["since"], row["user"]))
