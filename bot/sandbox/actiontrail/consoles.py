"""What somebody changes by hand among a product's members, as the calls that the product's console makes of it.

That consoles make the calls of the API is assumed; what they really send was never seen.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from bot.sandbox.ram.account import WriteRecord


class HandChange(NamedTuple):
    """Of one member."""

    product: str
    place: str
    user_id: str
    role: str
    account: str
    joins: bool
    """Whether they were no member before."""


Made = tuple[str, dict[str, Any]]
"""A call and its parameters."""


def _dataworks(action: str) -> Callable[[HandChange], Made]:
    def made(by: HandChange) -> Made:
        roles = {"RoleCodes": json.dumps([by.role])} if by.role else {}
        return action, {"ProjectId": by.place, "UserId": by.user_id, **roles}

    return made


def _pai(action: str) -> Callable[[HandChange], Made]:
    def made(by: HandChange) -> Made:
        member = f"{by.place}-{by.user_id}"
        if action == "CreateMember":
            return action, {"WorkspaceId": by.place, "Members": [{"UserId": by.user_id, "Roles": [by.role]}]}
        if action == "DeleteMembers":
            return action, {"WorkspaceId": by.place, "MemberIds": member}
        return action, {"WorkspaceId": by.place, "MemberId": member, "RoleName": by.role}

    return made


def _flink(action: str) -> Callable[[HandChange], Made]:
    def made(by: HandChange) -> Made:
        workspace, _, namespace = by.place.partition("/")
        role = {"role": by.role} if by.role else {}
        return action, {"workspace": workspace, "namespace": namespace, "member": f"user:{by.user_id}", **role}

    return made


def _maxcompute(key: str) -> Callable[[HandChange], Made]:
    def made(by: HandChange) -> Made:
        user = f"RAM${by.account}:{by.user_id}"
        return "UpdateUsersToRole", {"projectName": by.place, "roleName": by.role, key: [user]}

    return made


JOIN, GIVE, TAKE, REMOVE = "Join", "Give by hand", "Take by hand", "Remove by hand"
"""Who is no member is given a role by another call."""
CONSOLES: Mapping[str, Mapping[str, Callable[[HandChange], Made]]] = {
    "dataworks": {
        JOIN: _dataworks("CreateProjectMember"),
        GIVE: _dataworks("GrantMemberProjectRoles"),
        TAKE: _dataworks("RevokeMemberProjectRoles"),
        REMOVE: _dataworks("DeleteProjectMember"),
    },
    "pai": {
        JOIN: _pai("CreateMember"),
        GIVE: _pai("AddMemberRole"),
        TAKE: _pai("RemoveMemberRole"),
        REMOVE: _pai("DeleteMembers"),
    },
    "flink": {
        JOIN: _flink("CreateMember"),
        GIVE: _flink("UpdateMember"),
        TAKE: _flink("DeleteMember"),
        REMOVE: _flink("DeleteMember"),
    },
    "maxcompute": {JOIN: _maxcompute("add"), GIVE: _maxcompute("add"), TAKE: _maxcompute("remove")},
}
"""By product. Hologres' console runs SQL, of which no call is kept."""


def as_called(write: WriteRecord, params: Mapping[str, Any]) -> tuple[WriteRecord, Mapping[str, Any]] | None:
    """As the record has it, which has nothing of some changes by hand. What is no change by hand is as it was."""
    change = params.get("by hand")
    if not isinstance(change, HandChange):
        return write, params
    calls = CONSOLES.get(change.product, {})
    made = calls.get(JOIN if change.joins and write.action == GIVE else write.action)
    if made is None:
        return None
    action, sent = made(change)
    return replace(write, action=action), sent
