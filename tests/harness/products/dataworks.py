"""DataWorks."""

from __future__ import annotations

from typing import Any

from tests.harness.products.case import ERIN, ProductCase

ROLE = "role_project_dev"


def _given(place: str, user_id: str) -> dict[str, Any]:
    return {"ProjectId": place, "UserId": user_id, "RoleCodes": [ROLE]}


def _taken(place: str, user_id: str) -> dict[str, Any]:
    return {"ProjectId": place, "UserId": user_id}


def _join(client: Any, place: str, user_id: str) -> None:
    from alibabacloud_dataworks_public20240518 import models

    request = models.CreateProjectMemberRequest(project_id=int(place), user_id=user_id, role_codes=[ROLE])
    client.create_project_member(request)


CASE = ProductCase(
    product="dataworks",
    title="DataWorks",
    kind="workspace",
    place="10001",
    elsewhere="10002",
    longest_place=lambda number: str(10**18 + number),
    prefix="dataworks",
    console="DataWorks console > Workspaces > 10001 > Manage > Workspace Members and Roles",
    item="dataworks-developer@ranking",
    role=ROLE,
    other="role_project_guest",
    second=("dataworks-operator@ranking", "role_project_pe"),
    joins="CreateProjectMember",
    adds="GrantMemberProjectRoles",
    takes="RevokeMemberProjectRoles",
    leaves="DeleteProjectMember",
    reads="ListProjectMembers",
    lists="ListProjects",
    odd_members=(
        {"PagingInfo": {"TotalCount": 0}},
        {"PagingInfo": {"TotalCount": 1, "ProjectMembers": [None]}},
        {"PagingInfo": {"TotalCount": 1, "ProjectMembers": ["text"]}},
        {"PagingInfo": {"TotalCount": 1, "ProjectMembers": [{"UserId": ERIN}]}},
        {"PagingInfo": {"TotalCount": 1, "ProjectMembers": [{"UserId": ERIN, "Roles": [{}]}]}},
        {"PagingInfo": {"TotalCount": 1, "ProjectMembers": []}},
    ),
    given=_given,
    added=_given,
    role_taken=_given,
    taken=_taken,
    join=_join,
)
