"""The products on a bad day, and what is noted of every call to them, for the page and for tests."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from alibabacloud_dataworks_public20240518 import models as dataworks
from alibabacloud_maxcompute20220104 import models as maxcompute

from bot.sandbox.products.members import stand_ins
from bot.sandbox.ram.faults import BadFault
from tests.bot.sandbox.products.cloud_clients import Cloud, reason, refused
from tests.harness.products.case import ProductCase
from tests.harness.products.cases import CASES
from tests.harness.products.dataworks import CASE as DATAWORKS
from tests.harness.products.maxcompute import CASE as MAXCOMPUTE
from tests.harness.products.pai import CASE as PAI

each_product = pytest.mark.parametrize("case", CASES, ids=str)


def write(cloud: Cloud, case: ProductCase, user: str = "carol") -> None:
    """Give carol a role, where nobody has one."""
    case.join(cloud.client(case), case.elsewhere, cloud.user_id(user))


def members(cloud: Cloud) -> list[str]:
    """Of the DataWorks workspace, as its SDK lists them."""
    request = dataworks.ListProjectMembersRequest(project_id=10002)
    listed = cloud.client(DATAWORKS).list_project_members(request).body.paging_info.project_members
    return [each.user_name for each in listed]


def given(cloud: Cloud, case: ProductCase) -> bool:
    return "carol" in cloud.roles(case.product, case.elsewhere)


# -- orders


@each_product
def test_a_call_without_permission_is_told_which_action_it_lacks(cloud: Cloud, case: ProductCase) -> None:
    cloud.ordered(action=case.joins, fault="no_permission")
    error = refused(lambda: write(cloud, case))
    assert (error.code, error.status_code) == ("NoPermission", 403)
    assert error.access_denied_detail["AuthAction"] == f"{case.prefix}:{case.joins}"
    assert not given(cloud, case)


@each_product
def test_a_throttled_call_is_told_when_to_come_again(cloud: Cloud, case: ProductCase) -> None:
    cloud.ordered(action=case.joins, fault="throttle", seconds=2)
    error = refused(lambda: write(cloud, case))
    assert (error.code, error.retry_after) == ("Throttling.User", 2000)
    assert not given(cloud, case)


@each_product
def test_a_call_whose_answer_is_dropped_was_done(cloud: Cloud, case: ProductCase) -> None:
    cloud.ordered(action=case.joins, fault="drop_answer")
    with pytest.raises(Exception) as caught:
        write(cloud, case)
    assert not getattr(caught.value, "code", None)
    assert given(cloud, case)


@each_product
@pytest.mark.parametrize("fault", ["reset", "html"])
def test_a_call_that_is_lost_on_the_way_was_not_done(cloud: Cloud, case: ProductCase, fault: str) -> None:
    cloud.ordered(action=case.joins, fault=fault)
    with pytest.raises(Exception):  # noqa: B017
        write(cloud, case)
    assert not given(cloud, case)
    assert cloud.sandbox.membership.calls()[-1]["result"] == fault


@each_product
def test_a_call_can_be_refused_with_any_code(cloud: Cloud, case: ProductCase) -> None:
    cloud.ordered(action=case.joins, fault="error", status=400, code="Strange", message="Odd.")
    assert reason(lambda: write(cloud, case)) == ("Strange", 400)


@pytest.mark.parametrize("fault", ["hang", "drip"])
def test_a_slow_call_is_done_in_the_end(cloud: Cloud, fault: str) -> None:
    cloud.ordered(action="CreateMember", fault=fault, seconds=0.1)
    write(cloud, PAI)
    assert given(cloud, PAI)


def test_reads_can_be_made_to_lag(cloud: Cloud) -> None:
    cloud.ordered(action="ListProjectMembers", fault="lag", seconds=60, times=1)
    write(cloud, DATAWORKS)
    assert [members(cloud), members(cloud)] == [["pairec-workshop"], ["pairec-workshop", "carol"]]


@pytest.mark.parametrize(
    "order",
    [{"action": "writes"}, {"action": "*"}, {"action": "*", "user": "carol"}, {"action": "*", "place": "20002"}],
    ids=str,
)
def test_orders_for_groups_of_calls_cover_members_too(cloud: Cloud, order: dict[str, str]) -> None:
    cloud.ordered(fault="no_permission", **order)
    assert refused(lambda: write(cloud, PAI)).code == "NoPermission"


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
    write(cloud, PAI)
    assert given(cloud, PAI)


def test_one_of_two_products_with_an_action_of_the_same_name_can_be_meant(cloud: Cloud) -> None:
    cloud.ordered(action="ListProjects", product="maxcompute", fault="no_permission")
    cloud.client(DATAWORKS).list_projects(dataworks.ListProjectsRequest())
    assert (
        refused(lambda: cloud.client(MAXCOMPUTE).list_projects(maxcompute.ListProjectsRequest())).code == "NoPermission"
    )


def test_an_order_for_an_action_that_no_product_has_is_refused(cloud: Cloud) -> None:
    with pytest.raises(BadFault):
        cloud.ordered(action="CreateKing", fault="error")


# -- what is noted


@each_product
def test_a_write_is_in_the_accounts_log_beside_rams(cloud: Cloud, case: ProductCase) -> None:
    write(cloud, case)
    [entry] = cloud.sandbox.account.log()
    where = f"{case.product} {case.elsewhere}: {case.role}"
    assert (entry.action, entry.user, entry.policy, entry.result) == (case.joins, "carol", where, "ok")


@each_product
def test_a_refused_write_is_in_the_accounts_log_with_its_code(cloud: Cloud, case: ProductCase) -> None:
    cloud.ordered(action="writes", fault="throttle")
    refused(lambda: write(cloud, case))
    assert [entry.result for entry in cloud.sandbox.account.log()] == ["Throttling.User"]


def test_the_account_shows_what_was_really_asked_of_the_products(cloud: Cloud) -> None:
    write(cloud, DATAWORKS, "erin")
    write(cloud, PAI, "erin")
    refused(lambda: write(cloud, MAXCOMPUTE, "erin"))
    erin, cases = cloud.user_id("erin"), (DATAWORKS, PAI, MAXCOMPUTE)
    calls = cloud.shown()["calls"]
    assert [call["params"] for call in calls] == [case.given(case.elsewhere, erin) for case in cases]
    assert [(call["product"], call["action"]) for call in calls] == [(case.product, case.joins) for case in cases]
    # DataWorks had handed the role on by then.
    assert [call["result"] for call in calls] == ["ok", "ok", "OBJECT_ALREADY_EXIST"]


def test_the_account_shows_who_is_a_member_where(cloud: Cloud) -> None:
    places = {(each["product"], each["place"]): each for each in cloud.shown()["members"]}
    assert len(places) == sum(len(each.places) for each in stand_ins().values())
    ranking = places["dataworks", "10001"]
    owner, dave = ranking["members"]
    assert (ranking["title"], owner["owner"], dave["owner"]) == ("Ranking", True, False)
    assert (dave["user"], dave["user_id"], dave["roles"]) == ("dave", cloud.user_id("dave"), [DATAWORKS.role])
    assert dave["roles_since"] == {DATAWORKS.role: dave["since"]}
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
