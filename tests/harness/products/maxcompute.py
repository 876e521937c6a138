"""MaxCompute."""

from __future__ import annotations

from typing import Any

from tests.harness.products.case import ACCOUNT, ProductCase

ROLE = "role_project_dev"


def _given(place: str, user_id: str) -> dict[str, Any]:
    return {"projectName": place, "roleName": ROLE, "add": [f"RAM${ACCOUNT}:{user_id}"]}


def _taken(place: str, user_id: str) -> dict[str, Any]:
    return {"projectName": place, "roleName": ROLE, "remove": [f"RAM${ACCOUNT}:{user_id}"]}


def _join(client: Any, place: str, user_id: str) -> None:
    from alibabacloud_maxcompute20220104 import models

    request = models.UpdateUsersToRoleRequest(add=[f"RAM${ACCOUNT}:{user_id}"])
    client.update_users_to_role(place, ROLE, request)


CASE = ProductCase(
    product="maxcompute",
    title="MaxCompute",
    kind="project",
    place="ranking_dev",
    elsewhere="search",
    longest_place=lambda number: f"p{number:03d}" + "m" * 124,
    prefix="odps",
    console="MaxCompute console > Manage Configurations > Projects > ranking_dev > Manage > Role Permissions >"
    " role_project_dev > Manage Members",
    item="maxcompute-developer@ranking",
    role=ROLE,
    other="role_project_guest",
    person="erin",
    joins="UpdateUsersToRole",
    adds="UpdateUsersToRole",
    takes="UpdateUsersToRole",
    leaves="UpdateUsersToRole",
    reads="ListUsersByRole",
    lists="ListProjects",
    odd_members=(
        {"data": {}},
        {"data": {"users": [None]}},
        {"data": {"users": [{}]}},
        {"data": {"users": "text"}},
    ),
    given=_given,
    added=_given,
    role_taken=_taken,
    taken=_taken,
    join=_join,
)
