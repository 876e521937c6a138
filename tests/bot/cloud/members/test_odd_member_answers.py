"""Answers that are not what was asked for are never taken for "nobody"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from approvals.errors import CloudError, CloudErrorKind
from approvals.ids import RamUserId
from approvals.people import Principal
from bot.cloud import reading
from bot.cloud.members import PlaceMembership, dataworks
from bot.cloud.members.answers import MAX_PAGES
from bot.cloud.pace import Rate
from tests.bot.cloud.members.member_products import go, trouble
from tests.bot.cloud.members.scripted_site import answering
from tests.harness.products.case import ERIN as ERINS_ID
from tests.harness.products.case import ProductCase

pytestmark = pytest.mark.slow

ERIN = Principal(RamUserId(ERINS_ID), "erin")
ODD: tuple[Any, ...] = (
    {},
    [],
    None,
    "text",
    {"PagingInfo": None, "Members": None, "data": None},
    {"PagingInfo": [], "data": []},
    7,
)


@pytest.fixture(autouse=True)
def one_try(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is odd is odd each time that it is asked for."""
    monkeypatch.setattr(reading, "TRIES", 1)
    monkeypatch.setattr(dataworks, "READS", Rate(100.0))


def test_an_answer_without_the_list_is_silence_and_not_nobody(case: ProductCase) -> None:
    said: list[Any] = []
    with answering(case.product, {case.reads: lambda _: said[-1]}) as there:
        for each in (*ODD, *case.odd_members):
            said.append(each)
            assert trouble(lambda: there.observe(case.place, ERIN)).kind is CloudErrorKind.SILENT, each
            assert trouble(lambda: there.members(case.place)).kind is CloudErrorKind.SILENT, each


def test_an_answer_without_the_list_of_places_is_silence(case: ProductCase) -> None:
    said: list[Any] = []
    with answering(case.product, {case.lists: lambda _: said[-1]}) as there:
        for each in ODD:
            said.append(each)
            assert trouble(there.places).kind is CloudErrorKind.SILENT, each


def test_a_refusal_without_a_code_is_silence() -> None:
    with answering("maxcompute", {"ListUsersByRole": lambda _: (404, {"Message": "not here"})}) as there:
        assert trouble(lambda: there.observe("ranking", ERIN)).kind is CloudErrorKind.SILENT


# -- pages


def _page_of_pai(params: Mapping[str, str], size: int, total: int | None, last: int) -> dict[str, Any]:
    first = (int(params["PageNumber"]) - 1) * size
    members = [{"UserId": f"u{number}", "Roles": []} for number in range(first, min(first + size, last))]
    return {"Members": members, "TotalCount": total}


def test_a_filter_that_is_ignored_does_not_hide_somebody_on_a_later_page() -> None:
    with answering("pai", {"ListMembers": lambda params: _page_of_pai(params, 20, 45, 45)}) as there:
        assert there.observe("20001", Principal(RamUserId("u44"), "")) == PlaceMembership(
            Principal(RamUserId("u44"), ""), frozenset()
        )
        assert there.observe("20001", Principal(RamUserId("u45"), "")) is None


def test_a_list_without_a_total_is_read_to_its_first_empty_page() -> None:
    with answering("pai", {"ListMembers": lambda params: _page_of_pai(params, 20, None, 45)}) as there:
        assert len(there.members("20001")) == 45


def test_a_list_that_repeats_itself_is_silence_at_once() -> None:
    asked: list[str] = []

    def same(params: Mapping[str, str]) -> dict[str, Any]:
        asked.append(params["PageNumber"])
        return _page_of_pai({"PageNumber": "1"}, 20, 45, 45)

    with answering("pai", {"ListMembers": same}) as there:
        assert trouble(lambda: there.members("20001")).kind is CloudErrorKind.SILENT
    assert asked == ["1", "2"]


def test_a_list_without_an_end_is_given_up() -> None:
    asked: list[str] = []

    def endless(params: Mapping[str, str]) -> dict[str, Any]:
        asked.append(params["PageNumber"])
        return _page_of_pai(params, 1, 10**9, 10**9)

    with answering("pai", {"ListMembers": endless}) as there:
        assert trouble(lambda: there.members("20001")).kind is CloudErrorKind.SILENT
    assert len(asked) == MAX_PAGES


def test_projects_are_read_from_marker_to_marker() -> None:
    pages = {"": (["a", "b"], "b"), "b": (["c"], "")}

    def projects(params: Mapping[str, str]) -> dict[str, Any]:
        names, following = pages[params.get("marker", "")]
        return {"data": {"projects": [{"name": name} for name in names], "marker": following}}

    with answering("maxcompute", {"ListProjects": projects}) as there:
        assert list(there.places()) == ["a", "b", "c"]


def test_a_marker_that_does_not_move_on_is_silence_at_once() -> None:
    asked: list[str] = []

    def stuck(params: Mapping[str, str]) -> dict[str, Any]:
        asked.append(params.get("marker", ""))
        return {"data": {"projects": [], "marker": "a"}}

    with answering("maxcompute", {"ListProjects": stuck}) as there:
        assert trouble(there.places).kind is CloudErrorKind.SILENT
    assert asked == ["", "a"]


# -- writes that are answered oddly


def test_a_refusal_that_nobody_knows_is_a_missing_place_where_only_others_are_listed() -> None:
    refused = (400, {"Code": "9990040001"})
    listed: list[dict[str, Any]] = []
    answers = {
        "RevokeMemberProjectRoles": lambda _: refused,
        "ListProjectMembers": lambda _: refused,
        "ListProjects": lambda _: {"PagingInfo": {"TotalCount": len(listed), "Projects": listed}},
    }
    with answering("dataworks", answers) as there:

        def removed() -> CloudError:
            return trouble(lambda: there.remove("10001", "role_project_dev", ERIN, go, leave=False))

        error = removed()
        assert (error.kind, error.action) == (CloudErrorKind.UNCLEAR, "RevokeMemberProjectRoles"), "it may see none"
        listed.append({"Id": 10002, "Name": "search"})
        error = removed()
        assert (error.kind, error.code) == (CloudErrorKind.NO_PLACE, "9990040001")
        listed.append({"Id": 10001, "Name": "ranking"})
        error = removed()
        assert (error.kind, error.action) == (CloudErrorKind.UNCLEAR, "RevokeMemberProjectRoles")


def test_a_new_member_whom_pais_answer_does_not_name_is_not_confirmed() -> None:
    answers = {
        "ListMembers": lambda _: {"Members": [], "TotalCount": 0},
        "CreateMember": lambda _: {"Members": [{"UserId": "200000000000000001"}]},
    }
    with answering("pai", answers) as there:
        assert trouble(lambda: there.add("20001", "PAI.AlgoDeveloper", ERIN, go)).kind is CloudErrorKind.SILENT


def test_a_code_within_the_answer_to_pais_delete_is_one_that_nobody_knows() -> None:
    member = {"UserId": ERIN.user_id, "MemberId": "m-1", "Roles": ["PAI.AlgoDeveloper"]}
    answers = {
        "ListMembers": lambda _: {"Members": [member], "TotalCount": 1},
        "DeleteMembers": lambda _: {"Code": "100600099", "Message": "not now"},
    }
    with answering("pai", answers) as there:
        error = trouble(lambda: there.remove("20001", "PAI.AlgoDeveloper", ERIN, go, leave=True))
    assert (error.kind, error.code, error.action) == (CloudErrorKind.UNCLEAR, "100600099", "DeleteMembers")


def test_a_member_of_pai_without_an_id_is_not_written_to() -> None:
    member = {"UserId": ERIN.user_id, "Roles": ["PAI.AlgoDeveloper"]}
    with answering("pai", {"ListMembers": lambda _: {"Members": [member], "TotalCount": 1}}) as there:
        error = trouble(lambda: there.remove("20001", "PAI.AlgoDeveloper", ERIN, go, leave=True))
    assert error.kind is CloudErrorKind.SILENT


def test_an_update_that_maxcompute_does_not_call_a_success_is_silence() -> None:
    with answering("maxcompute", {"UpdateUsersToRole": lambda _: {"data": "partly"}}) as there:
        error = trouble(lambda: there.remove("ranking", "role_project_dev", ERIN, go, leave=False))
    assert error.kind is CloudErrorKind.SILENT


# -- how MaxCompute names people


@pytest.mark.parametrize(
    "shown",
    [
        "RAM$1000000000000001:200000000000000005",
        "RAM$1000000000000001:erin",
        "RAM$workshop@example.com:200000000000000005",
        "RAM$workshop@example.com:erin",
        "RAM$erin",
        "ram$1000000000000001:erin",
    ],
)
def test_every_spelling_of_a_user_is_that_user(shown: str) -> None:
    with answering("maxcompute", {"ListUsersByRole": lambda _: _users(shown)}, {"erin": ERIN.user_id}) as there:
        assert there.observe("ranking", ERIN) == PlaceMembership(ERIN, frozenset({"role_project_dev"}))


@pytest.mark.parametrize(
    "shown",
    [
        "RAM$1000000000000001:Erin",
        "RAM$1000000000000001:erin2",
        "RAM$2000000000000002:erin",
        "RAM$1000000000000001:role/erin",
        "`RAM$1000000000000001:role/erin`",
        "ALIYUN$erin",
        "erin",
        "RAM$1000000000000001:",
    ],
)
def test_a_spelling_of_somebody_else_is_not_taken_for_the_user(shown: str) -> None:
    with answering("maxcompute", {"ListUsersByRole": lambda _: _users(shown)}, {"erin": ERIN.user_id}) as there:
        assert there.observe("ranking", ERIN) is None


def test_users_are_listed_as_far_as_they_are_known_and_role_sessions_are_nobody() -> None:
    said = _users("RAM$1000000000000001:erin", "RAM$x:200000000000000009", "RAM$x:gone", "RAM$x:role/r", "ALIYUN$x")
    with answering("maxcompute", {"ListUsersByRole": lambda _: said}, {"erin": ERIN.user_id}) as there:
        users = [member.user for member in there.members("ranking")]
    assert users == [ERIN, Principal(RamUserId("200000000000000009"), ""), Principal(RamUserId(""), "gone")]


def _users(*names: str) -> dict[str, Any]:
    return {"data": {"users": [{"name": name} for name in names]}}
