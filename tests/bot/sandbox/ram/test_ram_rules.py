"""RAM's own rules: what it refuses, with which code and status, and what follows from what."""

from __future__ import annotations

import json
from typing import Any

import pytest
from alibabacloud_ram20150501 import models

from bot.sandbox.ram.execute import execute
from tests.bot.sandbox.ram.ram_calls import ENGINE, attach, holders, refused
from tests.bot.sandbox.ram.ram_world import World

DOCUMENT = json.dumps({"Version": "1", "Statement": [{"Effect": "Allow", "Action": "oss:*", "Resource": "*"}]})
TRUST = json.dumps({"Version": "1", "Statement": []})


def _code(world: World, action: str, params: dict[str, str]) -> tuple[str, int]:
    """Ask through the SDK, by the action's name, so that a row of a table can say it."""
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in action).lstrip("_")
    request = getattr(models, f"{action}Request")().from_map(params)
    error: Any = refused(lambda: getattr(world.ram(), snake)(request))
    return error.code, error.status_code


def _grant(user: str, policy: str = "PaiRecEngineAccess", type_: str = "Custom") -> dict[str, str]:
    return {"PolicyType": type_, "PolicyName": policy, "UserName": user}


@pytest.mark.parametrize(
    ("action", "params", "code", "status"),
    [
        ("AttachPolicyToUser", _grant("nobody"), "EntityNotExist.User", 404),
        ("AttachPolicyToUser", _grant("carol", "Nothing"), "EntityNotExist.Policy", 404),
        ("AttachPolicyToUser", _grant("carol", type_="System"), "EntityNotExist.Policy", 404),
        ("AttachPolicyToUser", _grant("erin"), "EntityAlreadyExists.User.Policy", 409),
        ("DetachPolicyFromUser", _grant("carol"), "EntityNotExist.User.Policy", 404),
        ("DetachPolicyFromUser", _grant("nobody"), "EntityNotExist.User", 404),
        ("AttachPolicyToUser", _grant("a b"), "InvalidParameter.UserName.InvalidChars", 400),
        ("AttachPolicyToUser", _grant("a" * 65), "InvalidParameter.UserName.Length", 400),
        ("AttachPolicyToUser", _grant("carol", "a_b"), "InvalidParameter.PolicyName.InvalidChars", 400),
        ("AttachPolicyToUser", _grant("carol", "a" * 129), "InvalidParameter.PolicyName.Length", 400),
        ("AttachPolicyToUser", _grant("carol", type_="custom"), "InvalidParameter.PolicyType", 400),
        ("AttachPolicyToUser", {**_grant("carol"), "ResourceGroupId": "rg-1"}, "EntityNotExist.ResourceGroup", 404),
        ("GetUser", {}, "MissingUserName", 400),
        ("GetUser", {"UserName": "nobody"}, "EntityNotExist.User", 404),
        ("CreateUser", {"UserName": "alice"}, "EntityAlreadyExists.User", 409),
        ("CreateUser", {"UserName": "zoe", "Email": "zoe"}, "InvalidParameter.Email.Format", 400),
        ("CreateUser", {"UserName": "zoe", "MobilePhone": "no"}, "InvalidParameter.MobilePhone.Format", 400),
        ("CreateUser", {"UserName": "zoe", "DisplayName": "z" * 129}, "InvalidParameter.DisplayName.Length", 400),
        ("UpdateUser", {"UserName": "carol", "NewUserName": "dave"}, "EntityAlreadyExists.User", 409),
        ("UpdateUser", {"UserName": "carol", "NewEmail": "?"}, "InvalidParameter.NewEmail.Format", 400),
        ("DeleteUser", {"UserName": "alice"}, "DeleteConflict.User.Policy", 409),
        ("ListUsers", {"MaxItems": 1001}, "InvalidParameter.MaxItems", 400),
        ("ListUsers", {"Marker": "made up!"}, "InvalidParameter.Marker", 400),
        ("GetPolicy", {"PolicyType": "Custom", "PolicyName": "Nothing"}, "EntityNotExist.Policy", 404),
        ("ListEntitiesForPolicy", {"PolicyType": "Custom", "PolicyName": "X"}, "EntityNotExist.Policy", 404),
        ("DeletePolicy", {"PolicyName": "PaiRecEngineAccess"}, "DeleteConflict.Policy.User", 409),
        ("DeletePolicy", {"PolicyName": "AliyunPAIRecFullAccess"}, "EntityNotExist.Policy", 404),
        ("ListUsersForGroup", {"GroupName": "none"}, "EntityNotExist.Group", 404),
        ("AddUserToGroup", {"GroupName": "none", "UserName": "carol"}, "EntityNotExist.Group", 404),
        ("CreateGroup", {"GroupName": "a b"}, "InvalidParameter.GroupName.InvalidChars", 400),
        ("GetRole", {"RoleName": "AliyunServiceRoleForNobody"}, "EntityNotExist.Role", 404),
        ("CreateRole", {"RoleName": "r", "AssumeRolePolicyDocument": "{"}, "MalformedPolicyDocument", 400),
    ],
)
def test_ram_refuses_with_its_own_code(
    world: World, action: str, params: dict[str, str], code: str, status: int
) -> None:
    before = world.account.read()
    assert _code(world, action, params) == (code, status)
    assert world.account.read() is before


STATEMENT = {"Effect": "Allow", "Action": "a", "Resource": "*"}


@pytest.mark.parametrize(
    "document",
    [
        "not json",
        "[]",
        json.dumps({"Version": "2", "Statement": [{"Effect": "Allow", "Action": "a", "Resource": "*"}]}),
        json.dumps({"Version": "1", "Statement": []}),
        json.dumps({"Version": "1", "Statement": [{"Effect": "Maybe", "Action": "a", "Resource": "*"}]}),
        json.dumps({"Version": "1", "Statement": [{"Effect": "Allow", "Resource": "*"}]}),
        json.dumps({"Version": "1", "Statement": [{"Effect": "Allow", "Action": "a"}]}),
        json.dumps({"Version": "1", "Statement": [{"Effect": "Allow", "Action": [1], "Resource": "*"}]}),
        json.dumps({"Version": "1", "Id": "x", "Statement": [STATEMENT]}),
        json.dumps({"Version": "1", "Statement": [{**STATEMENT, "Principal": "*"}]}),
        json.dumps({"Version": "1", "Statement": [{**STATEMENT, "condition": {"Bool": {"a": "true"}}}]}),
        json.dumps({"Version": "1", "Statement": [{**STATEMENT, "Condition": {"StringEqualsIfExists": {"a": "b"}}}]}),
        json.dumps({"Version": "1", "Statement": [{**STATEMENT, "Condition": {"Null": {"a": "true"}}}]}),
        '{"Version": "1", "Statement": [{"Effect": "Deny", "Effect": "Allow", "Action": "a", "Resource": "*"}]}',
        '{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "a", "Resource": "*"}], "Statement": []}',
    ],
)
def test_a_malformed_policy_document_is_refused(world: World, document: str) -> None:
    params = {"PolicyName": "new", "PolicyDocument": document}
    assert _code(world, "CreatePolicy", params) == ("MalformedPolicyDocument", 400)


def test_a_policy_document_that_is_too_long_is_refused(world: World) -> None:
    params = {"PolicyName": "new", "PolicyDocument": DOCUMENT + " " * 6144}
    assert _code(world, "CreatePolicy", params) == ("InvalidParameter.PolicyDocument.Length", 400)


def test_a_user_holds_at_most_ten_custom_policies(world: World) -> None:
    for number in range(10):
        name = f"filler-{number}"
        execute(world.account, "CreatePolicy", {"PolicyName": name, "PolicyDocument": DOCUMENT})
        execute(world.account, "AttachPolicyToUser", _grant("carol", name))
    assert _code(world, "AttachPolicyToUser", _grant("carol")) == ("LimitExceeded.User.Policy", 409)
    attach(world.ram(), "carol", "AliyunPAIRecFullAccess", "System")


def test_a_renamed_user_keeps_id_and_policies(world: World) -> None:
    world.ram().update_user(models.UpdateUserRequest(user_name="erin", new_user_name="erin.sato"))
    assert holders(world.ram()) == ["erin.sato"]
    assert world.account.read().users["erin.sato"].user_id == "200000000000000006"


def test_a_user_made_again_under_the_same_name_has_another_id(world: World) -> None:
    client = world.ram()
    old = client.get_user(models.GetUserRequest(user_name="carol")).body.user.user_id
    client.delete_user(models.DeleteUserRequest(user_name="carol"))
    assert client.create_user(models.CreateUserRequest(user_name="carol")).body.user.user_id != old


def test_users_come_in_pages_and_each_exactly_once(world: World) -> None:
    for number in range(25):
        execute(world.account, "CreateUser", {"UserName": f"extra-{number:02d}"})
    names: list[str] = []
    sizes: list[int] = []
    marker, more = None, True
    while more:
        body = world.ram().list_users(models.ListUsersRequest(marker=marker, max_items=10)).body
        names += [user.user_name for user in body.users.user]
        sizes.append(len(body.users.user))
        marker, more = body.marker, body.is_truncated
    assert sizes == [10, 10, 10, 2]
    assert sorted(names) == sorted(world.account.read().users)
    assert len(set(names)) == len(names)


def test_a_page_that_is_just_full_is_the_last_one(world: World) -> None:
    body = world.ram().list_users(models.ListUsersRequest(max_items=7)).body
    assert (len(body.users.user), body.is_truncated, body.marker) == (7, False, None)


def test_policies_of_one_type_can_be_listed(world: World) -> None:
    body = world.ram().list_policies(models.ListPoliciesRequest(policy_type="System")).body
    assert [policy.policy_name for policy in body.policies.policy] == [
        "AliyunPAIRecFullAccess",
        "AliyunPAIRecReadOnlyAccess",
        "AliyunServiceRolePolicyForPaiRec",
    ]


def test_a_policy_shows_its_document_and_how_often_it_is_attached(world: World) -> None:
    request = models.GetPolicyRequest(policy_type="Custom", policy_name="PaiRecRamAdminAccess")
    body = world.ram().get_policy(request).body
    assert body.policy.attachment_count == 3
    document = json.loads(body.default_policy_version.policy_document)
    assert "ram:AttachPolicyToUser" in document["Statement"][1]["Action"]


def test_a_policy_can_be_made_and_deleted_again(world: World) -> None:
    client = world.ram()
    client.create_policy(models.CreatePolicyRequest(policy_name="new", policy_document=DOCUMENT))
    client.delete_policy(models.DeletePolicyRequest(policy_name="new"))
    assert _code(world, "GetPolicy", {"PolicyType": "Custom", "PolicyName": "new"})[0] == "EntityNotExist.Policy"


def _ranking_group(world: World) -> None:
    execute(world.account, "CreateGroup", {"GroupName": "ranking", "Comments": "ranking team"})
    for user in ("dave", "carol"):
        execute(world.account, "AddUserToGroup", {"GroupName": "ranking", "UserName": user})


def test_a_group_lists_its_members_in_pages_by_name_without_ids(world: World) -> None:
    _ranking_group(world)
    request = models.ListUsersForGroupRequest(group_name="ranking", max_items=1)
    first = world.ram().list_users_for_group(request).body
    request.marker = first.marker
    second = world.ram().list_users_for_group(request).body
    assert (first.is_truncated, second.is_truncated) == (True, False)
    assert [body.users.user[0].user_name for body in (first, second)] == ["carol", "dave"]
    assert set(first.users.user[0].to_map()) == {"UserName", "DisplayName", "JoinDate"}


def test_a_policy_of_a_group_is_listed_under_groups_and_not_under_users(world: World) -> None:
    _ranking_group(world)
    client = world.ram()
    client.attach_policy_to_group(models.AttachPolicyToGroupRequest(group_name="ranking", **ENGINE))
    body = client.list_entities_for_policy(models.ListEntitiesForPolicyRequest(**ENGINE)).body
    assert [group.group_name for group in body.groups.group] == ["ranking"]
    assert [user.user_name for user in body.users.user] == ["erin"]
    of_group = client.list_policies_for_group(models.ListPoliciesForGroupRequest(group_name="ranking")).body
    assert [policy.policy_name for policy in of_group.policies.policy] == ["PaiRecEngineAccess"]


def test_a_member_leaves_a_group(world: World) -> None:
    _ranking_group(world)
    client = world.ram()
    client.remove_user_from_group(models.RemoveUserFromGroupRequest(group_name="ranking", user_name="dave"))
    of_dave = client.list_groups_for_user(models.ListGroupsForUserRequest(user_name="dave")).body
    of_carol = client.list_groups_for_user(models.ListGroupsForUserRequest(user_name="carol")).body
    assert (of_dave.groups.group, [g.group_name for g in of_carol.groups.group]) == ([], ["ranking"])


@pytest.mark.parametrize(
    ("action", "params", "code"),
    [
        ("AddUserToGroup", {"GroupName": "ranking", "UserName": "dave"}, "EntityAlreadyExists.User.Group"),
        ("RemoveUserFromGroup", {"GroupName": "ranking", "UserName": "erin"}, "EntityNotExist.User.Group"),
        ("DeleteUser", {"UserName": "carol"}, "DeleteConflict.User.Group"),
        ("DeleteGroup", {"GroupName": "ranking"}, "DeleteConflict.Group.User"),
        ("CreateGroup", {"GroupName": "ranking"}, "EntityAlreadyExists.Group"),
    ],
)
def test_a_group_that_is_in_use_has_its_rules(world: World, action: str, params: dict[str, str], code: str) -> None:
    _ranking_group(world)
    assert _code(world, action, params)[0] == code


def test_a_role_can_be_made_and_given_a_policy(world: World) -> None:
    client = world.ram()
    client.create_role(models.CreateRoleRequest(role_name="EngineRole", assume_role_policy_document=TRUST))
    client.attach_policy_to_role(models.AttachPolicyToRoleRequest(role_name="EngineRole", **ENGINE))
    role = client.get_role(models.GetRoleRequest(role_name="EngineRole")).body.role
    assert role.arn == "acs:ram::1000000000000001:role/enginerole"
    assert role.is_service_linked_role is False
    listed = client.list_policies_for_role(models.ListPoliciesForRoleRequest(role_name="EngineRole")).body
    assert [policy.policy_name for policy in listed.policies.policy] == ["PaiRecEngineAccess"]
    client.detach_policy_from_role(models.DetachPolicyFromRoleRequest(role_name="EngineRole", **ENGINE))
    entities = client.list_entities_for_policy(models.ListEntitiesForPolicyRequest(**ENGINE)).body
    assert entities.roles.role == []
