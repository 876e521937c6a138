"""PAI."""

from __future__ import annotations

from typing import Any

from tests.harness.products.case import ERIN, ProductCase

ROLE = "PAI.AlgoDeveloper"


def _given(place: str, user_id: str) -> dict[str, Any]:
    return {"WorkspaceId": place, "Members": [{"UserId": user_id, "Roles": [ROLE]}]}


def _of_member(place: str, user_id: str) -> dict[str, Any]:
    return {"WorkspaceId": place, "MemberId": f"{place}-{user_id}", "RoleName": ROLE}


def _taken(place: str, user_id: str) -> dict[str, Any]:
    return {"WorkspaceId": place, "MemberIds": f"{place}-{user_id}"}


def _join(client: Any, place: str, user_id: str) -> None:
    from alibabacloud_aiworkspace20210204 import models

    member = models.CreateMemberRequestMembers(user_id=user_id, roles=[ROLE])
    client.create_member(place, models.CreateMemberRequest(members=[member]))


CASE = ProductCase(
    product="pai",
    title="PAI",
    kind="workspace",
    place="20001",
    elsewhere="20002",
    longest_place=lambda number: str(10**18 + number),
    prefix="paiworkspace",
    console="PAI console > Workspaces > 20001 > Manage Members",
    item="pai-algorithm-developer@ranking",
    role=ROLE,
    other="PAI.WorkspaceGuest",
    second=("pai-algorithm-operator@ranking", "PAI.AlgoOperator"),
    joins="CreateMember",
    adds="AddMemberRole",
    takes="RemoveMemberRole",
    leaves="DeleteMembers",
    reads="ListMembers",
    lists="ListWorkspaces",
    odd_members=(
        {"TotalCount": 0},
        {"TotalCount": 1, "Members": [None]},
        {"TotalCount": 1, "Members": [{"UserId": ERIN}]},
        {"TotalCount": 1, "Members": []},
    ),
    given=_given,
    added=_of_member,
    role_taken=_of_member,
    taken=_taken,
    join=_join,
)
