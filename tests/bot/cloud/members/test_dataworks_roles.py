"""Member roles in DataWorks."""

from __future__ import annotations

from approvals.errors import CloudErrorKind
from tests.bot.cloud.members.member_products import MemberSandbox, go, trouble, written

RANKING, DEVELOPER, DEPLOYER = "10001", "role_project_dev", "role_project_deploy"


def test_a_member_is_granted_a_role_and_keeps_the_others(workshop: MemberSandbox) -> None:
    workshop.give("dataworks", RANKING, "erin", DEPLOYER)
    erin = workshop.user("erin")
    workshop.connect("dataworks").add(RANKING, DEVELOPER, erin, go)
    assert workshop.roles("dataworks", RANKING, "erin") == {DEPLOYER, DEVELOPER}
    sent = {"ProjectId": RANKING, "UserId": erin.user_id, "RoleCodes": [DEVELOPER]}
    assert workshop.calls()[-1] == ("GrantMemberProjectRoles", sent)


def test_a_new_member_is_made_with_the_one_role(workshop: MemberSandbox) -> None:
    erin = workshop.user("erin")
    workshop.connect("dataworks").add(RANKING, DEVELOPER, erin, go)
    sent = {"ProjectId": RANKING, "UserId": erin.user_id, "RoleCodes": [DEVELOPER]}
    assert workshop.calls()[-1] == ("CreateProjectMember", sent)


def test_a_membership_that_the_bot_made_goes_with_its_last_role_in_one_write(workshop: MemberSandbox) -> None:
    workshop.give("dataworks", RANKING, "erin", DEVELOPER)
    erin = workshop.user("erin")
    workshop.connect("dataworks").remove(RANKING, DEVELOPER, erin, go, leave=True)
    assert workshop.roles("dataworks", RANKING, "erin") is None
    assert workshop.calls()[-1] == ("DeleteProjectMember", {"ProjectId": RANKING, "UserId": erin.user_id})
    assert written(workshop.actions()) == ["DeleteProjectMember"]


def test_a_membership_that_the_bot_made_and_that_has_no_role_left_goes(workshop: MemberSandbox) -> None:
    workshop.give("dataworks", RANKING, "erin", DEVELOPER)
    workshop.sandbox.membership.take("dataworks", RANKING, "erin", DEVELOPER)
    workshop.connect("dataworks").remove(RANKING, DEVELOPER, workshop.user("erin"), go, leave=True)
    assert workshop.roles("dataworks", RANKING, "erin") is None


def test_the_role_alone_is_taken_where_nobody_lets_the_bot_read_the_others(workshop: MemberSandbox) -> None:
    workshop.give("dataworks", RANKING, "erin", DEVELOPER)
    for fault in ("no_permission", "reset"):
        workshop.sandbox.ram_faults.clear()
        workshop.order("reads", fault)
        workshop.connect("dataworks").remove(RANKING, DEVELOPER, workshop.user("erin"), go, leave=True)
        assert workshop.roles("dataworks", RANKING, "erin") == set()
        workshop.give("dataworks", RANKING, "erin", DEVELOPER)


def test_every_page_of_a_list_of_members_is_read(workshop: MemberSandbox) -> None:
    crowd = workshop.crowd("dataworks", RANKING, 230, DEPLOYER)
    listed = workshop.connect("dataworks").members(RANKING)
    assert crowd < {member.user.user_id for member in listed}
    assert [params["PageNumber"] for _, params in workshop.calls()] == ["1", "2", "3"]


def test_a_member_is_asked_for_by_user_id(workshop: MemberSandbox) -> None:
    dave = workshop.user("dave")
    assert workshop.connect("dataworks").observe(RANKING, dave) is not None
    assert [params["UserIds"] for _, params in workshop.calls()] == [[dave.user_id]]


def test_the_workspaces_are_listed_by_id(workshop: MemberSandbox) -> None:
    assert workshop.connect("dataworks").places() == {"10001": "ranking", "10002": "search"}


def test_a_workspace_whose_id_is_no_number_is_not_there(workshop: MemberSandbox) -> None:
    error = trouble(lambda: workshop.connect("dataworks").members("ranking"))
    assert error.kind is CloudErrorKind.NO_PLACE
    assert workshop.actions() == []
