"""Member roles in Flink's namespaces, where a member has one."""

from __future__ import annotations

from typing import Any

import pytest

from approvals.errors import CloudErrorKind
from approvals.ids import RamUserId
from approvals.people import Principal
from approvals.ports import Go
from bot.cloud.members import MemberProduct
from bot.cloud.members.flink import Flink
from bot.sandbox.products import places as of
from bot.sandbox.products.places import PlaceKey, Places
from bot.sandbox.ram.identity import BOT_USER_ID
from tests.bot.cloud.members.member_products import MemberSandbox, go, trouble, written
from tests.bot.cloud.members.scripted_site import answering

WORKSPACE, NAMESPACE = "a14bd5d90a4dbe", "ranking-default"
PLACE = f"{WORKSPACE}/{NAMESPACE}"
OWN_ROLE = "release-manager"
"""One that the team has made for itself."""


@pytest.fixture
def flink(workshop: MemberSandbox) -> MemberProduct:
    return workshop.connect("flink")


def replaced(told: list[str | None]) -> Go:
    """For `go`: keeps what is to be replaced."""

    def noted(replaces: str | None = None) -> str:
        told.append(replaces)
        return go()

    return noted


def named(user_id: str, **more: str) -> dict[str, str]:
    return {"workspace": WORKSPACE, "namespace": NAMESPACE, "member": f"user:{user_id}", **more}


def test_a_new_member_is_made_an_editor(workshop: MemberSandbox, flink: MemberProduct) -> None:
    erin, told = workshop.user("erin"), list[str | None]()
    flink.add(PLACE, "EDITOR", erin, replaced(told))
    assert workshop.roles("flink", PLACE, "erin") == {"EDITOR"}
    assert workshop.calls()[-1] == ("CreateMember", named(erin.user_id, role="EDITOR"))
    assert told == [""], "nothing was replaced"


def test_a_viewer_is_updated_and_it_is_told_what_that_replaces(workshop: MemberSandbox, flink: MemberProduct) -> None:
    frank, told = workshop.user("frank"), list[str | None]()
    flink.add(PLACE, "EDITOR", frank, replaced(told))
    assert workshop.roles("flink", PLACE, "frank") == {"EDITOR"}
    assert workshop.calls()[-1] == ("UpdateMember", named(frank.user_id, role="EDITOR"))
    assert told == ["VIEWER"]


def test_what_was_replaced_is_given_back(workshop: MemberSandbox, flink: MemberProduct) -> None:
    frank = workshop.user("frank")
    flink.add(PLACE, "EDITOR", frank, go)
    flink.remove(PLACE, "EDITOR", frank, go, leave=False, restores="VIEWER")
    assert workshop.roles("flink", PLACE, "frank") == {"VIEWER"}
    assert written(workshop.actions()) == ["UpdateMember", "UpdateMember"]


def test_a_member_who_was_none_before_goes(workshop: MemberSandbox, flink: MemberProduct) -> None:
    erin = workshop.user("erin")
    flink.add(PLACE, "EDITOR", erin, go)
    flink.remove(PLACE, "EDITOR", erin, go, leave=True)
    assert workshop.roles("flink", PLACE, "erin") is None
    assert workshop.calls()[-1] == ("DeleteMember", named(erin.user_id))


@pytest.mark.parametrize("role", ["OWNER", "ADMIN", OWN_ROLE])
def test_a_role_that_is_not_the_bots_is_never_touched(workshop: MemberSandbox, flink: MemberProduct, role: str) -> None:
    workshop.give("flink", PLACE, "erin", role)
    erin = workshop.user("erin")
    seen = flink.observe(PLACE, erin)
    assert seen is not None and (seen.roles, seen.other_role) == (frozenset({role}), role)
    given = trouble(lambda: flink.add(PLACE, "EDITOR", erin, go))
    taken = trouble(lambda: flink.remove(PLACE, "EDITOR", erin, go, leave=True))
    restored = trouble(lambda: flink.remove(PLACE, "EDITOR", erin, go, leave=False, restores="VIEWER"))
    assert (given.kind, taken.kind, restored.kind) == (
        CloudErrorKind.ALREADY_ATTACHED,
        CloudErrorKind.NOT_ATTACHED,
        CloudErrorKind.NOT_ATTACHED,
    )
    assert written(workshop.actions()) == []
    assert workshop.roles("flink", PLACE, "erin") == {role}


def test_nothing_is_taken_while_the_present_role_cannot_be_read(workshop: MemberSandbox, flink: MemberProduct) -> None:
    workshop.give("flink", PLACE, "erin", "EDITOR")
    workshop.order("ListMembers", "no_permission")
    error = trouble(lambda: flink.remove(PLACE, "EDITOR", workshop.user("erin"), go, leave=True))
    assert error.kind is CloudErrorKind.NO_PERMISSION
    assert written(workshop.actions()) == []


def test_the_blank_and_the_prefix_of_a_members_id_are_no_part_of_it(
    workshop: MemberSandbox, flink: MemberProduct
) -> None:
    frank = workshop.user("frank")
    assert frank.user_id in {member.user.user_id for member in flink.members(PLACE)}


def test_every_page_of_members_is_read(workshop: MemberSandbox, flink: MemberProduct) -> None:
    crowd = workshop.crowd("flink", PLACE, 230, "VIEWER")
    assert crowd < {member.user.user_id for member in flink.members(PLACE)}
    assert [params["pageIndex"] for _, params in workshop.calls()] == ["1", "2", "3"]


def demoted(workshop: MemberSandbox, role: str) -> None:
    """The bot has this role in the namespace, or none."""
    key = PlaceKey("flink", PLACE)

    def changed(places: Places, now: float) -> Places:
        left = of.leave(places, key, BOT_USER_ID, now)
        return of.join(left, key, BOT_USER_ID, "pairec-access", [role], now) if role else left

    workshop.sandbox.membership.change(changed)


@pytest.mark.parametrize("role", ["EDITOR", "VIEWER", OWN_ROLE])
def test_a_bot_that_is_no_owner_is_told_so_and_gives_nothing(
    workshop: MemberSandbox, flink: MemberProduct, role: str
) -> None:
    demoted(workshop, role)
    erin = workshop.user("erin")
    error = trouble(lambda: flink.add(PLACE, "EDITOR", erin, go))
    assert error.kind in (CloudErrorKind.REFUSED, CloudErrorKind.UNCLEAR), "no code of these is published"
    assert error.code and error.request_id
    assert workshop.roles("flink", PLACE, "erin") is None


def test_the_roles_of_the_bot_itself_are_known_by_namespace(workshop: MemberSandbox) -> None:
    flink = workshop.connect("flink")
    assert isinstance(flink, Flink)
    demoted(workshop, "VIEWER")
    assert flink.own_roles() == {PLACE: "VIEWER", "ca84d539167d4d/search-default": "OWNER"}


def test_a_namespace_that_is_gone_is_no_place(workshop: MemberSandbox, flink: MemberProduct) -> None:
    workshop.sandbox.membership.delete_place("flink", PLACE)
    assert trouble(lambda: flink.members(PLACE)).kind is CloudErrorKind.NO_PLACE
    assert trouble(lambda: flink.add(PLACE, "EDITOR", workshop.user("erin"), go)).kind is CloudErrorKind.NO_PLACE


def test_a_namespace_in_which_the_bot_has_no_role_is_not_taken_for_one_that_is_gone(
    workshop: MemberSandbox, flink: MemberProduct
) -> None:
    workshop.sandbox.membership.delete_place("flink", "ca84d539167d4d/search-default")
    demoted(workshop, "")
    assert trouble(lambda: flink.members(PLACE)).kind is CloudErrorKind.REFUSED


@pytest.mark.slow
@pytest.mark.parametrize("said", [{"success": False}, {}, {"success": None}, {"success": "true"}])
def test_a_write_is_not_done_unless_its_answer_says_that_it_was_a_success(said: dict[str, Any]) -> None:
    erin = Principal(RamUserId("200000000000000005"), "erin")
    nobody = {"success": True, "data": [], "totalSize": 0}
    with answering("flink", {"ListMembers": lambda _: nobody, "CreateMember": lambda _: said}) as flink:
        assert trouble(lambda: flink.add(PLACE, "EDITOR", erin, go)).kind is CloudErrorKind.SILENT
