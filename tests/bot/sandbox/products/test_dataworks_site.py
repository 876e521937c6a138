"""DataWorks, as its SDK is answered: members and their roles in a workspace, and who is let in."""

from __future__ import annotations

from typing import Any

import pytest
from alibabacloud_dataworks_public20240518 import models

from bot.sandbox.products.places import PlaceRefused
from bot.sandbox.ram.execute import execute
from tests.bot.sandbox.products.cloud_clients import GUESSED, Cloud, reason, refused, sent
from tests.harness.products.dataworks import CASE as DATAWORKS

DEV, DEPLOY = "role_project_dev", "role_project_deploy"
RANKING, SEARCH = 10001, 10002


def create(client: Any, user_id: str, *roles: str, place: int = RANKING) -> Any:
    return client.create_project_member(
        models.CreateProjectMemberRequest(project_id=place, user_id=user_id, role_codes=list(roles))
    )


def grant(client: Any, user_id: str, *roles: str, place: int = RANKING) -> Any:
    return client.grant_member_project_roles(
        models.GrantMemberProjectRolesRequest(project_id=place, user_id=user_id, role_codes=list(roles))
    )


def revoke(client: Any, user_id: str, *roles: str, place: int = RANKING) -> Any:
    return client.revoke_member_project_roles(
        models.RevokeMemberProjectRolesRequest(project_id=place, user_id=user_id, role_codes=list(roles))
    )


def delete(client: Any, user_id: str, place: int = RANKING) -> Any:
    return client.delete_project_member(models.DeleteProjectMemberRequest(project_id=place, user_id=user_id))


def listed(client: Any, place: int = RANKING, **asked: Any) -> Any:
    return client.list_project_members(models.ListProjectMembersRequest(project_id=place, **asked)).body.paging_info


def names(client: Any, **asked: Any) -> list[str]:
    return [each.user_name for each in listed(client, **asked).project_members]


# -- members and roles


def test_somebody_becomes_a_member_with_a_role(cloud: Cloud) -> None:
    create(cloud.client(DATAWORKS), cloud.user_id("carol"), DEPLOY)
    assert cloud.roles("dataworks", "10001") == {"dave": {DEV}, "carol": {DEPLOY}}


def test_a_member_cannot_be_made_a_member_again(cloud: Cloud) -> None:
    client, dave = cloud.client(DATAWORKS), cloud.user_id("dave")
    assert reason(lambda: create(client, dave, DEPLOY)) == ("Invalid.Tenant.UserAlreadyInProject", 400)
    assert cloud.roles("dataworks", "10001") == {"dave": {DEV}}


def test_a_member_is_given_another_role_and_loses_it_again(cloud: Cloud) -> None:
    client, dave = cloud.client(DATAWORKS), cloud.user_id("dave")
    grant(client, dave, DEPLOY)
    assert cloud.roles("dataworks", "10001") == {"dave": {DEV, DEPLOY}}
    revoke(client, dave, DEPLOY)
    assert cloud.roles("dataworks", "10001") == {"dave": {DEV}}


def test_whoever_loses_the_last_role_stays_a_member(cloud: Cloud) -> None:
    revoke(cloud.client(DATAWORKS), cloud.user_id("dave"), DEV)
    assert cloud.roles("dataworks", "10001") == {"dave": set()}


def test_deleting_a_member_takes_all_of_the_roles(cloud: Cloud) -> None:
    client, dave = cloud.client(DATAWORKS), cloud.user_id("dave")
    grant(client, dave, DEPLOY)
    delete(client, dave)
    assert cloud.roles("dataworks", "10001") == {}


def test_several_roles_are_given_all_or_none(cloud: Cloud) -> None:
    refused(lambda: grant(cloud.client(DATAWORKS), cloud.user_id("dave"), DEPLOY, DEV))
    assert cloud.roles("dataworks", "10001") == {"dave": {DEV}}


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda c, id_: create(c, id_("carol"), DEV, place=777), "Invalid.Tenant.ProjectNotExists"),
        (lambda c, id_: create(c, "299999", DEV), "Invalid.Tenant.UserNotInTenant"),
        (lambda c, id_: create(c, id_("carol"), "role_of_kings"), "Invalid.Tenant.RoleNotExists"),
        (lambda c, id_: create(c, id_("carol")), "MissingRoleCodes"),
        (lambda c, id_: create(c, "", DEV), "MissingUserId"),
        (lambda c, id_: grant(c, id_("carol"), DEV), "1101080166"),
        (lambda c, id_: grant(c, id_("dave"), DEV), "Invalid.Tenant.RoleAlreadyGranted"),
        (lambda c, id_: grant(c, id_("dave"), "role_of_kings"), "Invalid.Tenant.RoleNotExists"),
        (lambda c, id_: revoke(c, id_("dave"), DEPLOY), "Invalid.Tenant.RoleNotGranted"),
        (lambda c, id_: revoke(c, id_("carol"), DEV), "1101080166"),
        (lambda c, id_: delete(c, id_("carol")), "1101080166"),
        (lambda c, id_: delete(c, id_("dave"), place=777), "Invalid.Tenant.ProjectNotExists"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_code(cloud: Cloud, call: Any, code: str) -> None:
    before = cloud.sandbox.membership.read()
    assert refused(lambda: call(cloud.client(DATAWORKS), cloud.user_id)).code == code
    assert cloud.sandbox.membership.read() is before


def test_a_deleted_ram_user_stays_a_member_until_removed(cloud: Cloud) -> None:
    dave, client = cloud.user_id("dave"), cloud.client(DATAWORKS)
    detach = {"UserName": "dave", "PolicyName": "PaiRecMonitorAccess", "PolicyType": "Custom"}
    execute(cloud.sandbox.account, "DetachPolicyFromUser", detach)
    execute(cloud.sandbox.account, "DeleteUser", {"UserName": "dave"})
    assert "dave" in names(client)
    delete(client, dave)
    assert names(client) == ["pairec-workshop"]


# -- what DataWorks hands on to MaxCompute


@pytest.mark.parametrize(("place", "project"), [(RANKING, "ranking_dev"), (SEARCH, "search")])
def test_a_developer_is_one_in_maxcompute_too_and_no_longer_without_the_role(
    cloud: Cloud, place: int, project: str
) -> None:
    client, carol = cloud.client(DATAWORKS), cloud.user_id("carol")
    create(client, carol, DEV, place=place)
    assert cloud.roles("maxcompute", project)["carol"] == {DEV}
    revoke(client, carol, DEV, place=place)
    assert cloud.roles("maxcompute", project)["carol"] == set()


def test_deleting_a_developer_takes_what_was_handed_on(cloud: Cloud) -> None:
    delete(cloud.client(DATAWORKS), cloud.user_id("dave"))
    assert cloud.roles("maxcompute", "ranking_dev") == {"dave": set()}


def test_no_other_role_is_handed_on_and_nothing_reaches_production(cloud: Cloud) -> None:
    create(cloud.client(DATAWORKS), cloud.user_id("carol"), DEPLOY)
    assert cloud.roles("maxcompute", "ranking_dev") == {"dave": {DEV}}
    assert cloud.roles("maxcompute", "ranking") == {}


def test_what_was_given_in_maxcompute_itself_before_stays(cloud: Cloud) -> None:
    client, carol = cloud.client(DATAWORKS), cloud.user_id("carol")
    cloud.sandbox.membership.give("maxcompute", "ranking_dev", "carol", DEV)
    create(client, carol, DEV)
    delete(client, carol)
    assert cloud.roles("maxcompute", "ranking_dev")["carol"] == {DEV}


def test_what_was_taken_in_maxcompute_itself_is_not_missed(cloud: Cloud) -> None:
    cloud.sandbox.membership.take("maxcompute", "ranking_dev", "dave", DEV)
    revoke(cloud.client(DATAWORKS), cloud.user_id("dave"), DEV)
    assert cloud.roles("maxcompute", "ranking_dev") == {"dave": set()}


# -- reads


def test_members_are_listed_with_their_roles(cloud: Cloud) -> None:
    [owner, dave] = listed(cloud.client(DATAWORKS)).project_members
    assert (owner.user_id, owner.roles[0].code) == ("1000000000000001", "role_project_owner")
    assert (dave.user_id, dave.user_name, dave.status) == (cloud.user_id("dave"), "dave", "Normal")
    assert [(role.code, role.type) for role in dave.roles] == [(DEV, "System")]


def test_members_are_found_by_user_and_by_role(cloud: Cloud) -> None:
    client = cloud.client(DATAWORKS)
    assert names(client, user_ids=[cloud.user_id("dave")]) == ["dave"]
    assert names(client, user_ids=[cloud.user_id("carol")]) == []
    assert names(client, role_codes=[DEV, DEPLOY]) == ["dave"]


def test_members_come_in_pages(cloud: Cloud) -> None:
    for name in ("alice", "bob", "carol"):
        cloud.sandbox.membership.give("dataworks", "10001", name, DEPLOY)
    client = cloud.client(DATAWORKS)
    pages = [names(client, page_size=2, page_number=number) for number in (1, 2, 3, 4)]
    assert pages == [["pairec-workshop", "dave"], ["alice", "bob"], ["carol"], []]
    assert listed(client, page_size=2).total_count == 5


@pytest.mark.parametrize("size", [0, 101])
def test_a_page_has_one_to_a_hundred_entries(cloud: Cloud, size: int) -> None:
    assert reason(lambda: listed(cloud.client(DATAWORKS), page_size=size)) == ("InvalidParameter", 400)


def test_workspaces_are_listed_with_their_mode(cloud: Cloud) -> None:
    info = cloud.client(DATAWORKS).list_projects(models.ListProjectsRequest()).body.paging_info
    shown = [(each.id, each.name, each.display_name, each.dev_environment_enabled) for each in info.projects]
    assert shown == [(10001, "ranking", "Ranking", True), (10002, "search", "Search", False)]


def test_workspaces_come_in_pages(cloud: Cloud) -> None:
    info = (
        cloud.client(DATAWORKS).list_projects(models.ListProjectsRequest(page_size=1, page_number=2)).body.paging_info
    )
    assert ([each.id for each in info.projects], info.total_count) == ([10002], 2)


def test_one_workspace_is_told_of_and_one_that_is_deleted_is_not_found(cloud: Cloud) -> None:
    client, asked = cloud.client(DATAWORKS), models.GetProjectRequest(id=SEARCH)
    assert client.get_project(asked).body.project.name == "search"
    cloud.sandbox.membership.delete_place("dataworks", "10002")
    assert reason(lambda: client.get_project(asked)) == ("Invalid.Tenant.ProjectNotExists", 404)


def test_the_roles_of_a_workspace_belong_to_every_workspace(cloud: Cloud) -> None:
    request = models.ListProjectRolesRequest(project_id=RANKING, page_size=100)
    roles = cloud.client(DATAWORKS).list_project_roles(request).body.paging_info.project_roles
    assert {DEV, DEPLOY, "role_project_owner"} < {role.code for role in roles}
    assert {role.project_id for role in roles} == {-1}


# -- who is let in


@pytest.mark.parametrize(
    ("key", "secret", "code"),
    [("LTAI0SANDBOXBOTKEY", GUESSED, "SignatureDoesNotMatch"), ("LTAInobody", "x", "InvalidAccessKeyId.NotFound")],
)
def test_a_wrong_key_is_refused_and_changes_nothing(cloud: Cloud, key: str, secret: str, code: str) -> None:
    before = cloud.sandbox.membership.read()
    assert refused(lambda: delete(cloud.client(DATAWORKS, secret, key), cloud.user_id("dave"))).code == code
    assert cloud.sandbox.membership.read() is before


@pytest.mark.parametrize(
    ("target", "headers", "says"),
    [
        ("/", {}, "Action or Version"),
        ("/?Action=ListProjects&Version=2020-05-18", {}, "Action or Version"),
        ("/?Action=DropProject&Version=2024-05-18", {}, "InvalidAction.NotFound"),
        ("/?Action=ListProjects&Version=2024-05-18", {}, "MissingAccessKeyId"),
        ("/?ProjectId=%ff", {}, "InvalidParameter"),
    ],
)
def test_a_call_that_no_sdk_makes_is_refused(cloud: Cloud, target: str, headers: dict[str, str], says: str) -> None:
    status, text = sent(cloud.address("PAIREC_SERVICE_ENDPOINT"), target, headers)
    assert (400 <= status < 500, says in text) == (True, True)


def test_a_filter_that_would_be_without_effect_is_refused(cloud: Cloud) -> None:
    request = models.ListProjectsRequest(status="Available")
    assert reason(lambda: cloud.client(DATAWORKS).list_projects(request)) == ("InvalidParameter", 400)


# -- by hand


def test_what_is_done_by_hand_is_in_the_log_and_refused_where_it_cannot_be(cloud: Cloud) -> None:
    hand = cloud.sandbox.membership
    hand.give("dataworks", "10002", "carol", DEPLOY)
    hand.take("dataworks", "10002", "carol", DEPLOY)
    hand.remove("dataworks", "10002", "carol")
    with pytest.raises(PlaceRefused):
        hand.remove("dataworks", "10002", "carol")
    log = [(each.action, each.user, each.policy, each.key) for each in cloud.sandbox.account.log()]
    where = f"dataworks 10002: {DEPLOY}"
    assert log == [
        ("Give by hand", "carol", where, "by hand"),
        ("Take by hand", "carol", where, "by hand"),
        ("Remove by hand", "carol", "dataworks 10002", "by hand"),
    ]
