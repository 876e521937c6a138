"""What a call to RAM or IMS is about, as a policy's Resource names it: help/ram, RAM authorization (102666)."""

from __future__ import annotations

from collections.abc import Mapping


def resources(account_id: str, action: str, params: Mapping[str, str]) -> tuple[str, ...]:
    """Every one of them has to be allowed. `*` in place of a name where the call is about all of a kind."""
    found = [f"acs:ram:*:{account_id}:{kind}/{name}" for kind, name in _named(action, params)]
    policy = params.get("PolicyName")
    if policy and "Policy" in action:
        owner = "system" if params.get("PolicyType") == "System" else account_id
        found.append(f"acs:ram:*:{owner}:policy/{policy}")
    return tuple(found) or (f"acs:ram:*:{account_id}:{_kind(action)}/*",)


def context(params: Mapping[str, str]) -> dict[str, str]:
    """The condition keys of a call."""
    return {"ram:ServiceName": params["ServiceName"]} if params.get("ServiceName") else {}


def _named(action: str, params: Mapping[str, str]) -> list[tuple[str, str]]:
    user = params.get("UserName") or params.get("UserPrincipalName", "").partition("@")[0]
    names = (("user", user), ("group", params.get("GroupName")), ("role", params.get("RoleName")))
    return [(kind, name) for kind, name in names if name and not action.startswith("Create")]


def _kind(action: str) -> str:
    """Of a call that names nothing: that of which it lists or makes one."""
    for word, kind in (("Polic", "policy"), ("Role", "role"), ("Group", "group")):
        if word in action:
            return kind
    return "user"
