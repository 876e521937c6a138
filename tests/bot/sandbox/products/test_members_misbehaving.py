"""The three products on a bad day, and what is noted of every call to them, for the page and for tests."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from alibabacloud_aiworkspace20210204 import models as pai
from alibabacloud_dataworks_public20240518 import models as dataworks
from alibabacloud_maxcompute20220104 import models as maxcompute

from bot.sandbox.ram.faults import BadFault
from tests.bot.sandbox.products.cloud_clients import Cloud, reason, refused

DEV, ACCOUNT, GUEST = "role_project_dev", "1000000000000001", "PAI.WorkspaceGuest"
WRITES = {"dataworks": "CreateProjectMember", "pai": "CreateMember", "maxcompute": "UpdateUsersToRole"}
PLACES = {"dataworks": "10002", "pai": "20002", "maxcompute": "search"}
ROLES = {"dataworks": DEV, "pai": GUEST, "maxcompute": DEV}
each_product = pytest.mark.parametrize("product", WRITES)


def write(cloud: Cloud, product: str, user: str = "carol") -> Any:
    """Give carol a role, where nobody has one."""
    user_id, place, role = cloud.user_id(user), PLACES[product], ROLES[product]
    if product == "dataworks":
        request = dataworks.CreateProjectMemberRequest(project_id=int(place), user_id=user_id, role_codes=[role])
        return cloud.dataworks().create_project_member(request)
    if product == "pai":
        member = pai.CreateMemberRequestMembers(user_id=user_id, roles=[role])
        return cloud.pai().create_member(place, pai.CreateMemberRequest(members=[member]))
    principal = f"RAM${ACCOUNT}:{user_id}"
    return cloud.projects().update_users_to_role(place, role, maxcompute.UpdateUsersToRoleRequest(add=[principal]))


def members(cloud: Cloud) -> list[str]:
    """Of the DataWorks workspace, as its SDK lists them."""
    request = dataworks.ListProjectMembersRequest(project_id=10002)
    listed = cloud.dataworks().list_project_members(request).body.paging_info.project_members
    return [each.user_name for each in listed]


def given(cloud: Cloud, product: str) -> bool:
    return "carol" in cloud.roles(product, PLACES[product])


# -- orders


@each_product
def test_a_call_without_permission_is_told_which_action_it_lacks(cloud: Cloud, product: str) -> None:
    cloud.ordered(action=WRITES[product], fault="no_permission")
    error = refused(lambda: write(cloud, product))
    prefix = {"dataworks": "dataworks", "pai": "paiworkspace", "maxcompute": "odps"}[product]
    assert (error.code, error.status_code) == ("NoPermission", 403)
    assert error.access_denied_detail["AuthAction"] == f"{prefix}:{WRITES[product]}"
    assert not given(cloud, product)


@each_product
def test_a_throttled_call_is_told_when_to_come_again(cloud: Cloud, product: str) -> None:
    cloud.ordered(action=WRITES[product], fault="throttle", seconds=2)
    error = refused(lambda: write(cloud, product))
    assert (error.code, error.retry_after) == ("Throttling.User", 2000)
    assert not given(cloud, product)


@each_product
def test_a_call_whose_answer_is_dropped_was_done(cloud: Cloud, product: str) -> None:
    cloud.ordered(action=WRITES[product], fault="drop_answer")
    with pytest.raises(Exception) as caught:
        write(cloud, product)
    assert not getattr(caught.value, "code", None)
    assert given(cloud, product)


@each_product
@pytest.mark.parametrize("fault", ["reset", "html"])
def test_a_call_that_is_lost_on_the_way_was_not_done(cloud: Cloud, product: str, fault: str) -> None:
    cloud.ordered(action=WRITES[product], fault=fault)
    with pytest.raises(Exception):  # noqa: B017
        write(cloud, product)
    assert not given(cloud, product)
    assert cloud.sandbox.membership.calls()[-1]["result"] == fault


@each_product
def test_a_call_can_be_refused_with_any_code(cloud: Cloud, product: str) -> None:
    cloud.ordered(action=WRITES[product], fault="error", status=400, code="Strange", message="Odd.")
    assert reason(lambda: write(cloud, product)) == ("Strange", 400)


@pytest.mark.parametrize("fault", ["hang", "drip"])
def test_a_slow_call_is_done_in_the_end(cloud: Cloud, fault: str) -> None:
    cloud.ordered(action="CreateMember", fault=fault, seconds=0.1)
    write(cloud, "pai")
    assert given(cloud, "pai")


def test_reads_can_be_made_to_lag(cloud: Cloud) -> None:
    cloud.ordered(action="ListProjectMembers", fault="lag", seconds=60, times=1)
    write(cloud, "dataworks")
    assert [members(cloud), members(cloud)] == [["pairec-workshop"], ["pairec-workshop", "carol"]]


@pytest.mark.parametrize(
    "order",
    [{"action": "writes"}, {"action": "*"}, {"action": "*", "user": "carol"}, {"action": "*", "place": "20002"}],
    ids=str,
)
def test_orders_for_groups_of_calls_cover_members_too(cloud: Cloud, order: dict[str, str]) -> None:
    cloud.ordered(fault="no_permission", **order)
    assert refused(lambda: write(cloud, "pai")).code == "NoPermission"


@pytest.mark.parametrize(
    "order",
    [
        {"action": "reads"},
        {"action": "*", "user": "frank"},
        {"action": "*", "place": "20001"},
        {"action": "*", "product": "dataworks"},
    ],
    ids=str,
)
def test_an_order_about_other_calls_leaves_a_write_alone(cloud: Cloud, order: dict[str, str]) -> None:
    cloud.ordered(fault="no_permission", **order)
    write(cloud, "pai")
    assert given(cloud, "pai")


def test_one_of_two_products_with_an_action_of_the_same_name_can_be_meant(cloud: Cloud) -> None:
    cloud.ordered(action="ListProjects", product="maxcompute", fault="no_permission")
    cloud.dataworks().list_projects(dataworks.ListProjectsRequest())
    assert refused(lambda: cloud.projects().list_projects(maxcompute.ListProjectsRequest())).code == "NoPermission"


def test_an_order_for_an_action_that_no_product_has_is_refused(cloud: Cloud) -> None:
    with pytest.raises(BadFault):
        cloud.ordered(action="CreateKing", fault="error")


# -- what is noted


@each_product
def test_a_write_is_in_the_accounts_log_beside_rams(cloud: Cloud, product: str) -> None:
    write(cloud, product)
    [entry] = cloud.sandbox.account.log()
    where = f"{product} {PLACES[product]}: {ROLES[product]}"
    assert (entry.action, entry.user, entry.policy, entry.result) == (WRITES[product], "carol", where, "ok")


@each_product
def test_a_refused_write_is_in_the_accounts_log_with_its_code(cloud: Cloud, product: str) -> None:
    cloud.ordered(action="writes", fault="throttle")
    refused(lambda: write(cloud, product))
    assert [entry.result for entry in cloud.sandbox.account.log()] == ["Throttling.User"]


def test_the_account_shows_what_was_really_asked_of_the_products(cloud: Cloud) -> None:
    write(cloud, "dataworks", "erin")
    write(cloud, "pai", "erin")
    refused(lambda: write(cloud, "maxcompute", "erin"))
    erin = cloud.user_id("erin")
    principal = f"RAM${ACCOUNT}:{erin}"
    asked = [
        {"ProjectId": "10002", "UserId": erin, "RoleCodes": [DEV]},
        {"WorkspaceId": "20002", "Members": [{"UserId": erin, "Roles": [GUEST]}]},
        {"projectName": "search", "roleName": DEV, "add": [principal]},
    ]
    calls = cloud.shown()["calls"]
    assert [call["params"] for call in calls] == asked
    assert [(call["product"], call["action"]) for call in calls] == list(WRITES.items())
    # DataWorks had handed the role on by then.
    assert [call["result"] for call in calls] == ["ok", "ok", "OBJECT_ALREADY_EXIST"]


def test_the_account_shows_who_is_a_member_where(cloud: Cloud) -> None:
    places = {(each["product"], each["place"]): each for each in cloud.shown()["members"]}
    assert len(places) == 7
    ranking = places["dataworks", "10001"]
    owner, dave = ranking["members"]
    assert (ranking["title"], owner["owner"], dave["owner"]) == ("Ranking", True, False)
    assert (dave["user"], dave["user_id"], dave["roles"]) == ("dave", cloud.user_id("dave"), [DEV])
    assert dave["roles_since"] == {DEV: dave["since"]}
    [too] = places["maxcompute", "ranking_dev"]["members"]
    assert too["user"] == "dave"


def test_the_file_for_the_bot_names_every_place_here(cloud: Cloud, tmp_path: Any) -> None:
    path = cloud.sandbox.resources_file(tmp_path)
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    address = cloud.address("PAIREC_SERVICE_ENDPOINT")
    assert {each["endpoint"] for each in told["products"].values()} == {address}
    assert told["products"]["maxcompute"]["account"] == cloud.sandbox.account.account_id
    there = cloud.sandbox.membership
    for project in told["projects"].values():
        for product in told["products"]:
            assert there.place(product, project[product])
        standard = there.place("dataworks", project["dataworks"]).standard
        assert project["mode"] == ("standard" if standard else "basic")
