"""What a call about a product's members is about, in whatever way the record writes it."""

from __future__ import annotations

import pytest

from approvals.cloud_events import Actor, CloudEvent
from approvals.member_calls import MemberChange, gives_role, member_call
from approvals.millis import DomainMillis

FRANK, ERIN = "200000000000000007", "200000000000000006"
PLACES = {
    "dataworks": {"10001"},
    "flink": {"a14bd5d90a4dbe/ranking-default"},
    "hologres": {"hgpostcn-cn-x"},
    "maxcompute": {"ranking"},
    "pai": {"20001"},
}


def call(name: str, service: str = "Whatever", **params: str) -> MemberChange | None:
    actor = Actor("ram-user", "1", "alice")
    event = CloudEvent("E", DomainMillis(0), name, service, "R", "", "", actor, params, "")
    return member_call(event, PLACES)


@pytest.mark.parametrize(
    ("name", "params", "product"),
    [
        ("CreateProjectMember", {"ProjectId": "10001"}, "dataworks"),
        ("CreateProjectMember", {"projectId": "10001"}, "dataworks"),
        ("AddProjectMemberToRole", {"ProjectId": "10001"}, "dataworks"),
        ("CreateMember", {"WorkspaceId": "20001", "Members": "[]"}, "pai"),
        ("CreateMember", {"namespace": "ranking-default"}, "flink"),
        ("CreateUser", {"instanceId": "hgpostcn-cn-x", "userName": f"p4_{FRANK}"}, "hologres"),
        ("UpdateUsersToRole", {"projectName": "ranking"}, "maxcompute"),
    ],
)
def test_a_place_of_ours_is_known(name: str, params: dict[str, str], product: str) -> None:
    found = call(name, **params)
    assert found is not None and found.product == product and found.place in PLACES[product]


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("CreateProjectMember", {"ProjectId": "10009"}),
        ("CreateMember", {"WorkspaceId": "20009"}),
        ("CreateMember", {"workspace": "other", "namespace": "ranking-default"}),
        ("ListMembers", {"WorkspaceId": "20001"}),
    ],
)
def test_what_is_elsewhere_or_another_call_is_passed_over(name: str, params: dict[str, str]) -> None:
    assert call(name, **params) is None


def test_what_does_not_say_where_it_is_is_not_passed_over_unless_it_is_rams_own() -> None:
    found = call("CreateUser", userName="x")
    assert found is not None and found.place == ""
    assert call("CreateUser", "Ram", UserName="x") is None
    assert call("CreateUser", "Other", UserPrincipalName="x@example.onaliyun.com") is None


def test_what_says_one_of_our_places_is_told_whatever_else_it_says() -> None:
    found = call("CreateProjectMember", "Other", ProjectId="10001", UserPrincipalName="x")
    assert found is not None and found.place == "10001"


@pytest.mark.parametrize(
    ("name", "params", "role", "gives"),
    [
        ("CreateProjectMember", {"ProjectId": "10001", "UserId": FRANK, "RoleCodes": '["dev"]'}, "dev", True),
        ("CreateProjectMember", {"ProjectId": "10001", "UserId": FRANK, "RoleCodes": '["dev2"]'}, "dev", None),
        (
            "CreateProjectMember",
            {"ProjectId": "10001", "UserId": ERIN, "RoleCodes": '["dev"]'},
            "dev",
            None,
        ),
        ("DeleteProjectMember", {"ProjectId": "10001", "UserId": FRANK}, "dev", False),
        ("DeleteMembers", {"WorkspaceId": "20001", "MemberIds": f"20001-{FRANK}"}, "PAI.AlgoDeveloper", False),
        ("UpdateUsersToRole", {"projectName": "ranking", "roleName": "dev", "add": f'["RAM$1:{FRANK}"]'}, "dev", True),
        (
            "UpdateUsersToRole",
            {"projectName": "ranking", "roleName": "dev", "remove": f'["RAM$1:{FRANK}"]'},
            "dev",
            False,
        ),
        ("UpdateMember", {"namespace": "ranking-default", "member": f"user:{FRANK}", "role": "EDITOR"}, "EDITOR", True),
        (
            "UpdateMember",
            {"namespace": "ranking-default", "member": f"user:{FRANK}", "role": "VIEWER"},
            "EDITOR",
            False,
        ),
        ("CreateUser", {"instanceId": "hgpostcn-cn-x", "userName": f"p4_{FRANK}"}, "normal", True),
    ],
)
def test_whether_it_gives_somebody_a_role(name: str, params: dict[str, str], role: str, gives: bool | None) -> None:
    found = call(name, **params)
    assert found is not None and gives_role(found, FRANK, role) is gives
