"""Flink."""

from __future__ import annotations

from typing import Any

from tests.harness.products.case import ERIN, ProductCase

ROLE = "EDITOR"


def _taken(place: str, user_id: str) -> dict[str, Any]:
    workspace, _, namespace = place.partition("/")
    return {"workspace": workspace, "namespace": namespace, "member": f"user:{user_id}"}


def _given(place: str, user_id: str) -> dict[str, Any]:
    return {**_taken(place, user_id), "role": ROLE}


def _join(client: Any, place: str, user_id: str) -> None:
    from alibabacloud_ververica20220718 import models
    from darabonba.runtime import RuntimeOptions

    workspace, _, namespace = place.partition("/")
    request = models.CreateMemberRequest(body=models.Member(member=f"user:{user_id}", role=ROLE))
    client.create_member_with_options(
        namespace, request, models.CreateMemberHeaders(workspace=workspace), RuntimeOptions()
    )


CASE = ProductCase(
    product="flink",
    title="Flink",
    kind="namespace",
    place="a14bd5d90a4dbe/ranking-default",
    elsewhere="ca84d539167d4d/search-default",
    longest_place=lambda number: f"{number:03d}" + "w" * 61 + "/" + "n" * 60,
    prefix="stream",
    console="Realtime Compute development console > a14bd5d90a4dbe/ranking-default > Permissions > Members",
    item="flink-editor@ranking",
    role=ROLE,
    other="VIEWER",
    one_role=True,
    names_members=False,
    says_already=False,
    joins="CreateMember",
    adds="UpdateMember",
    takes="DeleteMember",
    leaves="DeleteMember",
    reads="ListMembers",
    lists="ListEditableNamespace",
    odd_members=(
        {"success": True, "totalSize": 0},
        {"success": True, "totalSize": 1, "data": [None]},
        {"success": True, "totalSize": 1, "data": [{"member": f"user:{ERIN}"}]},
        {"success": True, "totalSize": 1, "data": [{"role": ROLE}]},
        {"success": True, "totalSize": 1, "data": []},
        {"success": False, "totalSize": 0, "data": []},
    ),
    given=_given,
    added=_given,
    role_taken=_taken,
    taken=_taken,
    join=_join,
)
